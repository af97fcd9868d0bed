"""What is wrong with a file or its mapping: collected, counted, and each with its remedy."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NoReturn

SHOWN_OF_A_KIND = 10
"""Problems kept of one kind in one column; the rest are counted."""

KINDS_SHOWN = 200
"""Kinds and columns of which problems are kept."""

_VALUE_LENGTH = 60
_MESSAGE_LENGTH = 1_500


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way of an import.

    `row` counts as a spreadsheet does: the header is row 1. It is None, and `column` and
    `value` are empty, where the problem lies in no row, column or value.
    """

    code: str
    message: str
    remedy: str
    row: int | None = None
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many problems of a kind there are in a column, shown or not."""

    code: str
    column: str
    count: int

    @property
    def words(self) -> str:
        """As a line of a list: ``490 × not a number, column staff``."""
        where = f", column {self.column}" if self.column else ""
        return f"{self.count} × {self.code.replace('_', ' ')}{where}"


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """Everything that was found, the first few of each kind in full."""

    shown: tuple[Problem, ...]
    tallies: tuple[Tally, ...]

    @property
    def total(self) -> int:
        """How many problems were found, shown or not."""
        return sum(tally.count for tally in self.tallies)

    @property
    def not_shown(self) -> tuple[Tally, ...]:
        """What was found beyond the problems shown, by kind and column."""
        shown = Counter((problem.code, problem.column) for problem in self.shown)
        beyond = (
            Tally(tally.code, tally.column, tally.count - shown[tally.code, tally.column])
            for tally in self.tallies
        )
        return tuple(tally for tally in beyond if tally.count > 0)


class MicrodataRefused(Exception):
    """A file, a mapping or a codebook that cannot be imported, with every problem found."""

    def __init__(self, report: ProblemReport) -> None:
        super().__init__("; ".join(problem.message for problem in report.shown[:5]))
        self.report = report


@dataclass(slots=True)
class ProblemList:
    """Problems as they are found. Costs little however many there are.

    `most` are kept of one kind in one column; the rest are counted.
    """

    most: int = SHOWN_OF_A_KIND
    _shown: list[Problem] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(
        self,
        code: str,
        message: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
    ) -> None:
        """Count a problem, and keep it if it is among the first of its kind and column."""
        self._counts[code, column] += 1
        if self._counts[code, column] > self.most or len(self._counts) > KINDS_SHOWN:
            return
        told = _visible(message)[:_MESSAGE_LENGTH]
        self._shown.append(Problem(code, told, remedy, row, legible(column), legible(value)))

    def __bool__(self) -> bool:
        return bool(self._counts)

    def absorb(self, report: ProblemReport) -> None:
        """Add what another reading found."""
        for tally in report.tallies:
            self._counts[tally.code, tally.column] += tally.count
        self._shown.extend(report.shown)

    def report(self) -> ProblemReport:
        """Problems in the order of rows, those of the whole file first."""
        return ProblemReport(
            shown=tuple(sorted(self._shown, key=lambda problem: problem.row or 0)),
            tallies=tuple(
                Tally(code, legible(column), count)
                for (code, column), count in self._counts.items()
            ),
        )

    def refuse_if_any(self) -> None:
        """Raises MicrodataRefused with all that was collected, if anything was."""
        if self:
            raise MicrodataRefused(self.report())


def refuse(
    code: str, message: str, remedy: str, *, row: int | None = None, value: str = ""
) -> NoReturn:
    """Raise MicrodataRefused for a problem after which nothing more can be read."""
    problems = ProblemList()
    problems.add(code, message, remedy, row=row, value=value)
    raise MicrodataRefused(problems.report())


def legible(value: str) -> str:
    """A value as it may be printed: shortened, with invisible characters written out."""
    return _visible(value if len(value) <= _VALUE_LENGTH else value[: _VALUE_LENGTH - 1] + "…")


def _visible(text: str) -> str:
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
