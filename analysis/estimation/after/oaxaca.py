"""Oaxaca-Blinder from the firms themselves, under any covariance of coefficients and means."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
import pandas as pd
import scipy.linalg

from analysis.estimation.after.decomposition import (
    Decomposition,
    Form,
    Pieces,
    Reference,
    decomposed,
    normalised,
)
from analysis.estimation.after.two_groups import (
    TwoGroups,
    category_columns,
    two_groups,
    variable_of,
)
from analysis.estimation.coordinates import coordinates, inverse_information, weighted_moments
from analysis.estimation.design import Rows, SurveyDesign, named
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.replicates import replicate_variance
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

COVARIANCES = ("model", "HC1", "cluster", "design", "replicate")


def oaxaca_blinder(
    *,
    y: Floats,
    X: DesignMatrix,
    group: Floats,
    design: SurveyDesign,
    domain: Rows,
    covariance: Covariance = "design",
    form: Form = "twofold",
    reference: Reference = "pooled with group",
    titles: tuple[str, str] = ("the first group", "the second group"),
) -> Decomposition:
    """Decompose the gap in mean outcomes, linear in the columns, first group less second.

    Parameters
    ----------
    y : (n,) floats
        NaN missing.
    X : DesignMatrix
        The same n firms; not the group itself.
    group : (n,) floats
        1 for the first group, 0 for the second, NaN for neither.
    design : SurveyDesign
        Its weights hold for every covariance.
    domain : (n,) booleans
        The subpopulation.
    covariance : {"model", "HC1", "cluster", "design", "replicate"}
        Of coefficients and means jointly; means of the columns are estimates too (Jann 2008).
    form : {"threefold", "twofold"}
        As `decomposition.decomposed`.
    reference : str
        As `decomposition.decomposed`.
    titles : two str
        What sentences for people call the groups.

    Categories are normalised, so that no detailed part depends on a base level.

    Raises
    ------
    Refusal
        As `two_groups`; ``category_in_interaction``; ``covariance_not_defined``;
        ``model_covariance_with_weights``; ``too_few_clusters``; ``no_replicates``;
        ``singleton_stratum``.
    """
    if covariance not in COVARIANCES:
        raise _not_defined(covariance, "the decomposition")
    categories = category_columns(X.columns)
    groups = two_groups(y=y, X=X, group=group, design=design, domain=domain, titles=titles)
    wanted = reference if form == "twofold" else "second"
    pieces = normalised(_pieces(groups, design, covariance, wanted), categories)
    result = decomposed(pieces, form=form, reference=reference)
    return replace(result, notes=groups.notes + _zero_note(X, form))


@dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    """Coefficients and means, what each firm contributes to them, and the groups' sizes.

    Attributes
    ----------
    values : (p, k) floats
    influence : (m, p k) floats, before weighting
    sizes : per row of values, firms it was estimated on
    estimated : per row, numbers estimated together: k of coefficients, 1 of a mean
    """

    values: Floats
    influence: Floats
    sizes: Floats
    estimated: Floats


def _pieces(
    groups: TwoGroups, design: SurveyDesign, covariance: Covariance, reference: Reference
) -> Pieces:
    stack = _stack(groups, groups.weight, reference)
    spread, residual_df = _spread(groups, design, covariance, reference, stack)
    return Pieces(
        columns=groups.matrix.names,
        variables=tuple(variable_of(column) for column in groups.matrix.columns),
        values=stack.values,
        covariance=spread,
        residual_df=residual_df,
        share=float(groups.weight[groups.first].sum() / groups.weight.sum()),
    )


def _stack(groups: TwoGroups, weight: Floats, reference: Reference) -> _Stack:
    k = groups.X.shape[1]
    members = [groups.members(position) for position in (0, 1)]
    fits = [_least_squares(groups.X, groups.y, weight, rows) for rows in members]
    means = [_means(groups.X, weight, rows) for rows in members]
    parts, counts = [*fits, *means], [k, k, 1, 1]
    rows = [*members, *members]
    if reference in {"pooled", "pooled with group"}:
        everyone = np.ones(len(groups.y), dtype=bool)
        X = groups.X
        if reference == "pooled with group":
            X = np.column_stack([X, groups.first])
        values, influence = _least_squares(X, groups.y, weight, everyone)
        parts.append((values[:k], influence[:, :k]))
        rows, counts = [*rows, everyone], [*counts, X.shape[1]]
    return _Stack(
        values=np.vstack([values for values, _ in parts]),
        influence=np.hstack([influence for _, influence in parts]),
        sizes=np.array([each.sum() for each in rows], dtype=float),
        estimated=np.array(counts, dtype=float),
    )


def _least_squares(X: Floats, y: Floats, weight: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """(k,) coefficients of the rows, and every firm's (m, k) influence on them."""
    within = weight[rows]
    X, y, influence = X[rows], y[rows], np.zeros(X.shape)
    Z, back = coordinates(X, within, weighted_moments(X, within))
    inverse = inverse_information(Z, within)
    working = inverse @ (Z.T @ (within * y))
    # Once more on what is left: the second step takes away the rounding of the first.
    working = working + inverse @ (Z.T @ (within * (y - Z @ working)))
    influence[rows] = (Z * (y - Z @ working)[:, None]) @ inverse @ back.T
    return back @ working, influence


