"""Covariances of the coefficients, all from the same scores and bread, in working coordinates."""

from collections.abc import Callable
from math import inf

import numpy as np
import pandas as pd

from analysis.estimation.clusters import cluster_robust
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.fitted import Fitted, Uncertainty
from analysis.estimation.labels import named
from analysis.estimation.replicates import (
    ReplicateWeights,
    failed_replicates,
    replicate_variance,
)
from analysis.estimation.solution import Solution
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

__all__ = ["Fitted", "Uncertainty", "refitted", "uncertainty"]

FEW_DEGREES_OF_FREEDOM = 10
# Of the variance that the information alone would give: less is rounding.
VANISHING = 1e-20


def uncertainty(kind: Covariance, fitted: Fitted) -> Uncertainty:
    """The covariance asked for.

    Raises
    ------
    Refusal
        ``covariance_not_defined``, ``model_covariance_with_weights``, ``too_few_clusters``,
        ``leverage_one``, ``two_way_not_positive``, ``singleton_stratum``,
        ``no_degrees_of_freedom``, ``no_sampling_variance``, ``no_variation``,
        ``too_few_rows``, ``no_replicates``,
        ``replicates_failed``.
    """
    if kind not in fitted.estimator.covariances:
        known = ", ".join(sorted(fitted.estimator.covariances))
        raise Refusal(
            "covariance_not_defined",
            f"{kind} standard errors are not defined for {fitted.estimator.title.lower()}.",
            f"Choose one of {known}.",
        )
    if fitted.estimator.check_design is not None:
        fitted.estimator.check_design(fitted.sample, fitted.design, kind)
    _refuse_too_few(kind, fitted)
    spread = _KINDS[kind](fitted)
    if kind != "model":
        _refuse_vanishing(kind, fitted, spread)
    return spread


def model_based(fitted: Fitted) -> Uncertainty:
    """Inverse information, times the residual variance for least squares."""
    if fitted.design.is_weighted:
        raise Refusal(
            "model_covariance_with_weights",
            "Sampling weights say how many firms each respondent stands for, not how precise its "
            "answers are; model-based standard errors would be wrong under them.",
            "Choose design-based or HC1 standard errors, or leave the weights out "
            "(design: weights: none).",
        )
    solution = fitted.solution
    return Uncertainty(solution.dispersion * solution.bread, _model_df(solution))


def _hc0(fitted: Fitted) -> Uncertainty:
    """The sandwich of weighted scores (White 1980)."""
    influence = fitted.influence()
    return Uncertainty(influence.T @ influence, _model_df(fitted.solution))


def _hc1(fitted: Fitted) -> Uncertainty:
    """HC0 times n / (n - k)."""
    n, k = fitted.n, fitted.parameters
    influence = fitted.influence()
    return Uncertainty(n / (n - k) * influence.T @ influence, _model_df(fitted.solution))


def _hc2(fitted: Fitted) -> Uncertainty:
    """Each squared score over 1 - h (MacKinnon and White 1985)."""
    return _leveraged(fitted, 1)


def _hc3(fitted: Fitted) -> Uncertainty:
    """Each squared score over (1 - h) squared (MacKinnon and White 1985)."""
    return _leveraged(fitted, 2)


def _leveraged(fitted: Fitted, power: int) -> Uncertainty:
    if fitted.solution.leverage is None:
        raise Refusal(
            "covariance_not_defined",
            f"HC{power + 1} standard errors rest on each firm's leverage, which "
            f"{fitted.estimator.title.lower()} does not define.",
            "Choose HC1.",
        )
    apart = 1 - fitted.solution.leverage()
    if np.any(apart <= 1e-10):
        rows = np.flatnonzero(fitted.sample.rows)[apart <= 1e-10]
        raise Refusal(
            "leverage_one",
            f"{len(rows)} firms alone decide a coefficient (leverage 1), the first is firm "
            f"{int(rows[0]) + 1} of the data: HC{power + 1} standard errors divide by zero.",
            "Leave out the term that only these firms have, or choose HC1.",
        )
    influence = fitted.influence()
    influence *= (apart ** (-power / 2))[:, None]
    return Uncertainty(influence.T @ influence, _model_df(fitted.solution))


def design_based(fitted: Fitted) -> Uncertainty:
    """Linearised variance over strata and clusters; t with degf + 1 - rank, as R survey.

    The rank is that of the widest equation, where there are several.
    """
    design, sample = fitted.design, fitted.sample
    _refuse_split_units(fitted)
    strata, clusters = design.strata_and_clusters(fitted.rows)
    terms = fitted.solution.widest
    spare = clusters - strata + 1 - terms
    # Strata first: which of them are single is the more useful thing to be told.
    meat = linearized_variance(_scores_in_design(fitted), design, sample.rows)
    # The bread is under weights of mean one, the design's are as given.
    bread = fitted.solution.bread / design.weight[sample.rows].mean()
    covariance = bread @ meat @ bread.T
    if spare <= 0:
        raise _no_degrees_of_freedom(
            terms, f"sampled units ({clusters}) less its strata ({strata})"
        )
    notes = _few(spare) + _rank_note(clusters - strata, fitted)
    return Uncertainty(covariance, float(spare), strata, clusters, notes=notes)


def _refuse_split_units(fitted: Fitted) -> None:
    """Refuse a panel whose firms the design takes for several, one in each wave."""
    units = fitted.sample.labels.get("unit")
    if units is None:
        return
    unit = pd.factorize(units)[0]
    cluster = fitted.design.cluster_codes[fitted.sample.rows]
    first = np.zeros(int(unit.max()) + 1, dtype=np.intp)
    first[unit] = cluster
    if np.any(first[unit] != cluster):
        raise Refusal(
            "unit_in_two_clusters",
            "The design counts the waves of one firm as firms drawn one by one, so it would take "
            "what a firm says twice for two firms' answers.",
            "Make the firm, or what it was drawn in, the sampled unit of the design, or choose "
            "clustered standard errors.",
        )


