"""Post-stratification, raking and calibration: known values, properties, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.estimation.calibration.general import calibrate
from analysis.estimation.calibration.margins import Margin, frame_margin, table_margin
from analysis.estimation.calibration.raking import post_stratify, rake
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

EXACT = 1e-12
# What the tolerance of a calibration leaves.
MET = 1e-9

Y = np.array([3.0, 5.0, 4.0, 10.0, 14.0, 9.0])
SIZE = np.array(["small", "small", "small", "large", "large", "large"])
REGION = np.array(["n", "s", "s", "n", "n", "s"])
EVERYONE = np.ones(6, dtype=bool)


def design(**parts: Any) -> SurveyDesign:
    return survey_design(**({"count": 6, "weight": np.full(6, 10.0)} | parts))


def by_size(small: float = 40.0, large: float = 24.0) -> Margin:
    return Margin("size", SIZE, {"small": small, "large": large})


def by_region(n: float = 40.0, s: float = 24.0) -> Margin:
    return Margin("region", REGION, {"n": n, "s": s})


def variance(of: SurveyDesign, y: np.ndarray, domain: np.ndarray = EVERYONE) -> float:
    return float(linearized_variance(y[:, None], of, domain)[0, 0])


def test_the_worked_example_of_post_stratification() -> None:
    # docs/methods/calibration.md.
    found = post_stratify(design(), by_size())

    assert found.weight == pytest.approx([40 / 3] * 3 + [8.0] * 3, rel=EXACT)
    assert found.weight @ Y == pytest.approx(424, rel=EXACT)
    residual = np.array([-1.0, 1, 0, -1, 3, -2])
    by_hand = 6 * (residual * found.weight).var(ddof=1)
    assert variance(found, Y) == pytest.approx(by_hand, rel=EXACT)
    assert by_hand == pytest.approx(1501.8666666666667, rel=EXACT)
    assert variance(design(), Y) == pytest.approx(6 / 5 * 100 * 89.5, rel=EXACT)


def test_the_worked_example_of_raking() -> None:
    found = rake(design(), [by_size(), by_region()])

    # a + 2b = 40, 2c + d = 24, a + 2c = 40, and ad = bc as before: 3b² - 128b + 960 = 0.
    b = (128 - np.sqrt(128**2 - 4 * 3 * 960)) / 6
    assert b == pytest.approx(9.7096, abs=1e-4)
    assert found.weight == pytest.approx([40 - 2 * b, b, b, b, b, 24 - 2 * b], rel=MET)


def test_raking_is_calibration_with_the_raking_distance() -> None:
    margins = [by_size(), by_region()]

    by_newton = calibrate(design(), margins=margins, distance="raking", tolerance=1e-13)

    assert rake(design(), margins).weight == pytest.approx(by_newton.weight, rel=MET)
    assert variance(by_newton, Y) == pytest.approx(variance(rake(design(), margins), Y), rel=MET)


def test_raking_to_one_margin_is_post_stratification_and_so_is_linear_calibration() -> None:
    expected = post_stratify(design(), by_size())

    for found in (
        rake(design(), [by_size()]),
        calibrate(design(), margins=[by_size()]),
        calibrate(design(), margins=[by_size()], distance="logit", bounds=(0.2, 4.0)),
    ):
        assert found.weight == pytest.approx(expected.weight, rel=MET)
        assert variance(found, Y) == pytest.approx(variance(expected, Y), rel=MET)


@pytest.mark.parametrize(
    "change",
    [
        {"distance": "linear"},
        {"distance": "raking"},
        {"distance": "logit", "bounds": (0.3, 3.0)},
        {"distance": "truncated", "bounds": (0.3, 3.0)},
    ],
)
def test_totals_are_met_and_have_no_variance(change: dict[str, Any]) -> None:
    x = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 2.0])
    found = calibrate(
        design(), variables={"count": np.ones(6), "x": x}, totals={"count": 64, "x": 200}, **change
    )

    assert found.weight @ x == pytest.approx(200, rel=MET)
    assert found.weight.sum() == pytest.approx(64, rel=MET)
    assert variance(found, x) < 1e-15 * variance(design(), x)
    record = found.calibration
    assert record is not None
    assert record.misfit <= record.tolerance == 1e-10
    assert record.iterations >= 1
    low, high = record.adjustment
    assert low == pytest.approx((found.weight / 10).min())
    assert change.get("bounds", (0, np.inf))[0] <= low < high <= change.get("bounds", (0, 9))[1]


def test_linear_calibration_is_the_regression_estimator() -> None:
    x, total = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 2.0]), 200.0
    w, X = np.full(6, 10.0), np.column_stack([np.ones(6), x])
    slope = np.linalg.solve((X.T * w) @ X, (X.T * w) @ Y)

    found = calibrate(
        design(), variables={"count": np.ones(6), "x": x}, totals={"count": 64, "x": total}
    )

    by_hand = w @ Y + (np.array([64, total]) - w @ X) @ slope
    assert found.weight @ Y == pytest.approx(by_hand, rel=EXACT)
    assert variance(found, Y) == pytest.approx(
        6 * ((Y - X @ slope) * found.weight).var(ddof=1), rel=1e-10
    )


def test_a_domain_of_a_calibrated_design_keeps_the_whole_design() -> None:
    found = post_stratify(design(), by_size())
    domain = REGION == "n"
    kept = np.where(domain, Y, 0.0)

    residual = kept - np.repeat([kept[:3].mean(), kept[3:].mean()], 3)
    assert variance(found, np.where(domain, Y, np.nan), domain) == pytest.approx(
        6 * (residual * found.weight).var(ddof=1), rel=EXACT
    )


def test_calibration_makes_what_follows_the_margins_more_certain() -> None:
    found = post_stratify(design(), by_size(30.0, 30.0))

    assert found.weight == pytest.approx(design().weight)
    assert variance(found, Y) < 0.5 * variance(design(), Y)


def test_firms_of_weight_zero_are_asked_nothing_and_change_nothing() -> None:
    label = np.array([*SIZE, None], dtype=object)
    margin = Margin("size", label, {"small": 40.0, "large": 24.0})
    x = np.array([1.0, 2, 4, 3, 5, 2, np.nan])
    more = survey_design(count=7, weight=np.array([10.0] * 6 + [0]))

    raked = rake(more, [margin])
    calibrated = calibrate(more, margins=[margin], variables={"x": x}, totals={"x": 180.0})

    assert raked.weight == pytest.approx([*post_stratify(design(), by_size()).weight, 0.0])
    assert calibrated.weight[-1] == 0
    assert calibrated.weight[:6] @ x[:6] == pytest.approx(180, rel=MET)


def test_margins_of_the_unit_of_weights_or_labels_do_not_matter() -> None:
    renamed = Margin("size", np.where(SIZE == "small", 1, 2), {2: 24.0, 1: 40.0})

    assert np.array_equal(
        rake(design(), [renamed]).weight, post_stratify(design(), by_size()).weight
    )


def test_dependent_columns_that_agree_are_no_obstacle() -> None:
    found = calibrate(
        design(),
        variables={"count": np.ones(6)},
        totals={"count": 64},
        margins=[by_size(), by_region()],
    )

    assert found.weight.sum() == pytest.approx(64, rel=MET)
    assert found.weight[:3].sum() == pytest.approx(40, rel=MET)


def test_a_margin_may_be_counted_on_the_frame() -> None:
    frame = np.array(["small"] * 40 + ["large"] * 24)

    counted = frame_margin("size", SIZE, frame)
    weighted = frame_margin("size", SIZE, np.array(["small", "large"]), np.array([40.0, 24.0]))

    assert counted.totals == weighted.totals == {"small": 40.0, "large": 24.0}


def test_a_margin_may_come_in_the_rows_of_a_table_and_name_categories_of_no_firms() -> None:
    margin = table_margin("size", SIZE, [("small", 40), ("large", 24), ("huge", 0)])

    assert margin.levels == ("small", "large")
    assert post_stratify(design(), margin).weight.sum() == pytest.approx(64)


def test_many_margins_are_raked_on_the_cells_that_hold_a_firm() -> None:
    random = np.random.default_rng(1)
    n, levels = 400, 12
    labels = random.integers(0, levels, (6, n))
    weight = random.uniform(1, 3, n)
    truth = weight * random.uniform(0.8, 1.2, n)
    truth *= weight.sum() / truth.sum()
    margins = [
        Margin(str(place), label, dict(enumerate(np.bincount(label, truth))))
        for place, label in enumerate(labels)
    ]

    found = rake(survey_design(count=n, weight=weight), margins)

    for label in labels:
        assert np.bincount(label, found.weight) == pytest.approx(np.bincount(label, truth), rel=MET)


def code_of(change: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        change()
    assert refused.value.remedy
    return refused.value.code, refused.value.message


@pytest.mark.parametrize(
    ("totals", "code", "words"),
    [
        ({"small": 40.0, "large": np.nan}, "margin_total_missing", "'size' is missing"),
        ({"small": 40.0, "large": np.inf}, "margin_total_missing", "for 'large'"),
        ({"small": -40.0, "large": 24.0}, "margin_total_negative", "negative for 'small'"),
        ({"small": 0.0, "large": 0.0}, "margin_total_zero", "are zero"),
        ({"small": 40.0}, "margin_label_unknown", "to have none: 'large'"),
        ({"small": 40.0, "large": 0.0}, "margin_label_unknown", "to have none: 'large'"),
        ({"small": 40.0, "large": 24.0, "huge": 3.0}, "margin_cell_empty", "there: 'huge'"),
    ],
)
def test_a_margin_that_cannot_be_met_is_refused(
    totals: dict[str, float], code: str, words: str
) -> None:
    found, message = code_of(lambda: post_stratify(design(), Margin("size", SIZE, totals)))

    assert found == code
    assert words in message


def test_a_category_whose_firms_have_no_weight_is_empty() -> None:
    unweighted = design(weight=np.array([10.0, 10, 10, 0, 0, 0]))

    found, message = code_of(lambda: rake(unweighted, [by_size()]))

    assert found == "margin_cell_empty"
    assert "'large'" in message


def test_missing_categories_are_refused_with_their_number() -> None:
    label = np.array(["small", None, "small", "large", None, "large"], dtype=object)
    margin = Margin("size", label, {"small": 40.0, "large": 24.0})

    found, message = code_of(lambda: rake(design(), [margin]))

    assert found == "margin_label_missing"
    assert "missing for 2 of 6 firms; the first is firm 2" in message


def test_margins_of_different_populations_are_refused_with_their_sums() -> None:
    found, message = code_of(lambda: rake(design(), [by_size(), by_region(40.0, 25.0)]))

    assert found == "margins_inconsistent"
    assert "'size' 64, 'region' 65" in message


def test_a_frame_or_a_table_with_faults_is_refused() -> None:
    frame = np.array(["small", None], dtype=object)

    assert code_of(lambda: frame_margin("size", SIZE, frame))[0] == "frame_label_missing"
    twice = [("small", 1.0), ("large", 2.0), ("small", 3.0)]
    assert code_of(lambda: table_margin("size", SIZE, twice))[0] == "margin_row_twice"


def test_margins_that_no_weights_can_meet_together_are_refused() -> None:
    # All small firms are in the north and all large ones in the south.
    region = Margin("region", np.where(SIZE == "small", "n", "s"), {"n": 30.0, "s": 34.0})

    found, message = code_of(lambda: rake(design(), [by_size(), region]))

    assert found == "raking_no_convergence"
    assert "combinations of categories" in message


def calibrated(**choices: Any) -> Any:
    settings: dict[str, Any] = {
        "variables": {"count": np.ones(6), "x": np.array([1.0, 2, 4, 3, 5, 2])},
        "totals": {"count": 64.0, "x": 200.0},
    }
    return lambda: calibrate(design(), **(settings | choices))


@pytest.mark.parametrize(
    ("choices", "code", "words"),
    [
        ({"totals": {"count": 64.0}}, "totals_differ", "'x'"),
        ({"totals": {"count": 64.0, "x": np.nan}}, "calibration_value_missing", "as a total"),
        (
            {"variables": {"count": np.ones(6), "x": np.array([1.0, np.nan, 1, 2, 3, 4])}},
            "calibration_value_missing",
            "for 1 of 6 firms; the first is firm 2",
        ),
        ({"distance": "logit"}, "bounds_invalid", "None"),
        ({"distance": "truncated", "bounds": (1.1, 2.0)}, "bounds_invalid", "1.1"),
        (
            {"distance": "logit", "bounds": (0.9, 1.1), "totals": {"count": 60.0, "x": 200.0}},
            "totals_unreachable",
            "between 153 and 187",
        ),
        (
            {"distance": "raking", "totals": {"count": 64.0, "x": -5.0}},
            "totals_unreachable",
            "is -5",
        ),
        (
            {"distance": "truncated", "bounds": (0.5, 1.5), "totals": {"count": 80.0, "x": 120.0}},
            "totals_unreachable",
            "meet all totals together",
        ),
        (
            {"distance": "raking", "totals": {"count": 64.0, "x": 63.0}},
            "totals_unreachable",
            "meet all totals together",
        ),
        ({"totals": {"count": 64.0, "x": 300.0}}, "calibration_negative_weights", "of 6 firms"),
        ({"margins": [by_size(40.0, 25.0)]}, "totals_inconsistent", "make 24, but its total is 25"),
        ({"distance": "raking", "iterations": 1}, "calibration_no_convergence", "did not arrive"),
        ({"iterations": 0}, "calibration_no_convergence", "did not arrive"),
    ],
)
def test_totals_that_cannot_be_met_are_refused(
    choices: dict[str, Any], code: str, words: str
) -> None:
    found, message = code_of(calibrated(**choices))

    assert found == code
    assert words in message


def test_a_design_is_calibrated_once() -> None:
    once = post_stratify(design(), by_size())

    assert code_of(lambda: rake(once, [by_region()]))[0] == "already_calibrated"


def test_a_calibrated_design_keeps_its_weights() -> None:
    once = post_stratify(design(), by_size())

    assert replace(once, lonely="certainty").calibration is once.calibration
    with pytest.raises(ValueError, match="not the weights"):
        replace(once, weight=np.ones(6))


def test_misuse_is_an_error() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        rake(design(), [Margin("size", SIZE[:3], {"small": 3.0})])
    with pytest.raises(ValueError, match="differ in length"):
        calibrate(design(), variables={"x": np.ones(3)}, totals={"x": 3.0})
    with pytest.raises(ValueError, match="needs a margin"):
        rake(design(), [])
    with pytest.raises(ValueError, match="needs variables or margins"):
        calibrate(design())
