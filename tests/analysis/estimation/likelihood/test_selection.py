"""What the selection models give, and what they refuse."""

from dataclasses import dataclass

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.selection import HECKMAN
from analysis.estimation.likelihood.two_step import HECKMAN_TWO_STEP
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import plain

BOTH = [HECKMAN, HECKMAN_TWO_STEP]
# Rounding of two roads to the same place.
SAME = 1e-8


@dataclass
class Firms:
    """Firms of which some show an outcome."""

    x: Floats
    z: Floats
    errors: Floats
    selected: Floats
    y: Floats


def firms(rho: float = 0.5, n: int = 300) -> Firms:
    random = np.random.default_rng(5)
    x, z = random.normal(size=n), random.normal(size=n)
    errors = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    selected = (0.2 + 0.5 * x + 0.7 * z + errors[:, 0] > 0).astype(float)
    y = np.where(selected == 1, 1 + x + errors[:, 1], np.nan)
    return Firms(x, z, errors, selected, y)


def asked(estimator, made: Firms, own=None, selection=None, **choices) -> Model:
    own = plain(x=made.x) if own is None else own
    selection = plain(x=made.x, z=made.z) if selection is None else selection
    parts = Parts(outcomes={"selected": made.selected}, matrices={"selection": selection})
    return modelled(estimator, made.y, own, parts=parts, outcome="sales", **choices)


def refused(*arguments, **choices) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(*arguments, **choices)
    return caught.value


def worked() -> Firms:
    """Two groups of eight firms, of which four and six are selected."""
    group = np.repeat([0.0, 1.0], 8)
    selected = np.array([1.0] * 4 + [0] * 4 + [1] * 6 + [0] * 2)
    y = np.where(selected == 1, 0.0, np.nan)
    y[:4] = [1, 2, 4, 5]
    y[8:14] = [0, 2, 2, 3, 3, 5]
    return Firms(group, group, np.zeros((16, 2)), selected, y)


def test_the_worked_example_of_two_steps() -> None:
    made = worked()

    model = asked(HECKMAN_TWO_STEP, made, own=plain(one=np.zeros(16)), selection=plain(z=made.z))

    found, derived = model.estimates, model.derived
    assert derived is not None
    values = dict(zip(found.terms, found.coefficients, strict=True))
    values |= dict(zip(derived.terms, derived.coefficients, strict=True))
    assert values["selection|z"] == pytest.approx(0.6745, abs=5e-5)
    assert values["lambda"] == pytest.approx(1.3362, abs=5e-5)
    assert values["(Intercept)"] == pytest.approx(1.9338, abs=5e-5)
    assert values["sigma"] == pytest.approx(1.8175, abs=5e-5)
    assert values["rho"] == pytest.approx(0.7352, abs=5e-5)


@pytest.mark.parametrize("estimator", BOTH)
def test_what_is_not_asked_of_the_unselected_need_not_be_known(estimator) -> None:
    made = firms()
    hidden = np.where(made.selected == 1, made.errors[:, 0], np.nan)
    shown = made.errors[:, 0]

    one = asked(estimator, made, own=plain(q=hidden))
    other = asked(estimator, made, own=plain(q=shown))

    np.testing.assert_allclose(one.estimates.coefficients, other.estimates.coefficients, rtol=SAME)
    np.testing.assert_allclose(one.estimates.std_errors, other.estimates.std_errors, rtol=SAME)
    assert one.fitted.sample.rows.all()


def test_selected_firms_without_an_answer_are_left_out() -> None:
    made = firms()
    made.y[np.flatnonzero(made.selected)[:3]] = np.nan

    sample = asked(HECKMAN, made).fitted.sample

    assert len(sample.y) == 297
    assert sample.notes == ("Left out because an answer is missing: 3 of 300 firms.",)


@pytest.mark.parametrize("estimator", BOTH)
def test_a_shift_and_a_unit_of_the_outcome_come_through(estimator) -> None:
    made = firms()

    before = asked(estimator, made)
    made.y = 5 + 100 * made.y
    after = asked(estimator, made)

    expected = before.estimates.coefficients.copy()
    expected[:2] = 100 * expected[:2] + [5, 0]
    expected[-1] += np.log(100)
    if estimator is HECKMAN_TWO_STEP:
        expected[-2] *= 100
    np.testing.assert_allclose(after.estimates.coefficients, expected, rtol=SAME)


@pytest.mark.parametrize("estimator", BOTH)
def test_a_weight_of_two_is_two_firms(estimator) -> None:
    made, twice = firms(), np.arange(300) < 50
    repeated = Firms(*(np.concatenate([each, each[twice]]) for each in vars(made).values()))

    weighted = asked(estimator, made, design=survey_design(count=300, weight=1.0 + twice))
    longer = asked(estimator, repeated)

    np.testing.assert_allclose(
        weighted.estimates.coefficients, longer.estimates.coefficients, rtol=SAME
    )


