"""Tables of models with several equations, levels, thresholds and waves, as a reader sees them."""

import json

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.specification.plan import read_plan
from analysis.tables import delimited, excel, html, latex, word
from analysis.tables.regression import regression_table
from analysis.tables.term_words import heading, parameter_words, term_words
from tests.analysis.plans_of_estimators import CASES
from tests.analysis.tables.fits import make_estimates, make_fit

LABELS = {"size": "Employees (ln)", "near": "Partners nearby", "trade": "Trade"}
RENDERERS = (html.render, latex.render, word.render, excel.render, delimited.render)


def table_of(*names, **more):
    models = [CASES[name].model(name, **more) for name in names]
    plan = read_plan(yaml.safe_dump({"title": "T", "models": models}))
    return pipeline.run(CASES[names[0]].dataset, plan)


def body(table):
    return [row.label for row in table.rows if row.kind in ("group", "estimate")]


def under(table, heading_):
    """Labels of the lines under a heading."""
    lines = [row for row in table.rows if row.kind in ("group", "estimate")]
    start = next(place for place, row in enumerate(lines) if row.label == heading_)
    found = []
    for row in lines[start + 1 :]:
        if row.kind == "group":
            break
        found.append(row.label)
    return found


def made(*fits, **more):
    return regression_table(
        title="T",
        names=[f"M{place}" for place, _ in enumerate(fits)],
        outcomes=["Y"] * len(fits),
        fits=fits,
        labels=LABELS,
        **more,
    )


def test_a_further_equation_is_called_after_what_it_explains():
    table = table_of("heckman").table

    assert under(table, "Equation: Does R&D") == ["Employees (ln)", "Partners nearby", "Intercept"]


def test_every_equation_of_a_system_has_its_heading_and_what_is_predicted_its_own_line():
    table = table_of("cdm").table

    assert body(table)[:4] == [
        "Employees (ln)",
        "Product innovation, predicted",
        "Process innovation, predicted",
        "Intercept",
    ]
    assert [row.label for row in table.rows if row.kind == "group"] == [
        "Equation: R&D per employee (ln)",
        "Equation: Does R&D",
        "Equation: Product innovation",
        "Equation: Process innovation",
        "Other parameters",
    ]
    assert under(table, "Equation: Product innovation") == [
        "Employees (ln)",
        "Exports",
        "R&D per employee (ln), predicted",
        "Intercept",
    ]


def test_thresholds_stand_between_the_levels_that_they_part():
    found = table_of("ordered_logit")

    assert under(found.table, "Other parameters") == [
        "Threshold: Not at all / A little",
        "Threshold: A little / Much",
    ]
    assert any(
        "Levels of Content with the region: 1 Not at all, 2 A little, 3 Much." in note
        for note in found.table.notes
    )


def test_thresholds_of_a_subpopulation_are_those_of_the_levels_it_has():
    table = table_of("ordered_logit", subpopulation="satisfaction in ('1', '3')").table

    assert under(table, "Other parameters") == ["Threshold: Not at all / Much"]


def test_thresholds_that_part_other_levels_in_another_model_are_numbered():
    models = [
        CASES["ordered_logit"].model("ordered_logit", name="All"),
        CASES["ordered_logit"].model(
            "ordered_logit", name="Two", subpopulation="satisfaction in ('1', '3')"
        ),
    ]
    plan = read_plan(yaml.safe_dump({"title": "T", "models": models}))

    table = pipeline.run(CASES["ordered_logit"].dataset, plan).table

    assert under(table, "Other parameters") == ["Threshold 1", "Threshold: A little / Much"]


def test_levels_of_a_multinomial_logit_have_their_labels():
    found = table_of("multinomial_logit")

    assert [row.label for row in found.table.rows if row.kind == "group"] == [
        "Level: Alone",
        "Level: Bought",
    ]
    assert "Effects on: probability of “Alone”." in found.margins_table.notes


def test_levels_without_labels_are_numbers():
    fit = make_fit({"2|size": (1, 1), "2|(Intercept)": (1, 1)}, estimator="multinomial_logit")

    assert body(made(fit)) == ["Level 2", "Employees (ln)", "Intercept"]


def test_waves_means_and_residuals_are_headings_but_no_equations():
    groups = [
        [row.label for row in table_of(name).table.rows if row.kind == "group"]
        for name in ("fixed_effects", "correlated_random_effects", "control_function_linear")
    ]

    assert groups == [
        ["Waves"],
        ["Means of the firm over its waves"],
        ["Residuals of the first stage", "Equation: First stage"],
    ]


def test_a_coefficient_stands_in_one_place():
    for name in CASES:
        table = table_of(name).table
        places = [
            (row.cells[0].value, beneath.cells[0].value)
            for row, beneath in zip(table.rows, table.rows[1:], strict=False)
            if row.kind == "estimate" and beneath.kind == "uncertainty"
        ]
        assert len(places) == len(set(places)), name


