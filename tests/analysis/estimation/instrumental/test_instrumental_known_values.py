"""The worked examples of docs/methods, published thresholds, and what must hold of any data."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.covariance import Fitted
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.instrumental.anderson_rubin import anderson_rubin, anderson_rubin_set
from analysis.estimation.instrumental.control_function import (
    CONTROL_FUNCTION_LINEAR,
    CONTROL_FUNCTION_LOGIT,
    CONTROL_FUNCTION_PROBIT,
    CONTROL_FUNCTIONS,
)
from analysis.estimation.instrumental.partial_effects import average_partial_effects
from analysis.estimation.instrumental.strength import cragg_donald, first_stages, kleibergen_paap
from analysis.estimation.instrumental.two_stage import TWO_STAGE_LEAST_SQUARES
from analysis.estimation.instrumental.validity import endogeneity, overidentification
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.replication import replicate_weights
from tests.analysis.estimation.instrumental.solving import solved
from tests.analysis.estimation.small import fitted as least_squares
from tests.analysis.estimation.small import plain

# Rounding of sums over a few hundred firms.
EXACT = 1e-10
# Montiel Olea and Pflueger (2013) print two decimals.
PRINTED = 0.005

EIGHT = {
    "z": [0, 0, 0, 0, 1, 1, 1, 1],
    "x": [1, 2, 3, 2, 3, 4, 5, 4],
    "y": [1, 3, 6, 2, 4, 6, 9, 5],
}


def eight(estimator=TWO_STAGE_LEAST_SQUARES, covariance: str = "model") -> Model:
    parts = Parts(matrices={"instruments": plain(z=EIGHT["z"])}, words={"endogenous": "x"})
    return solved(EIGHT["y"], plain(x=EIGHT["x"]), estimator, covariance, parts=parts)


def made(
    seed: int,
    *,
    strength: float = 0.5,
    estimator=TWO_STAGE_LEAST_SQUARES,
    covariance: str = "HC1",
    instruments: int = 2,
    count: int = 300,
    binary: bool = False,
    scale: float = 1.0,
    design: SurveyDesign | None = None,
) -> Model:
    random = np.random.default_rng(seed)
    z, own = random.normal(size=(instruments, count)), random.normal(size=count)
    v = random.normal(size=count)
    x = strength * z.sum(axis=0) + 0.4 * own + v
    y = 1 + 0.6 * x - 0.3 * own + 0.7 * v + random.normal(size=count)
    named = {f"z{place}": column for place, column in enumerate(z)}
    return solved(
        (y > 1).astype(float) if binary else y,
        plain(own=own, x=scale * x),
        estimator,
        covariance,
        parts=Parts(matrices={"instruments": plain(**named)}, words={"endogenous": "x"}),
        design=design,
    )


def test_the_worked_example_of_eight_firms() -> None:
    model = eight()

    assert model.estimates.coefficients == pytest.approx([0, 1.5], abs=EXACT)
    assert model.estimates.std_errors[1] == pytest.approx(np.sqrt(7 / 48), rel=EXACT)
    assert model.under("HC0").estimates.std_errors[1] == pytest.approx(np.sqrt(1.75) / 4, rel=EXACT)
    (strength,) = first_stages(model.fitted, "model")
    assert strength.first_stage.statistic == pytest.approx(12, rel=EXACT)
    assert strength.partial_r_squared == pytest.approx(2 / 3, rel=EXACT)
    assert anderson_rubin(model.fitted, "model").statistic == pytest.approx(27 / 7, rel=EXACT)
    assert endogeneity(model.fitted, "model").statistic == pytest.approx(40 / 9, rel=EXACT)


def test_the_control_function_of_the_eight_firms() -> None:
    estimates = eight(CONTROL_FUNCTION_LINEAR, "HC0").estimates

    assert estimates.terms[:3] == ("(Intercept)", "x", "residual|x")
    assert estimates.coefficients[:3] == pytest.approx([0, 1.5, 1], abs=EXACT)
    assert estimates.std_errors[1] == pytest.approx(np.sqrt(1.75) / 4, rel=EXACT)


def test_terms_that_are_their_own_instruments_give_least_squares() -> None:
    random = np.random.default_rng(1)
    x, y = random.normal(size=(2, 90))
    parts = Parts(matrices={"instruments": plain(same=2 * x + 1)}, words={"endogenous": "x"})

    found = solved(y, plain(x=x), TWO_STAGE_LEAST_SQUARES, "HC1", parts=parts).estimates

    expected = least_squares(y, plain(x=x), estimator="linear", covariance="HC1").estimates
    np.testing.assert_allclose(found.coefficients, expected.coefficients, rtol=EXACT)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=EXACT)


def test_just_identified_a_control_function_is_two_stage_least_squares() -> None:
    one = made(2, instruments=1, covariance="HC0").estimates
    other = made(2, instruments=1, covariance="HC0", estimator=CONTROL_FUNCTION_LINEAR).estimates

    np.testing.assert_allclose(other.coefficients[:3], one.coefficients, rtol=EXACT)
    np.testing.assert_allclose(other.covariance[:3, :3], one.covariance, rtol=1e-8)


def test_the_threshold_for_one_instrument_is_the_published_one() -> None:
    (found,) = first_stages(made(3, instruments=1).fitted, "HC1")

    assert found.effective is not None
    assert found.effective.effective_df == pytest.approx(1, rel=EXACT)
    assert found.effective.threshold == pytest.approx(23.11, abs=PRINTED)
    assert found.effective.statistic == pytest.approx(found.first_stage.statistic, rel=EXACT)


def test_homoskedastic_ranks_are_those_of_cragg_and_donald() -> None:
    random = np.random.default_rng(4)
    z, noise = random.normal(size=(4, 200)), random.normal(size=(3, 200))
    one, two = z[0] + 0.3 * z[1] + noise[0], 0.5 * z[2] - 0.2 * z[3] + noise[1] + 0.5 * noise[0]
    parts = Parts(
        matrices={"instruments": plain(a=z[0], b=z[1], c=z[2], d=z[3])},
        words={"endogenous": "one,two"},
    )
    y = one + two + noise[2]
    fitted = solved(
        y, plain(one=one, two=two), TWO_STAGE_LEAST_SQUARES, "model", parts=parts
    ).fitted

    found = kleibergen_paap(fitted, "model")

    assert found.statistic == pytest.approx(4 * cragg_donald(fitted), rel=1e-8)
    assert found.numerator_df == 3


def test_with_one_endogenous_term_the_rank_test_is_the_first_stage() -> None:
    fitted = made(5, instruments=3).fitted

    rank, (stage,) = kleibergen_paap(fitted, "HC1"), first_stages(fitted, "HC1")

    assert rank.statistic == pytest.approx(3 * stage.first_stage.statistic, rel=EXACT)


@pytest.mark.parametrize("kind", ["model", "HC1"])
def test_at_the_ends_of_a_set_the_test_has_its_level(kind: str) -> None:
    fitted = made(6).fitted

    confidence = anderson_rubin_set(fitted, kind, level=0.9)

    ((low, high),) = confidence.intervals
    for end in (low, high):
        assert anderson_rubin(fitted, kind, end).p_value == pytest.approx(0.1, rel=1e-6)
    assert anderson_rubin(fitted, kind, (low + high) / 2).p_value > 0.1


@pytest.mark.parametrize("seed", range(12))
def test_a_set_has_ends_only_if_the_first_stage_is_significant(seed: int) -> None:
    fitted = made(seed, strength=0.08).fitted

    confidence = anderson_rubin_set(fitted, "model")

    (stage,) = first_stages(fitted, "model")
    assert confidence.is_bounded == (stage.first_stage.p_value < 0.05)


def test_a_set_of_irrelevant_instruments_is_the_whole_line() -> None:
    fitted = made(1, strength=0.0).fitted

    assert anderson_rubin_set(fitted, "model").intervals == ((-np.inf, np.inf),)


def test_a_set_of_weak_instruments_may_be_two_rays() -> None:
    for seed in range(200):
        fitted = made(seed, strength=0.08, instruments=1, count=120).fitted
        found = anderson_rubin_set(fitted, "model").intervals
        if len(found) == 2:
            break

    (lowest, low), (high, highest) = found
    assert (lowest, highest) == (-np.inf, np.inf)
    assert low < high
    assert anderson_rubin(fitted, "model", low).p_value == pytest.approx(0.05, rel=1e-6)
    assert anderson_rubin(fitted, "model", high).p_value == pytest.approx(0.05, rel=1e-6)
    assert anderson_rubin(fitted, "model", (low + high) / 2).p_value < 0.05


def test_a_set_is_empty_if_instruments_contradict_one_another() -> None:
    random = np.random.default_rng(8)
    z, noise = random.normal(size=(2, 400)), random.normal(size=(2, 400))
    x = z.sum(axis=0) + noise[0]
    y = x + 2 * z[0] - 2 * z[1] + noise[1]
    parts = Parts(matrices={"instruments": plain(a=z[0], b=z[1])}, words={"endogenous": "x"})
    fitted = solved(y, plain(x=x), TWO_STAGE_LEAST_SQUARES, "model", parts=parts).fitted

    assert anderson_rubin_set(fitted, "model").intervals == ()
    assert overidentification(fitted, "model").p_value < 1e-10


def test_a_unit_of_measure_changes_nothing_but_itself() -> None:
    one, other = made(9), made(9, scale=1e4)

    np.testing.assert_allclose(
        other.estimates.coefficients * [1, 1, 1e4], one.estimates.coefficients, rtol=EXACT
    )
    found, expected = (first_stages(each.fitted, "HC1")[0] for each in (other, one))
    assert found.first_stage.statistic == pytest.approx(expected.first_stage.statistic, rel=EXACT)


@pytest.mark.parametrize("estimator", [TWO_STAGE_LEAST_SQUARES, *CONTROL_FUNCTIONS])
def test_the_unit_of_the_weights_changes_nothing(estimator) -> None:
    binary = estimator in (CONTROL_FUNCTION_LOGIT, CONTROL_FUNCTION_PROBIT)
    weight = np.random.default_rng(10).uniform(1, 4, 300)

    one, other = (
        made(
            10,
            estimator=estimator,
            covariance="design",
            binary=binary,
            design=survey_design(count=300, weight=times * weight),
        ).estimates
        for times in (1.0, 7.0)
    )

    np.testing.assert_allclose(other.coefficients, one.coefficients, rtol=1e-9)
    np.testing.assert_allclose(other.std_errors, one.std_errors, rtol=1e-9)


@pytest.mark.parametrize("estimator", [TWO_STAGE_LEAST_SQUARES, *CONTROL_FUNCTIONS])
def test_the_jackknife_is_near_the_linearised_errors(estimator) -> None:
    binary = estimator in (CONTROL_FUNCTION_LOGIT, CONTROL_FUNCTION_PROBIT)
    random = np.random.default_rng(11)
    design = survey_design(
        count=300,
        weight=random.uniform(1, 3, 300),
        stratum=np.arange(300) // 100,
        cluster=np.arange(300) // 5,
    )
    design = design.with_replicates(replicate_weights(design, method="jackknife"))

    linearised = made(
        11, estimator=estimator, covariance="design", binary=binary, design=design
    ).estimates
    jackknife = made(
        11, estimator=estimator, covariance="replicate", binary=binary, design=design
    ).estimates

    np.testing.assert_allclose(jackknife.std_errors, linearised.std_errors, rtol=0.15)


def test_weak_instruments_are_said_to_be_weak() -> None:
    weak, strong = made(12, strength=0.1), made(12, strength=2.0)

    assert any("may be weak" in note for note in weak.fitted.solution.notes)
    assert not any("may be weak" in note for note in strong.fitted.solution.notes)
    measures = strong.fitted.solution.fit_measures
    assert measures["effective_first_stage_f"] > 100
    assert measures["hansen_j_p_value"] > 0.001


def test_stock_and_yogo_are_quoted_without_weights_only() -> None:
    design = survey_design(count=300, weight=np.full(300, 2.0))

    plainly, weighted = made(13), made(13, design=design)

    assert any("19.93" in note for note in plainly.fitted.solution.notes)
    assert not any("Stock" in note for note in weighted.fitted.solution.notes)
    assert "first_stage_f" not in weighted.fitted.solution.fit_measures


@pytest.mark.parametrize("estimator", [CONTROL_FUNCTION_LOGIT, CONTROL_FUNCTION_PROBIT])
def test_one_residual_serves_a_term_and_its_square(estimator) -> None:
    random = np.random.default_rng(14)
    z, v = random.normal(size=(2, 400))
    x = z + v
    y = (0.5 * x + 0.2 * x**2 + 0.5 * v + random.logistic(size=400) > 0.5).astype(float)
    parts = Parts(matrices={"instruments": plain(z=z)}, words={"endogenous": "x"})

    found = solved(y, plain(x=x, x2=x**2), estimator, "HC0", parts=parts).estimates.terms

    assert [term for term in found if term.startswith("residual")] == ["residual|x"]


def test_an_exogenous_term_has_a_residual_of_no_effect() -> None:
    random = np.random.default_rng(15)
    p_values = []
    for _ in range(60):
        z, v = random.normal(size=(2, 250))
        x = z + v
        y = (0.5 * x + random.normal(size=250) > 0).astype(float)
        parts = Parts(matrices={"instruments": plain(z=z)}, words={"endogenous": "x"})
        model = solved(y, plain(x=x), CONTROL_FUNCTION_PROBIT, "HC1", parts=parts)
        p_values.append(model.fitted.solution.fit_measures["robust_endogeneity_p_value"])

    assert stats.kstest(p_values, "uniform").pvalue > 0.001


def test_partial_effects_of_a_linear_model_are_its_coefficients() -> None:
    model = eight(CONTROL_FUNCTION_LINEAR, "HC0")

    effects = average_partial_effects(model.margins())

    assert effects is not None
    assert effects.terms == ("x",)
    assert effects.coefficients == pytest.approx([1.5], rel=EXACT)
    assert effects.std_errors == pytest.approx(model.estimates.std_errors[1:2], rel=EXACT)


def test_covariances_that_are_not_defined_are_not_offered() -> None:
    assert "model" not in CONTROL_FUNCTION_PROBIT.covariances
    assert "HC3" not in TWO_STAGE_LEAST_SQUARES.covariances
    assert isinstance(made(16).fitted, Fitted)
