"""Finding a code in a long list: the search itself, its address, and the page without a script."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from surveys.models import Case
from surveys.questionnaire.code_lists import CodeList, ListedCode
from tests.surveys.firms import answers_of, open_case, page_path
from tests.surveys.views.test_item_pages import DOCUMENT

FISH = CodeList(
    "fish",
    "1",
    "Fish",
    (
        ListedCode("03.1", "Fishing"),
        ListedCode("03.11", "Marine fishing", "03.1"),
        ListedCode("03.12", "Freshwater fishing", "03.1"),
        ListedCode("10.2", "Processing of fish", words="salmon herring"),
        ListedCode("46.38", "Wholesale of starfish and Ørret"),
        ListedCode("47.23", "Café for anglers"),
    ),
)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("03", ["03.1", "03.11", "03.12"]),
        ("0311", ["03.11"]),
        ("fish", ["03.1", "03.11", "03.12", "10.2", "46.38"]),
        ("FISHING marine", ["03.11"]),
        ("ørret", ["46.38"]),
        ("orret", ["46.38"]),
        ("cafe", ["47.23"]),
        ("Herring", ["10.2"]),
        ("whale", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_codes_are_found_by_code_word_and_part(typed: str, values: list[str]) -> None:
    assert [code.value for code in FISH.search(typed)] == values


def test_no_more_are_found_than_a_person_reads() -> None:
    many = CodeList("n", "1", "N", tuple(ListedCode(str(n), f"Place {n}") for n in range(50)))

    assert len(many.search("place")) == 12


def test_a_code_typed_in_full_is_meant() -> None:
    assert FISH.meant("03.11") == FISH.codes[1]
    assert FISH.meant("marine FISHING") == FISH.codes[1]
    assert FISH.meant("fish") is None
    twins = CodeList("t", "1", "T", (ListedCode("1", "Hamburg"), ListedCode("2", "Hamburg")))
    assert twins.meant("Hamburg") is None
    assert twins.meant("2") == twins.codes[1]


@given(st.text(max_size=300))
def test_whatever_is_typed_is_searched(typed: str) -> None:
    found = FISH.search(typed)

    assert len(set(found)) == len(found) <= 12
    assert FISH.meant(typed) in (None, *FISH.codes)


@pytest.fixture
def case(db: None) -> Case:
    return open_case(DOCUMENT)


def look_up(browser: Client, case: Case, item: str, typed: str) -> Any:
    return browser.post(f"/firm/{case.public_id}/lookup/{item}/", {"q": typed})


def test_the_search_answers_with_codes_and_keeps_what_was_typed_out_of_the_address(
    browser: Client, case: Case
) -> None:
    answer = look_up(browser, case, "country", "norge")

    assert answer.json() == {"hits": [{"value": "NO", "label": "Norway", "within": ""}]}
    assert "no-store" in answer["Cache-Control"]
    assert browser.get(f"/firm/{case.public_id}/lookup/country/?q=norge").status_code == 405


def test_a_list_of_a_roster_is_searched_too(browser: Client, case: Case) -> None:
    assert look_up(browser, case, "partners.country", "denm").json()["hits"][0]["value"] == "DK"


def test_there_is_no_search_for_other_items_or_other_people(browser: Client, case: Case) -> None:
    assert look_up(browser, case, "closeness", "x").status_code == 404
    assert look_up(browser, case, "nothing", "x").status_code == 404
    assert look_up(Client(), case, "country", "x").status_code == 403


def send(browser: Client, case: Case, **typed: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in typed.items()}
    return browser.post(page_path(case, "country"), {"_built_on": 0} | fields)


def test_without_a_script_one_searches_and_chooses(browser: Client, case: Case) -> None:
    found = browser.post(page_path(case, "country"), {"country": "land", "_search": "country"})
    drawn = found.content.decode()

    assert found.status_code == 200
    assert not found.context["form"].summary
    assert 'type="radio" id="id_country-code-0" name="country-code"' in drawn
    assert answers_of(case) == {}
    chosen = send(browser, case, country="land", country_code="IE", country_for="land")
    assert chosen.status_code == 302
    assert answers_of(case) == {"country": "IE"}
    assert 'value="Ireland"' in browser.get(page_path(case, "country")).content.decode()


def test_a_search_that_finds_nothing_says_so(browser: Client, case: Case) -> None:
    found = browser.post(page_path(case, "country"), {"country": "Atlantis", "_search": "country"})

    (line,) = found.context["form"].summary
    assert line.field_id == "id_country"
    assert line.message == (
        "Nothing in the list fits what you typed. Try fewer or other words, or a code."
    )
    assert 'value="Atlantis"' in found.content.decode()


def test_what_is_typed_anew_is_not_the_code_chosen_before(browser: Client, case: Case) -> None:
    answer = send(browser, case, country="Sweden", country_code="NO", country_for="Norway")

    assert answer.status_code == 302
    assert answers_of(case) == {"country": "SE"}


def test_a_text_that_fits_several_codes_is_asked_about(browser: Client, case: Case) -> None:
    answer = send(browser, case, country="land", country_code="NO", country_for="Norway")

    assert [line.message for line in answer.context["form"].summary] == [
        "Choose one of the entries of the list that fit what you typed."
    ]
    assert 'name="country-code"' in answer.content.decode()


def test_a_code_that_is_not_in_the_list_is_not_taken(browser: Client, case: Case) -> None:
    answer = send(browser, case, country="x9", country_code="X9", country_for="x9")

    assert answer.status_code == 200
    assert answers_of(case) == {}