def _means(X: Floats, weight: Floats, rows: Rows) -> tuple[Floats, Floats]:
    total = weight[rows].sum()
    mean = weight[rows] @ X[rows] / total
    return mean, np.where(rows[:, None], X - mean, 0.0) / total


def _spread(
    groups: TwoGroups,
    design: SurveyDesign,
    covariance: Covariance,
    reference: Reference,
    stack: _Stack,
) -> tuple[Floats, float]:
    match covariance:
        case "design":
            everyone = np.zeros((len(groups.rows), stack.influence.shape[1]))
            everyone[groups.rows] = stack.influence
            spread = linearized_variance(everyone, design, groups.rows)
            return spread, float(design.degrees_of_freedom(groups.rows))
        case "replicate":
            return _replicated(groups, design, reference, stack)
        case "model":
            return _model_based(groups, design, reference, stack), inf
        case "cluster":
            return _clustered(groups, design, stack)
        case _:
            factor = stack.sizes / (stack.sizes - stack.estimated)
            weighted = _scaled(groups, stack, factor)
            return weighted.T @ weighted, inf


def _scaled(groups: TwoGroups, stack: _Stack, factor: Floats) -> Floats:
    """(m, p k) weighted influences, each row of values times the root of its factor."""
    each = np.repeat(np.sqrt(factor), stack.values.shape[1])
    result: Floats = groups.weight[:, None] * stack.influence * each
    return result


def _clustered(groups: TwoGroups, design: SurveyDesign, stack: _Stack) -> tuple[Floats, float]:
    codes, clusters = pd.factorize(design.cluster_codes[groups.rows])
    count = len(clusters)
    if count < 2:
        raise Refusal(
            "too_few_clusters",
            "All firms lie in one cluster, so how clusters differ cannot be seen.",
            "Cluster by a variable with more values, or choose HC1 standard errors.",
        )
    factor = count / (count - 1) * (stack.sizes - 1) / (stack.sizes - stack.estimated)
    weighted = _scaled(groups, stack, factor)
    sums: Floats = np.column_stack(
        [np.bincount(codes, column, count).astype(float) for column in weighted.T]
    )
    return sums.T @ sums, count - 1.0


def _model_based(
    groups: TwoGroups, design: SurveyDesign, reference: Reference, stack: _Stack
) -> Floats:
    """Each group's classical covariance of coefficients and of means."""
    if design.is_weighted:
        raise Refusal(
            "model_covariance_with_weights",
            "Sampling weights say how many firms each respondent stands for, not how precise its "
            "answers are; model-based standard errors would be wrong under them.",
            "Choose design-based or HC1 standard errors, or leave the weights out.",
        )
    if len(stack.values) > len(groups.titles) * 2:
        raise _not_defined("model", f"'{reference}' coefficients, of both groups' firms,")
    blocks: list[Floats] = []
    for position in (0, 1):
        rows = groups.members(position)
        X, ones = groups.X[rows], np.ones(rows.sum())
        Z, back = coordinates(X, ones, weighted_moments(X, ones))
        residual = groups.y[rows] - X @ stack.values[position]
        variance = residual @ residual / (len(X) - X.shape[1])
        blocks.append(variance * back @ inverse_information(Z, ones) @ back.T)
    for position in (0, 1):
        X = groups.X[groups.members(position)]
        blocks.append(np.cov(X, rowvar=False).reshape(X.shape[1], -1) / len(X))
    return np.asarray(scipy.linalg.block_diag(*blocks))


def _replicated(
    groups: TwoGroups, design: SurveyDesign, reference: Reference, stack: _Stack
) -> tuple[Floats, float]:
    replicates = design.replicates
    if replicates is None:
        raise Refusal(
            "no_replicates",
            "The design has no replicate weights.",
            "Make them, or choose design-based standard errors.",
        )
    estimates = np.full((replicates.count, stack.values.size), np.nan)
    for position, weight in enumerate(replicates.weights[groups.rows].T):
        with np.errstate(all="ignore"):
            try:
                estimates[position] = _stack(groups, weight, reference).values.ravel()
            except np.linalg.LinAlgError:
                # A replicate without firms of some level: counted as failed.
                continue
    spread = replicate_variance(estimates, stack.values.ravel(), replicates)
    return spread, float(replicates.degrees_of_freedom_in(groups.rows))


def _not_defined(covariance: str, of: str) -> Refusal:
    return Refusal(
        "covariance_not_defined",
        f"{covariance} standard errors are not defined for {of}.",
        f"Choose one of {', '.join(COVARIANCES[1:])}.",
    )


def _zero_note(X: DesignMatrix, form: Form) -> tuple[str, ...]:
    """Which detailed parts depend on where a variable has its zero."""
    names = [name for name, kind in X.kinds.items() if kind != "category"]
    if not names:
        return ()
    part = "unexplained" if form == "twofold" else "coefficients"
    return (
        f"The {part} part of {named(names)} depends on where each has its zero; what the parts "
        "lose there the intercept gains.",
    )
