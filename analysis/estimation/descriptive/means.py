"""Totals, means and ratios."""

from typing import Any, Unpack

import numpy as np

from analysis.estimation.descriptive.description import Description, described
from analysis.estimation.descriptive.groups import Group
from analysis.estimation.descriptive.scope import Scope, inside, numbers, setting
from analysis.estimation.descriptive.statistic import Part
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal


def totals(y: Any, **scope: Unpack[Scope]) -> Description:
    """Sum of y over the population: sum of w y.

    Parameters
    ----------
    y : (n,) floats
        NaN missing
    scope
        see `Scope`

    Raises
    ------
    Refusal
        ``no_rows``, ``too_few_rows``, ``not_finite``, ``no_degrees_of_freedom`` and those of
        the design.
    """
    asked, y = setting(scope), numbers(y)
    found = asked.answers({"y": y})
    parts = [
        Part(
            terms=(group.term("total"),),
            rows=group.rows,
            columns=inside(y, group)[:, None],
            function=lambda sums: sums,
            jacobian=np.ones((1, 1)),
        )
        for group in found.groups
    ]
    notes = found.notes
    if notes:
        notes += ("A total is of the firms that answered: those left out are not made up for.",)
    return described("total", parts, asked, notes)


def means(y: Any, **scope: Unpack[Scope]) -> Description:
    """Mean of y in the population: sum of w y / sum of w (Hajek).

    Parameters and refusals as of `totals`.
    """
    asked, y = setting(scope), numbers(y)
    found = asked.answers({"y": y})
    weight = asked.design.weight
    parts = [mean_part(group.term("mean"), y, group, weight) for group in found.groups]
    return described("mean", parts, asked, found.notes)


def mean_part(term: str, y: Floats, group: Group, weight: Floats) -> Part:
    """The weighted mean of y in a group, as a function of two sums."""
    size = weight[group.rows].sum()
    # About the mean, so that a large mean does not cost the small digits.
    centre = weight[group.rows] @ y[group.rows] / size

    def mean(sums: Floats) -> Floats:
        result: Floats = centre + sums[:, :1] / sums[:, 1:]
        return result

    return Part(
        terms=(term,),
        rows=group.rows,
        columns=np.column_stack([inside(y - centre, group), group.rows]),
        function=mean,
        jacobian=np.array([[1 / size, 0.0]]),
    )


def ratios(y: Any, denominator: Any, **scope: Unpack[Scope]) -> Description:
    """Total of y over the total of the denominator: sum of w y / sum of w d.

    Parameters
    ----------
    y, denominator : (n,) floats
        NaN missing

    Raises
    ------
    Refusal
        ``zero_denominator`` and those of `totals`.
    """
    asked, y, denominator = setting(scope), numbers(y), numbers(denominator)
    found = asked.answers({"y": y, "denominator": denominator})
    weight, word = asked.design.weight, asked.word("denominator")
    parts = [_ratio_part(y, denominator, group, weight, word) for group in found.groups]
    return described("ratio", parts, asked, found.notes)


def _ratio_part(y: Floats, denominator: Floats, group: Group, weight: Floats, word: str) -> Part:
    above, below = (weight[group.rows] @ values[group.rows] for values in (y, denominator))
    size = weight[group.rows] @ np.abs(denominator[group.rows])
    # Positive and negative amounts that cancel leave rounding, not a denominator.
    if abs(below) <= 1e-12 * size:
        raise Refusal(
            "zero_denominator",
            f"The total of {word} is zero in {group.called}, so there is no ratio to it.",
            "Choose another denominator or leave the group out.",
        )
    return Part(
        terms=(group.term("ratio"),),
        rows=group.rows,
        columns=np.column_stack([inside(y, group), inside(denominator, group)]),
        function=lambda sums: sums[:, :1] / sums[:, 1:],
        jacobian=np.array([[1 / below, -above / below**2]]),
    )