def test_columns_far_from_zero_keep_their_digits() -> None:
    made = firms()

    near = asked(HECKMAN, made)
    far = asked(
        HECKMAN, made, own=plain(x=2014 + made.x), selection=plain(x=2014 + made.x, z=1e6 * made.z)
    )

    assert far.estimates.coefficients[1] == pytest.approx(near.estimates.coefficients[1], rel=1e-8)
    assert far.estimates.std_errors[1] == pytest.approx(near.estimates.std_errors[1], rel=1e-7)


def test_the_collinearity_of_the_mills_ratio_is_told() -> None:
    notes = asked(HECKMAN_TWO_STEP, firms()).fitted.solution.notes

    assert len(notes) == 1
    assert notes[0].startswith("The inverse Mills ratio shares 21.0% of its variation")


@pytest.mark.parametrize("estimator", BOTH)
def test_a_selection_without_terms_of_its_own_is_told(estimator) -> None:
    made = firms()

    notes = asked(estimator, made, selection=plain(x=made.x)).fitted.solution.notes

    assert notes[0].startswith("Selection has no term of its own")


def test_a_weak_exclusion_restriction_is_told_by_name() -> None:
    made = firms()
    noise = np.random.default_rng(3).normal(size=300)

    notes = asked(HECKMAN_TWO_STEP, made, selection=plain(x=made.x, q=noise)).fitted.solution.notes

    assert notes[0].startswith("The exclusion restriction is weak: 'q' hardly moves selection")


def test_a_rho_outside_its_bounds_is_told_after_two_steps() -> None:
    made = firms()
    made.y = np.where(made.selected == 1, made.x - made.z + 0.1 * made.errors[:, 1], np.nan)

    notes = asked(HECKMAN_TWO_STEP, made).fitted.solution.notes

    assert "outside -1 to 1" in notes[-1]


def test_a_correlation_at_its_bound_is_refused() -> None:
    made = firms()
    made.y = np.where(made.selected == 1, 1 + made.x + made.errors[:, 0], np.nan)

    found = refused(HECKMAN, made)

    assert found.code == "correlation_at_bound"
    assert "goes to 1" in found.message


@pytest.mark.parametrize("estimator", BOTH)
def test_all_or_none_selected_are_refused(estimator) -> None:
    made = firms()
    made.y = made.x + made.errors[:, 1]

    made.selected = np.ones(300)
    assert refused(estimator, made).code == "everybody_selected"
    made.selected = np.zeros(300)
    assert refused(estimator, made).code == "nobody_selected"


@pytest.mark.parametrize("estimator", BOTH)
def test_a_selection_that_is_not_yes_or_no_is_refused(estimator) -> None:
    made = firms()
    made.selected = made.selected + 1
    made.y = made.x + made.errors[:, 1]

    found = refused(estimator, made)

    assert found.code == "outcome_not_binary"
    assert "whether sales is seen also has the values '2'" in found.message


@pytest.mark.parametrize("estimator", BOTH)
def test_a_selection_that_terms_predict_without_error_is_refused(estimator) -> None:
    made = firms()
    made.selected = (made.z > 0).astype(float)
    made.y = np.where(made.z > 0, made.x + made.errors[:, 1], np.nan)

    found = refused(estimator, made)

    assert found.code == "separation"
    assert found.message.startswith("'z' predicts whether sales is seen")


@pytest.mark.parametrize("estimator", BOTH)
def test_terms_that_are_alike_for_all_who_are_selected_are_refused_by_name(estimator) -> None:
    made = firms()

    found = refused(
        estimator, made, own=plain(x=made.x, q=np.where(made.selected == 1, 1.0, made.z))
    )

    assert found.code == "terms_dependent"
    assert "'q' is 1 for every firm" in found.message


@pytest.mark.parametrize("estimator", BOTH)
def test_a_selection_without_terms_is_refused(estimator) -> None:
    assert refused(estimator, firms(), selection=plain(one=np.ones(300))).code == (
        "selection_without_terms"
    )


@pytest.mark.parametrize("estimator", BOTH)
def test_an_outcome_that_the_terms_reproduce_is_refused(estimator) -> None:
    made = firms()
    made.y = np.where(made.selected == 1, 1 + 2 * made.x, np.nan)

    assert refused(estimator, made).code == "perfect_fit"


def test_a_mills_ratio_that_follows_from_the_terms_is_refused() -> None:
    made = firms()
    group = (made.z > 0).astype(float)

    found = refused(HECKMAN_TWO_STEP, made, own=plain(g=group), selection=plain(g=group))

    assert found.code == "mills_ratio_dependent"


def test_model_based_errors_of_two_steps_are_refused() -> None:
    assert refused(HECKMAN_TWO_STEP, firms(), covariance="model").code == "covariance_not_defined"
