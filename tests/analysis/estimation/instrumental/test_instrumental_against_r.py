"""Two-stage least squares, its tests, and control functions against R.

The script that asked R and the file it wrote lie in tests/witness; R is not needed here.
"""

import pytest

from analysis.estimation.instrumental.anderson_rubin import anderson_rubin, anderson_rubin_set
from analysis.estimation.instrumental.control_function import (
    CONTROL_FUNCTION_LOGIT,
    CONTROL_FUNCTION_PROBIT,
)
from analysis.estimation.instrumental.partial_effects import average_partial_effects
from analysis.estimation.instrumental.strength import cragg_donald, first_stages, kleibergen_paap
from analysis.estimation.instrumental.two_stage import TWO_STAGE_LEAST_SQUARES
from analysis.estimation.instrumental.validity import endogeneity, overidentification
from analysis.estimation.regression import Model
from tests.analysis.estimation.instrumental.solving import solved
from tests.witness import instrumental

# Rounding of two stages on both sides.
AGREEMENT = 1e-9
# Ends of sets: R's uniroot and ours stop where the statistic is flat to rounding.
SETS = 1e-7
# The witness differentiates the stacked equations by numDeriv, good to about 1e-9.
STACKED = {"coefficient": 1e-8, "std_error": 1e-7}

CASES = {
    "model": ("model", ()),
    "HC0": ("HC0", ()),
    "HC1": ("HC1", ()),
    "cluster": ("cluster", ("clusters",)),
    "HC1_weighted": ("HC1", ("weights",)),
    "design_weights": ("design", ("weights",)),
    "design_clusters": ("design", ("weights", "clusters")),
    "design_clusters_population": ("design", ("weights", "clusters", "population")),
}
ESTIMATORS = {
    "control_function_probit": CONTROL_FUNCTION_PROBIT,
    "control_function_logit": CONTROL_FUNCTION_LOGIT,
}


