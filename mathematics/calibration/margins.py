"""Margins: known totals of the population by the categories of one variable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from mathematics.arrays import Codes, Floats, Labels, Rows, named
from mathematics.refusals import Refusal

# Margins of one population add up to the same total, but for rounding.
SAME_TOTAL = 1e-9


@dataclass(frozen=True, eq=False)
class Margin:
    """The categories of n responding firms, and the population of each category.

    Attributes
    ----------
    name : str
        What sentences call the variable.
    label : (n,) labels
    totals : mapping from label to the number of firms of the population, above zero

    Raises
    ------
    Refusal
        ``margin_total_missing``, ``margin_total_negative``, ``margin_total_zero``.
    """

    name: str
    label: Labels
    totals: Mapping[Any, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", np.asarray(self.label))
        values = np.array(list(self.totals.values()), dtype=float)
        levels = np.array(list(self.totals), dtype=object)
        for code, wrong, word in (
            ("margin_total_missing", ~np.isfinite(values), "missing or not finite"),
            ("margin_total_negative", values < 0, "negative"),
        ):
            if wrong.any():
                raise Refusal(
                    code,
                    f"The population total of '{self.name}' is {word} for {named(levels[wrong])}.",
                    "Correct the margin: every category has its number of firms.",
                )
        if not values.any():
            raise Refusal(
                "margin_total_zero",
                f"All population totals of '{self.name}' are zero.",
                "Give every category its number of firms.",
            )

    @cached_property
    def levels(self) -> tuple[Any, ...]:
        """Categories that the population has."""
        return tuple(level for level, total in self.totals.items() if total > 0)

    @cached_property
    def targets(self) -> Floats:
        """(levels,) floats"""
        return np.array([self.totals[level] for level in self.levels], dtype=float)

    def codes(self, weight: Floats) -> Codes:
        """(n,) positions in `levels`; 0 where the weight is 0, for there nothing is asked.

        Raises
        ------
        Refusal
            ``margin_label_missing``, ``margin_label_unknown``, ``margin_cell_empty``.
        """
        labels, seen = pd.factorize(self.label)
        position = {level: number for number, level in enumerate(self.levels)}
        # The last place is that of missing labels, which factorize numbers -1.
        places = np.array([position.get(level, -1) for level in seen] + [-1], dtype=np.intp)
        codes: Codes = places[labels]
        outside = (codes < 0) & (weight > 0)
        if outside.any():
            self._refuse_outside(labels, np.asarray(seen, dtype=object), outside)
        codes[codes < 0] = 0
        empty = np.bincount(codes, weight, len(self.levels)) == 0
        if empty.any():
            raise Refusal(
                "margin_cell_empty",
                f"No responding firm is in these categories of '{self.name}', though the "
                f"population has firms there: {named(np.array(self.levels, dtype=object)[empty])}.",
                "Join each with a category like it, in the margin and in the data.",
            )
        return codes

    def _refuse_outside(self, labels: Codes, seen: Labels, outside: Rows) -> None:
        missing = outside & (labels < 0)
        if missing.any():
            raise Refusal(
                "margin_label_missing",
                f"'{self.name}' is missing for {missing.sum()} of {len(labels)} firms; the first "
                f"is firm {int(np.argmax(missing)) + 1} of the data.",
                "Fill it in, or calibrate on other variables.",
            )
        raise Refusal(
            "margin_label_unknown",
            f"Responding firms are in categories of '{self.name}' of which the population is "
            f"said to have none: {named(seen[np.unique(labels[outside])])}.",
            "Give these categories their population totals, or correct the data.",
        )


def frame_margin(
    name: str, label: Labels, frame: Labels, frame_weight: Floats | None = None
) -> Margin:
    """The margin of n firms whose totals are counted on the frame.

    `frame` holds the category of every firm of the frame, `frame_weight` how many firms each
    of its rows stands for.

    Raises: Refusal ``frame_label_missing``.
    """
    codes, levels = pd.factorize(np.asarray(frame))
    if (codes < 0).any():
        raise Refusal(
            "frame_label_missing",
            f"'{name}' is missing for {(codes < 0).sum()} of {len(codes)} rows of the frame; the "
            f"first is row {int(np.argmax(codes < 0)) + 1}.",
            "Fill it in on the frame, or give the margin as a table.",
        )
    counts = np.bincount(codes, frame_weight, len(levels))
    return Margin(name, label, dict(zip(levels, counts.astype(float), strict=True)))


def table_margin(name: str, label: Labels, rows: Iterable[tuple[Any, float]]) -> Margin:
    """The margin of n firms whose totals stand in the rows of an uploaded table.

    Raises: Refusal ``margin_row_twice`` and those of `Margin`.
    """
    totals: dict[Any, float] = {}
    twice = []
    for level, total in rows:
        if level in totals:
            twice.append(level)
        totals[level] = float(total)
    if twice:
        raise Refusal(
            "margin_row_twice",
            f"The table of '{name}' has more than one row for {named(twice)}.",
            "Keep one row for each category.",
        )
    return Margin(name, label, totals)


def refuse_unlike_sums(margins: Iterable[Margin]) -> None:
    """Refuse margins that do not describe one population.

    Raises: Refusal ``margins_inconsistent``.
    """
    sums = {margin.name: float(margin.targets.sum()) for margin in margins}
    least, most = min(sums.values()), max(sums.values())
    if most - least > SAME_TOTAL * most:
        listed = ", ".join(f"'{name}' {total:.10g}" for name, total in sums.items())
        raise Refusal(
            "margins_inconsistent",
            f"The margins add up to different populations: {listed}.",
            "Take them from one source and date, or scale each to one total.",
        )
