"""Steps of weighting: known values, products of factors, refusals, properties."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.weighting import (
    ByInversePropensity,
    Margin,
    Sharing,
    ToTotals,
    Trimming,
    by_propensity_class,
    draw_of,
    in_classes,
    longitudinal,
    replicate_weights,
    weigh,
    weighting_report,
)

# The worked example of docs/methods/weighting.md: six small firms of weight 10, four large of
# weight 5; of the small ones 3 responded and one was closed, of the large ones 2.
SIZE = np.array(["small"] * 6 + ["large"] * 4)
BASE = np.array([10.0] * 6 + [5.0] * 4)
TAKES = np.array([True, True, True, False, False, False, True, True, False, False])
CLOSED = np.array([False] * 5 + [True] + [False] * 4)
SHARING = Sharing.of(gives=~TAKES & ~CLOSED, takes=TAKES, leaves=CLOSED)


def code_of(call: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        call()
    assert refused.value.remedy
    return refused.value.code, refused.value.message


def test_the_worked_example() -> None:
    classes = in_classes({"size": SIZE}, BASE, SHARING, least=2)
    totals = ToTotals(margins=[Margin("size", SIZE, {"small": 60.0, "large": 30.0})])

    found = weigh(BASE, [classes, totals])

    assert found.after(1) == pytest.approx([50 / 3] * 3 + [0] * 3 + [10] * 2 + [0] * 2)
    assert found.final == pytest.approx([20] * 3 + [0] * 3 + [15] * 2 + [0] * 2)
    assert found.adjustments[1].factor[:8] == pytest.approx([1.2] * 3 + [1] * 3 + [1.5] * 2)


def test_the_weight_of_a_closed_firm_is_not_shared_out() -> None:
    found = weigh(BASE, [in_classes({"size": SIZE}, BASE, SHARING, least=2)])

    assert found.final.sum() == BASE[~CLOSED].sum()
    assert found.final[CLOSED] == 0


def test_a_final_weight_is_the_product_of_its_factors() -> None:
    classes = in_classes({"size": SIZE}, BASE, SHARING, least=2)
    found = weigh(BASE, [classes, Trimming(upper=15.0)])

    by_hand = BASE * found.adjustments[0].factor * found.adjustments[1].factor

    assert np.array_equal(found.final, by_hand)
    assert np.array_equal(found.after(0), BASE)
    assert [each.name for each in found.adjustments] == ["nonresponse in classes", "trimming"]


def test_joins_of_cells_are_told() -> None:
    (adjustment,) = weigh(BASE, [in_classes({"size": SIZE}, BASE, SHARING, least=3)]).adjustments

    assert adjustment.notes == ("'large' was joined with 'small' (2 respondents)",)


def test_propensities_of_one_variable_give_the_weights_of_its_classes() -> None:
    classes = weigh(BASE, [in_classes({"size": SIZE}, BASE, SHARING, least=1)])

    inverse = weigh(BASE, [ByInversePropensity({"size": SIZE}, SHARING)])

    assert inverse.final == pytest.approx(classes.final)


def test_cases_are_put_in_classes_of_like_propensity() -> None:
    random = np.random.default_rng(3)
    size = random.integers(0, 10, 1000)
    takes = random.random(1000) < 0.2 + 0.06 * size
    sharing = Sharing.of(~takes, takes)

    step = by_propensity_class({"size": size}, np.ones(1000), sharing)

    assert len(step.cells.lines) == 5
    rates = [line.rate for line in step.cells.lines]
    assert rates == sorted(rates)
    assert weigh(np.ones(1000), [step]).final.sum() == pytest.approx(1000)


def test_where_nobody_gives_a_propensity_changes_nothing() -> None:
    sharing = Sharing.of(np.zeros(10, dtype=bool), ~CLOSED, CLOSED)

    found = weigh(BASE, [ByInversePropensity({"size": SIZE}, sharing)])

    assert np.array_equal(found.final, np.where(CLOSED, 0, BASE))


def test_a_case_does_one_thing() -> None:
    with pytest.raises(ValueError, match="two of them"):
        Sharing.of([True], [True])


def test_a_very_small_propensity_is_refused() -> None:
    many = np.array(["a"] * 200 + ["b"] * 4)
    takes = np.array([True] + [False] * 199 + [True, True, False, False])
    step = ByInversePropensity({"x": many}, Sharing.of(~takes, takes))

    code, message = code_of(lambda: weigh(np.ones(204), [step]))

    assert code == "propensity_small"
    assert "0.005" in message


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_a_base_weight_that_is_none_is_refused(wrong: float) -> None:
    code, message = code_of(lambda: weigh([1.0, wrong], []))

    assert code == "base_weight_missing"
    assert "case 2" in message


def test_totals_that_cannot_be_met_are_refused() -> None:
    gone = Margin("size", SIZE, {"small": 60.0, "large": 30.0, "huge": 5.0})

    assert code_of(lambda: weigh(BASE, [ToTotals(margins=[gone])]))[0] == "margin_cell_empty"


def test_a_replicate_without_respondents_in_a_cell_has_no_weights() -> None:
    base, size = np.ones(8), np.repeat(["a", "b"], 4)
    takes = np.array([True, False, False, False, True, True, True, False])
    step = in_classes({"size": size}, base, Sharing.of(~takes, takes), least=1, most=9.0)

    found = replicate_weights(base, [step], draw_of(np.zeros(8)), method="JK1")

    assert np.isnan(found.weights[0]).tolist() == [True] + [False] * 7
    assert found.weights[:, 1:].sum(axis=0) == pytest.approx(np.full(7, 8.0))


def test_bootstrap_replicates_need_a_seed_and_repeat() -> None:
    step = in_classes({"size": SIZE}, BASE, SHARING, least=5)
    draw = draw_of(SIZE)

    assert code_of(lambda: replicate_weights(BASE, [step], draw, method="Rao-Wu"))[0] == "no_seed"
    one, other = (
        replicate_weights(BASE, [step], draw, method="Rao-Wu", count=20, seed=7) for _ in range(2)
    )
    assert np.array_equal(one.weights, other.weights, equal_nan=True)
    assert one.weights.shape == (10, 20)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"stratum": np.array(["a", None], dtype=object)}, "draw_missing"),
        ({"stratum": ["a", "b"], "cluster": ["x", "x"]}, "cluster_in_two_strata"),
        ({"stratum": ["a", "a"], "population": [1, 1]}, "population_too_small"),
        ({"stratum": ["a", "a"], "population": [40, 50]}, "population_differs"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(parts: dict[str, Any], code: str) -> None:
    assert code_of(lambda: draw_of(**parts))[0] == code


def test_longitudinal_weights_are_base_weights_over_every_chance_of_staying() -> None:
    size = np.repeat(["small", "large"], 8)
    responded = np.ones((16, 2), dtype=bool)
    responded[:2, 0] = False
    responded[2:5, 1] = False
    responded[8:10, 1] = False
    scope = np.ones((16, 2), dtype=bool)

    found = longitudinal(
        np.full(16, 2.0), responded, scope, [{"size": size}] * 2, classes=True, least=1
    )

    assert [each.name for each in found.adjustments] == [
        "retention in wave 1",
        "retention in wave 2",
    ]
    assert found.final[5:8] == pytest.approx(2 * (8 / 6) * (6 / 3))
    assert found.final[10:] == pytest.approx(2 * 8 / 6)
    assert found.final[:5].sum() == 0
    assert found.final.sum() == pytest.approx(32)


def test_a_firm_that_left_the_population_leaves_with_its_weight() -> None:
    responded = np.array([[True, True], [True, True], [True, False], [True, False]])
    scope = np.array([[True, True], [True, True], [True, True], [True, False]])

    found = longitudinal(np.ones(4), responded, scope, [{"a": np.zeros(4)}, {"a": np.zeros(4)}])

    assert found.final == pytest.approx([1.5, 1.5, 0, 0])


def test_a_panel_that_nobody_stayed_in_is_refused() -> None:
    responded = np.array([[True, False], [False, True]])
    known = [{"a": np.zeros(2)}] * 2

    code, message = code_of(
        lambda: longitudinal(np.ones(2), responded, np.ones((2, 2), dtype=bool), known)
    )

    assert code == "nobody_stayed"
    assert "wave 2" in message


def test_the_report_shows_every_step_and_respondents_against_the_frame() -> None:
    margin = Margin("size", SIZE, {"small": 60.0, "large": 30.0})
    steps = [in_classes({"size": SIZE}, BASE, SHARING, least=2), ToTotals(margins=[margin])]

    found = weighting_report(weigh(BASE, steps), (margin,))

    small, large = found.margins
    assert (small.frame, small.respondents, small.base) == pytest.approx((2 / 3, 3 / 5, 30 / 40))
    assert small.final == pytest.approx(2 / 3)
    assert large.final == pytest.approx(1 / 3)
    assert found.farthest["size"] == pytest.approx(0, abs=1e-12)
    assert [line.name for line in found.steps] == ["nonresponse in classes", "calibration"]
    assert found.steps[0].factors == pytest.approx((5 / 3, 5 / 3, 2))
    # Weights 20, 20, 20, 15, 15: (Σw)² / Σw² = 8100 / 1650.
    assert found.final.effective == pytest.approx(8100 / 1650)
    assert found.final.design_effect == pytest.approx(5 * 1650 / 8100)
    assert found.final.variation == pytest.approx(np.sqrt(5 * 1650 / 8100 - 1))


def test_a_report_on_no_weights_is_refused() -> None:
    none = Sharing.of(np.zeros(2, dtype=bool), np.zeros(2, dtype=bool), np.ones(2, dtype=bool))
    leave = ByInversePropensity({"a": [1, 1]}, none)

    assert code_of(lambda: weighting_report(weigh([1.0, 1.0], [leave])))[0] == "no_weights"


@st.composite
def waves(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, Sharing]:
    count = draw(st.integers(20, 120))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    base = random.uniform(1, 20, count)
    size, region = random.integers(0, 3, count), random.integers(0, 3, count)
    role = random.choice(3, count, p=[0.5, 0.4, 0.1])
    role[:2] = 0
    return base, size, region, Sharing.of(role == 1, role == 0, role == 2)


@given(waves(), st.integers(1, 15))
def test_classes_keep_the_weight_of_eligible_cases_and_treat_a_cell_alike(case, least) -> None:
    base, size, region, sharing = case

    step = in_classes({"size": size, "region": region}, base, sharing, least=least)
    found = weigh(base, [step])

    assert found.final.sum() == pytest.approx(base[~sharing.leaves].sum())
    assert np.array_equal(found.final > 0, sharing.takes)
    assert np.all(found.adjustments[0].factor[sharing.takes] >= 1)
    for number in range(len(step.cells.lines)):
        factors = found.adjustments[0].factor[sharing.takes & (step.cells.codes == number)]
        assert np.ptp(factors) == 0 if len(factors) else True


@given(waves())
def test_calibration_meets_its_totals_whatever_came_before(case) -> None:
    base, size, region, sharing = case
    totals = {level: 100.0 * (level + 1) for level in np.unique(size[sharing.takes]).tolist()}
    steps = [
        in_classes({"region": region}, base, sharing),
        ToTotals(margins=[Margin("size", size, totals)]),
    ]

    found = weigh(base, steps).final

    for level, total in totals.items():
        assert found[size == level].sum() == pytest.approx(total)
    assert np.all(found[~sharing.takes] == 0)


@given(waves())
def test_the_unit_of_base_weights_does_not_matter(case) -> None:
    base, size, region, sharing = case

    def final(unit: float) -> np.ndarray:
        return weigh(
            unit * base, [in_classes({"a": size, "b": region}, unit * base, sharing)]
        ).final

    assert final(1000) == pytest.approx(1000 * final(1))
