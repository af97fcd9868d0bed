"""Surveys of SurveyJS."""

import json
from pathlib import Path

import pytest

from surveys.interchange import surveyjs
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import compile_document

FIXTURE = Path(__file__).parent / "fixtures" / "products_surveyjs.json"


@pytest.fixture(scope="module")
def imported():
    return surveyjs.read(FIXTURE.read_bytes())


@pytest.fixture(scope="module")
def items(imported):
    return {
        item["name"]: item
        for section in imported.document["sections"]
        for page in section["pages"]
        for item in page["items"]
    }


def one(**element):
    """The single item that a survey of one element becomes, and what is listed."""
    survey = {"pages": [{"name": "p", "elements": [{"name": "x"} | element]}]}
    imported = surveyjs.read(json.dumps(survey).encode())
    sections = imported.document["sections"]
    items = [item for section in sections for page in section["pages"] for item in page["items"]]
    compile_document(imported.document) if items else None
    return items, [each.what for each in imported.unsupported]


def test_the_whole_survey_compiles(imported, items):
    instrument = compile_document(imported.document)

    assert instrument.title == "Products and partners"
    assert {name: item["kind"] for name, item in items.items()} == {
        "new_good": "single_choice",
        "details_heading": "note",
        "share": "number",
        "novelty": "multiple_choice",
        "twice": "computed",
        "importance": "battery",
        "staff": "battery",
        "place": "single_choice",
        "mood": "scale",
        "partner_firms": "roster",
        "why": "text",
        "half": "computed",
        "contact": "note",
        "contact_city": "text",
        "contact_zip": "text",
        "note": "note",
        "tags": "multiple_choice",
        "order": "multiple_choice",
        "since": "date",
        "q_last": "text",
    }


def test_conditions_of_panels_pages_and_elements(imported, items):
    pages = {page["name"]: page for page in imported.document["sections"][0]["pages"]}

    assert items["novelty"]["when"] == "(new_good = 'yes') and (share >= 10)"
    assert "novelty in ('market', '3') and answered(share)" in pages["partners"]["when"]
    assert items["place"]["when"] == "importance.suppliers.answer = '2'"
    assert items["why"]["when"] == "staff.men.here > 2 or answered(partner_firms)"
    assert items["half"]["expression"] == "if(share > 10, (share / 2), 0)"
    assert items["partner_firms"]["items"][2]["when"] == "partner_firms.age > 3"


def test_other_none_and_bounds(items):
    codes = items["novelty"]["codes"]

    assert codes[-2:] == [
        {"value": "other", "label": "Other", "specify": "text"},
        {"value": "none", "label": "None", "exclusive": "yes"},
    ]
    assert items["novelty"]["most"] == 2
    assert items["share"]["decimals"] == 1
    assert items["mood"]["points"] == {"1": "Bad", "7": "Good"}


def test_validators_become_edits(imported):
    edits = [
        edit
        for section in imported.document["sections"]
        for page in section["pages"]
        for edit in page.get("edits", ())
    ]

    assert edits == [
        {
            "name": "since_check_1",
            "severity": "hard",
            "when": "not (share < 90)",
            "message": "Too much",
            "items": ["since"],
        }
    ]


def test_languages_become_translations(imported):
    german = compile_document(imported.document, language="de")

    assert imported.document["languages"] == ["en", "de"]
    assert german.title == "Produkte und Partner"
    assert german.item("novelty").codes[0].label == "Unser Unternehmen"


@pytest.mark.parametrize(
    ("element", "what"),
    [
        ({"type": "signaturepad"}, "an element of type “signaturepad”"),
        ({"type": "text", "defaultValue": "a"}, "defaultValue: a"),
        ({"type": "text", "inputType": "time"}, "the input type “time”"),
        ({"type": "checkbox", "choices": []}, "a choice without answers"),
        ({"type": "radiogroup", "choices": ["a"]}, "a choice with a single answer"),
        ({"type": "text", "visible": False}, "a hidden element"),
        (
            {"type": "matrix", "rows": ["a"]},
            "a matrix without rows, or without answers to choose from",
        ),
    ],
)
def test_what_cannot_be_said_is_listed(element, what):
    assert what in one(**element)[1]


def test_a_condition_on_a_later_question_is_left_out_and_listed():
    survey = {
        "elements": [
            {"type": "text", "name": "a", "visibleIf": "{b} = 'x'"},
            {"type": "text", "name": "b"},
        ]
    }

    imported = surveyjs.read(json.dumps(survey).encode())

    assert "“b”, which is not an earlier question here" in imported.unsupported[0].what
    assert "when" not in imported.document["sections"][0]["pages"][0]["items"][0]


def test_script_in_a_label_stays_a_text():
    items, _ = one(type="text", title="<b>Hi</b> <script>alert(1)</script> {firm} {x}")

    assert items[0]["label"] == "Hi <script>alert(1)</script> {firm} …"


def test_a_file_without_pages_is_refused():
    with pytest.raises(UnreadableFile, match="neither pages nor elements"):
        surveyjs.read(b"{}")
