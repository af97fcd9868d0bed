"""XLSForms of others: types, groups, repeats, expressions, languages."""

from io import BytesIO

import openpyxl
import pytest

from surveys.interchange import xlsform
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import compile_document

COLUMNS = ["type", "name", "label", "relevant", "constraint", "calculation", "appearance", "required",
           "choice_filter", "hint", "constraint_message", "parameters", "repeat_count", "media"]  # fmt: skip
YES_NO = (("yn", "1", "Yes"), ("yn", "2", "No"))


def row(type_, name="", label="", **cells):
    return {"type": type_, "name": name, "label": label} | cells


def workbook(rows, choices=YES_NO, settings=None, header=("list_name", "name", "label")):
    columns = list(dict.fromkeys([*COLUMNS, *(key for each in rows for key in each)]))
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(columns)
    for each in rows:
        survey.append([each.get(column) for column in columns])
    sheet = book.create_sheet("choices")
    for each in (header, *choices):
        sheet.append(list(each))
    if settings:
        sheet = book.create_sheet("settings")
        sheet.append(list(settings))
        sheet.append(list(settings.values()))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(*rows, **sheets):
    imported = xlsform.read(workbook(rows, **sheets))
    compile_document(imported.document)
    return imported


def items(imported):
    return {
        item["name"]: item
        for section in imported.document["sections"]
        for page in section["pages"]
        for item in page["items"]
    }


def listed(imported):
    return [each.what for each in imported.unsupported]


@pytest.mark.parametrize(
    ("cells", "keys"),
    [
        (row("integer", "x", "X"), {"kind": "number"}),
        (row("decimal", "x", "X"), {"kind": "number", "decimals": 2}),
        (row("text", "x", "X", appearance="multiline"), {"kind": "text", "long": "yes"}),
        (row("date", "x", "X"), {"kind": "date"}),
        (row("date", "x", "X", appearance="month-year"), {"kind": "date", "precision": "month"}),
        (row("note", "x", "X"), {"kind": "note"}),
        (row("range", "x", "X", parameters="start=0 end=7 step=1"), {"kind": "scale", "minimum": 0, "maximum": 7, "points": {"0": "0", "7": "7"}}),
        (row("integer", "x", "X", constraint=". >= 1 and . <= 9"), {"kind": "number", "minimum": 1, "maximum": 9}),
        (row("text", "x", "X", required="yes", hint="H"), {"kind": "text", "required": "hard", "hint": "H"}),
        (row("time", "x", "X"), {"kind": "text"}),
    ],
    ids=range(10),
)  # fmt: skip
def test_types_become_kinds(cells, keys):
    item = items(read(cells))["x"]

    assert item == {"name": "x", "label": "X"} | keys


def test_choices_with_other():
    imported = read(
        row("select_multiple yn or_other", "x", "X", constraint="count-selected(.) <= 2")
    )

    assert items(imported)["x"] == {
        "name": "x",
        "label": "X",
        "kind": "multiple_choice",
        "most": 2,
        "codes": [
            {"value": "1", "label": "Yes"},
            {"value": "2", "label": "No"},
            {"value": "other", "label": "Other", "specify": "text"},
        ],
    }


@pytest.mark.parametrize(
    ("xpath", "condition"),
    [
        ("${a} = '1'", "a = '1'"),
        ("selected(${m}, '2') and ${n} > 3", "m has '2' and n > 3"),
        ("not(selected(${m}, '2')) or ${n} div 2 <= 1.5", "not (m has '2') or (n / 2) <= 1.5"),
        ("${t} != ''", "answered(t)"),
        ("${n} = ''", "not answered(n)"),
        ("count-selected(${m}) >= 2", "count(m) >= 2"),
        (
            "if(${a} = '1', ${n}, 0) > coalesce(${n}, 0)",
            "if(a = '1', n, 0) > if(answered(n), n, 0)",
        ),
        ("(${n} + 1) * -2 < round(${n}, 1)", "((n + 1) * -2) < round(n, 1)"),
    ],
)
def test_relevant_becomes_a_condition(xpath, condition):
    imported = read(
        row("select_one yn", "a", "A"),
        row("select_multiple yn", "m", "M"),
        row("integer", "n", "N"),
        row("text", "t", "T"),
        row("text", "x", "X", relevant=xpath),
    )

    assert items(imported)["x"]["when"] == condition
    assert imported.unsupported == ()


@pytest.mark.parametrize(
    ("xpath", "reason"),
    [
        ("${later} = '1'", "not an earlier question"),
        ("string-length(${t}) > 3", "“string-length” has no counterpart"),
        ("${t} > 'a'", "puts texts in order"),
        ("${a} = '9'", "has no code “9”"),
        ("${a} = ", "it ends where an expression of XLSForm has to go on"),
        ("true()", "neither true nor false by itself"),
        ("(" * 70 + "1" + ")" * 70, "nested"),
    ],
)
def test_what_cannot_be_translated_is_listed_with_its_row(xpath, reason):
    imported = read(
        row("select_one yn", "a", "A"),
        row("text", "t", "T"),
        row("text", "x", "X", relevant=xpath),
        row("select_one yn", "later", "L"),
    )

    assert "when" not in items(imported)["x"]
    assert [each.where for each in imported.unsupported] == ["survey row 4"]
    assert reason in imported.unsupported[0].what


