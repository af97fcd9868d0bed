"""What each kind of figure shows."""

import re
from dataclasses import replace

import numpy as np
import pytest

from analysis.estimation.after.shape import u_test
from analysis.estimation.regression import estimate
from analysis.figures import figure as formats
from analysis.figures.curves import (
    Turning,
    curve_plot,
    grid,
    marginal_effect_curve,
    predicted_curve,
    turning_of,
)
from analysis.figures.flows import alluvial
from analysis.figures.forest import forest_plot
from analysis.figures.ranked import ranked_bars
from analysis.figures.specification_curve import curve_models, specification_curve
from analysis.tables.scales import scale_named
from tests.analysis.estimation.small import drawn
from tests.analysis.figures.made import CURVE, curve, figures
from tests.analysis.tables.fits import make_estimates

FIGURES = figures()


def texts(figure) -> list[str]:
    found = re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", formats.svg(figure))
    return [text.strip() for text in found]


def drawn_values(figure, *place) -> list[dict]:
    """What a part of the specification draws; data that parts share stand above them."""
    part, data = figure.specification, figure.specification.get("data")
    for step in place:
        part = part[step]
        data = part.get("data", data) if isinstance(part, dict) else data
    return figure.specification["datasets"][data["name"]]


def test_a_curve_tells_where_it_turns_and_between_what():
    figure = curve()

    assert "It turns at 5.50; 95 % interval between 4.5 and 6.5." in figure.description
    assert "It turns at 5.50" in " ".join(texts(figure))
    marks = [layer["mark"]["type"] for layer in figure.specification["layer"]]
    assert marks == ["area", "line", "rect", "rule"]


def test_an_unbounded_interval_is_shaded_as_far_as_the_data_go():
    unbounded = Turning(5.5, None, None, "anywhere")

    figure = curve(turning=unbounded)

    assert drawn_values(figure, "layer", 2) == [{"low": 0.0, "high": 10.0, "at": 5.5}]


def test_a_turning_point_outside_the_data_is_told_and_not_drawn():
    figure = curve(turning=Turning(14.0, 12.0, 17.0, "between 12 and 17"))

    assert "It turns at 14.0" in figure.description
    assert len(figure.specification["layer"]) == 2


def test_names_of_curves_that_end_alike_do_not_stand_over_each_other():
    curves = [replace(CURVE, label=name) for name in ("Small", "Large", "All")]

    figure = curve_plot(curves, title="T", note="", x_axis="x", y_axis="y", n=1)

    heights = sorted(
        drawn_values(figure, "layer", place)[0]["estimate"]
        for place, layer in enumerate(figure.specification["layer"])
        if layer["mark"]["type"] == "text"
    )
    assert min(np.diff(heights)) >= (0.45 - 0.1) * 16 / 300 * 0.999


@pytest.mark.parametrize("count", [0, 4])
def test_a_plot_of_no_curve_or_of_too_many_is_refused(count):
    with pytest.raises(ValueError, match="1 to 3 curves"):
        curve_plot([CURVE] * count, title="", note="", x_axis="", y_axis="", n=1)


def test_a_u_test_gives_its_turning_point_and_fiellers_interval():
    fit = make_estimates({"x": (-4.0, 0.4), "x^2": (0.5, 0.02)})

    test = u_test(fit, linear="x", square="x^2", lowest=0, highest=10)
    turning = turning_of(test)

    assert turning.at == pytest.approx(4.0)
    assert (turning.low, turning.high) == (test.fieller.lower, test.fieller.upper)
    assert turning.words == test.fieller.sentence


def test_where_fiellers_set_is_no_interval_the_shade_has_no_end():
    fit = make_estimates({"x": (-4.0, 4.0), "x^2": (0.5, 0.5)})

    turning = turning_of(u_test(fit, linear="x", square="x^2", lowest=0, highest=10))

    assert (turning.low, turning.high) == (None, None)


def test_values_of_a_curve_run_from_the_smallest_to_the_largest_observed():
    assert grid(2, 6, 5) == (2.0, 3.0, 4.0, 5.0, 6.0)


def test_all_firms_are_a_diamond_and_their_line_is_in_ink():
    rows = drawn_values(FIGURES["forest"], "hconcat", 0, "layer", 1)

    assert [row["kind"] for row in rows] == ["all", "group"]
    assert texts(FIGURES["forest"]).count("0.040 (0.020 to 0.060), n = 1\u202f188") == 1


