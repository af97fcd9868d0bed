"""What the bivariate probits give, and what they refuse."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.glm import PROBIT_MODEL
from analysis.estimation.likelihood.bivariate import BIVARIATE_PROBIT, RECURSIVE_BIVARIATE_PROBIT
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import plain

# Rounding of two roads to the same summit.
SAME = 1e-8


def pair(rho: float = 0.5, n: int = 300) -> dict[str, Floats]:
    random = np.random.default_rng(9)
    x, z = random.normal(size=n), random.normal(size=n)
    errors = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    second = (0.2 + 0.4 * x + 0.7 * z + errors[:, 1] > 0).astype(float)
    first = (-0.4 + 0.5 * x + 0.7 * second + errors[:, 0] > 0).astype(float)
    return {"first": first, "second": second, "x": x, "z": z}


def plainly(made: dict[str, Floats], **choices) -> Model:
    parts = Parts(
        outcomes={"second_outcome": made["second"]},
        matrices={"second": plain(x=made["x"], z=made["z"])},
    )
    settings = {"parts": parts, "outcome": "product", **choices}
    return modelled(BIVARIATE_PROBIT, made["first"], plain(x=made["x"]), **settings)


def recursively(made: dict[str, Floats], *, second=None, word="d", **choices) -> Model:
    matrices = {"second": plain(x=made["x"], z=made["z"])} if second is None else second
    parts = Parts(
        outcomes={"second_outcome": made["second"]}, matrices=matrices, words={"endogenous": word}
    )
    own = plain(x=made["x"], d=choices.pop("endogenous", made["second"]))
    return modelled(RECURSIVE_BIVARIATE_PROBIT, made["first"], own, parts=parts, **choices)


def refused(asked, *arguments, **choices) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(*arguments, **choices)
    return caught.value


def test_the_worked_example_of_four_cells() -> None:
    """Of halves and halves with three eighths in agreement rho is sin(pi/4)."""
    first = np.array([1.0] * 4 + [0] * 4)
    second = np.array([1.0, 1, 1, 0, 1, 0, 0, 0])
    nothing = plain(one=np.zeros(8))

    model = modelled(
        BIVARIATE_PROBIT, first, nothing, parts=Parts(outcomes={"second_outcome": second})
    )

    assert model.derived is not None
    assert model.derived.coefficients[0] == pytest.approx(np.sqrt(0.5), rel=1e-9)
    assert model.fitted.solution.log_likelihood == pytest.approx(
        6 * np.log(3 / 8) + 2 * np.log(1 / 8)
    )
    assert model.fitted.solution.fit_measures["mcfadden_r_squared"] == pytest.approx(0, abs=1e-12)


def test_swapping_the_outcomes_changes_nothing() -> None:
    made = pair()
    swapped = {**made, "first": made["second"], "second": made["first"]}
    own = Parts(outcomes={"second_outcome": made["second"]})
    other = Parts(outcomes={"second_outcome": swapped["second"]})

    one = plainly(made, parts=own).estimates
    two = plainly(swapped, parts=other).estimates

    order = [2, 3, 0, 1, 4]
    np.testing.assert_allclose(one.coefficients, two.coefficients[order], rtol=SAME)
    np.testing.assert_allclose(one.covariance, two.covariance[np.ix_(order, order)], atol=SAME)


def test_turning_the_second_outcome_round_turns_its_signs() -> None:
    made = pair()

    one = plainly(made).estimates.coefficients
    made["second"] = 1 - made["second"]
    two = plainly(made).estimates.coefficients

    np.testing.assert_allclose(two, one * [1, 1, -1, -1, -1, -1], rtol=SAME)


def test_without_correlation_both_are_probits() -> None:
    made = pair(rho=0.0, n=4000)

    found = plainly(made).estimates
    alone = modelled(PROBIT_MODEL, made["first"], plain(x=made["x"])).estimates

    np.testing.assert_allclose(found.coefficients[:2], alone.coefficients, atol=0.01)


def test_a_weight_of_two_is_two_firms() -> None:
    made, twice = pair(), np.arange(300) < 50
    longer = {name: np.concatenate([values, values[twice]]) for name, values in made.items()}

    weighted = plainly(made, design=survey_design(count=300, weight=1.0 + twice))
    repeated = plainly(longer)

    np.testing.assert_allclose(
        weighted.estimates.coefficients, repeated.estimates.coefficients, rtol=SAME
    )


def test_the_average_treatment_effect_is_the_marginal_effect_of_the_second_outcome() -> None:
    model = recursively(pair())

    effects = average_marginal_effects(model.margins())

    assert effects is not None
    assert model.derived is not None
    place = effects.terms.index("d")
    assert effects.coefficients[place] == pytest.approx(model.derived.coefficients[1], rel=1e-12)
    assert effects.std_errors[place] == pytest.approx(model.derived.std_errors[1], rel=1e-10)


def test_the_second_equation_is_by_default_the_first_without_the_endogenous_term() -> None:
    made = pair()

    left_out = recursively(made, second={})
    written = recursively(made, second={"second": plain(x=made["x"])})

    assert left_out.estimates.terms == written.estimates.terms
    np.testing.assert_allclose(
        left_out.estimates.coefficients, written.estimates.coefficients, rtol=1e-6
    )
    assert left_out.fitted.solution.notes[0].startswith("Nothing moves 'd' that is not also")
    assert recursively(made).fitted.solution.notes == ()


def test_outcomes_that_are_the_same_are_refused() -> None:
    made = pair(n=120)
    made["second"] = made["first"]

    found = refused(plainly, made)

    assert found.code == "correlation_at_bound"
    assert found.message.startswith("The correlation between product and the second outcome goes")


def test_outcomes_that_are_not_yes_or_no_are_refused() -> None:
    made = pair()

    assert refused(plainly, {**made, "second": 2 * made["second"]}).code == "outcome_not_binary"
    assert refused(plainly, {**made, "first": 2 * made["first"]}).code == "outcome_not_binary"
    assert refused(plainly, {**made, "second": 0 * made["second"]}).code == "outcome_constant"


def test_separation_of_either_outcome_is_refused_by_name() -> None:
    made = pair()

    of_second = refused(plainly, {**made, "second": (made["z"] > 0).astype(float)})
    of_first = refused(plainly, {**made, "first": (made["x"] > 0).astype(float)})

    assert (of_second.code, of_first.code) == ("separation", "separation")
    assert of_second.message.startswith("'z' predicts the second outcome")
    assert of_first.message.startswith("'x' predicts product")


def test_an_endogenous_term_that_is_not_the_second_outcome_is_refused() -> None:
    made = pair()

    assert refused(recursively, made, word="q").code == "endogenous_missing"
    differs = refused(recursively, made, endogenous=1 - made["second"])
    assert (differs.code, "differ for 300 of 300" in differs.message) == (
        "endogenous_differs",
        True,
    )
    own = {"second": plain(z=made["z"], d=made["second"])}
    assert refused(recursively, made, second=own).code == "endogenous_in_second"
