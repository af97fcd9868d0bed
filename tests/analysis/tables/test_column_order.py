"""Columns at other places, and models left out: in tables of models and in composed ones."""

import csv
import io
import re
from functools import cache

import docx
import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import pipeline
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.column_order import display_order
from analysis.tables.document_tables import (
    columns_of_document,
    table_of_document,
    units_of_document,
)
from analysis.tables.layout import Layout, Line
from analysis.tables.registered import apart
from analysis.tables.table import Spanner
from tests.analysis.plans_of_estimators import CASES, firms
from tests.analysis.tables.test_composed_tables import CORRELATION, CROSSED, TABLE_ONE

NAMES = ("Bare", "Wider", "Whole")


@cache
def of_models() -> dict:
    logit, linear = CASES["logit"], CASES["linear"]
    models = [
        logit.model("logit", name="Bare"),
        logit.model("logit", name="Wider", subpopulation="exports == 1"),
        linear.model("linear", name="Whole"),
    ]
    plan = read_plan(yaml.safe_dump({"title": "T", "models": models}))
    return pipeline.run(logit.dataset, plan).estimates_document


@cache
def of_firms() -> dict:
    entries = [TABLE_ONE, CORRELATION, CROSSED]
    plan = read_plan(yaml.safe_dump({"title": "T", "descriptives": entries}))
    return pipeline.run(firms(), plan).estimates_document


def laid_out(*order: int, **chosen):
    keys = tuple(f"model-{number}" for number in order)
    return table_of_document(of_models(), layout=Layout(column_order=keys, **chosen))


def column(table, heading: str) -> list[str]:
    at = table.columns.index(heading)
    return [row.cells[at].text for row in table.rows if row.cells]


@given(st.permutations(["a", "b", "c"]), st.integers(0, 3))
def test_keys_that_are_not_named_follow_in_their_own_order(keys, named):
    order = display_order(("a", "b", "c"), Layout(column_order=tuple(keys[:named])))

    rest = sorted(keys[named:])
    assert ["abc"[at] for at in order] == [*keys[:named], *rest]


def test_models_move_with_their_numbers_cells_and_outcomes():
    plain, table = laid_out(), laid_out(3, 1)

    assert table.columns == ("(3) Whole", "(1) Bare", "(2) Wider")
    for heading in plain.columns:
        assert column(table, heading) == column(plain, heading)
    whole, bare = (next(s.text for s in plain.spanners if s.first <= at <= s.last) for at in (2, 0))
    assert table.spanners == (Spanner(whole, 0, 0), Spanner(bare, 1, 2))


def test_what_stands_beside_an_estimate_moves_with_it():
    table = laid_out(2, 3, 1, place="beside")

    assert table.columns == (
        "(2) Wider", "Std. error", "(3) Whole", "Std. error", "(1) Bare", "Std. error",
    )  # fmt: skip


def test_notes_speak_of_the_same_models_wherever_their_columns_stand():
    plain = laid_out()

    assert laid_out(3, 2, 1).notes == plain.notes
    assert any(note.startswith("(2) ") for note in plain.notes)


def test_a_model_that_is_left_out_takes_its_notes_along_and_the_others_keep_their_numbers():
    plain = laid_out()

    table = laid_out(columns=(Line("model-1", is_shown=False),))

    assert table.columns == ("(2) Wider", "(3) Whole")
    assert column(table, "(3) Whole") == column(plain, "(3) Whole")
    assert "Not shown: (1) Bare; what was estimated is in estimates.json." in table.notes
    told = {number for note in table.notes for number in re.findall(r"\((\d)\)", note)}
    assert told == {"1", "2", "3"}
    assert not any(note.startswith("(1)") for note in table.notes)
    assert any(note.startswith("(3) ") for note in table.notes)


def test_lines_of_a_model_that_is_left_out_are_gone_with_it():
    table = laid_out(columns=(Line("model-1", is_shown=False), Line("model-2", is_shown=False)))

    assert all(
        set(texts) != {"–"}
        for texts in ([cell.text for cell in row.cells] for row in table.rows if row.cells)
    )


def test_a_table_without_any_model_is_refused():
    hidden = tuple(Line(f"model-{number}", is_shown=False) for number in (1, 2, 3))

    with pytest.raises(Refusal) as caught:
        laid_out(columns=hidden)

    assert caught.value.code == "layout"
    assert "at least one" in caught.value.remedy


def test_a_refused_model_moves_with_its_empty_column():
    document = of_models()
    second = document["models"][1]
    refused = {
        "place": 2, "name": "Wider", "code": "c", "message": "Too few.", "remedy": "Take more.",
    }  # fmt: skip
    document = document | {
        "models": [each for each in document["models"] if each is not second],
        "not_estimated": [refused],
    }

    table = table_of_document(document, layout=Layout(column_order=("model-2",)))
    without = table_of_document(document, layout=Layout(columns=(Line("model-2", is_shown=False),)))

    assert table.columns == ("(2) Wider", "(1) Bare", "(3) Whole")
    assert column(table, "(2) Wider")[0] == "not estimated"
    assert without.columns == ("(1) Bare", "(3) Whole")
    assert "Not shown: (2) Wider." in without.notes
    assert not any(note.startswith("(2) Wider: not estimated") for note in without.notes)


