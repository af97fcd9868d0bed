import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.refusals import Refusal
from analysis.tables.layout import (
    KEYS,
    MARKS,
    ONE_TO_THREE,
    PLACES,
    RULES,
    SHOWN,
    Decimals,
    Layout,
    Line,
    Star,
)
from analysis.tables.presets import PRESETS
from analysis.tables.regression import regression_table
from analysis.tables.table import Cell, Spanner, Table
from tests.analysis.tables.fits import make_estimates, make_fit
from tests.analysis.tables.test_regression import estimates_of, one_column

words = st.text(max_size=12)
layouts = st.builds(
    Layout,
    preset=words,
    shown=st.sampled_from(SHOWN),
    place=st.sampled_from(PLACES),
    ratios=st.booleans(),
    decimals=st.builds(Decimals, st.sampled_from(RULES), st.integers(0, 8)),
    stars=st.lists(
        st.builds(Star, st.floats(0.001, 0.999), st.sampled_from(MARKS)), max_size=3
    ).map(tuple),
    lines=st.lists(st.builds(Line, words, words, st.none() | words, st.booleans()), max_size=4).map(
        tuple
    ),
    folded=st.lists(words, max_size=2).map(tuple),
    left_out=st.lists(words, max_size=2).map(tuple),
    column_order=st.lists(words, max_size=3).map(tuple),
)


@given(layouts)
def test_a_layout_is_read_back_from_its_document_as_it_was(layout):
    assert Layout.from_document(layout.to_document()) == layout
    assert tuple(layout.to_document()) == KEYS


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "The layout is no object"),
        ({"colour": "red"}, "'colour' is no key"),
        ({"shown": "variance"}, "'shown' is 'variance'"),
        ({"ratios": "yes"}, "'ratios' is neither true nor false"),
        ({"decimals": {"count": 30}}, "'decimals > count' is 30"),
        ({"decimals": {"count": True}}, "'decimals > count' is True"),
        ({"stars": [[2, "*"]]}, "'stars' holds"),
        ({"stars": [[0.1, "<b>"]]}, "'stars' holds"),
        ({"lines": [{}]}, "A line has no key"),
        ({"lines": "abc"}, "'lines' is no list"),
        ({"column_order": "model-1"}, "'column_order' is no list"),
        ({"preset": "x" * 201}, "'preset' is no text of at most 200"),
    ],
)
def test_what_is_no_layout_is_refused_with_what_it_may_be(document, message):
    with pytest.raises(Refusal) as refusal:
        Layout.from_document(document)

    assert message in refusal.value.message
    assert refusal.value.remedy


def laid_out(fit, **chosen) -> Table:
    return one_column(fit, layout=Layout(**chosen))


SIZE = make_fit({"a": (0.5, 0.125)}, df=50)


def test_an_interval_stands_beneath_in_brackets():
    low, high = SIZE.estimates.intervals()[0]

    table = laid_out(SIZE, shown="interval", decimals=Decimals("fixed", 2))

    assert estimates_of(table) == [
        ("estimate", "a", ["0.50"]),
        ("uncertainty", "", [f"[{low:.2f}, {high:.2f}]"]),
    ]
    assert table.beneath == "95 % confidence interval"
    assert table.notes[0] == (
        "Coefficients of logit model with 95 % confidence intervals in brackets."
    )


def test_t_and_p_stand_beneath_in_parentheses():
    p = SIZE.estimates.p_values[0]

    by_t, by_p = laid_out(SIZE, shown="statistic"), laid_out(SIZE, shown="p_value")

    assert by_t.rows[1].cells == (Cell("(4.00)", 4.0),)
    assert by_p.rows[1].cells == (Cell("(< 0.001)", p),)
    assert "with t statistics in parentheses" in by_t.notes[0]
    assert "with p-values in parentheses" in by_p.notes[0]


def test_nothing_stands_with_an_estimate_where_nothing_is_wanted():
    table = laid_out(SIZE, shown="none")

    assert estimates_of(table) == [("estimate", "a", ["0.500"])]
    assert table.notes[0] == "Coefficients of logit model."


