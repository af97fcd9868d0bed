"""What cannot be estimated with instruments, by the name of what is wrong."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.instrumental.anderson_rubin import anderson_rubin
from analysis.estimation.instrumental.control_function import (
    CONTROL_FUNCTION_LINEAR,
    CONTROL_FUNCTION_LOGIT,
)
from analysis.estimation.instrumental.two_stage import TWO_STAGE_LEAST_SQUARES
from analysis.estimation.instrumental.validity import overidentification
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.refusals import Refusal
from tests.analysis.estimation.instrumental.solving import solved
from tests.analysis.estimation.small import plain

COUNT = 200
RANDOM = np.random.default_rng(20)
Z, OTHER, V, U = RANDOM.normal(size=(4, COUNT))
X = Z + V
Y = X + U + V
YES = (Y > 0).astype(float)


def solve(
    columns: dict,
    instruments: dict,
    endogenous: str,
    estimator=TWO_STAGE_LEAST_SQUARES,
    y=Y,
    **more,
) -> Model:
    parts = Parts(matrices={"instruments": plain(**instruments)}, words={"endogenous": endogenous})
    return solved(y, plain(**columns), estimator, parts=parts, **more)


def test_an_endogenous_term_that_is_no_term() -> None:
    with pytest.raises(Refusal, match="'price' is said to be endogenous") as found:
        solve({"x": X}, {"z": Z}, "price")

    assert found.value.code == "unknown_endogenous"
    assert "x" in found.value.remedy


def test_an_endogenous_term_that_was_dropped_says_so() -> None:
    with pytest.raises(Refusal, match="'twice' was dropped"):
        solve({"x": X, "twice": 2 * X}, {"z": Z}, "twice")


def test_no_endogenous_term() -> None:
    with pytest.raises(Refusal) as found:
        solve({"x": X}, {"z": Z}, " , ")

    assert found.value.code == "unknown_endogenous"


def test_a_term_cannot_be_its_own_instrument() -> None:
    with pytest.raises(Refusal) as found:
        solve({"x": X}, {"x": X, "z": Z}, "x")

    assert found.value.code == "instrument_is_endogenous"


def test_fewer_instruments_than_endogenous_terms() -> None:
    with pytest.raises(Refusal, match=r"2 terms are endogenous .* 1 instruments") as found:
        solve({"x": X, "other": OTHER}, {"z": Z}, "x, other")

    assert found.value.code == "too_few_instruments"


def test_an_instrument_that_is_a_term_of_the_model_does_not_count() -> None:
    with pytest.raises(Refusal, match="The instrument 'again' was dropped") as found:
        solve({"x": X, "other": OTHER}, {"again": 3 * OTHER}, "x")

    assert found.value.code == "too_few_instruments"


@pytest.mark.parametrize("estimator", [TWO_STAGE_LEAST_SQUARES, CONTROL_FUNCTION_LINEAR])
def test_instruments_that_say_nothing(estimator) -> None:
    centred = X - X.mean()
    nothing = OTHER - OTHER.mean()
    nothing = nothing - centred * (centred @ nothing) / (centred @ centred)

    with pytest.raises(Refusal, match="say nothing of 'x'") as found:
        solve({"x": X}, {"nothing": nothing}, "x", estimator)

    assert found.value.code == "instruments_irrelevant"


def test_a_control_function_of_what_instruments_determine() -> None:
    with pytest.raises(Refusal) as found:
        solve({"x": Z + OTHER}, {"z": Z, "other": OTHER}, "x", CONTROL_FUNCTION_LOGIT, YES)

    assert found.value.code == "perfect_first_stage"


def test_residuals_that_are_the_same() -> None:
    columns, instruments = {"x": X, "other": OTHER + V}, {"z": Z, "w": OTHER}

    with pytest.raises(Refusal, match="'other'") as found:
        solve(columns, instruments, "x, other", CONTROL_FUNCTION_LOGIT, YES)

    assert found.value.code == "residuals_dependent"
    two_stage = solve(columns, instruments, "x, other").fitted.solution
    assert "first_stage_f[x]" in two_stage.fit_measures
    assert "endogeneity_f" not in two_stage.fit_measures


def test_a_control_function_of_a_yes_or_no_term() -> None:
    with pytest.raises(Refusal, match="recursive bivariate probit") as found:
        solve({"x": (X > 0).astype(float)}, {"z": Z}, "x", CONTROL_FUNCTION_LOGIT, YES)

    assert found.value.code == "endogenous_binary"


def test_a_control_function_of_separated_outcomes() -> None:
    with pytest.raises(Refusal) as found:
        solve({"x": X}, {"z": Z}, "x", CONTROL_FUNCTION_LOGIT, (X > 0).astype(float))

    assert found.value.code == "separation"


def test_an_outcome_that_the_terms_reproduce() -> None:
    with pytest.raises(Refusal) as found:
        solve({"x": X}, {"z": Z}, "x", y=2 * X + 1)

    assert found.value.code == "perfect_fit"


def test_overidentification_of_a_just_identified_model() -> None:
    model = solve({"x": X}, {"z": Z}, "x")

    with pytest.raises(Refusal) as found:
        overidentification(model.fitted, "HC1")

    assert found.value.code == "just_identified"


def test_anderson_rubin_of_two_endogenous_terms() -> None:
    other = OTHER + U
    model = solve({"x": X, "other": other}, {"z": Z, "w": OTHER}, "x,other")

    with pytest.raises(Refusal) as found:
        anderson_rubin(model.fitted, "HC1")

    assert found.value.code == "several_endogenous"


def test_model_based_errors_and_sargan_under_weights() -> None:
    design = survey_design(count=COUNT, weight=np.linspace(1, 3, COUNT))
    model = solve({"x": X}, {"z": Z, "w": OTHER + 0.2 * X}, "x", design=design)

    for ask in (
        lambda: model.under("model"),
        lambda: overidentification(model.fitted, "model"),
        lambda: anderson_rubin(model.fitted, "model"),
    ):
        with pytest.raises(Refusal) as found:
            ask()
        assert found.value.code == "model_covariance_with_weights"


def test_hansen_under_replicates() -> None:
    model = solve({"x": X}, {"z": Z, "w": OTHER}, "x")

    with pytest.raises(Refusal) as found:
        overidentification(model.fitted, "replicate")

    assert found.value.code == "covariance_not_defined"


def test_an_instrument_that_a_replicate_loses() -> None:
    rare = np.zeros(COUNT)
    rare[:3] = 1
    model = solve({"x": X}, {"z": Z, "rare": rare}, "x")
    weight = np.ones(COUNT)
    weight[:3] = 0

    with pytest.raises(Refusal) as found:
        TWO_STAGE_LEAST_SQUARES.solve(
            model.fitted.sample.reweighted(weight), model.fitted.solution.coefficients
        )

    assert found.value.code == "instruments_collinear"