def test_groups_become_pages_and_sections():
    imported = read(
        row("begin_group", "s", "Section"),
        row("begin group", "p", "Page", relevant="1 = 1"),
        row("text", "a", "A"),
        row("begin_group", "q", "Inner"),
        row("text", "b", "B", relevant="${a} != ''"),
        row("end_group"),
        row("end group"),
        row("text", "c", "C"),
        row("end_group"),
        row("text", "d", "D"),
    )
    sections = imported.document["sections"]

    assert [(each["name"], [page["name"] for page in each["pages"]]) for each in sections] == [
        ("s", ["p", "c"]),
        ("main", ["d"]),
    ]
    assert [each["name"] for each in sections[0]["pages"][0]["items"]] == ["a", "q_heading", "b"]


def test_a_repeat_becomes_a_roster():
    imported = read(
        row("begin_repeat", "site", "Sites", repeat_count="5"),
        row("text", "name", "Name"),
        row("integer", "staff", "Staff"),
        row("text", "why", "Why?", relevant="${staff} > 10"),
        row("end_repeat"),
        row("text", "x", "X", relevant="${site} != ''"),
    )
    roster = items(imported)["site"]

    assert roster["kind"] == "roster"
    assert roster["most"] == 5
    assert [each["name"] for each in roster["items"]] == ["name", "staff", "why"]
    assert roster["items"][2]["when"] == "site.staff > 10"
    assert items(imported)["x"]["when"] == "answered(site)"


def test_a_table_list_becomes_a_battery():
    imported = read(
        row("begin_group", "sources", "How important?", appearance="table-list"),
        row("select_one yn", "clients", "Clients"),
        row("select_one yn", "fairs", "Fairs"),
        row("end_group"),
        row("text", "x", "X", relevant="${fairs} = '1'"),
    )
    battery = items(imported)["sources"]

    assert battery["kind"] == "battery"
    assert [each["value"] for each in battery["rows"]] == ["clients", "fairs"]
    assert items(imported)["x"]["when"] == "sources.fairs.answer = '1'"


def test_a_calculation_becomes_a_computed_value_and_a_label_quotes_it():
    imported = read(
        row("integer", "n", "N"),
        row("calculate", "twice", calculation="${n} * 2"),
        row("note", "x", "Twice is ${twice}, at {firm}"),
    )

    assert items(imported)["twice"]["expression"] == "(n * 2)"
    assert items(imported)["x"]["label"] == "Twice is {answer:twice}, at {firm}"


def test_a_constraint_between_questions_becomes_a_hard_edit():
    imported = read(
        row("begin_group", "p", "P"),
        row("integer", "a", "A"),
        row("integer", "b", "B", constraint=". <= ${a}", constraint_message="Not more than A."),
        row("end_group"),
    )

    assert imported.document["sections"][0]["pages"][0]["edits"] == [
        {
            "name": "b_constraint",
            "severity": "hard",
            "when": "not (b <= a)",
            "message": "Not more than A.",
            "items": ["b"],
        }
    ]


def test_choice_filter_becomes_the_universe_of_codes():
    imported = read(
        row("select_one yn", "a", "A"),
        row("select_one town", "b", "B", choice_filter="in = ${a}"),
        choices=(("yn", "1", "Yes", None), ("yn", "2", "No", None), ("town", "x", "X", "1"), ("town", "y", "Y", "2")),
        header=("list_name", "name", "label", "in"),
    )  # fmt: skip

    assert [code["when"] for code in items(imported)["b"]["codes"]] == ["a = '1'", "a = '2'"]


def test_labels_in_several_languages_become_translations():
    english, norwegian = "label::English (en)", "label::Norwegian (nb)"
    imported = read(
        {"type": "text", "name": "a", english: "Where?", norwegian: "Hvor?"},
        {"type": "text", "name": "b", english: "Why?"},
        settings={"form_title": "F", "default_language": "English (en)"},
    )

    assert imported.document["languages"] == ["en", "nb"]
    texts = {key: each["text"] for key, each in imported.document["translations"]["nb"].items()}
    assert texts == {"items.a.label": "Hvor?", "pages.a.title": "Hvor?"}


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (row("geopoint", "x", "X"), "a question of type “geopoint”"),
        (row("image", "x", "X"), "a question of type “image”"),
        (row("start", "x"), "a question of type “start”"),
        (row("select_one_from_file a.csv", "x", "X"), "choices from a file, which is not at hand"),
        (row("rank yn", "x", "X"), "an order of choices"),
        (row("text", "x", "X", required="${y} = 1"), "required under a condition"),
        (row("text", "x", "X", media="a.png"), "the column media, filled in 1 rows"),
        (row("text", "Has Blanks", "X"), "the name “Has Blanks”"),
    ],
)
def test_what_is_not_supported_is_listed(cells, what):
    assert what in listed(read(row("text", "y", "Y"), cells))


def test_a_change_made_in_a_spreadsheet_counts_more_than_the_extra_columns():
    document = read(
        row("select_one yn", "a", "A"), row("text", "b", "B", relevant="${a} = '1'")
    ).document
    book = openpyxl.load_workbook(BytesIO(xlsform.write(document)))
    for cells in book["survey"].iter_rows(min_row=2):
        for cell in cells:
            if cell.value == "B":
                cell.value = "Changed"
            elif cell.value == "${a} = '1'":
                cell.value = "${a} = '2'"
    file = BytesIO()
    book.save(file)

    changed = items(xlsform.read(file.getvalue()))["b"]

    assert changed["label"] == "Changed"
    assert changed["when"] == "a = '2'"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row("begin_group", "a", "A"), row("text", "b", "B")], "never ends"),
        ([row("end_group")], "ends nothing that is open"),
        ([], "no sheet “survey” with a column “type”"),
    ],
)
def test_a_broken_form_is_refused_with_its_row(rows, message):
    with pytest.raises(UnreadableFile, match=message):
        xlsform.read(workbook(rows))
