"""A roster filled in as a sheet of a workbook, and weighed against what is saved."""

from typing import Any

import pytest
from django.test import Client

from surveys.models import Case, Response
from tests.surveys.firms import admitted, answers_of, open_case
from tests.surveys.panel_roster import send_step, step_path
from tests.surveys.roster_sheets import (
    SHEET,
    TEXT,
    cell,
    confirmed,
    downloaded,
    empty,
    fates,
    fill,
    ties,
    two_partners,
)
from tests.surveys.views.test_offline import uploaded
from tests.surveys.views.test_prior import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    return open_case(TEXT)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def test_rows_become_entries_and_the_list_is_closed(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Sintra", What="A firm", together__Trade="x", Sales__EUR="2 500", Visits=3)
    cell(book, 1, "Sales", "thousands").value = "units"
    fill(book, 3, "Lund", What="Else", together__Research="yes")
    cell(book, 3, "Else").value = "A guild"

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Sintra", "added"), ("Lund", "added")]
    assert "Sales to Sintra" in words(answer)
    assert answers_of(case) == {}
    assert confirmed(browser, case, answer).status_code == 302
    sintra, lund = ties(case)
    assert sintra | {"entry": ""} == {
        "entry": "", "name": "Sintra", "type": "firm", "type.other": None,
        "content": ["trade"], "sales": {"amount": 2500, "unit": "units"}, "visits": 3,
    }  # fmt: skip
    assert (lund["name"], lund["type"], lund["type.other"]) == ("Lund", "other", "A guild")
    assert "ties" in Response.objects.get().page_revisions


def test_the_sheet_comes_filled_in_says_how_rows_go_and_is_locked(
    case: Case, browser: Client
) -> None:
    two_partners(browser, case)

    book = downloaded(browser, case)

    assert cell(book, 2, "Name").value == "Lund"
    assert cell(book, 2, "together", "Research").value == "yes"
    texts = " ".join(str(row[0].value) for row in book[SHEET].iter_rows(max_col=1))
    assert "A row that you empty takes its partner off the list, once you tick that" in texts
    assert book[SHEET].protection.sheet
    assert cell(book, 1, "Name").protection.locked is False
    assert book[SHEET]["A1"].protection.locked is True
    assert len(book[SHEET].data_validations.dataValidation) >= 3
    assert "Fill this list in on the sheet “Partners”" in " ".join(
        str(row[0].value) for row in book["Questions"].iter_rows(max_col=1)
    )


def test_the_same_file_uploaded_twice_adds_nothing_twice(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Sintra", What="A university")
    for _ in range(2):
        answer = uploaded(browser, case, book)
        confirmed(browser, case, answer)

    assert fates(answer) == [("Sintra", "unchanged")]
    assert [each["name"] for each in ties(case)] == ["Sintra"]


def test_an_emptied_row_goes_only_if_that_is_ticked(case: Case, browser: Client) -> None:
    sintra, lund = two_partners(browser, case)
    book = downloaded(browser, case)
    empty(book, 1)

    answer = uploaded(browser, case, book)
    assert fates(answer) == [("Sintra", "removed"), ("Lund", "unchanged")]
    assert "Take “Sintra” off the list, with all answers about it" in words(answer)

    confirmed(browser, case, answer)
    assert [each["entry"] for each in ties(case)] == [sintra, lund]
    confirmed(browser, case, answer, sintra)
    assert [each["entry"] for each in ties(case)] == [lund]


def test_a_change_is_shown_with_what_is_saved(case: Case, browser: Client) -> None:
    sintra, _ = two_partners(browser, case)
    book = downloaded(browser, case)
    cell(book, 1, "What").value = "A firm"

    answer = uploaded(browser, case, book)

    assert fates(answer)[0] == ("Sintra", "changed")
    assert "What is it? Before: A university In the file: A firm" in words(answer)
    confirmed(browser, case, answer)
    assert (ties(case)[0]["entry"], ties(case)[0]["type"]) == (sintra, "firm")


def test_what_a_colleague_saved_meanwhile_is_not_written_over(case: Case, browser: Client) -> None:
    sintra, lund = two_partners(browser, case)
    book = downloaded(browser, case)
    send_step(browser, case, sintra, 1, name="Sintra", type="firm")
    send_step(browser, case, lund, 1, name="Lund", type="firm")
    browser.post(step_path(case, "gone2345", 1), {"_built_on": 99, "ties.name": "Oslo"})
    cell(book, 2, "What").value = "Else"

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Sintra", "unchanged"), ("Lund", "changed")]
    assert "Saved since you downloaded the file: A firm" in words(answer)
    confirmed(browser, case, answer)
    assert [(each["name"], each.get("type")) for each in ties(case)] == [
        ("Sintra", "firm"), ("Lund", "firm"), ("Oslo", None),
    ]  # fmt: skip
    confirmed(browser, case, uploaded(browser, case, book), lund)
    assert ties(case)[1]["type"] == "other"


def test_an_entry_that_a_colleague_took_off_stays_off_unless_the_file_says_more(
    case: Case, browser: Client
) -> None:
    sintra, lund = two_partners(browser, case)
    book = downloaded(browser, case)
    for key in (sintra, lund):
        browser.post(step_path(case, key, "remove"))
    cell(book, 2, "What").value = "A firm"

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Lund", "added_again")]
    confirmed(browser, case, answer)
    assert ties(case) == []
    confirmed(browser, case, uploaded(browser, case, book), lund)
    assert [each["name"] for each in ties(case)] == ["Lund"]


def test_two_people_who_fill_in_copies_of_one_file_lose_nothing(
    case: Case, browser: Client
) -> None:
    mine, theirs = (downloaded(browser, case) for _ in range(2))
    theirs["Milieu"].delete_rows(1, theirs["Milieu"].max_row)
    for row in mine["Milieu"].iter_rows(values_only=True):
        theirs["Milieu"].append(row)
    for book, name in ((mine, "Sintra"), (theirs, "Lund"), (theirs, "Lund")):
        fill(book, 1, name, What="A university")
        answer = uploaded(browser, case, book)
        (page,) = answer.context["pages"]
        confirmed(browser, case, answer, *(each.key for each in page.entries))

    assert [each["name"] for each in ties(case)] == ["Sintra", "Lund"]


def test_a_list_written_to_while_the_file_was_looked_at_is_shown_anew(
    case: Case, browser: Client
) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Sintra", What="A university")
    answer = uploaded(browser, case, book)
    send_step(browser, case, "oslo2345", 1, name="Oslo")

    again = confirmed(browser, case, answer)

    assert again.status_code == 200
    assert [each["name"] for each in ties(case)] == ["Oslo"]


@pytest.mark.parametrize(
    ("heads", "value", "sentence"),
    [
        (("Name",), None, "Sheet “Partners”, row 12, Name: Enter a name for the partner."),
        (("Visits",), "many", "Sheet “Partners”, row 12, Visits: Enter a number in figures"),
        (("Visits",), "401", "Sheet “Partners”, row 12, Visits: Enter a number"),
        (("What",), "A guild", "which is not in its list"),
        (("Visits",), "=1+1", "holds a formula"),
        (("together", "Trade"), "perhaps", "Partners, row 12, What do you do together?: Trade"),
    ],
)
def test_what_is_wrong_is_told_with_sheet_row_and_question(
    case: Case, browser: Client, heads: tuple[str, ...], value: Any, sentence: str
) -> None:
    book = downloaded(browser, case)
    fill(book, 2, "Sintra", What="A firm", Visits=3)
    cell(book, 2, *heads).value = value

    answer = uploaded(browser, case, book)

    assert sentence in words(answer)
    confirmed(browser, case, answer)
    assert answers_of(case) == {}


def test_what_is_not_asked_of_an_entry_is_named_and_left_out(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Lund", What="A university", Visits=3)

    answer = uploaded(browser, case, book)

    assert "Not asked after the other answers, and left out: Visits" in words(answer)
    confirmed(browser, case, answer)
    assert ties(case)[0]["name"] == "Lund"


def test_the_edits_of_the_page_speak_of_the_list_in_the_file(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    for number in range(1, 5):
        fill(book, number, f"Partner {number}", What="A university")

    answer = uploaded(browser, case, book)

    assert "More than three partners cannot be right." in words(answer)
    assert not answer.context["may_save"]


def test_an_empty_list_is_said_to_be_one(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    row = next(
        row[0].row for row in book[SHEET].iter_rows(max_col=1)
        if row[0].value == "There are no partners to list"
    )  # fmt: skip
    book[SHEET].cell(row, 2).value = "yes"
    confirmed(browser, case, uploaded(browser, case, book))
    assert answers_of(case) == {"ties": []}

    fill(book, 1, "Sintra")
    assert "Keep only one of the two." in words(uploaded(browser, case, book))