def _no_degrees_of_freedom(terms: int, source: str) -> Refusal:
    return Refusal(
        "no_degrees_of_freedom",
        f"The model has {terms} terms, and its {source} leave no degrees of freedom for them.",
        "Leave terms out, widen the subpopulation, or join strata.",
    )


def _rank_note(freedom: int, fitted: Fitted) -> tuple[str, ...]:
    """That not all coefficients can be tested at once, where the design has too few units."""
    if freedom >= fitted.parameters:
        return ()
    return (
        f"The model estimates {fitted.parameters} parameters from {freedom} degrees of freedom of "
        "the design: each has a standard error, all together cannot be tested.",
    )


def _few(spare: float) -> tuple[str, ...]:
    if spare >= FEW_DEGREES_OF_FREEDOM:
        return ()
    return (f"The design leaves {spare:g} degrees of freedom: intervals are wide and rough.",)


def replicated(fitted: Fitted) -> Uncertainty:
    """The spread of the coefficients over the design's replicate weights."""
    replicates = fitted.design.replicates
    if replicates is None:
        raise Refusal(
            "no_replicates",
            "The design has no replicate weights.",
            "Name a method of making them (design: replicates: JKn), or choose "
            "design-based standard errors.",
        )
    _refuse_split_units(fitted)
    terms, rows = fitted.solution.widest, fitted.rows
    spare = replicates.degrees_of_freedom_in(rows) + 1 - terms
    if spare <= 0:
        raise _no_degrees_of_freedom(terms, "replicates")
    estimates = refitted(fitted, replicates)
    covariance = replicate_variance(estimates, fitted.solution.coefficients, replicates)
    strata, clusters = fitted.design.strata_and_clusters(rows)
    lost = failed_replicates(estimates)
    notes = (
        f"{replicates.count} replicates ({replicates.method})."
        if lost == 0
        else f"{replicates.count} replicates ({replicates.method}), of which {lost} have no "
        "estimate and are left out.",
    )
    return Uncertainty(
        covariance, float(spare), strata, clusters, estimates, (*notes, *_few(spare))
    )


def refitted(fitted: Fitted, replicates: ReplicateWeights) -> Floats:
    """(R, k) working coefficients under each replicate's weights, from a warm start.

    A row of NaN is a replicate under which the model cannot be fitted.
    """
    weights = replicates.weights[fitted.sample.rows]
    estimates = np.full((weights.shape[1], len(fitted.solution.coefficients)), np.nan)
    for position in np.flatnonzero(replicates.usable):
        again = fitted.sample.reweighted(weights[:, position])
        try:
            coefficients = fitted.estimator.refitted(again, fitted.solution.coefficients)
        except (Refusal, np.linalg.LinAlgError):
            continue
        estimates[position] = coefficients
    return estimates


def _scores_in_design(fitted: Fitted) -> Floats:
    """(n, k) scores of every firm of the design before weighting, 0 outside the sample."""
    scores, rows = fitted.solution.scores, fitted.sample.rows
    if rows.all():
        return scores
    result = np.zeros((len(rows), scores.shape[1]))
    result[rows] = scores
    return result


def _refuse_too_few(kind: str, fitted: Fitted) -> None:
    if kind in ("HC1", "cluster") and fitted.n <= fitted.parameters:
        raise Refusal(
            "too_few_rows",
            f"The model estimates {fitted.parameters} parameters, and {fitted.n} firms answered "
            "all that it reads.",
            "Leave terms out or widen the subpopulation.",
        )


def _refuse_vanishing(kind: str, fitted: Fitted, spread: Uncertainty) -> None:
    """Refuse variances of nothing, or not to be had: t statistics beyond all bounds follow."""
    solution = fitted.solution
    ancillary = {term for each in solution.blocks if each.is_ancillary for term in each.terms}
    places = [place for place, term in enumerate(solution.terms) if term not in ancillary]
    report = solution.report[places]
    variance = np.einsum("ij,jk,ik->i", report, spread.covariance, report)
    scale = np.abs(np.einsum("ij,jk,ik->i", report, solution.bread, report)) * solution.dispersion
    vanishing = ~(variance > VANISHING * scale)
    if not vanishing.any():
        return
    if kind == "design" and vanishing.all():
        raise Refusal(
            "no_sampling_variance",
            "Every stratum of the model was enumerated in full, so nothing is left to sampling "
            "and the design-based variance is zero.",
            "To speak of firms beyond this population leave the population counts out "
            "(design: population: none).",
        )
    terms = named(
        [solution.terms[place] for place, gone in zip(places, vanishing, strict=True) if gone]
    )
    raise Refusal(
        "no_variation",
        f"No standard error of {terms} can be had: between the units that {kind} standard errors "
        "compare, what they say of these terms does not differ at all, as where a term is made of "
        "the very units.",
        "Leave the terms out, or choose standard errors that compare firms, such as HC1.",
    )


def _model_df(solution: Solution) -> float:
    """As R: n - k after least squares, the normal after maximum likelihood."""
    return inf if solution.residual_df is None else solution.residual_df


_KINDS: dict[str, Callable[[Fitted], Uncertainty]] = {
    "model": model_based,
    "HC0": _hc0,
    "HC1": _hc1,
    "HC2": _hc2,
    "HC3": _hc3,
    "cluster": cluster_robust,
    "design": design_based,
    "replicate": replicated,
}
