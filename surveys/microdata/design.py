"""How the firms of a file were drawn: weight, stratum, cluster and population."""

from collections import Counter
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field

from surveys.microdata.cells import CellFault, read_number
from surveys.microdata.mapping import Mapping
from surveys.microdata.problems import ProblemList, legible

WHOLE_FILE = "all"
"""Label of the one stratum of a file that tells none."""

_LONGEST_LABEL = 120
_LONGEST_CLUSTER = 60


@dataclass(frozen=True, slots=True)
class UnitDesign:
    """`population` is N_h of the stratum, None where the file does not tell it."""

    weight: float = 1.0
    stratum: str = WHOLE_FILE
    cluster: str = ""
    population: int | None = None


@dataclass(slots=True)
class DesignReader:
    """Reads the design of one row after the other, and checks strata in the end."""

    mapping: Mapping
    place: Lookup[str, int]
    problems: ProblemList
    _drawn: Counter[str] = field(default_factory=Counter)
    _populations: dict[str, int] = field(default_factory=dict)

    def read(self, row: int, cells: list[str]) -> UnitDesign:
        """The design of the firm in one row; what is wrong with it becomes problems."""
        columns = self.mapping.design
        stratum = self._stratum(row, cells)
        self._drawn[stratum] += 1
        return UnitDesign(
            weight=self._weight(row, cells),
            stratum=stratum,
            cluster=self._label(row, columns.cluster, cells, _LONGEST_CLUSTER),
            population=self._population(row, stratum, cells),
        )

    def check_strata(self) -> None:
        """A stratum cannot hold fewer firms than were drawn from it."""
        for stratum, population in self._populations.items():
            if self._drawn[stratum] > population:
                self.problems.add(
                    "population_too_small",
                    f"The stratum “{legible(stratum)}” is said to hold {population} firms, and "
                    f"{self._drawn[stratum]} rows belong to it.",
                    "Give the firms of the stratum on the frame, or leave “population” out.",
                    column=self.mapping.design.population,
                )

    def _stratum(self, row: int, cells: list[str]) -> str:
        parts = (
            self._label(row, column, cells, _LONGEST_LABEL)
            for column in self.mapping.design.stratum
        )
        label = " · ".join(part for part in parts if part) or WHOLE_FILE
        if len(label) > _LONGEST_LABEL:
            self.problems.add(
                "no_design_label",
                f"The parts of the stratum have {len(label)} characters together.",
                f"Shorten them: together they may have {_LONGEST_LABEL}.",
                row=row,
                value=label,
            )
        return label

    def _label(self, row: int, column: str, cells: list[str], longest: int) -> str:
        if column not in self.place:
            return ""
        label = cells[self.place[column]].strip()
        if not label or len(label) > longest:
            self.problems.add(
                "no_design_label",
                f"“{legible(label)}” names no stratum or cluster.",
                f"Every row needs one, of 1 to {longest} characters.",
                row=row,
                column=column,
                value=label,
            )
        return label

    def _number(self, row: int, column: str, cells: list[str]) -> float | None:
        """A number above zero, or None after its problem was noted."""
        raw = cells[self.place[column]].strip()
        number = read_number(raw, self.mapping.file.decimal)
        if isinstance(number, CellFault):
            message = f"“{legible(raw)}” {number.message}."
            self.problems.add(
                number.code, message, number.remedy, row=row, column=column, value=raw
            )
            return None
        if number <= 0:
            self.problems.add(
                "not_positive",
                f"{legible(raw)} is not above zero.",
                "A firm stands for itself at least: correct the number, or leave out the firm.",
                row=row,
                column=column,
                value=raw,
            )
            return None
        return number

    def _weight(self, row: int, cells: list[str]) -> float:
        column = self.mapping.design.weight
        return self._number(row, column, cells) or 1.0 if column in self.place else 1.0

    def _population(self, row: int, stratum: str, cells: list[str]) -> int | None:
        column = self.mapping.design.population
        if column not in self.place:
            return None
        number = self._number(row, column, cells)
        if number is None:
            return None
        population = int(number)
        known = self._populations.setdefault(stratum, population)
        if population != number or population != known or population > 2**31 - 1:
            self.problems.add(
                "population_differs",
                f"{number:g} is not the same whole number in all rows of the stratum "
                f"“{legible(stratum)}”.",
                "Give N_h, the firms of the stratum on the frame, in every row of it.",
                row=row,
                column=column,
                value=f"{number:g}",
            )
        return known
