"""Panel estimators against R.

The script that asked R, tests/witness/panel.R, and its answers lie in tests/witness. Estimates,
standard errors, degrees of freedom and n are compared as they are, of the rows that R's own fit
uses; where a package has another small-sample factor the test says so in its name.
"""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.estimates import Floats
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.correlated_random_effects import (
    CORRELATED_RANDOM_EFFECTS,
    mundlak_test,
)
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES, LONG_DIFFERENCES
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from analysis.estimation.panel.lagged_outcome import LAGGED_OUTCOME
from analysis.estimation.regression import Model
from tests.analysis.estimation.panel.small_panel import (
    estimated,
    grunfeld,
    infert,
    on_panel,
    panel,
    witness,
)
from tests.analysis.estimation.small import plain

# Both sides solve exactly; R's dummies for 150 firms cost it some digits.
EXACT = 1e-9
# R's likelihoods by hand are differentiated numerically.
DIFFERENCED = 2e-7
# lavaan's optimiser stops there.
OPTIMISED = 1e-6

X = ("networking", "size", "exporter")
WAVES: dict[str, Any] = {"words": {"wave_effects": "yes"}}


def agrees(
    case: str, terms: Any, estimates: Floats, spread: Floats | None, tolerance: float
) -> None:
    expected = witness().loc[case]
    asked = expected.loc[list(terms)]
    assert estimates == pytest.approx(asked["estimate"].to_numpy(), rel=tolerance)
    if spread is not None:
        assert spread == pytest.approx(asked["std_error"].to_numpy(), rel=10 * tolerance)


def check(case: str, model: Model, *, tolerance: float = EXACT) -> None:
    expected = witness().loc[case]
    terms = list(expected.index)
    places = [model.estimates.terms.index(term) for term in terms]
    spread = model.estimates.std_errors
    agrees(case, terms, model.estimates.coefficients[places], spread[places], tolerance)
    df, n = expected["df"].iloc[0], expected["n"].iloc[0]
    assert np.isnan(df) or model.estimates.residual_df == df
    assert np.isnan(n) or model.fitted.n == n
    if model.covariance_type == "cluster":
        assert model.spread.n_clusters == df + 1


def test_the_within_estimator_agrees_with_plm() -> None:
    model = on_panel(FIXED_EFFECTS, "productivity", X, "model")

    check("fe_model", model)
    measured = model.fitted.solution.fit_measures["within_r_squared"]
    agrees("fe_within_r_squared", ["r_squared"], np.array([measured]), None, EXACT)


def test_clustered_by_firm_it_agrees_with_least_squares_of_deviations() -> None:
    check("fe_cluster", on_panel(FIXED_EFFECTS, "productivity", X))
    check("fe_two_way_cluster", on_panel(FIXED_EFFECTS, "productivity", X, **WAVES))


def test_effects_of_firms_that_lie_in_clusters_are_not_counted() -> None:
    check("fe_cluster_region", on_panel(FIXED_EFFECTS, "productivity", X, ways=("region",)))


def test_effects_of_firms_through_which_clusters_cut_are_counted() -> None:
    check("fe_cluster_wave", on_panel(FIXED_EFFECTS, "productivity", X, ways=("wave",)))


def test_firms_and_waves_together_agree_with_plm() -> None:
    check("fe_two_way_model", on_panel(FIXED_EFFECTS, "productivity", X, "model", **WAVES))


def test_weights_that_change_from_wave_to_wave_agree_with_weighted_deviations() -> None:
    model = on_panel(FIXED_EFFECTS, "productivity", X, weight="weight_t")

    check("fe_weights_within_cluster", model)


def test_the_design_of_the_within_estimator_agrees_with_svyglm() -> None:
    model = on_panel(
        FIXED_EFFECTS, "productivity", X, "design", weight="weight_t", cluster="region"
    )

    check("fe_design", model)


def test_counting_the_effects_of_firms_is_the_convention_of_areg_and_not_ours() -> None:
    model = on_panel(FIXED_EFFECTS, "productivity", X)

    n, firms, terms = 482, 150, 3
    ours = (n - 1) / (n - terms - 1)
    areg = (n - 1) / (n - terms - firms)
    spread = model.estimates.std_errors[1:] * np.sqrt(areg / ours)
    agrees("fe_cluster_areg", X, model.estimates.coefficients[1:], spread, EXACT)