def test_what_stands_beside_has_columns_of_its_own_under_the_same_outcome():
    fits = [make_fit({"a": (1, 0.5)}), make_fit({"b": (2, 0.5)})]

    table = regression_table(
        title="T",
        names="xy",
        outcomes=["P", "Q"],
        fits=fits,
        labels={},
        layout=Layout(place="beside"),
    )

    assert table.columns == ("(1) x", "Std. error", "(2) y", "Std. error")
    assert table.spanners == (Spanner("P", 0, 1), Spanner("Q", 2, 3))
    assert estimates_of(table) == [
        ("estimate", "a", ["1.000", "0.500", "–", ""]),
        ("estimate", "b", ["–", "", "2.000", "0.500"]),
    ]
    assert all(len(row.cells) == 4 for row in table.rows)
    assert next(row for row in table.rows if row.label == "Firms (n)").cells == (
        Cell("1\u202f190", 1190), Cell(""), Cell("1\u202f190", 1190), Cell(""),
    )  # fmt: skip


def test_an_interval_beside_is_two_columns_of_numbers():
    low, high = SIZE.estimates.intervals()[0]

    table = laid_out(SIZE, shown="interval", place="beside")

    assert table.columns == ("(1) All", "95 % from", "to")
    assert [cell.value for cell in table.rows[0].cells] == [0.5, low, high]


def test_odds_ratios_are_exponentials_and_their_p_values_those_of_the_coefficients():
    fit = make_fit({"a": (0.5, 0.2)}, derived=make_estimates({"rho": (0.4, 0.1)}))

    table = laid_out(fit, ratios=True, stars=ONE_TO_THREE)

    ratio = math.exp(0.5)
    assert table.rows[0].cells[0].value == pytest.approx(ratio)
    assert table.rows[0].cells[0].text == "1.649**"
    assert table.rows[1].cells[0].value == pytest.approx(0.2 * ratio)
    assert [row.cells[0].text for row in table.rows if row.label.startswith("Correl")] == [
        "0.400***"
    ]
    assert any(note.startswith("Shown as odds ratios") for note in table.notes)


def test_limits_of_the_interval_of_a_ratio_are_exponentiated():
    low, high = SIZE.estimates.intervals()[0]

    table = laid_out(SIZE, ratios=True, shown="interval", place="beside")

    values = [cell.value for cell in table.rows[0].cells]
    assert values == pytest.approx([math.exp(0.5), math.exp(low), math.exp(high)])


def test_a_model_without_ratios_stays_as_it_is_and_the_notes_say_which():
    fits = [make_fit({"a": (0.5, 0.2)}, estimator=name) for name in ("probit", "poisson")]

    table = regression_table(
        title="T", names="xy", outcomes="PP", fits=fits, labels={}, layout=Layout(ratios=True)
    )

    assert [cell.text for cell in table.rows[0].cells] == ["0.500", "1.649"]
    assert any(note.startswith("(2) Shown as rate ratios") for note in table.notes)
    assert "(1) Shown as coefficients." in table.notes


def test_a_ratio_that_no_number_holds_is_a_dash():
    table = laid_out(make_fit({"a": (900.0, 1.0)}), ratios=True)

    assert table.rows[0].cells[0].text.startswith("–")
    assert table.rows[0].cells[0].value is None


def test_average_marginal_effects_are_never_exponentiated():
    fit = make_fit({"a": (1, 1)}, margins=make_estimates({"a": (0.04, 0.01)}))

    table = one_column(fit, what="margins", layout=Layout(ratios=True))

    assert table.rows[0].cells[0].value == 0.04


@pytest.mark.parametrize(
    ("decimals", "texts"),
    [
        (Decimals("fixed", 2), ["0.12", "(0.03)"]),
        (Decimals("significant", 2), ["0.12", "(0.034)"]),
        (Decimals(), ["0.123", "(0.034)"]),
    ],
)
def test_decimals_follow_the_rule(decimals, texts):
    table = laid_out(make_fit({"a": (0.1234, 0.0337)}), decimals=decimals)

    assert [row.cells[0].text for row in table.rows[:2]] == texts


