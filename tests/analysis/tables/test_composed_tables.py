"""Tables of the firms in every format: what stands in them, and how a layout changes them."""

import csv
import io
import re
from zipfile import ZipFile

import docx
import openpyxl
import pytest
import yaml

from analysis import pipeline
from analysis.disclosure.rules import DisclosurePolicy
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.document_tables import (
    columns_of_document,
    statistics_of_document,
    table_of_document,
    units_of_document,
)
from analysis.tables.latex_numbers import PACKAGES
from analysis.tables.layout import Layout, Line, Star
from analysis.tables.presets import PRESETS
from tests.analysis.plans_of_estimators import firms
from tests.analysis.tables.compiling import compiled

TABLE_ONE = {
    "name": "Table 1",
    "statistic": "table_one",
    "variables": ["sales", "exports", "sector"],
    "by": "way",
}
CORRELATION = {"statistic": "correlation", "variables": ["sales", "staff", "patents"]}
CROSSED = {"statistic": "cross_tabulation", "outcome": "sector", "other": "exports"}
ENTRIES = {"table-1": TABLE_ONE, "table-2": CORRELATION, "table-3": CROSSED}


def document_of(*entries, **more):
    plan = read_plan(yaml.safe_dump({"title": "T", "descriptives": list(entries)}))
    return pipeline.run(firms(), plan, **more).estimates_document


@pytest.fixture(scope="module")
def document():
    return document_of(*ENTRIES.values())


def lines(table):
    """Label to the texts of its cells; a line beneath goes with the label above it."""
    found, label = {}, ""
    for row in table.rows:
        label = row.label or label
        found.setdefault(label, []).append([cell.text for cell in row.cells])
    return found


def test_every_entry_makes_a_table_of_its_own(document):
    assert [each["key"] for each in document["tables"]] == list(ENTRIES)
    assert [each["kind"] for each in document["tables"]] == [
        "table_one", "correlation", "cross_tabulation",
    ]  # fmt: skip


def test_table_one_has_columns_by_group_and_what_is_of_a_variable_once(document):
    table = table_of_document(document, what="table-1")

    assert table.columns[:3] == ("n", "Missing", "All firms")
    assert table.columns[-2:] == ("p", "Std. difference")
    assert [s.text for s in table.spanners] == ["How it innovates"]
    found = lines(table)
    mean, deviation = found["Sales per employee (ln)"]
    assert re.fullmatch(r"\d\.\d{3}", mean[2])
    assert re.fullmatch(r"\(\d\.\d{3}\)", deviation[2])
    of_sector = [found[label][0] for label in ("Mining, %", "Services, %", "Trade, %")]
    assert [bool(line[-2]) for line in of_sector] == [True, False, False]
    assert sum(float(line[2]) for line in of_sector) == pytest.approx(100, abs=0.1)
    assert table.rows[-2].label == "Firms (n)"


def test_hiding_the_first_level_of_a_variable_keeps_its_test(document):
    unit = next(u for u in units_of_document(document, what="table-1") if u.label == "Mining, %")

    table = table_of_document(
        document, what="table-1", layout=Layout(lines=(Line(unit.key, is_shown=False),))
    )

    assert "Mining, %" not in lines(table)
    assert lines(table)["Services, %"][0][-2] != ""
    assert "Not shown: Mining, %." in table.notes


def test_correlations_are_a_lower_triangle_with_stars_if_wanted(document):
    stars = Layout(stars=(Star(0.05, "*"),))

    table = table_of_document(document, what="table-2", layout=stars)

    body = [row for row in table.rows if row.label]
    assert [row.label[:3] for row in body] == ["(1)", "(2)", "(3)"]
    assert [cell.text for cell in body[0].cells[2:]] == ["1", ""]
    assert body[2].cells[2].text != ""
    assert body[1].cells[2].text.endswith("*")
    assert any(note.startswith("* p < 0.05") for note in table.notes)
    assert any("n = 420" in note for note in table.notes)


def test_p_values_stand_beneath_correlations_and_nowhere_else(document):
    layout = PRESETS["p_values"].layout

    correlation = table_of_document(document, what="table-2", layout=layout)
    crossed = table_of_document(document, what="table-3", layout=layout)

    assert correlation.beneath == "p-value"
    assert crossed.beneath == "standard error"


def test_a_cross_tabulation_has_shares_counts_margins_and_its_test(document):
    table = table_of_document(document, what="table-3")

    assert [row.label for row in table.rows if row.kind == "group"] == [
        "Share of the row, %", "Share of the column, %", "Firms (n)",
    ]  # fmt: skip
    assert any("Rao-Scott test of association: F(" in note for note in table.notes)
    of_rows = [row for row in table.rows if row.label == "Trade"]
    shares = [float(cell.text) for cell in of_rows[0].cells]
    assert shares[0] + shares[1] == pytest.approx(100)
    counts = [cell.value for cell in of_rows[-1].cells]
    assert counts[0] + counts[1] == counts[2]


def test_a_plan_names_the_shares_that_it_wants():
    document = document_of({**CROSSED, "shares": ["total"]})

    table = table_of_document(document, what="table-1")

    assert [row.label for row in table.rows if row.kind == "group"] == [
        "Share of all firms, %", "Firms (n)",
    ]  # fmt: skip


