import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.figures.coefficients import Point, coefficient_plot, description, in_order
from analysis.figures.figure import svg
from analysis.figures.points import plot_points
from analysis.tables.scales import near_to_far, scale_named

FAR = Point("Partners, elsewhere", "global", "(1) All", 0.4, 0.2, 0.6, 1188)
NEAR = Point("Partners, local", "local", "(1) All", 0.2, 0.1, 0.3, 1188)
NATION = Point("Partners, country", "country", "(1) All", -0.1, -0.2, 0.0, 1188)


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 -- our own picture


def draw(*points: Point, **more: str) -> str:
    return svg(coefficient_plot(points, title="Which scale?", note="Source: here.", **more))


def test_the_picture_is_well_formed_with_a_title_and_a_description_in_words():
    root = parsed(draw(FAR, NEAR))
    names = [child.tag.split("}")[1] for child in root][:2]

    assert names == ["title", "desc"]
    assert root[0].text == "Which scale?"
    assert root[1].text == (
        "(1) All, Partners, local: 0.200 (0.100 to 0.300); "
        "(1) All, Partners, elsewhere: 0.400 (0.200 to 0.600)."
    )
    assert root.attrib["role"] == "img"


def test_lines_stand_from_near_to_far():
    labels = re.findall(r">(Partners, \w+)</text>", draw(FAR, NATION, NEAR))

    assert labels == ["Partners, local", "Partners, country", "Partners, elsewhere"]


def test_each_scale_is_drawn_in_its_colour():
    picture = draw(FAR, NATION, NEAR).lower()

    for scale in ("local", "country", "global"):
        assert scale_named(scale).colour.lower() in picture


def test_scales_that_are_not_among_the_five_are_ink_and_told_apart_by_their_marks():
    outside = [scale_named(name) for name in ("home", "latin_america", "farther")]

    assert {scale.colour for scale in outside} == {"#17202A"}
    assert len({scale.shape for scale in outside}) == 3


def test_caption_has_n_and_source():
    text = re.sub(r"<[^>]*>", " ", draw(NEAR))

    assert "n = 1\u202f188 firms" in text
    assert "95 % confidence intervals" in text
    assert "Source: here." in text


def test_models_of_different_size_have_their_own_n():
    text = re.sub(r"<[^>]*>", " ", draw(NEAR, replace(NEAR, model="(2)", n=40)))

    assert "n = 1\u202f188 in (1) All, 40 in (2)" in text


def test_an_interval_is_drawn_as_wide_as_it_is():
    wide = replace(NEAR, low=-0.1, high=0.5)
    lines = {
        name: [
            float(x)
            for x in re.findall(r'<line [^>]*x2="(-?[\d.]+)"[^>]*stroke="#C77A12"', picture)
        ]
        for name, picture in (("wide", draw(wide, FAR)), ("narrow", draw(NEAR, FAR)))
    }

    assert abs(lines["wide"][0]) > 2 * abs(lines["narrow"][0]) > 0


def test_the_same_points_give_the_same_picture():
    assert draw(FAR, NEAR) == draw(FAR, NEAR)


def test_labels_of_any_kind_do_not_break_the_picture():
    evil = replace(NEAR, label='</text><script>alert("1")</script>\x00\u202e', model="]]>&")

    tags = {element.tag.split("}")[1] for element in parsed(draw(evil)).iter()}
    assert "script" not in tags


def test_there_is_no_picture_without_points():
    with pytest.raises(ValueError, match="at least one point"):
        coefficient_plot((), title="", note="")


def test_unknown_scales_come_last_in_the_order_given():
    assert near_to_far(["moon", "global", "local", "mars", "local"]) == (
        "local",
        "global",
        "moon",
        "mars",
    )


def term(name: str, scale: str | None, **more: float | None) -> dict:
    numbers = {"estimate": 0.2, "conf_low": 0.1, "conf_high": 0.3}
    return {"term": name, "label": name.title(), "scale": scale} | numbers | more


def model(name: str, terms: list, margins: list | None = None, outcome: str = "Product") -> dict:
    return {
        "name": name, "outcome": outcome, "outcome_label": outcome, "n": 10,
        "terms": terms, "margins": margins,
    }  # fmt: skip


def test_points_are_the_terms_of_scales_that_have_an_interval():
    estimates = {
        "models": [
            model("Controls", [term("size", None)]),
            model(
                "All",
                [term("far", "global"), term("near", "local"), term("x", "region", conf_low=None)],
            ),
        ]
    }

    assert plot_points(estimates) == (
        Point("Near", "local", "(2) All", 0.2, 0.1, 0.3, 10),
        Point("Far", "global", "(2) All", 0.2, 0.1, 0.3, 10),
    )


def test_points_of_marginal_effects_come_from_the_models_that_have_them():
    estimates = {
        "models": [model("A", [term("near", "local")], [term("near", "local", estimate=0.04)])]
    }

    assert [point.estimate for point in plot_points(estimates, what="margins")] == [0.04]
    assert plot_points({"models": [model("A", [term("near", "local")])]}, what="margins") == ()


def test_models_of_different_outcomes_are_told_apart_by_them():
    estimates = {
        "models": [
            model("A", [term("near", "local")]),
            model("A", [term("near", "local")], outcome="Process"),
        ]
    }

    assert [point.model for point in plot_points(estimates)] == ["(1) A: Product", "(2) A: Process"]


def test_points_are_put_in_order_of_models_and_then_of_scales():
    second = replace(NEAR, model="(2)")

    assert in_order([FAR, second, NEAR]) == (NEAR, FAR, second)
    assert description([NEAR]) == "(1) All, Partners, local: 0.200 (0.100 to 0.300)."


def test_a_long_label_is_broken_into_lines_that_fit_beside_the_panels():
    long = replace(NEAR, label="Partner types in the rest of the country and in its neighbours")

    texts = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", draw(long))
    assert texts == ["Partner types in the rest of the", "country and in its neighbours"]


OTHER = replace(NEAR, model="(2) Small")


def marked(*, registered: str, exploratory: str) -> tuple[Point, ...]:
    words = {registered: "registered", exploratory: "exploratory"}
    return tuple(replace(each, standing=words[each.model]) for each in (NEAR, OTHER))


def test_registered_models_stand_first_under_headings_that_say_so():
    points = marked(registered="(2) Small", exploratory="(1) All")

    headings = re.findall(r">(\w+: \(\d\) \w+)</text>", draw(*points))

    assert [point.model for point in in_order(points)] == ["(2) Small", "(1) All"]
    assert headings == ["Registered: (2) Small", "Exploratory: (1) All"]


def test_the_caption_the_description_and_the_numbers_say_what_was_registered():
    points = marked(registered="(1) All", exploratory="(2) Small")

    figure = coefficient_plot(points, title="Which scale?", note="Source: here.")

    picture = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", svg(figure)))
    assert "Registered: (1) All. Exploratory: (2) Small. Source: here." in picture
    assert "Exploratory: (2) Small, Partners, local: 0.200" in figure.description
    at = figure.columns.index("registration")
    assert [(row[2], row[at]) for row in figure.rows] == [
        ("(1) All", "registered"), ("(2) Small", "exploratory"),
    ]  # fmt: skip


def test_without_a_registration_nothing_is_said_of_one():
    figure = coefficient_plot((NEAR, OTHER), title="Which scale?", note="Source: here.")

    assert "registration" not in figure.columns
    assert "xploratory" not in svg(figure)
