import numpy as np

from analysis.tables.regression import regression_table
from analysis.tables.table import Cell, Row, Spanner, Table
from tests.analysis.tables.fits import make_estimates, make_fit

SCALES = {"near": "local", "far": "global", "nation": "country"}


def lines_of(table: Table) -> list[tuple[str, str, list[str]]]:
    return [(row.kind, row.label, [cell.text for cell in row.cells]) for row in table.rows]


def estimates_of(table: Table) -> list[tuple[str, str, list[str]]]:
    return [line for line in lines_of(table) if line[0] != "statistic"]


def one_column(fit, **more) -> Table:
    return regression_table(
        title="T", names=["All"], outcomes=["Product"], fits=[fit], labels={}, **more
    )


def test_one_model_has_its_estimate_over_its_standard_error_and_then_its_fit():
    fit = make_fit(
        {"Intercept": (-1.2345, 0.25), "size": (0.5, 0.125)},
        n=1190,
        log_likelihood=-700.123,
        fit_measures={"mcfadden_r_squared": 0.1234},
    )

    table = regression_table(
        title="Innovation",
        names=["All"],
        outcomes=["Product innovation"],
        fits=[fit],
        labels={"size": "Employees (ln)"},
        fingerprint="abc",
    )

    assert table.title == "Innovation"
    assert table.columns == ("(1) All",)
    assert table.spanners == (Spanner("Product innovation", 0, 0),)
    assert table.fingerprint == "abc"
    assert table.rows == (
        Row("Employees (ln)", (Cell("0.500", 0.5),), "estimate"),
        Row("", (Cell("(0.125)", 0.125),), "uncertainty"),
        Row("Intercept", (Cell("−1.234", -1.2345),), "estimate"),
        Row("", (Cell("(0.250)", 0.25),), "uncertainty"),
        Row("Firms (n)", (Cell("1\u202f190", 1190),), "statistic"),
        Row("McFadden R²", (Cell("0.123", 0.1234),), "statistic"),
        Row("Log-likelihood", (Cell("−700.1", -700.123),), "statistic"),
        Row("Estimator", (Cell("Logit"),), "statistic"),
        Row("Standard errors", (Cell("Model-based"),), "statistic"),
    )


def test_terms_of_scales_come_first_from_near_to_far_and_controls_after():
    fit = make_fit({"far": (1, 1), "size": (1, 1), "nation": (1, 1), "near": (1, 1)})

    table = one_column(fit, scales=SCALES)

    assert [(row.label, row.scale) for row in table.rows if row.kind in ("estimate", "group")] == [
        ("near", "local"),
        ("nation", "country"),
        ("far", "global"),
        ("Controls", ""),
        ("size", ""),
    ]


def test_a_scale_with_several_terms_has_a_heading():
    fit = make_fit({"near": (1, 1), "nearer": (1, 1), "far": (1, 1)})

    table = one_column(fit, scales=SCALES | {"nearer": "local"})

    assert [(row.kind, row.label) for row in table.rows if row.scale] == [
        ("group", "Local area"),
        ("estimate", "near"),
        ("uncertainty", ""),
        ("estimate", "nearer"),
        ("uncertainty", ""),
        ("group", "Elsewhere"),
        ("estimate", "far"),
        ("uncertainty", ""),
    ]


def test_models_stand_side_by_side_with_a_dash_where_a_term_is_not_in_the_model():
    fits = [make_fit({"a": (1, 0.5)}), make_fit({"a": (2, 0.5), "b": (3, 0.5)})]

    table = regression_table(
        title="T", names=["", "+ b"], outcomes=["P", "P"], fits=fits, labels={}
    )

    assert table.columns == ("(1)", "(2) + b")
    assert table.spanners == (Spanner("P", 0, 1),)
    assert estimates_of(table) == [
        ("estimate", "a", ["1.000", "2.000"]),
        ("uncertainty", "", ["(0.500)", "(0.500)"]),
        ("estimate", "b", ["–", "3.000"]),
        ("uncertainty", "", ["", "(0.500)"]),
    ]


def test_equal_outcomes_share_a_heading_only_where_they_are_adjacent():
    fits = [make_fit({"a": (1, 1)})] * 4

    table = regression_table(
        title="T", names="abcd", outcomes=["P", "P", "Q", "P"], fits=fits, labels={}
    )

    assert table.spanners == (Spanner("P", 0, 1), Spanner("Q", 2, 2), Spanner("P", 3, 3))


def test_a_folded_factor_is_one_line_and_its_levels_are_said_to_be_elsewhere():
    fits = [make_fit({"a": (1, 1)}), make_fit({"a": (1, 1), "i[B]": (1, 1), "i[C]": (1, 1)})]

    table = regression_table(
        title="T",
        names="xy",
        outcomes="PP",
        fits=fits,
        labels={},
        factors={"i[B]": "Industry", "i[C]": "Industry"},
    )

    assert estimates_of(table)[2:] == [("estimate", "Industry", ["–", "yes"])]
    assert any("Industry: levels" in note for note in table.notes)


