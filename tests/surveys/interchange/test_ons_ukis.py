"""The UK Innovation Survey 2022-2024 comes in whole, and firms are played through it."""

import json
from pathlib import Path

import pytest

from surveys.interchange import ons
from surveys.interchange.report import report
from surveys.questionnaire import FillContext, compile_document
from surveys.questionnaire.items import Money, MultipleChoice, Note, SingleChoice
from surveys.questionnaire.playing import play
from tests.surveys.interchange.eq_answers import paired
from tests.surveys.interchange.eq_router import Router, questions

HERE = Path(__file__).parent
CONTEXT = FillContext("Acme Ltd", 2022, 2024)

pytestmark = pytest.mark.shared_data


@pytest.fixture
def data(shared_data):
    return (shared_data / "ukis_2022_2024.json").read_bytes()


@pytest.fixture
def schema(data):
    return json.loads(data)


@pytest.fixture
def imported(data):
    return ons.read(data)


@pytest.fixture
def instrument(imported):
    return compile_document(imported.document)


def q_codes(value):
    if isinstance(value, dict):
        own = [value["q_code"]] if "q_code" in value else []
        return own + [code for each in value.values() for code in q_codes(each)]
    return [code for each in value for code in q_codes(each)] if isinstance(value, list) else []


def played(instrument, name):
    answers = json.loads((HERE / f"ukis_{name}.json").read_text())
    return play(instrument, answers, {}, CONTEXT)


def eq_answers(schema, instrument, stored):
    """Stored answers as eq has them."""
    given = {}
    for block, page in paired(schema, instrument):
        parts = block["question"]["answers"] if "question" in block else []
        items = [item for item in page.items if not isinstance(item, Note)]
        whole = len(items) == 1 and len(parts) == 2
        for place, answer in enumerate(parts):
            item = items[0] if whole else items[place]
            value = stored.get(item.name)
            if value is None:
                continue
            options = [
                option["value"]
                for part in (parts if whole else [answer])
                for option in part.get("options", ())
            ]
            if isinstance(item, SingleChoice):
                value = options[[code.value for code in item.codes].index(value)]
            elif isinstance(item, MultipleChoice):
                own = {option["value"] for option in answer["options"]}
                chosen = [
                    option
                    for code, option in zip(item.codes, options, strict=True)
                    if code.value in value
                ]
                value = [option for option in chosen if option in own]
            elif isinstance(item, Money):
                value = value["amount"]
            given[answer["id"]] = value
    return given


def test_all_117_questions_come_in_with_227_output_codes(schema, imported, instrument):
    told = report(imported, instrument)
    assert told["questions"] == 117
    assert told["sections"] == len(schema["sections"])
    assert told["pages"] == 130
    assert told["codes"] == 396
    assert told["output_variables"]["count"] == 227
    assert sorted(told["output_variables"]["names"]) == sorted(q_codes(schema))
    assert told["items"]["note"] >= 12


def test_only_these_things_are_kept_in_another_form(imported):
    assert {each.what for each in imported.unsupported} == {
        "a summary that is reached from the hub only",
        "an amount with decimal places",
        "a title of its own for the summary",
        "the name that a firm trades as",
        "a sum of 100 that only the description asks for",
        "“metadata” of the schema",
        "“submission” of the schema",
        "“post_submission” of the schema",
    }


def test_no_text_holds_markup_entities_or_braces_beside_fills(imported):
    text = json.dumps(imported.document, ensure_ascii=False)
    for left in ("<strong", "</", "&amp;", "&#x", "ru_name", "<p>"):
        assert left not in text
    assert "{firm}" in text


def test_mutually_exclusive_questions_have_one_exclusive_code_with_its_q_code(schema, instrument):
    exclusive = [
        question for _, question in questions(schema) if question["type"] == "MutuallyExclusive"
    ]
    codes = [
        code
        for item in instrument.items
        if isinstance(item, MultipleChoice)
        for code in item.codes
        if code.exclusive
    ]
    wanted = [question["answers"][1]["options"][0]["q_code"] for question in exclusive]
    assert [code.variable for code in codes] == wanted
    assert len(wanted) == 19


def test_the_hub_opens_after_the_sections_that_it_requires(instrument):
    assert [section.title for section in instrument.sections if section.opens] == [
        "Introduction",
        "Business process innovation",
    ]
    assert [section.title for section in instrument.sections if not section.on_hub] == [
        "Introduction"
    ]
    assert [section.title for section in instrument.sections if section.summary] == [
        "Business process innovation"
    ]


@pytest.mark.parametrize("name", ["innovator", "non_innovator"])
def test_a_scripted_firm_visits_the_pages_that_eq_leads_it_to(schema, instrument, name):
    told = played(instrument, name)
    router = Router(schema, eq_answers(schema, instrument, told.stored)).run()
    pages = {page.name: block["id"] for block, page in paired(schema, instrument)}
    assert [pages[page.page] for page in told.pages] == router.blocks
    assert not told.unknown
    assert not told.edits


def test_the_innovator_sees_every_page_but_the_one_for_firms_without_innovation(instrument):
    told = played(instrument, "innovator")
    seen = {page.page for page in told.pages}
    assert [page.name for page in instrument.pages if page.name not in seen] == [
        "reasons_for_innovation_not_being_possible"
    ]
    assert len(set(told.variables)) == len(told.variables) > 200


def test_the_non_innovator_is_spared_five_sections(instrument):
    told = played(instrument, "non_innovator")
    sections = {page.section for page in told.pages}
    assert [section.title for section in instrument.sections if section.name not in sections] == [
        "Factors affecting innovation",
        "Information needed for innovation",
        "Innovation protection",
        "Public financial support for innovation",
        "Environmental innovations",
    ]
    assert "reasons_for_innovation_not_being_possible" in {page.page for page in told.pages}
    assert len(told.pages) < 70


def test_percentages_that_do_not_add_up_are_asked_about(instrument):
    answers = json.loads((HERE / "ukis_innovator.json").read_text()) | {"0810": 50}
    (spoken,) = play(instrument, answers, {}, CONTEXT).edits
    assert (spoken.edit, spoken.severity) == ("sum_of_100", "soft")
