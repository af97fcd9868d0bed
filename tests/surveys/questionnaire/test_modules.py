"""Instruments put together from modules."""

from typing import Any

import pytest

from surveys.questionnaire import InstrumentErrors, compile_document
from surveys.questionnaire.modules import compose, insert
from surveys.questionnaire.problems import CATALOGUE
from surveys.questionnaire.translations import mark, states, translate

YES_NO = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def module(name: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    page = {"name": f"{name}_page", "title": f"Page of {name}", "items": list(items)}
    section = {"name": f"{name}_section", "title": name.title(), "pages": [page]}
    return {"module": name, "title": name.title(), "summary": "", "sections": [section]} | more


def choice(name: str) -> dict[str, Any]:
    return {"name": name, "kind": "single_choice", "label": f"{name}?", "codes": "yes_no"}


@pytest.fixture
def firm() -> dict[str, Any]:
    return module("firm", choice("exports"), codes={"yes_no": YES_NO})


@pytest.fixture
def market() -> dict[str, Any]:
    made = module("market", choice("rivals"), codes={"yes_no": YES_NO}, needs=["firm"])
    made["sections"][0]["pages"][0]["when"] = "exports = 'yes'"
    return made


def problems_of(error: pytest.ExceptionInfo[InstrumentErrors]) -> list[tuple[str, str]]:
    assert all(problem.code in CATALOGUE for problem in error.value.problems)
    return [(problem.code, problem.where) for problem in error.value.problems]


def section_names(document: dict[str, Any]) -> list[str]:
    return [section["name"] for section in document["sections"]]


def test_modules_make_an_instrument_in_the_order_chosen(firm, market) -> None:
    document = compose("Firms", "firms", "1", [firm, market])

    instrument = compile_document(document)
    assert [item.name for item in instrument.items] == ["exports", "rivals"]
    assert (instrument.name, instrument.version, instrument.title) == ("firms", "1", "Firms")
    assert list(document["codes"]) == ["yes_no"]
    assert "needs" not in document
    assert "module" not in document


def test_a_needed_module_is_taken_from_the_library_and_stands_before(firm, market) -> None:
    document = compose("Firms", "firms", "1", [market], library={"firm": firm})

    assert section_names(document) == ["firm_section", "market_section"]


def test_a_needed_module_that_is_chosen_later_is_put_before(firm, market) -> None:
    assert section_names(compose("F", "f", "1", [market, firm])) == [
        "firm_section",
        "market_section",
    ]


def test_a_needed_module_that_cannot_be_had_is_told(market) -> None:
    with pytest.raises(InstrumentErrors) as error:
        compose("Firms", "firms", "1", [market])

    assert problems_of(error) == [("missing_module", "module market")]


def test_modules_that_need_each_other_end(firm, market) -> None:
    document = compose("F", "f", "1", [firm | {"needs": ["market"]}, market])

    assert sorted(section_names(document)) == ["firm_section", "market_section"]


def test_lists_of_one_name_with_other_codes_are_a_problem(firm, market) -> None:
    market["codes"] = {"yes_no": [*YES_NO, {"value": "maybe", "label": "Maybe"}]}

    with pytest.raises(InstrumentErrors) as error:
        compose("F", "f", "1", [firm, market])

    assert problems_of(error) == [("duplicate_name", "codes yes_no")]


def test_code_lists_of_one_version_are_merged_or_a_problem(firm, market) -> None:
    places = {"name": "places", "version": "1", "codes": [{"value": "a", "label": "A"}]}
    firm["code_lists"], market["code_lists"] = [places], [dict(places)]
    assert compose("F", "f", "1", [firm, market])["code_lists"] == [places]

    market["code_lists"] = [places | {"codes": []}]
    with pytest.raises(InstrumentErrors) as error:
        compose("F", "f", "1", [firm, market])
    assert problems_of(error) == [("duplicate_name", "code_lists places@1")]


def test_names_that_stand_in_two_modules_are_a_problem(firm, market) -> None:
    market["sections"][0]["pages"][0]["items"].append(choice("exports"))
    market["sections"][0]["pages"][0]["name"] = "firm_page"

    with pytest.raises(InstrumentErrors) as error:
        compose("F", "f", "1", [firm, market])

    assert problems_of(error) == [
        ("duplicate_name", "page firm_page"),
        ("duplicate_name", "item exports"),
    ]


def test_one_module_twice_is_a_problem(firm) -> None:
    with pytest.raises(InstrumentErrors) as error:
        compose("F", "f", "1", [firm, firm])

    assert problems_of(error) == [("duplicate_name", "module firm")]


def test_translations_come_along(firm, market) -> None:
    firm = mark(firm, "items.exports.label", "nb", "Eksport?")
    firm = mark(firm, "module.title", "nb", "Foretaket")
    market = mark(market, "codes.yes_no.yes.label", "de", "Ja")

    document = compose("F", "f", "1", [firm, market])

    assert document["languages"] == ["en", "nb", "de"]
    assert states(document, "nb")["items.exports.label"] == "current"
    assert "module.title" not in document["translations"]["nb"]
    assert translate(document, "de")["codes"]["yes_no"][0]["label"] == "Ja"
    assert compile_document(document, language="nb").item("exports").label == "Eksport?"


def test_modules_of_two_authors_languages_are_a_problem(firm, market) -> None:
    with pytest.raises(InstrumentErrors) as error:
        compose("F", "f", "1", [firm, market | {"language": "de"}])

    assert problems_of(error) == [("unknown_language", "module market")]


def test_a_module_is_inserted_behind_a_section(firm, market) -> None:
    document = compose("F", "f", "1", [firm, market])
    third = module("third", choice("more"), codes={"yes_no": YES_NO})

    changed = insert(document, third, "firm_section")

    assert section_names(changed) == ["firm_section", "third_section", "market_section"]
    assert section_names(document) == ["firm_section", "market_section"]
    assert section_names(insert(document, third))[-1] == "third_section"


def test_inserting_brings_along_what_is_needed_and_not_there(firm, market) -> None:
    other = module("other", choice("more"), codes={"yes_no": YES_NO})
    library = {"firm": firm, "market": market}

    from_nothing = insert(compose("F", "f", "1", [other]), market, library=library)
    onto_firm = insert(compose("F", "f", "1", [firm]), market, library=library)

    assert section_names(from_nothing) == ["other_section", "firm_section", "market_section"]
    assert section_names(onto_firm) == ["firm_section", "market_section"]


def test_inserting_behind_a_section_that_is_not_there_is_a_problem(firm) -> None:
    document = compose("F", "f", "1", [firm])

    with pytest.raises(InstrumentErrors) as error:
        insert(document, module("third", choice("more")), "gone")

    assert problems_of(error) == [("unknown_item", "sections")]


def test_inserting_a_module_twice_is_a_problem(firm, market) -> None:
    document = compose("F", "f", "1", [firm])

    with pytest.raises(InstrumentErrors) as error:
        insert(document, firm, library={"firm": firm})

    assert ("duplicate_name", "section firm_section") in problems_of(error)