def test_of_several_stars_that_of_the_lowest_level_is_put():
    stars = (Star(0.05, "*"), Star(0.01, "†"))

    table = laid_out(make_fit({"a": (2.2, 1), "b": (3, 1), "c": (1, 1)}), stars=stars)

    assert [row.cells[0].text for row in table.rows[:6:2]] == ["2.200*", "3.000†", "1.000"]
    assert "* p < 0.05, † p < 0.01." in table.notes[0]


LADDER = make_fit({"Intercept": (1, 1), "near": (1, 1), "size": (1, 1), "age": (1, 1)})


def arranged(*lines: Line, **chosen) -> Table:
    return one_column(
        LADDER, scales={"near": "local"}, layout=Layout(lines=lines, shown="none", **chosen)
    )


def test_lines_stand_in_the_order_asked_for_and_the_others_after_them():
    table = arranged(Line("age"), Line("near"))

    assert [(row.kind, row.label) for row in table.rows if row.kind != "statistic"] == [
        ("group", "Controls"),
        ("estimate", "age"),
        ("estimate", "size"),
        ("estimate", "near"),
        ("estimate", "Intercept"),
    ]


def test_a_line_has_the_words_and_the_heading_that_it_is_given():
    table = arranged(Line("size", "Employees (log)", "The firm"), Line("age", group=""))

    assert [(row.kind, row.label) for row in table.rows if row.kind != "statistic"] == [
        ("group", "The firm"),
        ("estimate", "Employees (log)"),
        ("estimate", "age"),
        ("estimate", "near"),
        ("estimate", "Intercept"),
    ]


def test_a_line_that_is_left_out_is_named_in_the_notes():
    table = arranged(Line("age", is_shown=False))

    assert "age" not in [row.label for row in table.rows]
    assert "In the models but not shown: age; their estimates are in estimates.json." in table.notes


def test_a_folded_heading_is_one_line_that_says_yes():
    fits = [make_fit({"near": (1, 1)}), LADDER]

    table = regression_table(
        title="T",
        names="xy",
        outcomes="PP",
        fits=fits,
        labels={},
        scales={"near": "local"},
        layout=Layout(folded=("Controls",)),
    )

    assert ("estimate", "Controls", ["–", "yes"]) in estimates_of(table)
    assert "Controls: one line for size and age; their estimates are in estimates.json." in (
        table.notes
    )


def test_a_term_of_a_further_equation_keeps_its_equation_when_it_is_moved():
    fit = make_fit({"a": (1, 1), "selection|a": (1, 1)}, estimator="heckman")

    table = one_column(fit, layout=Layout(lines=(Line("selection|a", group="Firm"),)))

    assert [row.label for row in table.rows if row.kind in ("group", "estimate")] == [
        "Firm",
        "Selection: a",
        "a",
    ]


def test_statistics_that_are_not_wanted_are_not_shown():
    table = laid_out(SIZE, left_out=("Estimator",))

    assert "Estimator" not in [row.label for row in table.rows]
    assert "Firms (n)" in [row.label for row in table.rows]


def test_a_layout_never_changes_a_number():
    plain = one_column(LADDER)
    other = one_column(LADDER, layout=Layout(lines=(Line("age", "Years"), Line("near"))))

    assert sorted(row.cells[0].value for row in plain.rows if row.kind == "estimate") == sorted(
        row.cells[0].value for row in other.rows if row.kind == "estimate"
    )


def test_every_preset_is_named_by_itself_and_says_what_it_does():
    for name, preset in PRESETS.items():
        assert preset.layout.preset == preset.name == name
        assert preset.about.endswith(".")
        assert Layout.from_document(preset.layout.to_document()) == preset.layout


def test_the_preset_without_a_choice_is_the_plain_table():
    assert PRESETS["standard_errors"].layout == Layout()
