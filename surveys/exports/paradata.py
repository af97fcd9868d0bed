"""Paradata as files, event by event as they are read."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from surveys.exports import delimited
from surveys.queries.paradata import COLUMNS, as_cells

Rows = Iterable[Mapping[str, Any]]


def as_csv(rows: Rows) -> Iterator[bytes]:
    """One row an event; columns that the kind of event has not are empty, parts are JSON."""
    return delimited.pieces(COLUMNS, (as_cells(row) for row in rows))


def as_json(rows: Rows) -> Iterator[bytes]:
    """A list of events, one a line, each with the details that it has."""
    before = "["
    for row in rows:
        yield f"{before}\n{json.dumps(row, ensure_ascii=False)}".encode()
        before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"


FORMATS: Mapping[str, Callable[[Rows], Iterator[bytes]]] = {"csv": as_csv, "json": as_json}
