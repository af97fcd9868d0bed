"""How well a model describes its outcome: pseudo R squared, calibration, classification."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimation.after.fitted_values import (
    BINARY,
    FRACTIONAL,
    FittedValues,
    Spread,
    fitted_values,
    refuse_other_estimators,
    spread_of,
)
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import Codes
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

LATENT_VARIANCE: Mapping[str, float] = {
    "logit": np.pi**2 / 3,
    "probit": 1.0,
    "cloglog": np.pi**2 / 6,
}
CATEGORICAL = ("logit", "probit", "cloglog", "ordered_logit", "ordered_probit", "multinomial_logit")
COUNTS = (
    "poisson",
    "negative_binomial",
    "hurdle_poisson",
    "hurdle_negative_binomial",
    "zero_inflated_poisson",
    "zero_inflated_negative_binomial",
)
# Of a sum of weights: what counts as an equal share of it.
ROUNDING = 1e-12


def pseudo_r_squared(model: Model) -> dict[str, float]:
    """Measures between nothing explained and all, by the names of their authors.

    ``mcfadden``, ``cox_snell`` and ``nagelkerke`` compare the log-likelihood with that of the
    intercept alone; ``adjusted_mcfadden`` takes off one for each term and is left out under
    weights, where a pseudo-likelihood does not weigh evidence against terms. ``tjur`` is the
    difference of mean predictions between firms with and without the outcome,
    ``mckelvey_zavoina`` the share of the latent variable's variance, ``efron`` one less the
    squared errors over the outcome's variation. Under weights all estimate what the fit to the
    whole population would have (Lumley 2017).

    Raises: Refusal ``measure_not_defined``.
    """
    refuse_other_estimators(
        model, (*CATEGORICAL, *COUNTS, *FRACTIONAL), "A pseudo R squared of discrete outcomes"
    )
    name = model.fitted.estimator.name
    result = {} if name in FRACTIONAL else _of_likelihood(model)
    if name in LATENT_VARIANCE:
        values = fitted_values(model, BINARY, "")
        result |= {
            "tjur": _tjur(values),
            "mckelvey_zavoina": _mckelvey_zavoina(values, LATENT_VARIANCE[name]),
        }
    if name in (*LATENT_VARIANCE, *FRACTIONAL, "poisson"):
        result["efron"] = _efron(fitted_values(model, (name,), ""))
    return result


def _of_likelihood(model: Model) -> dict[str, float]:
    solution, sample = model.fitted.solution, model.fitted.sample
    height, null = solution.log_likelihood, solution.null_log_likelihood
    if height is None or null is None:
        raise Refusal(
            "measure_not_defined",
            "The model was solved without the likelihood of the intercept alone.",
            "Estimate it as a model of its own, not as one of a specification curve.",
        )
    n, k = len(sample.y), len(solution.coefficients)
    cox_snell = -np.expm1(2 * (null - height) / n)
    result = {"mcfadden": 1 - height / null}
    if not model.fitted.design.is_weighted:
        result["adjusted_mcfadden"] = 1 - (height - k) / null
    result["cox_snell"] = float(cox_snell)
    best = _best_height(model)
    if best is not None:
        result["nagelkerke"] = float(cox_snell / -np.expm1(2 * (null - best) / n))
    return result


def _best_height(model: Model) -> float | None:
    """The log-likelihood of a model with a parameter for every firm, where that has one."""
    name, sample = model.fitted.estimator.name, model.fitted.sample
    if name in CATEGORICAL:
        return 0.0
    if name != "poisson":
        return None
    density = special.xlogy(sample.y, sample.y) - sample.y - special.gammaln(sample.y + 1)
    return float(sample.weight @ density)


def _tjur(values: FittedValues) -> float:
    has, has_not = values.weight * values.y, values.weight * (1 - values.y)
    return float(values.mean @ has / has.sum() - values.mean @ has_not / has_not.sum())


def _mckelvey_zavoina(values: FittedValues, latent: float) -> float:
    centred = values.predictor - values.share @ values.predictor
    explained = values.share @ centred**2
    return float(explained / (explained + latent))


def _efron(values: FittedValues) -> float:
    centred = values.y - values.share @ values.y
    return float(1 - values.share @ (values.y - values.mean) ** 2 / (values.share @ centred**2))


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationTable:
    """Firms in g groups of rising predicted probability.

    Attributes
    ----------
    firms : (g,) counts
    population : (g,) shares of the weights
    lowest, highest, predicted : (g,) floats, predicted probabilities: the ends and the mean
    observed : (g,) floats, shares of firms with the outcome
    residuals : Estimates of observed less predicted, predictions taken as given
    """

    firms: Codes
    population: Floats
    lowest: Floats
    highest: Floats
    predicted: Floats
    observed: Floats
    residuals: Estimates


def calibration_table(model: Model, groups: int = 10) -> CalibrationTable:
    """Observed against predicted shares in groups of equal weight.

    Raises: Refusal ``measure_not_defined``, ``too_few_groups``, and those of `spread_of`.
    """
    values = fitted_values(model, BINARY, "A calibration table")
    group = risk_groups(values, groups)
    residuals, spread = mean_residuals(model, values, group)
    inside = _indicators(group)
    share = values.share @ inside
    terms = tuple(f"group {number}" for number in range(1, inside.shape[1] + 1))
    return CalibrationTable(
        firms=np.bincount(group),
        population=share,
        lowest=np.array([values.mean[group == each].min() for each in range(len(terms))]),
        highest=np.array([values.mean[group == each].max() for each in range(len(terms))]),
        predicted=(values.share * values.mean) @ inside / share,
        observed=(values.share * values.y) @ inside / share,
        residuals=Estimates(terms, residuals, spread.covariance, spread.degrees_of_freedom),
    )


def risk_groups(values: FittedValues, groups: int) -> Codes:
    """(m,) numbers from 0 of groups of rising probability, each with its share of the weights.

    Groups are cut at the weighted quantiles of the predicted probability (where the sum of
    weights reaches j / g exactly, halfway to the next); equal probabilities stay together,
    so that there may be fewer groups.

    Raises: Refusal ``too_few_groups`` if fewer than three come of it.
    """
    order = np.argsort(values.mean, kind="stable")
    sorted_means, reached = values.mean[order], np.cumsum(values.share[order])
    targets = np.arange(1, groups) / groups
    first = np.searchsorted(reached, targets - ROUNDING)
    last = np.searchsorted(reached, targets + ROUNDING)
    cuts = (sorted_means[first] + sorted_means[np.minimum(last, len(order) - 1)]) / 2
    # Rounding parts firms of one probability no more than a cut lies between them.
    place = np.searchsorted(cuts, values.mean * (1 - ROUNDING))
    kept, group = np.unique(place, return_inverse=True)
    if len(kept) < 3:
        raise Refusal(
            "too_few_groups",
            f"Predicted probabilities make {len(kept)} groups, and three are needed to see a "
            "misfit.",
            "Ask for more groups, or look at the terms: the model says much the same of all firms.",
        )
    result: Codes = group.reshape(-1)
    return result


def mean_residuals(model: Model, values: FittedValues, group: Codes) -> tuple[Floats, Spread]:
    """(g,) mean residuals of the groups and their covariance, predictions taken as given."""
    inside = _indicators(group)
    share = values.share @ inside
    residual = values.y - values.mean
    mean = (values.share * residual) @ inside / share
    influence = inside * (residual[:, None] - mean) / share / len(residual)
    return mean, spread_of(model, influence)


def _indicators(group: Codes) -> Floats:
    result: Floats = (group[:, None] == np.arange(group.max() + 1)).astype(float)
    return result


def classification(model: Model, cut: float = 0.5) -> Estimates:
    """What comes of predicting the outcome where its probability is above `cut`.

    Shares of the firms: ``correct``; ``sensitivity`` of those with the outcome and
    ``specificity`` of those without that are predicted rightly; ``positive_predictive_value``
    and ``negative_predictive_value`` of the predictions that come true. Left out is what is a
    share of no firm. Standard errors take the predictions as given.

    Raises: Refusal ``measure_not_defined``, ``cut_not_a_probability``, those of `spread_of`.
    """
    if not 0 < cut < 1:
        raise Refusal(
            "cut_not_a_probability",
            f"{cut:g} is no probability between 0 and 1.",
            "Choose a cut such as 0.5, or the share of firms with the outcome.",
        )
    values = fitted_values(model, BINARY, "Classification")
    has, predicted = values.y == 1, values.mean > cut
    right = has == predicted
    everyone = np.ones(len(has), dtype=bool)
    among = {
        "correct": everyone,
        "sensitivity": has,
        "specificity": ~has,
        "positive_predictive_value": predicted,
        "negative_predictive_value": ~predicted,
    }
    kept = {name: rows for name, rows in among.items() if rows.any()}
    shares, columns = [], []
    for rows in kept.values():
        size = float(values.weight @ rows)
        shares.append(float(values.weight @ (rows & right)) / size)
        columns.append(rows * (right - shares[-1]) / size)
    spread = spread_of(model, np.column_stack(columns))
    return Estimates(tuple(kept), np.array(shares), spread.covariance, spread.degrees_of_freedom)
