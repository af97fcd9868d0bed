"""Information criteria: of likelihoods, and those of Lumley & Scott under a survey design."""

from dataclasses import dataclass
from math import log

import numpy as np

from analysis.estimation.after.likelihood_ratio import WorkingModel, design_effects
from analysis.estimation.after.wald import wald_test
from analysis.estimation.design import named
from analysis.estimation.design_matrix import INTERCEPT
from analysis.estimation.estimates import Estimates, Fit
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class InformationCriteria:
    """Smaller is better; comparable only between fits to the same firms and outcome.

    Attributes
    ----------
    parameters : estimated numbers k, those of variances and thresholds included
    aicc : None where n - k - 1 is not positive
    """

    log_likelihood: float
    parameters: int
    n: int
    aic: float
    bic: float
    aicc: float | None


@dataclass(frozen=True, slots=True)
class DesignAic:
    """The dAIC of Lumley & Scott.

    Attributes
    ----------
    effective_parameters : sum of the generalised design effects, which is k in a simple
        random sample
    mean_design_effect : their mean; None in a model without terms
    """

    daic: float
    deviance: float
    effective_parameters: float
    mean_design_effect: float | None


@dataclass(frozen=True, slots=True)
class DesignBic:
    """The dBIC of Lumley & Scott, among models within one largest model.

    Attributes
    ----------
    effective_n : firms over the geometric mean design effect of the terms left out; None for
        the largest model itself
    """

    dbic: float
    parameters: int
    effective_n: float | None


def information_criteria(fit: Fit, *, parameters: int | None = None) -> InformationCriteria:
    """AIC, BIC and AICc (Hurvich & Tsai 1989) of an unweighted maximum-likelihood fit.

    `parameters` counts what was estimated, by default the terms.

    Raises: Refusal ``no_likelihood``, ``likelihood_not_of_the_sample``.
    """
    if fit.population is not None:
        raise Refusal(
            "likelihood_not_of_the_sample",
            f"The {fit.estimator} is weighted: its pseudo-likelihood is not the probability of "
            "the sample, and AIC and BIC would count design effects as evidence.",
            "Ask for dAIC or dBIC, which allow for the design.",
        )
    if fit.log_likelihood is None:
        raise Refusal(
            "no_likelihood",
            f"The {fit.estimator} was not fitted by maximum likelihood, so it has no AIC or BIC.",
            "Compare models by a Wald test or by prediction.",
        )
    count = len(fit.estimates.terms) if parameters is None else parameters
    deviance, spare = -2 * fit.log_likelihood, fit.n - count - 1
    aic = deviance + 2 * count
    return InformationCriteria(
        log_likelihood=fit.log_likelihood,
        parameters=count,
        n=fit.n,
        aic=aic,
        bic=deviance + log(fit.n) * count,
        aicc=aic + 2 * count * (count + 1) / spare if spare > 0 else None,
    )


def design_aic(
    working: WorkingModel, estimates: Estimates, *, counts_intercept: bool = False
) -> DesignAic:
    """Deviance plus twice the trace of inverse(V0) V (Lumley & Scott 2015).

    As R's ``AIC(svyglm)``: the intercept, which every model has, is left out of the count
    unless `counts_intercept` (R: ``null_has_intercept = FALSE``).

    Raises: Refusal ``covariance_singular``.
    """
    counted = [term for term in estimates.terms if counts_intercept or term != INTERCEPT]
    if not counted:
        return DesignAic(working.deviance, working.deviance, 0.0, None)
    effects = design_effects(working, estimates, [{term: 1.0} for term in counted])
    total = float(effects.sum())
    return DesignAic(
        daic=working.deviance + 2 * total,
        deviance=working.deviance,
        effective_parameters=total,
        mean_design_effect=total / len(counted),
    )


def design_bic(terms: tuple[str, ...], largest: WorkingModel, estimates: Estimates) -> DesignBic:
    """BIC of the model with `terms`, by the Wald distance from the largest (Lumley & Scott 2015).

    `largest` and `estimates` are of the largest model. With W the design-based Wald form of
    the terms left out and D their inverse(V0) V: W + k log n + log det D + deviance of the
    largest, as R's ``BIC(svyglm, maximal = )``.

    Raises: Refusal ``not_nested``, ``covariance_singular``.
    """
    extra = [term for term in terms if term not in estimates.terms]
    if extra:
        raise Refusal(
            "not_nested",
            f"The largest model lacks these terms of the smaller: {named(extra)}.",
            "Give as the largest a model with all terms of those compared.",
        )
    left_out = [{term: 1.0} for term in estimates.terms if term not in terms]
    penalty = len(terms) * log(largest.n) + largest.deviance
    if not left_out:
        return DesignBic(penalty, len(terms), None)
    wald = wald_test(estimates, left_out, reference="chi-square").wald
    log_determinant = float(np.log(design_effects(largest, estimates, left_out)).sum())
    return DesignBic(
        dbic=wald + penalty + log_determinant,
        parameters=len(terms),
        effective_n=largest.n / float(np.exp(log_determinant / len(left_out))),
    )
