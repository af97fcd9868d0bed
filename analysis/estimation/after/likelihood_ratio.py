"""Likelihood ratios of nested fits: plain where a likelihood holds, Rao-Scott under a design."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from scipy import stats

from analysis.estimation.after.hypotheses import Asked, linear_hypothesis
from analysis.estimation.after.quadratic_forms import Method, tail
from analysis.estimation.after.wald import quadratic_form
from analysis.estimation.design import named
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.regression import Model
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Of a deviance: what two fits that both converged may differ by through rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class LikelihoodRatioTest:
    """Twice the difference of log-likelihoods, chi-square with as many df as terms tested."""

    tested: tuple[str, ...]
    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class WorkingModel:
    """What a fit's likelihood would say if firms were a simple random sample.

    Attributes
    ----------
    terms : k names
    covariance : (k, k) floats
        Inverse information under weights of mean one.
    deviance : float
        Minus twice the log-likelihood under weights of mean one; of least squares the
        weighted residual sum of squares, if `covariance` is then without residual variance.
    n : firms
    """

    terms: tuple[str, ...]
    covariance: Floats
    deviance: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class RaoScottTest:
    """A test whose statistic is a weighted sum of q chi-squares under the design.

    Attributes
    ----------
    statistic : working likelihood ratio, or working Wald form
    eigenvalues : (q,) floats, generalised design effects, largest first
    denominator_df : residual df of the design; ``inf`` for chi-squares
    method : how the tail of the sum was had
    """

    tested: tuple[str, ...]
    statistic: float
    eigenvalues: Floats
    denominator_df: float
    p_value: float
    method: Method


def likelihood_ratio_test(larger: Model, smaller: Model) -> LikelihoodRatioTest:
    """Test the terms that the larger of two nested maximum-likelihood fits has more.

    Raises
    ------
    Refusal
        ``likelihood_ratio_not_valid`` under sampling weights, or with standard errors that
        allow for what the likelihood denies; ``no_likelihood``; ``not_nested``;
        ``different_rows``.
    """
    heights = [_log_likelihood(each) for each in (larger, smaller)]
    tested = _tested(larger.estimates.terms, smaller.estimates.terms)
    _refuse_not_comparable(larger, smaller)
    statistic = _not_negative(2 * (heights[0] - heights[1]), 2 * heights[0])
    p_value = float(stats.chi2.sf(statistic, len(tested)))
    return LikelihoodRatioTest(tested, statistic, len(tested), p_value)


def rao_scott_test(
    larger: Model,
    smaller: Model,
    *,
    method: Method = "saddlepoint",
    denominator_df: float | None = None,
) -> RaoScottTest:
    """Test the terms that the larger of two nested fits has more, under its own covariance.

    As `rao_scott_likelihood_ratio`, from the models themselves.

    Raises: Refusal ``no_likelihood``, ``not_nested``, ``different_rows``,
    ``covariance_singular``, ``too_uneven``.
    """
    whole, part = working_model(larger.fitted.solution), working_model(smaller.fitted.solution)
    _tested(whole.terms, part.terms)
    _refuse_not_comparable(larger, smaller)
    return rao_scott_likelihood_ratio(
        whole, part, larger.estimates, method=method, denominator_df=denominator_df
    )


def working_model(solution: Solution) -> WorkingModel:
    """The pieces of a maximum (pseudo-)likelihood or least-squares fit for Rao-Scott tests.

    Raises: Refusal ``no_likelihood``.
    """
    deviance = None
    if solution.log_likelihood is not None:
        deviance = -2 * solution.log_likelihood
    elif solution.residual_df is not None:
        deviance = solution.dispersion * solution.residual_df
    if deviance is None or not solution.is_likelihood:
        raise _no_likelihood("This model")
    report = solution.report
    return WorkingModel(
        terms=solution.terms,
        covariance=report @ solution.bread @ report.T,
        deviance=deviance,
        n=len(solution.scores),
    )


def rao_scott_likelihood_ratio(
    larger: WorkingModel,
    smaller: WorkingModel,
    estimates: Estimates,
    *,
    method: Method = "saddlepoint",
    denominator_df: float | None = None,
) -> RaoScottTest:
    """Test the terms that the larger fit has more, by their working likelihood ratio.

    `estimates` are those of the larger model with their design-based covariance. As R's
    ``regTermTest(method = "LRT")`` and ``anova.svyglm`` (Lumley & Scott 2014): the difference of
    deviances is compared with a sum of chi-squares weighted by the eigenvalues of
    inverse(V0) V, the working and the design covariance of the terms tested. `denominator_df`
    is by default the estimates' residual df.

    Raises: Refusal ``not_nested``, ``different_rows``, ``covariance_singular``, ``too_uneven``.
    """
    tested = _tested(larger.terms, smaller.terms)
    if larger.n != smaller.n:
        raise _different_rows(f"they have {larger.n} and {smaller.n} firms")
    statistic = _not_negative(smaller.deviance - larger.deviance, larger.deviance)
    hypothesis = [{term: 1.0} for term in tested]
    return _referred(statistic, larger, estimates, hypothesis, method, denominator_df)


def working_wald_test(
    working: WorkingModel,
    estimates: Estimates,
    hypothesis: Asked | Sequence[Asked],
    *,
    method: Method = "saddlepoint",
    denominator_df: float | None = None,
) -> RaoScottTest:
    """Test linear restrictions by the Wald form of the working covariance (Rao & Scott 1984).

    As R's ``regTermTest(method = "WorkingWald")``: the statistic stays stable where the design
    covariance, of few degrees of freedom, is nearly singular.

    Raises: Refusal, as `hypotheses.linear_hypothesis`; ``covariance_singular``.
    """
    asked = linear_hypothesis(hypothesis, estimates.terms)
    difference = asked.matrix @ estimates.coefficients - asked.values
    naive = asked.matrix @ _aligned(working, estimates) @ asked.matrix.T
    statistic = quadratic_form(difference, naive, asked.words)
    return _referred(statistic, working, estimates, hypothesis, method, denominator_df)


def design_effects(
    working: WorkingModel, estimates: Estimates, hypothesis: Asked | Sequence[Asked]
) -> Floats:
    """(q,) eigenvalues of inverse(V0) V for linear functions of the coefficients, largest first.

    Raises: Refusal, as `hypotheses.linear_hypothesis`; ``covariance_singular``.
    """
    asked = linear_hypothesis(hypothesis, estimates.terms)
    naive = asked.matrix @ _aligned(working, estimates) @ asked.matrix.T
    quadratic_form(np.zeros(len(naive)), naive, asked.words)
    design = asked.matrix @ estimates.covariance @ asked.matrix.T
    scale = np.sqrt(np.diag(naive))
    unit = np.outer(scale, scale)
    values: Floats = scipy.linalg.eigh(design / unit, naive / unit, eigvals_only=True)[::-1]
    return values


def _referred(
    statistic: float,
    working: WorkingModel,
    estimates: Estimates,
    hypothesis: Asked | Sequence[Asked],
    method: Method,
    denominator_df: float | None,
) -> RaoScottTest:
    df = estimates.residual_df if denominator_df is None else denominator_df
    weights = design_effects(working, estimates, hypothesis)
    return RaoScottTest(
        tested=linear_hypothesis(hypothesis, estimates.terms).words,
        statistic=statistic,
        eigenvalues=weights,
        denominator_df=df,
        p_value=tail(statistic, weights, df, method),
        method=method,
    )


def _aligned(working: WorkingModel, estimates: Estimates) -> Floats:
    """(k, k) working covariance in the order of the estimates."""
    missing = [term for term in estimates.terms if term not in working.terms]
    if missing:
        raise _not_nested(f"The working model lacks {named(missing)}")
    order = [working.terms.index(term) for term in estimates.terms]
    return working.covariance[np.ix_(order, order)]


def _tested(larger: tuple[str, ...], smaller: tuple[str, ...]) -> tuple[str, ...]:
    extra = [term for term in smaller if term not in larger]
    if extra:
        raise _not_nested(f"The smaller has terms that the larger lacks: {named(extra)}")
    tested = tuple(term for term in larger if term not in smaller)
    if not tested:
        raise _not_nested("They have the same terms")
    return tested


def _not_negative(statistic: float, scale: float) -> float:
    if statistic < -ROUNDING * abs(scale):
        raise _not_nested("The larger fits worse than the smaller")
    return max(statistic, 0.0)


def _log_likelihood(model: Model) -> float:
    name = model.fitted.estimator.title.lower()
    why = None
    if model.fitted.design.is_weighted:
        why = "is weighted, and its pseudo-likelihood is not the probability of the sample"
    elif model.covariance_type != "model":
        why = (
            f"has standard errors of the kind '{model.covariance_type}', which allow for what its "
            "likelihood denies"
        )
    if why:
        raise Refusal(
            "likelihood_ratio_not_valid",
            f"A likelihood ratio needs a likelihood that holds; the {name} {why}.",
            "Ask for a Wald test or a Rao-Scott likelihood ratio, which hold under the design.",
        )
    solution = model.fitted.solution
    if solution.log_likelihood is None or not solution.is_likelihood:
        raise _no_likelihood(f"The {name}")
    return solution.log_likelihood


def _refuse_not_comparable(larger: Model, smaller: Model) -> None:
    names = [each.fitted.estimator.title.lower() for each in (larger, smaller)]
    if names[0] != names[1]:
        raise _not_nested(f"One is a {names[0]}, the other a {names[1]}")
    rows = [each.fitted.sample.rows for each in (larger, smaller)]
    if len(rows[0]) != len(rows[1]) or np.any(rows[0] != rows[1]):
        counts = [int(each.sum()) for each in rows]
        raise _different_rows(f"the larger has {counts[0]}, the smaller {counts[1]} firms")
    samples = (larger.fitted.sample, smaller.fitted.sample)
    if not np.array_equal(samples[0].y, samples[1].y, equal_nan=True):
        raise _different_rows("their outcomes differ")
    if not np.array_equal(samples[0].weight, samples[1].weight):
        raise _different_rows("their weights differ")


def _no_likelihood(what: str) -> Refusal:
    return Refusal(
        "no_likelihood",
        f"{what} was not fitted by maximum likelihood, so there is no likelihood to compare.",
        "Ask for a Wald test.",
    )


def _not_nested(why: str) -> Refusal:
    return Refusal(
        "not_nested",
        f"The two models are not nested, one within the other. {why}.",
        "Compare a model with one that only leaves out terms of it.",
    )


def _different_rows(why: str) -> Refusal:
    return Refusal(
        "different_rows",
        f"The two models were not fitted to the same firms: {why}.",
        "Fit the smaller model on the firms that answered all that the larger model uses.",
    )