def test_an_unfolded_factor_shows_its_levels_under_its_name():
    fit = make_fit({"i[B]": (1, 0.5), "a": (1, 0.5)})

    table = one_column(fit, factors={"i[B]": "Industry"}, fold_factors=False)

    assert estimates_of(table)[2:] == [
        ("group", "Industry", []),
        ("estimate", "i[B]", ["1.000"]),
        ("uncertainty", "", ["(0.500)"]),
    ]


def test_a_dropped_term_is_shown_as_omitted_and_the_note_says_why():
    fits = [make_fit({"a": (1, 1)}, dropped=(("b", "the same as a"),)), make_fit({"a": (1, 1)})]

    table = regression_table(
        title="T", names="xy", outcomes="PP", fits=fits, labels={"b": "Exporter"}
    )

    assert ("estimate", "Exporter", ["omitted", "–"]) in lines_of(table)
    assert "(1) Omitted: Exporter (the same as a)." in table.notes


def test_stars_are_off_unless_asked_for():
    fit = make_fit({"a": (3, 1), "b": (1, 1)})

    plain, starred = one_column(fit), one_column(fit, stars=True)

    assert [row.cells[0].text for row in plain.rows[:3:2]] == ["3.000", "1.000"]
    assert [row.cells[0].text for row in starred.rows[:3:2]] == ["3.000***", "1.000"]
    assert starred.rows[0].cells[0].value == 3
    assert not any("p <" in note for note in plain.notes)
    assert any("*** p < 0.01" in note for note in starred.notes)


def test_marginal_effects_make_a_second_table_of_the_same_models():
    fits = [
        make_fit({"Intercept": (1, 1), "a": (1, 1)}, margins=make_estimates({"a": (0.04, 0.01)})),
        make_fit({"Intercept": (1, 1), "a": (2, 1)}),
    ]

    table = regression_table(
        title="T", names="xy", outcomes="PP", fits=fits, labels={}, what="margins"
    )

    assert table.title == "T: average marginal effects"
    assert estimates_of(table) == [
        ("estimate", "a", ["0.040", "–"]),
        ("uncertainty", "", ["(0.010)", ""]),
    ]
    assert "Average marginal effects" in table.notes[0]


def test_the_design_is_in_the_statistics_and_the_notes():
    fit = make_fit(
        {"a": (1, 1)},
        df=1148,
        covariance_type="design",
        population=11873.4,
        n_strata=40,
        n_clusters=1190,
    )

    table = one_column(fit)

    assert [line[1:] for line in lines_of(table)[2:]] == [
        ("Firms (n)", ["1\u202f190"]),
        ("Firms in the population", ["11\u202f873"]),
        ("Strata", ["40"]),
        ("Degrees of freedom", ["1\u202f148"]),
        ("Estimator", ["Logit"]),
        ("Standard errors", ["Design-based"]),
    ]
    assert "Design: weights and strata of the sample." in table.notes


def test_a_sentence_that_holds_for_some_columns_names_them():
    fits = [
        make_fit({"a": (1, 1)}, covariance_type="HC1"),
        make_fit({"a": (1, 1)}),
        make_fit({"a": (1, 1)}, covariance_type="HC1", notes=("Few firms.",)),
    ]

    table = regression_table(
        title="T",
        names="xyz",
        outcomes="PPP",
        fits=fits,
        labels={},
        specification_notes=["", "Subpopulation: small.", ""],
        notes=("Source: here.",),
    )

    assert [note[:24] for note in table.notes] == [
        "Coefficients of logit mo",
        "(1), (3) Standard errors",
        "(2) Standard errors: mod",
        "Design: no weights, ever",
        "(2) Subpopulation: small",
        "(3) Few firms.",
        "A coefficient says that ",
        "Source: here.",
    ]


def test_the_reading_aid_speaks_of_association():
    table = one_column(make_fit({"a": (1, 1)}))

    assert any("is associated with" in note for note in table.notes)


def test_a_line_with_a_small_standard_error_has_more_decimals():
    table = one_column(make_fit({"money": (0.00012, 0.000034), "a": (1, np.nan)}))

    assert [cell.text for row in table.rows[:4] for cell in row.cells] == [
        "0.000120",
        "(0.000034)",
        "1.000",
        "–",
    ]


def test_clusters_are_told_where_they_hold_several_firms():
    fits = [make_fit({"a": (1, 1)}, n_clusters=30), make_fit({"a": (1, 1)}, n_clusters=1190)]

    table = regression_table(title="T", names="xy", outcomes="PP", fits=fits, labels={})

    assert ("statistic", "Clusters", ["30", "–"]) in lines_of(table)
    assert "(1) Design: clusters of the sample." in table.notes