def test_a_layout_reorders_relabels_heads_and_leaves_out(document):
    units = units_of_document(document, what="table-1")
    columns = columns_of_document(document, what="table-1")
    layout = Layout(
        lines=(Line(units[1].key, "Exporter", "The firm"), Line(units[0].key, "", "The firm")),
        columns=(Line(columns[0].key, "N", "Answers"), Line(columns[1].key, "", "Answers")),
        left_out=("Firms in the population",),
    )

    table = table_of_document(document, what="table-1", layout=layout)

    assert [row.label for row in table.rows if row.label][:3] == [
        "The firm", "Exporter", "Sales per employee (ln)",
    ]  # fmt: skip
    assert table.columns[0] == "N"
    assert (table.spanners[0].text, table.spanners[0].first, table.spanners[0].last) == (
        "Answers", 0, 1,
    )  # fmt: skip
    assert "Firms in the population" not in lines(table)
    assert statistics_of_document(document, what="table-1") == (
        "Firms (n)", "Firms in the population",
    )  # fmt: skip


@pytest.mark.parametrize("key", ENTRIES)
def test_every_format_has_the_same_numbers(document, key):
    table = table_of_document(document, what=key)
    numbers = [cell.value for row in table.rows for cell in row.cells if cell.value is not None]

    sheet = openpyxl.load_workbook(io.BytesIO(excel.render(table))).active
    in_sheet = [
        cell.value
        for row in sheet.iter_rows(min_col=2)
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    text = delimited.render(table).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    in_csv = [
        float(value)
        for row in rows[1:]
        if row[0] not in ("title", "note", "fingerprint")
        for value in row[3:]
        if re.fullmatch(r"-?[\d.e+-]+", value)
    ]
    assert in_sheet == pytest.approx(numbers)
    assert in_csv == pytest.approx(numbers)
    for render in (html.render, markdown.render, latex.render):
        written = render(table)
        assert table.title.split()[0] in written


@pytest.mark.parametrize("key", ENTRIES)
def test_the_word_file_is_one_table_with_repeated_headings_and_notes_around_it(document, key):
    table = table_of_document(document, what=key)

    file = io.BytesIO(word.render(table))
    opened = docx.Document(file)

    assert len(opened.tables) == 1
    (grid,) = opened.tables
    heads = 1 + bool(table.spanners)
    assert len(grid.rows) == heads + len(table.rows)
    assert [cell.text for cell in grid.rows[heads - 1].cells[1:]] == list(table.columns)
    marked = ZipFile(file).read("word/document.xml").decode().count("<w:tblHeader")
    assert marked == heads
    outside = [paragraph.text for paragraph in opened.paragraphs if paragraph.text]
    assert outside == [table.title, *table.notes]
    texts = [[cell.text.strip() for cell in row.cells][1:] for row in grid.rows[heads:]]
    written = [[text.rstrip("\u2007\u00a0") for text in row] for row in texts]
    expected = [
        [cell.text for cell in row.cells] or [""] * len(table.columns) for row in table.rows
    ]
    assert written == expected


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("aligned", PACKAGES)
@pytest.mark.parametrize("key", ENTRIES)
def test_the_latex_compiles(document, key, aligned, tmp_path):
    table = table_of_document(document, what=key, layout=PRESETS["stars"].layout)
    compiled(tmp_path, latex.document(table, aligned))


def test_what_is_of_few_firms_is_withheld_with_all_that_would_tell_it():
    policy = DisclosurePolicy(least_firms=100, p_percent=None, dominance=())

    document = document_of(*ENTRIES.values(), policy=policy)

    table = table_of_document(document, what="table-1")
    crossed = table_of_document(document, what="table-3")
    assert any(cell.text == "– (c)" for row in table.rows for cell in row.cells)
    assert any(note.startswith("– (c): withheld") for note in table.notes)
    sizes = next(row for row in table.rows if row.label == "Firms (n)")
    hidden = [cell.text == "– (c)" for cell in sizes.cells[3:6]]
    assert sum(hidden) >= 2
    assert not any("Rao-Scott" in note for note in crossed.notes)
    counts = [row for row in crossed.rows if row.label == "Services"][-1]
    assert [cell.text for cell in counts.cells[:2]] == ["– (c)", "– (c)"]
    entry = document["tables"][0]
    of_sector = [line for line in entry["lines"] if line["group"] == "Sector"]
    withheld = [
        cell for line in of_sector for cell in line["cells"] if cell and cell.get("withheld")
    ]
    assert withheld
    assert all(cell["value"] is None for cell in withheld)


def problems(entry):
    with pytest.raises(PlanRefusal) as caught:
        document_of(entry)
    return [each.code for each in caught.value.problems]


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ({"statistic": "table_one", "variables": []}, ["missing_key"]),
        ({"statistic": "correlation", "variables": ["sales"]}, ["missing_key"]),
        ({**CORRELATION, "missing": "some"}, ["unknown_choice"]),
        ({**TABLE_ONE, "outcome": "sales"}, ["unknown_key"]),
        ({"statistic": "respondents_against_frame", "variables": ["sales"]}, ["unknown_choice"]),
        ({**CROSSED, "shares": ["most"]}, ["unknown_choice"]),
        ({"statistic": "mean", "outcome": "sales", "shares": ["row"]}, ["unused_key"]),
    ],
)
def test_a_plan_is_told_what_is_wrong(entry, codes):
    assert problems(entry) == codes


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"statistic": "respondents_against_frame"}, "no_frame"),
        ({**CORRELATION, "variables": ["sales", "sector"]}, "not_a_number"),
        ({**TABLE_ONE, "subpopulation": "exports == 1", "by": "exports"}, "too_few_groups"),
    ],
)
def test_what_cannot_be_described_is_refused_by_name(entry, code):
    with pytest.raises(Refusal) as caught:
        document_of(entry)

    assert caught.value.code == code
    assert caught.value.remedy


def test_imputed_plans_make_no_such_tables():
    plan = {"title": "T", "descriptives": [TABLE_ONE], "imputation": {"variables": ["sales"]}}

    with pytest.raises(Refusal, match="not pooled over imputations"):
        pipeline.run(firms(), read_plan(yaml.safe_dump(plan)))
