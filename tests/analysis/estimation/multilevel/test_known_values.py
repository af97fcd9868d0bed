"""Published and closed-form values of multilevel models, and the worked examples of the pages."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from analysis.estimation.multilevel.after import (
    one_more_effect,
    region_effects,
    variance_components,
)
from analysis.estimation.multilevel.averages import population_averaged
from analysis.estimation.multilevel.components import boundary_p_value
from analysis.estimation.multilevel.quadrature import LogitIntegrals, nodes
from analysis.estimation.multilevel.regions import regions_of
from tests.analysis.estimation.multilevel.made import (
    LINEAR,
    LOGIT,
    WITNESS,
    alone,
    errors,
    model,
    sample_of,
    values,
)
from tests.analysis.estimation.small import plain

EXACT = 1e-10

# Three regions of two firms: the example of docs/methods/multilevel-linear.md.
Y = [1.0, 3.0, 4.0, 6.0, 8.0, 10.0]
REGION = ["a", "a", "b", "b", "c", "c"]


def sleep() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "multilevel_sleepstudy.csv")


def test_sleepstudy_has_the_published_values_of_bates_et_al_2015() -> None:
    data = sleep()
    fitted = model(data["Reaction"], plain(Days=data["Days"]), data["Subject"], slopes="Days")
    found, spread = values(fitted), errors(fitted)
    assert round(found["(Intercept)"], 3) == 251.405
    assert round(found["Days"], 3) == 10.467
    assert round(spread["(Intercept)"], 3) == 6.825
    assert round(spread["Days"], 3) == 1.546
    assert round(found["region_variance|(Intercept)"], 2) == 612.09
    assert round(found["region_variance|Days"], 2) == 35.07
    assert round(found["region_correlation|(Intercept)|Days"], 2) == 0.07
    assert round(found["residual_variance"], 2) == 654.94
    height = fitted.fitted.solution.fit_measures["restricted_log_likelihood"]
    assert round(-2 * height, 1) == 1743.6


def test_balanced_regions_have_the_variances_of_the_analysis_of_variance() -> None:
    fitted = model(Y, alone(6), REGION)
    within, between = 6 / 3, (2 * ((2 - 16 / 3) ** 2 + (5 - 16 / 3) ** 2 + (9 - 16 / 3) ** 2)) / 2
    found = values(fitted)
    assert found["residual_variance"] == pytest.approx(within, rel=EXACT)
    assert found["region_variance"] == pytest.approx((between - within) / 2, rel=EXACT)
    assert errors(fitted)["(Intercept)"] == pytest.approx(np.sqrt(between / 6), rel=EXACT)


def test_worked_example_of_the_linear_page() -> None:
    fitted = model(Y, alone(6), REGION)
    found = values(fitted)
    assert round(found["(Intercept)"], 3) == 5.333
    assert round(errors(fitted)["(Intercept)"], 3) == 2.028
    assert round(found["region_variance"], 3) == 11.333
    assert round(found["icc"], 3) == 0.850
    effects = region_effects(fitted)
    assert effects.effects[:, 0].round(3).tolist() == [-3.063, -0.306, 3.369]
    assert effects.std_errors[:, 0].round(3).tolist() == [0.959] * 3
    measures = fitted.fitted.solution.fit_measures
    assert round(measures["regions_chi2"], 3) == 3.529
    assert round(measures["regions_p_value"], 3) == 0.030


def test_worked_example_of_the_logit_page() -> None:
    y, region = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0], REGION
    sample = sample_of(y, alone(6), region, estimator=LOGIT)
    parameters = np.array([0.0, 1.0])
    one = LogitIntegrals(sample, regions_of(sample), nodes(1, 1))
    many = LogitIntegrals(sample, regions_of(sample), nodes(7, 1))
    assert np.exp(one.integral(parameters).heights).round(4).tolist() == [0.2906, 0.2041, 0.2906]
    assert np.exp(many.integral(parameters).heights).round(4).tolist() == [0.2934, 0.2066, 0.2934]


@pytest.mark.parametrize("firms", [(1.0, 1.0), (0.0, 1.0)])
def test_integral_of_two_firms_is_that_of_the_logistic_function(firms: tuple[float, float]) -> None:
    y = [*firms, 0.0, 1.0, 1.0, 0.0]
    sample = sample_of(y, alone(6), REGION, estimator=LOGIT)
    integrals = LogitIntegrals(sample, regions_of(sample), nodes(25, 1))

    def inside(v: float) -> float:
        p = 1 / (1 + np.exp(-0.3 - 1.2 * v))
        return float(np.prod([p if each else 1 - p for each in firms]) * stats.norm.pdf(v))

    exact = integrate.quad(inside, -12, 12, epsabs=1e-14)[0]
    height = integrals.integral(np.array([0.3, 1.2])).heights[0]
    assert np.exp(height) == pytest.approx(exact, rel=1e-8)


def test_average_over_regions_is_the_integral_of_the_logistic_function() -> None:
    eta = np.array([[0.5, -2.0, 3.0], [1.0, 0.4, 6.0]])
    curve = population_averaged(eta)
    for place, (centre, spread) in enumerate(eta.T):
        exact = integrate.quad(
            lambda v, centre=centre, spread=spread: (
                stats.norm.pdf(v) / (1 + np.exp(-centre - spread * v))
            ),
            -9,
            9,
            epsabs=1e-14,
            limit=200,
        )[0]
        assert curve.value[place] == pytest.approx(exact, rel=1e-12)
    assert round(float(curve.value[0]), 4) == 0.6020


def test_half_of_the_distribution_of_a_variance_lies_at_zero() -> None:
    assert boundary_p_value(0.0, 0) == 1.0
    assert boundary_p_value(2.705543454095414, 0) == pytest.approx(0.05, rel=1e-12)
    # Stram and Lee (1994): 5.14 is the critical value of the mixture of one and two.
    assert round(boundary_p_value(5.14, 1), 3) == 0.05


def test_one_more_slope_is_tested_with_the_mixture_of_stram_and_lee() -> None:
    data = sleep()
    y, X, region = data["Reaction"], plain(Days=data["Days"]), data["Subject"]
    smaller = model(y, X, region)
    larger = model(y, X, region, slopes="Days")
    statistic, p_value = one_more_effect(larger, smaller)
    # anova(refit = FALSE) of lme4: 42.837.
    assert round(statistic, 3) == 42.837
    assert p_value == pytest.approx(
        (stats.chi2.sf(statistic, 1) + stats.chi2.sf(statistic, 2)) / 2, rel=EXACT
    )


def test_intervals_of_variances_are_symmetric_in_logarithms() -> None:
    data = sleep()
    fitted = model(data["Reaction"], plain(Days=data["Days"]), data["Subject"], slopes="Days")
    components = {each.term: each for each in variance_components(fitted)}
    one = components["region_variance|Days"]
    assert one.lower * one.upper == pytest.approx(one.estimate**2, rel=EXACT)
    assert one.lower == pytest.approx(
        one.estimate * np.exp(-1.959963984540054 * one.std_error / one.estimate), rel=EXACT
    )
    rho = components["region_correlation|(Intercept)|Days"]
    assert -1 < rho.lower < rho.estimate < rho.upper < 1
    icc = components["icc"]
    assert 0 < icc.lower < icc.estimate < icc.upper < 1


def test_r_squared_of_nakagawa_parts_the_variance_in_three() -> None:
    data = sleep()
    fitted = model(data["Reaction"], plain(Days=data["Days"]), data["Subject"])
    found, measures = values(fitted), fitted.fitted.solution.fit_measures
    explained = found["Days"] ** 2 * np.var(data["Days"])
    total = explained + found["region_variance"] + found["residual_variance"]
    assert measures["marginal_r_squared"] == pytest.approx(explained / total, rel=EXACT)
    assert measures["conditional_r_squared"] == pytest.approx(
        (explained + found["region_variance"]) / total, rel=EXACT
    )
    assert fitted.fitted.estimator.name == LINEAR