def two_stage(model: str, case: str) -> Model:
    covariance, parts = CASES[case]
    return solved(
        instrumental.outcome(),
        instrumental.matrix(model),
        TWO_STAGE_LEAST_SQUARES,
        covariance,
        parts=instrumental.instruments(model),
        design=instrumental.design(*parts),
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", ["one", "two", "just"])
def test_two_stage_least_squares_agrees_with_aer_and_survey(model: str, case: str) -> None:
    expected = instrumental.rows(f"{model}:{case}", "coefficient")

    estimates = two_stage(model, case).estimates

    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(expected["second"].to_numpy(), rel=AGREEMENT)


@pytest.mark.parametrize(
    ("model", "package", "case"),
    [("one", "systemfit", "model"), ("one", "estimatr", "cluster"), ("two", "estimatr", "cluster")],
)
def test_two_stage_least_squares_agrees_with_other_packages(
    model: str, package: str, case: str
) -> None:
    expected = instrumental.rows(f"{model}:{package}", "coefficient")

    estimates = two_stage(model, case).estimates

    assert estimates.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(expected["second"].to_numpy(), rel=AGREEMENT)


@pytest.mark.parametrize("case", ["model", "HC1", "cluster"])
@pytest.mark.parametrize("model", ["one", "two", "just"])
def test_first_stages_and_endogeneity_agree_with_aer(model: str, case: str) -> None:
    table = instrumental.rows(f"{model}:{case}", "AER").set_index("term")
    expected = [value for name, value in table["estimate"].items() if name.startswith("Weak")]

    fitted = two_stage(model, case).fitted

    found = [each.first_stage.statistic for each in first_stages(fitted, case)]
    exogenous = endogeneity(fitted, case)
    assert found == pytest.approx(expected, rel=AGREEMENT)
    assert exogenous.statistic == pytest.approx(table["estimate"]["Wu-Hausman"], rel=AGREEMENT)
    assert exogenous.numerator_df == table["df"]["Wu-Hausman"]


def test_p_values_without_clusters_agree_with_aer() -> None:
    table = instrumental.rows("one:HC1", "AER").set_index("term")["second"]

    fitted = two_stage("one", "HC1").fitted

    weak = first_stages(fitted, "HC1")[0].first_stage
    assert weak.p_value == pytest.approx(table["Weak instruments"], rel=1e-8)
    assert endogeneity(fitted, "HC1").p_value == pytest.approx(table["Wu-Hausman"], rel=1e-8)


@pytest.mark.parametrize("model", ["one", "two"])
def test_sargan_agrees_with_aer(model: str) -> None:
    expected = instrumental.rows(f"{model}:model", "AER").set_index("term").loc["Sargan"]

    found = overidentification(two_stage(model, "model").fitted, "model")

    assert found.statistic == pytest.approx(expected["estimate"], rel=AGREEMENT)
    assert found.p_value == pytest.approx(expected["second"], rel=AGREEMENT)


KINDS = {
    "model": "model",
    "HC1": "HC1",
    "cluster": "cluster",
    "design": "design_clusters_population",
}


@pytest.mark.parametrize("kind", KINDS)
def test_strength_under_every_covariance(kind: str) -> None:
    fitted = two_stage("one", KINDS[kind]).fitted
    case = f"one:{kind}"

    (found,) = first_stages(fitted, kind)

    assert found.effective is not None
    expected = instrumental.rows(case, "first_stage_f")["estimate"].item()
    assert found.first_stage.statistic == pytest.approx(expected, rel=AGREEMENT)
    expected = instrumental.rows(case, "effective_f")["estimate"].item()
    assert found.effective.statistic == pytest.approx(expected, rel=AGREEMENT)
    if kind == "model":
        expected = instrumental.rows("one", "partial_r_squared")["estimate"].item()
        assert found.partial_r_squared == pytest.approx(expected, rel=AGREEMENT)


@pytest.mark.parametrize("kind", KINDS)
def test_anderson_rubin_under_every_covariance(kind: str) -> None:
    fitted = two_stage("one", KINDS[kind]).fitted
    expected = instrumental.rows(f"one:{kind}", "anderson_rubin").set_index("term")

    test, confidence = anderson_rubin(fitted, kind), anderson_rubin_set(fitted, kind)

    assert test.statistic == pytest.approx(expected["estimate"]["zero"], rel=AGREEMENT)
    assert test.p_value == pytest.approx(expected["second"]["zero"], rel=1e-8)
    assert test.denominator_df == expected["df"]["zero"]
    ends = expected.loc["set", ["estimate", "second"]].to_list()
    assert len(confidence.intervals) == 1
    assert confidence.intervals[0] == pytest.approx(ends, rel=SETS)


@pytest.mark.parametrize("kind", ["HC1", "cluster", "design"])
def test_hansen_j_under_robust_covariances(kind: str) -> None:
    expected = instrumental.rows(f"one:{kind}", "hansen_j")["estimate"].item()

    found = overidentification(two_stage("one", KINDS[kind]).fitted, kind)

    assert found.statistic == pytest.approx(expected, rel=AGREEMENT)


@pytest.mark.parametrize("kind", ["model", "HC1"])
def test_strength_of_several_endogenous_terms(kind: str) -> None:
    fitted = two_stage("two", kind).fitted

    found = first_stages(fitted, kind)

    expected = instrumental.rows(f"two:{kind}", "conditional_f").set_index("term")["estimate"]
    for each in found:
        assert each.conditional_f is not None
        assert each.conditional_f.statistic == pytest.approx(expected[each.term], rel=AGREEMENT)
    expected = instrumental.rows("two", "cragg_donald_f")["estimate"].item()
    assert cragg_donald(fitted) == pytest.approx(expected, rel=AGREEMENT)


@pytest.mark.parametrize("kind", ["HC1", "cluster"])
def test_the_rank_test_agrees_with_its_formula_in_kronecker_products(kind: str) -> None:
    expected = instrumental.rows(f"two:{kind}", "kleibergen_paap")["estimate"].item()

    found = kleibergen_paap(two_stage("two", kind).fitted, kind)

    assert found.statistic == pytest.approx(expected, rel=AGREEMENT)
    assert found.numerator_df == 3


@pytest.mark.parametrize("case", ["HC0", "HC1", "cluster", "design_clusters_population"])
@pytest.mark.parametrize("name", ESTIMATORS)
def test_control_functions_agree_with_stacked_equations(name: str, case: str) -> None:
    covariance, parts = CASES[case]

    model = solved(
        instrumental.outcome("well_paid"),
        instrumental.matrix("one"),
        ESTIMATORS[name],
        covariance,
        parts=instrumental.instruments("one"),
        design=instrumental.design(*parts),
    )

    expected = instrumental.rows(f"{name}:{covariance}", "coefficient")
    estimates = model.estimates
    assert list(estimates.terms) == list(expected["term"])
    assert estimates.coefficients == pytest.approx(
        expected["estimate"].to_numpy(), rel=STACKED["coefficient"]
    )
    assert estimates.std_errors == pytest.approx(
        expected["second"].to_numpy(), rel=STACKED["std_error"]
    )
    expected = instrumental.rows(f"{name}:{covariance}", "partial_effect")
    effects = average_partial_effects(model.margins())
    assert effects is not None
    assert list(effects.terms) == list(expected["term"])
    assert effects.coefficients == pytest.approx(
        expected["estimate"].to_numpy(), rel=STACKED["coefficient"]
    )
    assert effects.std_errors == pytest.approx(
        expected["second"].to_numpy(), rel=STACKED["std_error"]
    )