def test_not_counting_the_intercept_is_the_convention_of_plm_and_not_ours() -> None:
    model = on_panel(FIXED_EFFECTS, "productivity", X)

    n, terms = 482, 3
    spread = model.estimates.std_errors[1:] * np.sqrt((n - terms - 1) / (n - terms))
    agrees("fe_cluster_plm", X, model.estimates.coefficients[1:], spread, EXACT)


def test_poisson_with_effects_of_firms_agrees_with_dummies() -> None:
    model = on_panel(FIXED_EFFECTS_POISSON, "patents", X, "model")

    check("poisson_model", model)
    check("poisson_cluster", model.under("cluster"))
    height = np.array([model.fitted.solution.log_likelihood])
    agrees("poisson_log_likelihood", ["log_likelihood"], height, None, EXACT)


def test_weighted_poisson_with_effects_of_firms_and_waves_agrees_with_dummies() -> None:
    model = on_panel(FIXED_EFFECTS_POISSON, "patents", X, weight="weight_t", **WAVES)

    check("poisson_weights_within_cluster", model)


def test_the_conditional_logit_agrees_with_clogit() -> None:
    model = on_panel(CONDITIONAL_LOGIT, "innovator", X, "model")

    check("clogit_model", model, tolerance=1e-8)
    solution = model.fitted.solution
    heights = np.array([solution.null_log_likelihood, solution.log_likelihood])
    agrees("clogit_log_likelihood", ["null", "log_likelihood"], heights, None, EXACT)


@pytest.mark.parametrize("weight", ["one", "weight"])
def test_its_clusters_and_weights_agree_with_all_placings_enumerated(weight: str) -> None:
    given = None if weight == "one" else weight

    model = on_panel(CONDITIONAL_LOGIT, "innovator", X, weight=given)

    check(f"clogit_cluster_{weight}", model, tolerance=DIFFERENCED)


def test_the_conditional_logit_of_infertility_has_the_published_estimates() -> None:
    data = infert()
    position = data.groupby("stratum").cumcount().to_numpy()

    model = estimated(
        CONDITIONAL_LOGIT,
        data["case"],
        plain(spontaneous=data["spontaneous"], induced=data["induced"]),
        "model",
        labels={"unit": data["stratum"].to_numpy(), "wave": position},
    )

    check("infert", model, tolerance=1e-8)
    check("infert_cluster", model.under("cluster"), tolerance=1e-8)
    # As the help page of survival::clogit prints them.
    assert model.estimates.coefficients == pytest.approx([1.9859, 1.4090], abs=5e-5)
    assert model.estimates.std_errors == pytest.approx([0.3524, 0.3607], abs=5e-5)


def test_first_differences_agree_with_least_squares_of_merged_waves() -> None:
    model = on_panel(FIRST_DIFFERENCES, "productivity", X, "model")

    check("fd_model", model)
    check("fd_cluster", model.under("cluster"))


def test_first_differences_with_waves_and_weights_agree() -> None:
    model = on_panel(FIRST_DIFFERENCES, "productivity", X, weight="weight_t", **WAVES)

    check("fd_waves_weights_cluster", model)


def test_long_differences_agree_with_least_squares_of_merged_waves() -> None:
    model = on_panel(LONG_DIFFERENCES, "productivity", X, "model", numbers={"lag": 2})

    check("long_model", model)
    check("long_cluster", model.under("cluster"))


def test_the_outcome_on_its_own_lag_agrees_with_least_squares() -> None:
    model = on_panel(LAGGED_OUTCOME, "productivity", ("networking", "size"), "model")

    check("lagged_model", model)
    check("lagged_cluster", model.under("cluster"))


def test_growth_over_two_waves_agrees_with_least_squares() -> None:
    model = on_panel(
        LAGGED_OUTCOME,
        "productivity",
        ("networking", "size"),
        weight="weight",
        numbers={"lag": 2},
        words={"form": "growth"},
    )

    check("lagged_growth_two_weights_cluster", model)


