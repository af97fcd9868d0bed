"""What negative binomial, hurdle and zero-inflated models give, and what they refuse."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.likelihood.counts import NEGATIVE_BINOMIAL
from analysis.estimation.likelihood.two_part import (
    HURDLE_NEGATIVE_BINOMIAL,
    HURDLE_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
)
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import plain

# Rounding of two roads to the same summit.
SAME = 1e-9
TWO_PARTS = [
    HURDLE_POISSON,
    HURDLE_NEGATIVE_BINOMIAL,
    ZERO_INFLATED_POISSON,
    ZERO_INFLATED_NEGATIVE_BINOMIAL,
]
EVERY = [NEGATIVE_BINOMIAL, *TWO_PARTS]


def firms(seed: int = 3, n: int = 300) -> tuple[Floats, Floats, Floats]:
    """Counts that vary much, with sure zeros, and two regressors."""
    random = np.random.default_rng(seed)
    x, d = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    y = random.poisson(np.exp(0.6 + 0.4 * x + 0.3 * d) * random.gamma(1.5, 1 / 1.5, n))
    return np.where(random.random(n) < 0.25, 0, y).astype(float), x, d


def refused(estimator, y, matrix, **choices) -> Refusal:
    with pytest.raises(Refusal) as caught:
        modelled(estimator, y, matrix, **choices)
    return caught.value


# Worked examples of the methods pages.


def test_the_worked_example_of_the_negative_binomial() -> None:
    y = [0.0, 0, 0, 0, 1, 1, 2, 6]

    model = modelled(NEGATIVE_BINOMIAL, y, plain(one=np.zeros(8)))

    assert np.exp(model.estimates.coefficients[0]) == pytest.approx(1.25)
    assert model.derived is not None
    assert model.derived.coefficients[0] == pytest.approx(1.6951, abs=5e-5)


def test_the_worked_example_of_hurdle_and_zero_inflated() -> None:
    y = [0.0] * 6 + [1, 1, 2, 4]
    nothing = plain(one=np.zeros(10))

    hurdle = modelled(HURDLE_POISSON, y, nothing).estimates.coefficients
    inflated = modelled(ZERO_INFLATED_POISSON, y, nothing).estimates.coefficients

    assert np.exp(hurdle[0]) == pytest.approx(1.5936, abs=5e-5)
    assert 1 / (1 + np.exp(-hurdle[1])) == pytest.approx(0.4)
    assert np.exp(inflated[0]) == pytest.approx(1.5936, abs=5e-5)
    assert 1 / (1 + np.exp(-inflated[1])) == pytest.approx(0.4980, abs=5e-5)


# Properties.


@pytest.mark.parametrize("estimator", EVERY)
def test_weights_that_are_all_alike_change_nothing(estimator) -> None:
    y, x, d = firms()
    matrix = plain(x=x, d=d)

    plainly = modelled(estimator, y, matrix)
    tripled = modelled(
        estimator, y, matrix, design=survey_design(count=300, weight=np.full(300, 3.0))
    )

    for one, other in (
        (plainly.estimates.coefficients, tripled.estimates.coefficients),
        (plainly.estimates.covariance, tripled.estimates.covariance),
    ):
        np.testing.assert_allclose(one, other, rtol=SAME, atol=SAME)


@pytest.mark.parametrize("estimator", EVERY)
def test_a_weight_of_two_is_two_firms(estimator) -> None:
    y, x, d = firms()
    twice = np.arange(300) < 40
    matrix = plain(x=np.append(x, x[twice]), d=np.append(d, d[twice]))

    weighted = modelled(
        estimator, y, plain(x=x, d=d), design=survey_design(count=300, weight=1.0 + twice)
    )
    repeated = modelled(estimator, np.append(y, y[twice]), matrix)

    np.testing.assert_allclose(
        weighted.estimates.coefficients, repeated.estimates.coefficients, rtol=1e-7
    )


@pytest.mark.parametrize("estimator", EVERY)
def test_scores_sum_to_zero_at_the_estimates(estimator) -> None:
    y, x, d = firms()

    solution = modelled(estimator, y, plain(x=x, d=d)).fitted.solution

    np.testing.assert_allclose(solution.scores.sum(axis=0), 0, atol=1e-8)


def test_exposure_is_an_offset() -> None:
    y, x, _ = firms()
    years = np.random.default_rng(1).integers(1, 5, 300).astype(float)
    matrix = plain(x=x)

    one = modelled(NEGATIVE_BINOMIAL, y, matrix, parts=Parts(outcomes={"exposure": years}))
    ten = modelled(NEGATIVE_BINOMIAL, y, matrix, parts=Parts(outcomes={"exposure": 10 * years}))

    shift = one.estimates.coefficients - ten.estimates.coefficients
    np.testing.assert_allclose(shift, [np.log(10), 0, 0], atol=SAME)


def test_the_hurdle_is_a_logit_beside_a_truncated_count() -> None:
    y, x, d = firms()
    matrix = plain(x=x, d=d)

    whole = modelled(HURDLE_POISSON, y, matrix)
    other = modelled(HURDLE_POISSON, np.where(y > 0, 1.0 + (y > 1), 0), matrix)

    terms = whole.estimates.terms
    assert terms[3:] == ("participation|(Intercept)", "participation|x", "participation|d")
    np.testing.assert_allclose(
        whole.estimates.coefficients[3:], other.estimates.coefficients[3:], rtol=SAME
    )


def test_counts_in_the_millions_are_fitted() -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=300)
    y = random.negative_binomial(1.5, 1.5 / (1.5 + 1e6 * np.exp(0.3 * x))).astype(float)

    estimates = modelled(NEGATIVE_BINOMIAL, y, plain(x=x)).estimates

    assert estimates.coefficients == pytest.approx([13.8, 0.33, -0.4], abs=0.15)


@pytest.mark.parametrize("estimator", EVERY)
def test_marginal_effects_are_of_the_expected_count(estimator) -> None:
    y, x, d = firms()
    model = modelled(estimator, y, plain(x=x, d=d))

    effects = average_marginal_effects(model.margins())

    step = 1e-5
    solution = model.fitted.solution
    curve, shifted = solution.predictions["mean"].curve, solution.linear_predictors.copy()
    names = [[column.name for column in block.columns] for block in solution.blocks]
    for row, (block, place) in enumerate(zip(names, solution.slices, strict=True)):
        if "x" in block:
            beta = solution.blocks[row].back @ solution.coefficients[place]
            shifted[row] += step * beta[block.index("x")]
    rise = curve(shifted).value - curve(solution.linear_predictors).value
    assert effects is not None
    assert effects.coefficients[0] == pytest.approx(rise.mean() / step, rel=1e-4)


# Refusals.


@pytest.mark.parametrize("estimator", EVERY)
def test_what_is_not_a_count_is_refused(estimator) -> None:
    y, x, _ = firms()

    assert refused(estimator, y + 0.5, plain(x=x)).code == "outcome_not_count"
    assert refused(estimator, y - 1, plain(x=x)).code == "outcome_not_count"


def test_counts_that_do_not_vary_enough_are_sent_to_the_simpler_estimator() -> None:
    random = np.random.default_rng(4)
    y, x = random.binomial(4, 0.5, 300).astype(float), random.normal(size=300)

    plainly = refused(NEGATIVE_BINOMIAL, y, plain(x=x))
    in_parts = refused(HURDLE_NEGATIVE_BINOMIAL, y, plain(x=x))

    assert (plainly.code, in_parts.code) == ("no_overdispersion", "no_overdispersion")
    assert plainly.remedy == "Use the estimator poisson."
    assert in_parts.remedy == "Use the estimator hurdle_poisson."


def test_an_exposure_of_zero_is_refused() -> None:
    y, x, _ = firms()
    years = np.where(np.arange(300) == 7, 0.0, 1.0)

    found = refused(NEGATIVE_BINOMIAL, y, plain(x=x), parts=Parts(outcomes={"exposure": years}))

    assert found.code == "exposure_not_positive"


def test_a_group_without_any_count_is_refused_by_name() -> None:
    y, x, d = firms()
    none = np.where(d == 1, 0, y)

    assert "'d'" in refused(NEGATIVE_BINOMIAL, none, plain(x=x, d=d)).message
    for estimator in TWO_PARTS:
        found = refused(estimator, none, plain(x=x, d=d))
        assert (found.code, "'d' is 0 for every firm" in found.message) == ("terms_dependent", True)


@pytest.mark.parametrize("estimator", TWO_PARTS)
def test_two_parts_need_zeros_and_counts_above_one(estimator) -> None:
    y, x, _ = firms()

    assert refused(estimator, y + 1, plain(x=x)).code == "no_zeros"
    assert refused(estimator, np.minimum(y, 1), plain(x=x)).code == "no_count_above_one"


@pytest.mark.parametrize("estimator", TWO_PARTS)
def test_a_group_that_never_has_more_than_one_is_refused_by_name(estimator) -> None:
    y, x, d = firms()

    found = refused(estimator, np.where(d == 1, np.minimum(y, 1), y), plain(x=x, d=d))

    assert found.code == "separation"
    assert "'d' marks off firms" in found.message


@pytest.mark.parametrize("estimator", [HURDLE_POISSON, HURDLE_NEGATIVE_BINOMIAL])
def test_a_group_that_always_has_some_separates_the_hurdle(estimator) -> None:
    y, x, d = firms()

    found = refused(estimator, y + (d == 1), plain(x=x, d=d))

    assert found.code == "separation"
    assert "any patents" in found.message


def test_no_more_zeros_than_expected_is_refused() -> None:
    random = np.random.default_rng(4)
    x = random.normal(size=300)
    y = random.binomial(4, 0.5, 300).astype(float)

    found = refused(ZERO_INFLATED_POISSON, y, plain(x=x))

    assert found.code == "no_finite_estimate"
    assert "no more zeros" in found.remedy
