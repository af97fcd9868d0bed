"""What sampling weights do to estimates: whether the weighted and the unweighted tell the same."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.after.fitted_values import RESPONSES, refuse_other_estimators, spread_of
from analysis.estimation.after.refitting import refitted_with, with_variables
from analysis.estimation.after.wald import WaldTest, zero_test
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.regression import Model
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

POWERS = (1, 2, 3)
# Of a standard error: below it a difference of two fits is rounding.
ROUNDING = 1e-8
OF_ONE_EQUATION = (
    *RESPONSES,
    "negative_binomial",
    "ordered_logit",
    "ordered_probit",
    "multinomial_logit",
    "tobit",
)


@dataclass(frozen=True, slots=True, eq=False)
class WeightComparison:
    """Weighted against unweighted coefficients.

    Attributes
    ----------
    weighted, unweighted : Estimates under the design
    differences : Estimates of weighted less unweighted, with their joint covariance
    together : the test that all are zero, of the terms that weights can move
    """

    weighted: Estimates
    unweighted: Estimates
    differences: Estimates
    together: WaldTest


def weight_comparison(model: Model) -> WeightComparison:
    r"""Hausman's (1978) comparison of weighted and unweighted estimates, under the design.

    Without his assumption that the unweighted are efficient: the covariance of the
    differences comes from each firm's influence on both fits together, in the strata and
    clusters of the design (Pfeffermann 1993, section 4.2). F of k differences with the
    residual degrees of freedom of the design.

    Raises
    ------
    Refusal
        ``measure_not_defined``, ``no_weights``, ``weights_follow_from_terms``,
        ``covariance_singular``, those of the fits.

    Notes
    -----
    .. math:: z_i = w_i B_w s_{w,i} - B_u s_{u,i}
    """
    refuse_other_estimators(model, OF_ONE_EQUATION, "The comparison with unweighted estimates")
    weighted = model.under("design")
    unweighted = _unweighted(model, "design")
    both = [each.fitted.solution for each in (weighted, unweighted)]
    ours, theirs = (each.scores @ each.bread.T @ each.report.T for each in both)
    fitted = model.fitted
    design, rows = fitted.design, fitted.sample.rows
    influence = np.zeros((len(rows), ours.shape[1]))
    # The design weighs once more what it is given.
    influence[rows] = (ours * fitted.sample.weight[:, None] - theirs) / design.weight[rows][:, None]
    covariance = linearized_variance(influence, design, rows)
    differences = Estimates(
        terms=weighted.estimates.terms,
        coefficients=weighted.estimates.coefficients - unweighted.estimates.coefficients,
        covariance=covariance,
        residual_df=weighted.estimates.residual_df,
    )
    moved = differences.std_errors > ROUNDING * weighted.estimates.std_errors
    if not moved.any():
        raise _follow_from_terms()
    terms = [term for term, moves in zip(differences.terms, moved, strict=True) if moves]
    return WeightComparison(
        weighted=weighted.estimates,
        unweighted=unweighted.estimates,
        differences=differences,
        together=zero_test(differences, terms),
    )


def dumouchel_duncan(model: Model, covariance: Covariance = "HC3") -> WaldTest:
    """DuMouchel and Duncan's (1983) test: do the weights and their products with the terms add?

    The unweighted model with the weight and its product with every column. Theirs is least
    squares under ``model`` errors; robust ones, or ``design`` with the strata and clusters of
    the design, ask less. HC3 keeps its level best where weights are very unequal. Products
    that follow from the other columns are left out.

    Raises: Refusal ``measure_not_defined``, ``no_weights``, ``weights_follow_from_terms``.
    """
    refuse_other_estimators(model, tuple(RESPONSES), "The test of the weights as regressors")
    plain = _without_weights(model)
    sample = model.fitted.sample
    relative = sample.weight - 1
    extra = {"weight": relative} | {
        f"weight * {name}": relative * _standard(column)
        for name, column in zip(sample.names[1:], sample.X.T[1:], strict=True)
    }
    matrix = with_variables(model, extra)
    estimates = refitted_with(model, matrix, covariance=covariance, design=plain).estimates
    kept = [name for name in extra if name in estimates.terms]
    if not kept:
        raise _follow_from_terms()
    return zero_test(estimates, kept)


def _follow_from_terms() -> Refusal:
    return Refusal(
        "weights_follow_from_terms",
        "The weights follow from the terms of the model, which so allows for them.",
        "The unweighted model needs no further test.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class WeightCorrelations:
    """Correlations of the weights with powers of the residuals of the unweighted model.

    Attributes
    ----------
    correlations : Estimates of those with the residuals, their squares and their cubes
    together : the test that all are zero
    """

    correlations: Estimates
    together: WaldTest


def pfeffermann_sverchkov(model: Model, covariance: Covariance = "HC1") -> WeightCorrelations:
    r"""Pfeffermann and Sverchkov's (1999) test that the weights say nothing beside the terms.

    If it is, no power of the model's errors is correlated with the weights. They take the
    standard errors of the correlations from a bootstrap; here they are linearised, and allow
    for the coefficients' being estimated, under ``HC1`` (firms independent), ``cluster`` or
    ``design``. Of least squares only.

    Raises: Refusal ``measure_not_defined``, ``no_weights``, ``covariance_singular``.

    Notes
    -----
    With v the weights, centred, and e the residuals of the unweighted fit, of each power r

    .. math:: c_r = \sum v_i e_i^r / n, \quad
              \phi_i = v_i (e_i^r - \overline{e^r}) - c_r - r \overline{v e^{r-1} x}' B s_i n
    """
    refuse_other_estimators(model, ("linear",), "The test of the weights and residuals")
    plain = _unweighted(model, covariance)
    solution = plain.fitted.solution
    residual = plain.fitted.sample.y - solution.linear_predictors[0]
    v = model.fitted.sample.weight - 1
    Z, count = plain.fitted.sample.Z, len(residual)
    step = solution.scores @ solution.bread.T
    values, influences = [], []
    for power in POWERS:
        raised = residual**power
        centred = raised - raised.mean()
        scale = v.std() * raised.std()
        slope = -power * (v * residual ** (power - 1)) @ Z / count
        product = v * centred
        values.append(float(product.mean() / scale))
        influences.append(((product - product.mean()) / count + step @ slope) / scale)
    spread = spread_of(plain, np.column_stack(influences))
    terms = tuple(f"residual^{power}" for power in POWERS)
    found = Estimates(terms, np.array(values), spread.covariance, spread.degrees_of_freedom)
    return WeightCorrelations(found, zero_test(found, terms))


def _unweighted(model: Model, covariance: Covariance) -> Model:
    """The same firms and terms without weights."""
    design = _without_weights(model)
    return refitted_with(model, with_variables(model, {}), covariance=covariance, design=design)


def _without_weights(model: Model) -> SurveyDesign:
    """The strata and clusters of the design, every firm of weight one."""
    design = model.fitted.design
    if not design.is_weighted:
        raise Refusal(
            "no_weights",
            "The model has no sampling weights, so there is nothing to compare.",
            "Give the design its weights.",
        )
    weight = np.where(design.weight > 0, 1.0, 0.0)
    return SurveyDesign(
        weight=weight,
        stratum=design.stratum,
        cluster=design.cluster,
        population=design.population,
        stages=design.stages,
        lonely=design.lonely,
    )


def _standard(column: Floats) -> Floats:
    result: Floats = (column - column.mean()) / column.std()
    return result