@pytest.mark.parametrize(
    ("response", "outcome"),
    [("linear", "productivity"), ("logit", "innovator"), ("probit", "innovator")],
)
def test_correlated_random_effects_agree_with_the_pooled_model_of_means(
    response: str, outcome: str
) -> None:
    model = on_panel(CORRELATED_RANDOM_EFFECTS, outcome, X, words={"response": response})

    check(f"cre_{response}_cluster", model, tolerance=1e-8)


@pytest.mark.parametrize("response", ["logit", "probit"])
def test_the_mundlak_test_agrees_with_the_quadratic_form(response: str) -> None:
    model = on_panel(CORRELATED_RANDOM_EFFECTS, "innovator", X, words={"response": response})

    test = mundlak_test(model.estimates)

    agrees(f"cre_{response}_mundlak", ["wald"], np.array([test.wald]), None, 1e-7)


@pytest.mark.parametrize("weight", [None, "weight_t"])
def test_the_cross_lagged_pair_agrees_with_stacked_equations(weight: str | None) -> None:
    model = cross_lagged(weight)

    case = "cross_cluster" if weight is None else "cross_weights_cluster"
    derived = model.derived
    assert derived is not None
    terms = (*model.estimates.terms, *derived.terms)
    values = np.concatenate([model.estimates.coefficients, derived.coefficients])
    # The Jacobian of the witness is numerical.
    spread = np.concatenate([model.estimates.std_errors, derived.std_errors])
    agrees(case, terms, values, spread, 1e-8)
    expected = witness().loc[case].iloc[0]
    assert (model.fitted.n, model.estimates.residual_df) == (expected["n"], expected["df"])


def test_the_cross_lagged_paths_agree_with_lavaan_and_systemfit() -> None:
    model = cross_lagged(None)

    derived = model.derived
    assert derived is not None
    terms = (*model.estimates.terms, *derived.terms)
    values = dict(
        zip(
            terms, np.concatenate([model.estimates.coefficients, derived.coefficients]), strict=True
        )
    )
    errors = np.concatenate([model.estimates.std_errors, derived.std_errors])
    spread = dict(zip(terms, errors, strict=True))
    asked = witness().loc["cross_lavaan"]
    agrees(
        "cross_lavaan",
        asked.index,
        np.array([values[term] for term in asked.index]),
        None,
        OPTIMISED,
    )
    for term in asked.index:
        # lavaan's factor is G / (G - 1) alone, as of maximum likelihood; ours has k = 12 too.
        expected = asked["std_error"][term] * (328 / 317) ** 0.5
        assert spread[term] == pytest.approx(expected, rel=10 * OPTIMISED)
    agrees("cross_systemfit", model.estimates.terms, model.estimates.coefficients, None, EXACT)
    correlation = model.fitted.solution.fit_measures["residual_correlation"]
    agrees("cross_systemfit_residual", ["correlation"], np.array([correlation]), None, EXACT)


def cross_lagged(weight: str | None) -> Model:
    other = {"other": panel()["networking"].to_numpy()}
    return on_panel(CROSS_LAGGED, "productivity", ("size",), weight=weight, outcomes=other)


@pytest.mark.parametrize("effect", ["individual", "twoways"])
def test_grunfelds_investments_agree_with_plm(effect: str) -> None:
    words = {"wave_effects": "yes" if effect == "twoways" else "no"}

    model = on_grunfeld(FIXED_EFFECTS, words)

    check(f"grunfeld_{effect}", model)
    if effect == "individual":
        # Baltagi (2021), Econometric Analysis of Panel Data, table 2.1.
        assert model.estimates.coefficients[1:] == pytest.approx([0.110, 0.310], abs=5e-4)
        assert model.estimates.std_errors[1:] == pytest.approx([0.012, 0.017], abs=5e-4)


def test_grunfelds_first_differences_agree_with_plm() -> None:
    model = on_grunfeld(FIRST_DIFFERENCES, {})

    check("grunfeld_fd", model)
    check("grunfeld_fd_cluster", model.under("cluster"))


def on_grunfeld(estimator: Any, words: dict[str, str]) -> Model:
    data = grunfeld()
    return estimated(
        estimator,
        data["inv"],
        plain(value=data["value"], capital=data["capital"]),
        "model",
        labels={"unit": data["firm"].to_numpy(), "wave": data["year"].to_numpy()},
        words=words,
    )
