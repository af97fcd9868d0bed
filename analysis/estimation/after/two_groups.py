"""Two groups of firms side by side, and whether they can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.design import Rows, SurveyDesign, named
from analysis.estimation.design_matrix import Column, DesignMatrix, Values
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

FEWEST_FIRMS = 10
FEW_PER_TERM = 5
# Share of a group outside the other's range from which it is said.
MUCH_OUTSIDE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class TwoGroups:
    """The firms of two groups with complete answers.

    Attributes
    ----------
    rows : (n,) booleans, firms of either group among those of the design
    first : (m,) booleans among them
    y : (m,) floats
    X : (m, k) floats
    weight : (m,) floats, as the design gives them
    matrix : the whole matrix, for what its columns are
    titles : what the groups are called
    notes : sentences of caution
    """

    rows: Rows
    first: Rows
    y: Floats
    X: Floats
    weight: Floats
    matrix: DesignMatrix
    titles: tuple[str, str]
    notes: tuple[str, ...] = ()

    def members(self, position: int) -> Rows:
        return self.first if position == 0 else ~self.first


def two_groups(
    *,
    y: Floats,
    X: DesignMatrix,
    group: Floats,
    design: SurveyDesign,
    domain: Rows,
    titles: tuple[str, str] = ("the first group", "the second group"),
    are_both_fitted: bool = True,
) -> TwoGroups:
    """Firms of the domain, with weight and complete answers, in two comparable groups.

    `group` is 1 for a firm of the first group, 0 for one of the second, NaN for neither.
    `are_both_fitted` says if each group has coefficients of its own.

    Raises
    ------
    Refusal
        ``group_not_binary``, ``group_too_small``, ``term_undefined``, ``outcome_infinite``,
        ``no_overlap``, ``not_estimable_in_group``.
    """
    group = np.asarray(group, dtype=float)
    odd = group[~np.isnan(group) & (group != 0) & (group != 1)]
    if odd.size:
        raise Refusal(
            "group_not_binary",
            f"A gap is between two groups, 1 and 0; the group also is {odd[0]:g}.",
            "Define the group as a comparison that is true or false.",
        )
    answered = ~(np.isnan(y) | np.isnan(X.X).any(axis=1))
    eligible = domain & (design.weight > 0) & ~np.isnan(group)
    rows = eligible & answered
    found = TwoGroups(
        rows=rows,
        first=group[rows] == 1,
        y=y[rows],
        X=X.X[rows],
        weight=design.weight[rows],
        matrix=X,
        titles=titles,
    )
    _refuse_infinite(found)
    _refuse_small(found)
    _refuse_no_overlap(found)
    if are_both_fitted:
        _refuse_not_estimable(found)
    return replace(found, notes=_left_out(eligible, rows) + _cautions(found))


def category_columns(columns: tuple[Column, ...]) -> Mapping[str, tuple[str, ...]]:
    """Category to the columns of its levels.

    Raises: Refusal ``category_in_interaction``, where a level's effect is not one number.
    """
    found: dict[str, list[str]] = {}
    for column in columns:
        kinds = {factor.transform for factor in column.factors}
        if "indicator" not in kinds:
            continue
        if len(column.factors) > 1:
            category = next(f.variable for f in column.factors if f.transform == "indicator")
            raise Refusal(
                "category_in_interaction",
                f"'{category}' is part of the interaction '{column.name}', so what its levels "
                "contribute depends on which level is the base.",
                "Leave the interaction out of the decomposition.",
            )
        found.setdefault(column.factors[0].variable, []).append(column.name)
    return {category: tuple(names) for category, names in found.items()}


def variable_of(column: Column) -> str:
    """What a detailed decomposition counts a column to: its variable, or its interaction."""
    return ":".join(column.variables) or column.name


def _refuse_infinite(groups: TwoGroups) -> None:
    if np.isinf(groups.y).any():
        raise Refusal(
            "outcome_infinite",
            f"The outcome is infinite for {np.isinf(groups.y).sum()} of {len(groups.y)} firms.",
            "Look for a division by zero or a logarithm of zero in its definition.",
        )
    undefined = np.isinf(groups.X).any(axis=0)
    if undefined.any():
        names = np.asarray(groups.matrix.names, dtype=object)[undefined]
        raise Refusal(
            "term_undefined",
            f"These terms are not finite numbers for some firms: {named(names)}.",
            "Define a variable that has a value for every firm, or narrow the subpopulation.",
        )


def _refuse_small(groups: TwoGroups) -> None:
    fewest = max(FEWEST_FIRMS, groups.X.shape[1] + 1)
    for position, title in enumerate(groups.titles):
        count = int(groups.members(position).sum())
        if count < fewest:
            raise Refusal(
                "group_too_small",
                f"Among {title} are {count} firms with complete answers; at least {fewest} "
                f"are needed for the {groups.X.shape[1]} terms.",
                "Leave terms out, join groups, or widen the subpopulation.",
            )


def _refuse_no_overlap(groups: TwoGroups) -> None:
    for name, kind in groups.matrix.kinds.items():
        values = groups.matrix.variables[name][groups.rows]
        first, second = values[groups.first], values[~groups.first]
        if kind == "category":
            _refuse_levels_apart(name, set(first), set(second), groups.titles)
        elif _are_apart(first, second):
            raise Refusal(
                "no_overlap",
                f"No value of '{name}' of {groups.titles[0]} lies within those of "
                f"{groups.titles[1]}: nothing shows what it would be worth to the other group.",
                "Leave the variable out, or compare groups that share values of it.",
            )


def _refuse_levels_apart(
    name: str, first: set[str], second: set[str], titles: tuple[str, str]
) -> None:
    for title, missing in zip(titles, (second - first, first - second), strict=True):
        if missing:
            raise Refusal(
                "no_overlap",
                f"Among {title} is no firm of '{name}' {named(sorted(map(str, missing)))}: what "
                "that is worth to them cannot be seen.",
                "Join categories, or leave the firms of these out (domain).",
            )


def _are_apart(first: Values, second: Values) -> bool:
    # A variable that is constant in a group is refused as not estimable in it.
    return bool(first.max() < second.min() or second.max() < first.min())


def _refuse_not_estimable(groups: TwoGroups) -> None:
    for position, title in enumerate(groups.titles):
        members = groups.members(position)
        X, weight = np.asfortranarray(groups.X[members]), groups.weight[members]
        terms = [f"'{name}'" for name in groups.matrix.names]
        reasons = aliased(X, weight, weighted_moments(X, weight), terms)
        if reasons:
            place, why = next(iter(reasons.items()))
            raise Refusal(
                "not_estimable_in_group",
                f"In {title} {terms[place]} {why}, so it has no coefficient of its own there.",
                "Leave the term out of both groups.",
            )


def _left_out(eligible: Rows, rows: Rows) -> tuple[str, ...]:
    incomplete = int(eligible.sum() - rows.sum())
    if not incomplete:
        return ()
    return (f"Left out because an answer is missing: {incomplete} of {eligible.sum()} firms.",)


def _cautions(groups: TwoGroups) -> tuple[str, ...]:
    notes = []
    for position, title in enumerate(groups.titles):
        own, other = groups.members(position), groups.members(1 - position)
        if own.sum() < FEW_PER_TERM * groups.X.shape[1]:
            notes.append(
                f"Among {title} are {own.sum()} firms, fewer than {FEW_PER_TERM} for each "
                f"of the {groups.X.shape[1]} terms."
            )
        for name, kind in groups.matrix.kinds.items():
            if kind == "category":
                continue
            values = pd.Series(groups.matrix.variables[name][groups.rows]).to_numpy(dtype=float)
            inside = (values[own] >= values[other].min()) & (values[own] <= values[other].max())
            outside = 1 - float(np.average(inside, weights=groups.weight[own]))
            if outside > MUCH_OUTSIDE:
                notes.append(
                    f"{outside:.0%} of {title} have values of '{name}' outside the range of the "
                    "other group: there the comparison extrapolates."
                )
    return tuple(notes)