def test_registered_models_stand_first_and_in_the_order_of_the_layout():
    table = apart(laid_out(3, 2, 1), registered={1, 3})

    assert table.columns == ("(3) Whole", "(1) Bare", "(2) Wider")
    assert [spanner.text.split(":")[0] for spanner in table.spanners] == [
        "Registered", "Registered", "Exploratory",
    ]  # fmt: skip


def test_a_layout_of_before_columns_could_be_moved_moves_none():
    kept = Layout(columns=(Line("model-3", "Last", None),)).to_document()
    del kept["column_order"]

    table = table_of_document(of_models(), layout=Layout.from_document(kept))

    assert table.columns == ("(1) Bare", "(2) Wider", "(3) Last")


def test_every_format_has_the_columns_in_the_order_of_the_layout():
    table = laid_out(3, 1, 2)
    wanted = list(table.columns)

    def in_order(text: str) -> bool:
        places = [text.index(name) for name in ("Whole", "Bare", "Wider")]
        return places == sorted(places)

    grid = docx.Document(io.BytesIO(word.render(table))).tables[0]
    sheet = openpyxl.load_workbook(io.BytesIO(excel.render(table))).active
    headings = next(csv.reader(io.StringIO(delimited.render(table).decode("utf-8-sig"))))
    rows = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert [heading.partition(":")[0] for heading in headings[-3:]] == wanted
    assert any([each for each in row if each in wanted] == wanted for row in rows)
    assert any(
        [cell.text for cell in row.cells if cell.text in wanted] == wanted for row in grid.rows
    )
    for written in (html.render(table), markdown.render(table)):
        assert in_order(written)
    for written in (latex.render(table), latex.render_plain(table)):
        assert in_order(written[written.index("toprule") :])


def test_columns_of_table_one_move_with_their_cells_and_headings():
    plain = table_of_document(of_firms(), what="table-1")

    table = table_of_document(
        of_firms(), what="table-1", layout=Layout(column_order=("table-1/p", "table-1/all"))
    )

    assert table.columns[:2] == ("p", "All firms")
    assert sorted(table.columns) == sorted(plain.columns)
    for heading in plain.columns:
        assert column(table, heading) == column(plain, heading)
    assert [(s.text, s.last - s.first) for s in table.spanners] == [
        (s.text, s.last - s.first) for s in plain.spanners
    ]


def test_the_total_of_a_cross_tabulation_may_come_first():
    table = table_of_document(
        of_firms(), what="table-3", layout=Layout(column_order=("table-3/@all",))
    )

    assert table.columns[0] == "All"
    assert table.spanners[0].first == 1


def correlations(**chosen):
    return table_of_document(of_firms(), what="table-2", layout=Layout(shown="none", **chosen))


def pairs(table) -> dict[frozenset[str], str]:
    """Each correlation by the words of its two variables; and that all are below the diagonal."""
    body = [row for row in table.rows if row.kind == "estimate"]
    words = {row.label.partition(" ")[0]: row.label.partition(" ")[2] for row in body}
    found = {}
    for at, row in enumerate(body):
        for heading, cell in zip(table.columns, row.cells, strict=True):
            if heading in words and words[heading] != words[f"({at + 1})"]:
                below = int(heading.strip("()")) <= at
                assert bool(cell.text) == below
                if below:
                    found[frozenset((words[heading], words[f"({at + 1})"]))] = cell.text
    return found


def test_correlations_follow_their_lines_and_stay_a_triangle():
    lines = tuple(Line(unit.key) for unit in units_of_document(of_firms(), what="table-2"))

    table = correlations(lines=lines[::-1], column_order=("table-2/with-2", "table-2/with-1"))

    assert pairs(table) == pairs(correlations())
    assert len(pairs(table)) == 3
    assert table.columns == ("(1)", "(2)", "Mean", "Std. deviation")
    assert [row.label[:3] for row in table.rows] == ["(1)", "(2)", "(3)"]
    assert [row.cells[at].text for at, row in enumerate(table.rows[:2])] == ["1", "1"]


def test_a_variable_that_is_left_out_of_correlations_leaves_lines_and_columns():
    units = units_of_document(of_firms(), what="table-2")

    table = correlations(lines=(Line(units[0].key, is_shown=False),))

    assert table.columns == ("Mean", "Std. deviation", "(1)")
    assert set(pairs(table)) < set(pairs(correlations()))
    assert f"Not shown: {units[0].label}." in table.notes


def test_words_of_a_line_of_correlations_stand_behind_its_number():
    units = units_of_document(of_firms(), what="table-2")
    kept = (Line(units[1].key, "(2) Staff"), Line(units[0].key, "Turnover"))

    table = correlations(lines=kept)

    assert [row.label for row in table.rows][:2] == ["(1) Staff", "(2) Turnover"]


def test_the_order_of_columns_is_told_with_their_own_words():
    layout = Layout(column_order=("model-2",), columns=(Line("model-2", "Mine"),))

    found = columns_of_document(of_models(), layout=layout)

    assert [(line.key, line.label) for line in found] == [
        ("model-2", "Wider"), ("model-1", "Bare"), ("model-3", "Whole"),
    ]  # fmt: skip
