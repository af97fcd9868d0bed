"""The firms that a description is made of: with positive weight, in the domain, answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Labels, Rows, named
from analysis.refusals import Refusal

Values = npt.NDArray[Any]

LARGEST = 1e100
"""Squares of larger numbers, summed, leave what a computer can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Firms described together.

    Attributes
    ----------
    name : label of the group; empty for the whole domain
    rows : (n,) booleans
    """

    name: str
    rows: Rows

    def term(self, statistic: str, level: str = "") -> str:
        """Name of an estimate: ``share``, ``share[level]``, ``share[level, group]``."""
        inside = ", ".join(word for word in (level, self.name) if word)
        return f"{statistic}[{inside}]" if inside else statistic

    @property
    def called(self) -> str:
        return f"the group '{self.name}'" if self.name else "the subpopulation"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The groups of a description and what was left out of them, in sentences."""

    groups: tuple[Group, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> Rows:
        """(n,) firms of any group."""
        result: Rows = np.logical_or.reduce([group.rows for group in self.groups])
        return result


def answers(
    variables: Mapping[str, Values],
    *,
    design: SurveyDesign,
    domain: Rows,
    by: Labels | None = None,
    by_label: str = "the groups",
    levels: Sequence[Any] | None = None,
) -> Answers:
    """Firms of the domain with positive weight that answered, together or by group.

    Parameters
    ----------
    variables
        label to (n,) values, NaN or None missing
    design, domain
        of the n firms
    by : (n,) labels
        Groups, None missing
    by_label
        how the groups are called in sentences
    levels
        the groups in the order wanted; those that firms of the domain have, sorted

    Raises
    ------
    Refusal
        ``no_rows``, ``too_few_rows``, ``not_finite``.
    """
    eligible = np.asarray(domain, dtype=bool) & (design.weight > 0)
    if len(eligible) != len(design.weight):
        raise ValueError("The domain and the design differ in length.")
    _refuse_no_rows(eligible)
    read = dict(variables) if by is None else {**variables, by_label: by}
    complete = eligible.copy()
    for values in read.values():
        complete &= present(values, len(eligible))
    _refuse_not_finite(read, complete)
    groups = tuple(
        Group(name, complete & rows) for name, rows in _grouped(by, eligible, levels, by_label)
    )
    for group in groups:
        _check(group, ", ".join(variables))
    return Answers(groups, _notes(read, eligible, complete))


def present(values: Values, n: int) -> Rows:
    """(n,) where there is an answer."""
    if len(values) != n:
        raise ValueError(f"{len(values)} values for {n} firms.")
    result: Rows = ~np.asarray(pd.isna(values))
    return result


def level_names(values: Values, rows: Rows, levels: Sequence[Any] | None = None) -> list[Any]:
    """The levels declared, or else those that the rows have, sorted."""
    if levels is not None:
        return list(levels)
    found = list(pd.unique(values[rows & present(values, len(rows))]))
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def in_words(level: Any) -> str:
    """A level as terms name it: 2.0 is ``2``."""
    if not isinstance(level, float | np.floating):
        return str(level)
    return str(int(level)) if level == np.floor(level) else f"{level:.12g}"


def _grouped(
    by: Labels | None, eligible: Rows, levels: Sequence[Any] | None, by_label: str
) -> list[tuple[str, Rows]]:
    if by is None:
        return [("", eligible)]
    found = level_names(by, eligible, levels)
    if not found:
        raise Refusal(
            "no_rows",
            f"No firm of the subpopulation has an answer to {by_label}.",
            "Choose other groups or widen the subpopulation.",
        )
    return [(in_words(level), eligible & np.asarray(by == level, dtype=bool)) for level in found]


def _refuse_no_rows(eligible: Rows) -> None:
    if not eligible.any():
        raise Refusal(
            "no_rows",
            "No firm with a positive weight is in the subpopulation.",
            "Widen the subpopulation.",
        )


def _refuse_not_finite(read: Mapping[str, Values], complete: Rows) -> None:
    for label, values in read.items():
        if values.dtype.kind != "f":
            continue
        wild = complete & ~(np.abs(values) <= LARGEST)
        if wild.any():
            raise Refusal(
                "not_finite",
                f"{label} is infinite or larger than {LARGEST:g} for {wild.sum()} of "
                f"{complete.sum()} firms; the first is firm {int(np.argmax(wild)) + 1} of the "
                "data.",
                "Look for a division by zero or a logarithm of zero in its definition, or use a "
                "larger unit.",
            )


def _check(group: Group, what: str) -> None:
    n = int(group.rows.sum())
    if n == 0:
        raise Refusal(
            "no_rows",
            f"No firm of {group.called} answered {what}.",
            "Leave the group out or join it with another.",
        )
    if n == 1:
        raise Refusal(
            "too_few_rows",
            f"One firm of {group.called} answered {what}, and one firm says nothing of how firms "
            "differ.",
            "Join the group with another or widen the subpopulation.",
        )


def _notes(read: Mapping[str, Values], eligible: Rows, complete: Rows) -> tuple[str, ...]:
    missing = {
        label: int((eligible & ~present(values, len(eligible))).sum())
        for label, values in read.items()
    }
    if complete[eligible].all():
        return ()
    which = "; ".join(f"{label} {count}" for label, count in missing.items() if count)
    left = int(eligible.sum() - complete.sum())
    return (f"Left out because an answer is missing: {left} of {eligible.sum()} firms ({which}).",)


def refuse_not_binary(values: Floats, rows: Rows, label: str) -> None:
    """Refuse the share of a number that is not 0 or 1."""
    odd = np.unique(values[rows & (values != 0) & (values != 1)])
    if odd.size:
        raise Refusal(
            "outcome_not_binary",
            f"A share needs 0 and 1 or the names of categories; {label} also has the values "
            f"{named([f'{value:g}' for value in odd])}.",
            "Compare it with a threshold to make it yes or no, or give its categories as text.",
        )
