"""Surveys of LimeSurvey, as three versions of its database export them."""

from pathlib import Path

import pytest

from surveys.interchange import limesurvey
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import compile_document

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = ("products_db178", "products_db366", "products_db623")


def imported(name):
    return limesurvey.read((FIXTURES / f"{name}.lss").read_bytes())


def items(document):
    return {
        item["name"]: item
        for section in document["sections"]
        for page in section["pages"]
        for item in page["items"]
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_gives_the_same_questions(version):
    document = imported(version).document

    kinds = {name: item["kind"] for name, item in items(document).items()}
    instrument = compile_document(document)

    assert kinds == {
        "new_good": "single_choice",
        "share": "number",
        "novelty": "multiple_choice",
        "why": "text",
        "importance": "battery",
        "place": "single_choice",
        "twice": "computed",
        "staff": "battery",
        "order": "multiple_choice",
        "thanks": "note",
        "since": "date",
        "dual": "battery",
        "mood": "scale",
        "counts": "note",
        "counts_women": "number",
        "counts_men": "number",
    }
    assert [section.title for section in instrument.sections] == ["Products", "Partners"]


def test_what_a_question_says_is_taken_over():
    found = items(imported("products_db366").document)

    assert found["new_good"]["label"] == "Did {firm} introduce a new good?"
    assert found["new_good"]["required"] == "soft"
    assert found["share"] == {
        "name": "share",
        "label": "Share of turnover from it",
        "when": "new_good = 'Y'".replace("'Y'", "'y'"),
        "kind": "number",
        "minimum": 0,
        "maximum": 100,
        "unit": "%",
    }
    assert found["novelty"]["most"] == 2
    assert found["novelty"]["codes"][-1] == {"value": "oth", "label": "Other", "specify": "text"}
    assert found["importance"]["required"] == "hard"
    assert [facet["choose"] for facet in found["staff"]["facets"]] == ["number", "number"]
    assert [code["label"] for code in found["dual"]["facets"][1]["codes"]] == ["Never", "Often"]


def test_relevance_becomes_conditions():
    document = imported("products_db366").document
    pages = {page["name"]: page for section in document["sections"] for page in section["pages"]}

    assert items(document)["why"]["when"] == "novelty has 'market' and not (not answered(share))"
    assert items(document)["place"]["when"] == (
        "importance.suppliers.answer = '2' or count(novelty) > 1"
    )
    assert items(document)["twice"]["expression"] == "(share * 2)"
    assert document["sections"][1]["when"] == "new_good = 'y'"
    assert "when" not in pages["importance"]


def test_languages_become_translations():
    document = imported("products_db623").document

    german = compile_document(document, language="de")

    assert document["languages"] == ["en", "de"]
    assert german.sections[0].title == "Produkte"
    assert german.item("new_good").label == "Hat {firm} ein neues Gut eingeführt?"
    assert [code.label for code in german.item("place").codes] == ["Nah", "Fern", "Other"]


def test_an_answer_is_quoted_where_it_was_asked_on_an_earlier_page():
    assert "{answer:share}" in items(imported("products_db178").document)["why"]["label"]


def test_what_cannot_be_said_is_listed_with_its_place():
    listed = {
        (each.what, each.where): each.kept_as for each in imported("products_db366").unsupported
    }

    assert listed["a question of type “|”", "question upload"] == "nothing"
    assert listed["an order of choices", "question order"] == "a multiple choice"
    assert listed["hidden: 1", "question place"] == "nothing"
    strlen = "the expression “strlen(place) > 3”: the function “strlen” has no counterpart"
    assert listed[strlen, "question since"] == "left out; the firms are not narrowed by it"


def test_a_file_that_is_no_survey_is_refused():
    with pytest.raises(UnreadableFile, match="not a survey of LimeSurvey"):
        limesurvey.read(b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>")