def test_bars_stand_from_the_longest_to_the_shortest():
    figure = FIGURES["ranked"]

    assert [row[0] for row in figure.rows] == ["Inland", "Coast"]
    names = [text for text in texts(figure) if text in ("Inland", "Coast")]
    assert names == ["Inland", "Coast"]


def test_bars_begin_at_nought():
    layer = FIGURES["ranked"].specification["layer"][0]

    assert layer["encoding"]["x"]["scale"] == {"zero": True}


def test_a_specification_curve_tells_how_many_models_and_how_many_could_not_be_estimated():
    words = FIGURES["specification-curve"].description

    assert words.startswith("2 models, ordered by their estimate; 1 more could not be estimated.")
    assert "lies above nought in 1 and below in 0" in words
    assert "n = 90 to 100 firms" in words


def test_choices_that_never_vary_have_no_panel_and_terms_of_a_choice_are_lines_of_their_own():
    panels = FIGURES["specification-curve"].specification["vconcat"][1:]

    assert [panel["encoding"]["y"]["title"] for panel in panels] == ["Controls"]
    assert panels[0]["encoding"]["y"]["sort"] == ["age", "none", "size"]


def test_a_curve_of_estimates_is_read_with_its_choices_and_what_was_refused():
    curve_of_run = {
        "specifications": [
            {"outcome": "product", "optional": "none", "estimate": 0.1, "conf_low": 0.0,
             "conf_high": 0.2, "n": 40, "refusal": None},
            {"outcome": "process", "optional": "none", "refusal": {"code": "separation"}},
            {"outcome": "process", "optional": "a", "estimate": 0.1, "conf_low": None,
             "conf_high": None, "n": 40, "refusal": None},
        ]
    }  # fmt: skip

    models, refused = curve_models(curve_of_run)

    assert refused == 2
    assert [model.choices for model in models] == [(("Outcome", "product"), ("Optional", "none"))]


def test_flows_are_drawn_in_the_colour_of_where_they_come_from():
    figure = FIGURES["alluvial"]

    assert scale_named("local").colour.lower() in formats.svg(figure).lower()
    assert figure.rows[0] == ("Local area", "Local area", 30, 0.5)
    assert sum(row[3] for row in figure.rows) == pytest.approx(1)
    assert "Local area  67 %" in [text.replace("\u00a0", " ") for text in texts(figure)]


def test_a_band_is_as_high_at_its_end_as_at_its_start():
    rows = drawn_values(FIGURES["alluvial"], "layer", 0)

    for band in {row["band"] for row in rows}:
        heights = [row["high"] - row["low"] for row in rows if row["band"] == band]
        assert heights == pytest.approx([heights[0]] * len(heights))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: forest_plot((), title="", note="", axis=""),
        lambda: ranked_bars((), title="", note="", axis=""),
        lambda: specification_curve((), title="", note="", axis=""),
        lambda: alluvial((), waves=("a", "b"), title="", note=""),
    ],
)
def test_a_figure_of_nothing_is_refused(draw):
    with pytest.raises(ValueError, match="at least one"):
        draw()


def linear_model():
    y, matrix, design = drawn(seed=3)
    return estimate(
        y=y,
        X=matrix,
        estimator="linear",
        covariance="HC1",
        design=design,
        domain=np.ones(len(y), dtype=bool),
    )


def test_a_predicted_curve_of_a_linear_model_rises_by_its_slope():
    model = linear_model()
    slope = model.estimates.coefficients[model.estimates.terms.index("x")]

    curve = predicted_curve(model.margins(), "x", (0.0, 1.0, 3.0))

    assert np.diff(curve.estimates) == pytest.approx([slope, 2 * slope])
    assert all(
        low < value < high
        for low, value, high in zip(curve.low, curve.estimates, curve.high, strict=True)
    )


def test_the_marginal_effect_curve_of_a_linear_model_is_its_slope_with_its_interval():
    model = linear_model()
    place = model.estimates.terms.index("x")
    low, high = model.estimates.intervals()[place]

    curve = marginal_effect_curve(model.margins(), "x", (0.0, 2.0))

    slope = model.estimates.coefficients[place]
    assert curve.estimates == pytest.approx((slope, slope))
    assert curve.low == pytest.approx((low, low))
    assert curve.high == pytest.approx((high, high))