def test_terms_of_an_earlier_wave_say_so():
    assert body(table_of("lagged_outcome").table) == [
        "Outcome, earlier wave",
        "Employees (ln) (t−1)",
        "Exports (t−1)",
        "Intercept",
    ]
    assert "Partners, earlier wave" in body(table_of("cross_lagged").table)


def test_firms_and_firm_waves_are_counted_apart():
    table = table_of("fixed_effects").table

    counted = [row.label for row in table.rows if row.kind == "statistic"][:2]
    assert counted == ["Firm-waves (n)", "Firm-waves in the population"]


def test_counts_have_no_decimals_and_measures_no_names_of_the_program():
    table = table_of("tobit").table

    row = next(row for row in table.rows if row.label == "Firms at the lower limit")
    assert "." not in row.cells[0].text


def test_effects_say_what_they_are_of_and_which_model_has_none():
    table = table_of("heckman", "control_function_linear").margins_table

    assert "(1) Effects on: expected outcome, selected or not." in table.notes
    assert "(2) No average marginal effects." in table.notes


def test_people_keep_their_capitals_in_a_sentence():
    assert table_of("poisson").table.notes[0].startswith("Coefficients of Poisson model")
    assert table_of("logit").table.notes[0].startswith("Coefficients of logit model")


def test_the_factor_of_a_further_equation_is_one_line_too():
    fit = make_fit(
        {
            "size": (1, 1),
            "sector[trade]": (1, 1),
            "selection|near": (1, 1),
            "selection|sector[trade]": (1, 1),
            "selection|(Intercept)": (1, 1),
        }
    )
    factors = {"sector[trade]": "Sector"}

    assert body(made(fit, factors=factors)) == [
        "Employees (ln)",
        "Sector",
        "Equation: Selection",
        "Partners nearby",
        "Sector",
        "Intercept",
    ]
    assert under(made(fit, factors=factors, fold_factors=False), "Sector") == ["sector[trade]"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_standard_error_that_does_not_exist_is_a_dash_in_every_format():
    fit = make_fit(
        {"size": (1.0, np.nan)}, derived=make_estimates({"region_variance": (0.0, np.nan)})
    )

    table = made(fit)

    size, beneath = table.rows[:2]
    assert (size.cells[0].text, beneath.cells[0].text) == ("1.000", "–")
    assert beneath.cells[0].value is None
    json.dumps(table.to_document(), allow_nan=False)
    for render in RENDERERS:
        assert render(table)


def test_a_measure_that_does_not_exist_is_a_dash():
    table = made(make_fit({"size": (1.0, 1.0)}, fit_measures={"regions_p_value": np.nan}))

    row = next(row for row in table.rows if row.label == "p of no variance over regions")
    assert (row.cells[0].text, row.cells[0].value) == ("–", None)


def test_a_term_left_out_of_a_further_equation_is_named_with_it():
    fit = make_fit({"size": (1, 1)}, dropped=(("selection|near", "follows from size"),))

    table = made(fit)

    assert "Omitted: Partners nearby of Selection (follows from size)." in table.notes
    assert under(table, "Equation: Selection") == ["Partners nearby"]


def test_equations_that_explain_other_outcomes_in_another_model_have_their_general_name():
    fits = [make_fit({"size": (1, 1), "second|size": (1, 1)}) for _ in range(2)]

    alike, other = (
        made(*fits, words=[{"second|": "Process"}, {"second|": second}])
        for second in ("Process", "Design")
    )

    assert "Equation: Process" in body(alike)
    assert "Equation: Second outcome" in body(other)


@pytest.mark.parametrize(
    ("equation", "words"),
    [
        ("selection", "Equation: Selection"),
        ("first_stage|size", "Equation: First stage: Employees (ln)"),
        ("wave", "Waves"),
        ("some_thing", "Equation: Some thing"),
        ("-1", "Level -1"),
        ("2.5", "Level 2.5"),
    ],
)
def test_headings_in_words(equation, words):
    assert heading(equation, LABELS, []) == words


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("log_sigma", "Sigma (ln)"),
        ("atanh_rho", "Rho (atanh)"),
        ("rho", "Correlation of the errors (rho)"),
        ("cut3", "Threshold 3"),
        ("some_thing", "Some thing"),
        ("region_variance|size", "Variance over regions: Employees (ln)"),
        ("region_correlation|size|near", "Correlation over regions: Employees (ln): Partners nearby"),
        ("standardised|other|other_lag", "Standardised: Second process: Second process, earlier wave"),
    ],
)  # fmt: skip
def test_parameters_in_words(term, words):
    assert parameter_words(term, LABELS, []) == words


def test_a_variable_called_as_an_equation_keeps_its_own_label():
    own = [{"second|": "Process innovation"}]

    assert term_words("second", {"second": "Second thoughts"}, own) == "Second thoughts"
