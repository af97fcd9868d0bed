"""Which figures a run has, by what estimates.json holds."""

import pytest

from analysis.figures.of_estimates import Registered, figures_of, plot_axis, plot_title

NUMBERS = {"estimate": 0.2, "conf_low": 0.1, "conf_high": 0.3, "n": 10}


def line(term: str, scale: str | None = None, **more) -> dict:
    return NUMBERS | {"term": term, "label": term.title(), "scale": scale} | more


def model(name: str, *terms: dict, **more) -> dict:
    return {
        "name": name, "outcome": "product", "outcome_label": "Product", "estimator": "logit",
        "n": 10, "subpopulation": None, "terms": list(terms), "margins": None,
    } | more  # fmt: skip


def document(*models: dict, **more) -> dict:
    return {
        "plan": {"title": "P"},
        "models": list(models),
        "descriptives": [],
        "curve": None,
    } | more


def drawn(found: dict) -> dict[str, tuple[str, list]]:
    figures = {each.key: each.draw() for each in figures_of(found, source="Source: here.")}
    return {key: (figure.kind, list(figure.rows)) for key, figure in figures.items()}


def test_terms_of_scales_are_drawn_as_coefficients_and_as_margins_where_there_are_any():
    near = line("near", "local")

    assert list(drawn(document(model("A", near)))) == ["coefficients"]
    assert list(drawn(document(model("A", near, margins=[near])))) == ["coefficients", "margins"]


def test_a_run_of_nothing_of_the_kind_has_no_figure():
    assert drawn(document(model("A", line("size")))) == {}


def test_models_of_parts_of_the_firms_make_a_forest_of_each_term_they_share():
    models = (
        model("All", line("(Intercept)"), line("size"), line("age")),
        model("Small", line("(Intercept)"), line("size"), subpopulation="small"),
    )

    found = drawn(document(*models))

    assert found == {
        "forest-1": ("forest", [("All", 0.2, 0.1, 0.3, 10), ("Small", 0.2, 0.1, 0.3, 10)])
    }


@pytest.mark.parametrize(
    "more",
    [
        {"subpopulation": None},
        {"subpopulation": "small", "outcome": "process"},
        {"subpopulation": "small", "estimator": "probit"},
        {"subpopulation": "small", "terms": [line("size", conf_low=None)]},
    ],
)
def test_models_that_differ_in_more_than_their_firms_make_no_forest(more):
    models = (model("All", line("size")), model("Small", line("size"), **more))

    assert drawn(document(*models)) == {}


def description(statistic: str = "mean", by: str = "control.region", count: int = 2) -> dict:
    return {
        "title": "Mean of product by region", "statistic": statistic, "by": by,
        "terms": [line(f"r{place}", estimate=0.2 + place / 10) for place in range(count)],
    }  # fmt: skip


def test_a_mean_by_group_is_ranked():
    found = drawn(document(descriptives=[description("share"), description()]))

    assert [(key, kind) for key, (kind, _) in found.items()] == [("ranked-2", "ranked")]
    assert [row[0] for row in found["ranked-2"][1]] == ["R1", "R0"]


@pytest.mark.parametrize(
    "plain", [description("cross_tabulation"), description(by=""), description(count=1)]
)
def test_what_is_not_one_number_for_each_of_several_groups_is_not_ranked(plain):
    assert drawn(document(descriptives=[plain])) == {}


def test_a_line_that_disclosure_control_withholds_is_not_drawn():
    held = description(count=3)
    held["terms"][0] |= {"estimate": None, "conf_low": None, "conf_high": None}

    rows = drawn(document(descriptives=[held]))["ranked-1"][1]

    assert [row[0] for row in rows] == ["R2", "R1"]


def test_a_curve_is_drawn_if_any_of_its_models_could_be_estimated():
    refused = {"outcome": "product", "refusal": {"code": "separation"}}
    curve = {
        "effect": "margin",
        "specifications": [{**NUMBERS, **refused, "refusal": None}, refused],
    }

    found = drawn(document(curve=curve))

    assert found["specification_curve"][0] == "specification-curve"
    assert drawn(document(curve=curve | {"specifications": [refused]})) == {}


def test_title_and_axis_say_what_is_estimated():
    one, other = model("A"), model("B", outcome_label="Process", estimator="probit")

    assert plot_title(document(one)) == ("How is product associated with each scale, near to far?")
    assert plot_title(document(one, other)) == "P: by scale, near to far"
    assert plot_axis(document(one), "coefficients") == "Coefficient (log odds)"
    assert plot_axis(document(one, other), "coefficients") == "Coefficient"
    assert plot_axis(document(one), "margins") == "Average marginal effect"


def placed(*models: dict) -> list[dict]:
    return [each | {"place": place} for place, each in enumerate(models, start=1)]


def figures_registered(found: dict, **more) -> dict:
    registered = Registered(frozenset({2}), **more)
    made = figures_of(found, source="Source: here.", registered=registered)
    return {each.key: each.draw() for each in made}


def caption(figure) -> str:
    return " ".join(figure.specification["title"]["subtitle"])


def test_models_by_scale_say_whether_they_were_registered():
    near = line("near", "local")
    models = placed(model("A", near, margins=[near]), model("B", near, margins=[near]))

    found = figures_registered(document(*models), effects_added=frozenset({2}))

    assert [row[2:4] for row in found["coefficients"].rows] == [
        ("(2) B", "registered"), ("(1) A", "exploratory"),
    ]  # fmt: skip
    exploratory = "Of (2) the model is registered and its marginal effects are exploratory."
    assert exploratory in caption(found["margins"])
    assert exploratory not in caption(found["coefficients"])


def test_groups_of_a_forest_say_whether_their_models_were_registered():
    models = placed(model("All", line("size")), model("Small", line("size"), subpopulation="small"))

    (figure,) = figures_registered(document(*models)).values()

    assert [row[0] for row in figure.rows] == ["All (exploratory)", "Small (registered)"]


def test_the_caption_of_a_curve_says_how_many_of_its_models_were_registered():
    specification = {
        "outcome": "product", "estimate": 0.2, "conf_low": 0.1, "conf_high": 0.3, "n": 10,
        "refusal": None,
    }  # fmt: skip
    curve = {"effect": "coefficient", "specifications": [specification]}

    found = figures_registered(document(curve=curve), curve="Half of them are registered.")

    assert "Half of them are registered. Source: here." in caption(found["specification_curve"])
