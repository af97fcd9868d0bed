"""P-values of many tests, adjusted so that they may be read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special, stats
from scipy.stats import qmc
from statsmodels.stats.multitest import multipletests

from analysis.estimation.after.wald import contrasts
from analysis.estimation.design import Codes, named
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

Procedure = Literal["holm", "benjamini-hochberg", "benjamini-yekutieli"]
Step = Literal["down", "single"]
IN_STATSMODELS = {"holm": "holm", "benjamini-hochberg": "fdr_bh", "benjamini-yekutieli": "fdr_by"}
CONTROLS = {
    "holm": "family-wise error",
    "benjamini-hochberg": "false discoveries, if tests are independent or positively dependent",
    "benjamini-yekutieli": "false discoveries, however tests depend",
}
# Fewer replicates than these cannot tell one test in twenty from one in fifty.
FEWEST_REPLICATES = 50
# Points of the lattice on which a joint normal is integrated, as a power of two; and where
# estimates determine each other, so that the integrand has steps.
LATTICE = 14
LATTICE_OF_STEPS = 17
# Of a variance of one: what is left of an estimate that the others determine.
DETERMINED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedTests:
    """k tests with their own and their adjusted p-values.

    Attributes
    ----------
    procedure : by name
    p_values, adjusted : (k,) floats
    draws : replicates or points of integration; None where none were needed
    notes : sentences of caution
    """

    terms: tuple[str, ...]
    procedure: str
    p_values: Floats
    adjusted: Floats
    draws: int | None = None
    notes: tuple[str, ...] = ()


def adjusted(terms: Sequence[str], p_values: Floats, procedure: Procedure) -> AdjustedTests:
    """Holm (1979), Benjamini & Hochberg (1995) or Benjamini & Yekutieli (2001).

    Raises: Refusal ``p_value_missing``, naming the tests.
    """
    p_values = np.asarray(p_values, dtype=float)
    if len(terms) != len(p_values):
        raise ValueError(f"There are {len(terms)} terms and {len(p_values)} p-values.")
    bad = ~((p_values >= 0) & (p_values <= 1))
    if bad.any() or not len(p_values):
        raise Refusal(
            "p_value_missing",
            f"There is no p-value to adjust for {named(np.asarray(terms, dtype=object)[bad])}."
            if len(p_values)
            else "There are no tests to adjust.",
            "Leave out the tests that could not be made, and say so.",
        )
    result: Floats = multipletests(p_values, method=IN_STATSMODELS[procedure])[1]
    return AdjustedTests(tuple(terms), procedure, p_values, result)


def romano_wolf(
    estimates: Estimates,
    replicates: Floats,
    *,
    replicate_std_errors: Floats | None = None,
    null: Floats | None = None,
) -> AdjustedTests:
    """Stepdown p-values that use how the k estimates depend (Romano & Wolf 2005, 2016).

    Parameters
    ----------
    estimates : Estimates of the k coefficients of the family, and of those only
        They may come from several models, as long as all are refitted to each replicate.
    replicates : (R, k) floats
        Estimates from bootstrap replicates (drawn as the sample was). Jackknife and balanced
        repeated replicates are not draws: their spread is not that of the estimates. Rows with
        NaN, of fits that failed, are left out and counted.
    replicate_std_errors : (R, k) floats or None
        To studentise each replicate by its own; None takes the estimates'.
    null : (k,) floats or None
        The values tested; None is zero.

    Raises
    ------
    Refusal
        ``too_few_replicates``.

    Notes
    -----
    With t the statistics in falling order of size, p of test j is
    (1 + #{max over those not yet passed of abs(t*) >= abs(t_j)}) / (R + 1), not below those
    before it; t* = (replicate - estimate) / standard error.
    """
    replicates = np.asarray(replicates, dtype=float)
    if replicates.ndim != 2 or replicates.shape[1] != len(estimates.terms):
        raise ValueError("Replicates are one row each, with the estimates' terms as columns.")
    spread = estimates.std_errors if replicate_std_errors is None else replicate_std_errors
    draws = np.abs((replicates - estimates.coefficients) / spread)
    kept = draws[np.isfinite(draws).all(axis=1)]
    if len(kept) < FEWEST_REPLICATES:
        raise Refusal(
            "too_few_replicates",
            f"Of {len(draws)} replicates {len(kept)} could be estimated; at least "
            f"{FEWEST_REPLICATES} are needed to place the largest of several statistics.",
            "Draw more replicates: 1,000 or more for p-values in print.",
        )
    statistics = np.abs(estimates.coefficients - (0.0 if null is None else null))
    counts = _exceeding(statistics / estimates.std_errors, kept)
    failed = len(draws) - len(kept)
    return AdjustedTests(
        terms=estimates.terms,
        procedure="romano-wolf",
        p_values=_own_p_values(estimates, null),
        adjusted=_rising((counts + 1) / (len(kept) + 1), statistics / estimates.std_errors),
        draws=len(kept),
        notes=(f"{failed} of {len(draws)} replicates could not be estimated.",) if failed else (),
    )


def bootstrapped(model: Model, terms: Sequence[str]) -> tuple[Estimates, Floats]:
    """A family of a model's coefficients and their (R, k) bootstrap replicates, for `romano_wolf`.

    Raises: Refusal ``unknown_term``; ``no_replicates`` if the standard errors are not those of
    replicates; ``replicates_not_draws`` if these are a jackknife's or balanced halves.
    """
    family = contrasts(model.estimates, {term: {term: 1.0} for term in terms})
    replicates, made = model.spread.replicates, model.fitted.design.replicates
    if replicates is None or made is None:
        raise Refusal(
            "no_replicates",
            f"The standard errors of the model are '{model.covariance_type}', without replicates.",
            "Fit it with replicate standard errors from a bootstrap.",
        )
    if not made.is_random:
        raise Refusal(
            "replicates_not_draws",
            f"Replicates by {made.method} are not draws: their spread is not that of the "
            "estimates, and where the largest of several stands cannot be read from it.",
            "Make bootstrap replicates (Rao-Wu).",
        )
    reported = replicates @ model.fitted.solution.report.T
    return family, reported[:, [model.estimates.terms.index(term) for term in terms]]


def max_t(
    estimates: Estimates, *, step: Step = "single", null: Floats | None = None, seed: int = 0
) -> AdjustedTests:
    """P-values of the largest of k t-statistics under their joint normal or t distribution.

    Single-step as R's ``multcomp`` ``single-step`` (Hothorn, Bretz & Westfall 2008), or its
    free stepdown (Westfall & Young 1993). The distribution is integrated by Genz's (1992)
    change of variables on a scrambled Sobol lattice, with an error of about 1e-5; 1e-4 where the
    correlation is singular, as that of all pairwise contrasts is.

    Raises: Refusal ``covariance_singular`` for an estimate without variance.
    """
    spread = estimates.std_errors
    if not (np.isfinite(spread) & (spread > 0)).all():
        bad = ~(np.isfinite(spread) & (spread > 0))
        raise Refusal(
            "covariance_singular",
            f"No sampling variance of {named(np.asarray(estimates.terms, dtype=object)[bad])}.",
            "Leave it out of the family.",
        )
    statistics = np.abs(estimates.coefficients - (0.0 if null is None else null)) / spread
    integral = _Box(estimates.covariance / np.outer(spread, spread), estimates.residual_df, seed)
    own = _own_p_values(estimates, null)
    order = np.argsort(-statistics, kind="stable")
    joint = np.empty(len(order))
    for passed, test in enumerate(order):
        family = order if step == "single" else order[passed:]
        joint[test] = 1 - integral.chance(float(statistics[test]), family)
    # Joint p-values are never below the test's own, which is known exactly.
    joint = np.clip(joint, own, 1.0)
    return AdjustedTests(
        terms=estimates.terms,
        procedure=f"max-t, {'stepdown' if step == 'down' else 'single-step'}",
        p_values=own,
        adjusted=_rising(joint, statistics),
        draws=len(integral.points),
    )


def _own_p_values(estimates: Estimates, null: Floats | None) -> Floats:
    difference = estimates.coefficients - (0.0 if null is None else null)
    result: Floats = 2 * stats.t.sf(
        np.abs(difference / estimates.std_errors), estimates.residual_df
    )
    return result


def _exceeding(statistics: Floats, draws: Floats) -> Floats:
    """(k,) how many draws have, among the tests with statistics not larger, one as large."""
    counts = np.empty(len(statistics))
    largest = np.zeros(len(draws))
    for test in np.argsort(statistics, kind="stable"):
        np.maximum(largest, draws[:, test], out=largest)
        counts[test] = np.count_nonzero(largest >= statistics[test])
    return counts


def _rising(p_values: Floats, statistics: Floats) -> Floats:
    """P-values that do not fall from larger statistics to smaller."""
    order = np.argsort(-statistics, kind="stable")
    result = np.empty(len(p_values))
    result[order] = np.maximum.accumulate(p_values[order])
    return result


class _Box:
    """Chances that several t with a joint correlation all lie within a bound."""

    def __init__(self, correlation: Floats, df: float, seed: int) -> None:
        self.correlation = correlation
        random = np.random.default_rng(seed)
        is_singular = np.linalg.eigvalsh(correlation)[0] <= DETERMINED
        power = LATTICE_OF_STEPS if is_singular else LATTICE
        points = qmc.Sobol(len(correlation) + 1, rng=random).random_base2(power)
        self.points = np.clip(points, 1e-15, 1 - 1e-15)
        self.length = np.ones(len(points))
        if np.isfinite(df):
            self.length = np.sqrt(stats.chi2.ppf(self.points[:, -1], df) / df)

    def chance(self, bound: float, tests: Codes) -> float:
        """Of abs(t) < bound for all of the tests, one test given those before it."""
        triangle = _triangle(self.correlation[np.ix_(tests, tests)])
        edge = bound * self.length
        normal = np.zeros((len(edge), len(tests)))
        chance = np.ones(len(edge))
        for place, row in enumerate(triangle):
            given = normal[:, :place] @ row[:place]
            if row[place] == 0:
                chance *= np.abs(given) <= edge * (1 + DETERMINED)
                continue
            low = special.ndtr((-edge - given) / row[place])
            width = special.ndtr((edge - given) / row[place]) - low
            chance *= width
            within = np.clip(low + self.points[:, place] * width, 1e-300, 1 - 1e-16)
            normal[:, place] = special.ndtri(within)
        return float(chance.mean())


def _triangle(correlation: Floats) -> Floats:
    """Cholesky's lower triangle, with zeros where a row is determined by those before it."""
    size = len(correlation)
    triangle = np.zeros((size, size))
    for row in range(size):
        for column in range(row):
            rest = correlation[row, column] - triangle[row, :column] @ triangle[column, :column]
            pivot = triangle[column, column]
            triangle[row, column] = rest / pivot if pivot else 0.0
        left = correlation[row, row] - triangle[row, :row] @ triangle[row, :row]
        triangle[row, row] = np.sqrt(left) if left > DETERMINED else 0.0
    return triangle
