"""Rows put by for a later sheet while those of an earlier one are written."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from tempfile import TemporaryFile

from surveys.exports.delimited import Cell

_AT_ONCE = 1_000


class Spool(AbstractContextManager["Spool"]):
    """Rows in a file without a name; only a thousand are held."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed in __exit__
        self._waiting: list[Sequence[Cell]] = []

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Put rows by, after those that are."""
        self._waiting.extend(rows)
        if len(self._waiting) >= _AT_ONCE:
            self._put_by()

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        """The rows in their order, once all of them were added."""
        self._put_by()
        self._file.seek(0)
        for line in self._file:
            yield from json.loads(line)

    def _put_by(self) -> None:
        if self._waiting:
            self._file.write(json.dumps(self._waiting) + "\n")
            self._waiting = []
