"""A roster's sheet that comes back after the list was written to, by a colleague or by itself."""

from typing import Any

import pytest
from django.test import Client

from surveys.models import Case, Response
from tests.surveys.firms import admitted, open_case, page_path
from tests.surveys.panel_roster import flags_of, panel_case, send_step, step_path
from tests.surveys.roster_sheets import (
    TEXT,
    cell,
    confirmed,
    downloaded,
    fates,
    fill,
    ties,
    two_partners,
)
from tests.surveys.views.test_offline import uploaded
from tests.surveys.views.test_prior import words

pytestmark = pytest.mark.django_db


def panel(survey: Any, mode: str, of_type: str = "") -> tuple[Case, Client, Any]:
    """A firm that listed Sintra and Lund in the wave before, and its sheet of this one."""
    case = panel_case(survey, mode, of_type)
    browser = admitted(case)
    return case, browser, downloaded(browser, case)


def told(book: Any, sintra: str, lund: str) -> None:
    cell(book, 1, "Compared with").value = sintra
    cell(book, 2, "Compared with").value = lund


def keys(case: Case) -> list[str]:
    return [each["entry"] for each in ties(case)]


def test_what_no_longer_applies_stays_off_when_the_file_comes_again(survey):
    case, browser, book = panel(survey, "confirmed")
    told(book, "Still right", "No longer applies")
    for _ in range(2):
        answer = uploaded(browser, case, book)
        confirmed(browser, case, answer)

    assert fates(answer) == [("Sintra", "unchanged")]
    assert keys(case) == ["sint2345"]
    assert flags_of(case)["lund2345"] == "gone"


def test_a_new_row_that_no_longer_applies_adds_nothing(survey):
    case, browser, book = panel(survey, "confirmed")
    told(book, "Still right", "Still right")
    fill(book, 3, "Oslo", What="A firm")
    cell(book, 3, "Compared with").value = "No longer applies"

    confirmed(browser, case, uploaded(browser, case, book))

    assert keys(case) == ["sint2345", "lund2345"]


@pytest.mark.parametrize(("said", "asked"), [(None, []), ("Still right", ["Lund"])])
def test_what_a_colleague_took_off_comes_back_only_if_that_is_ticked(survey, said, asked):
    case, browser, book = panel(survey, "confirmed")
    browser.post(step_path(case, "lund2345", "remove"))
    told(book, "Still right", said)

    answer = uploaded(browser, case, book)

    assert [name for name, fate in fates(answer) if fate == "added_again"] == asked
    confirmed(browser, case, answer)
    assert (keys(case), flags_of(case)["lund2345"]) == (["sint2345"], "gone")
    confirmed(browser, case, uploaded(browser, case, book), "lund2345")
    assert keys(case) == ["sint2345", "lund2345"][: 1 + len(asked)]


def test_a_name_put_right_in_the_file_keeps_the_entry_that_a_colleague_confirmed(survey):
    case, browser, book = panel(survey, "confirmed")
    browser.post(page_path(case, "ties"), {"_still": "lund2345"})
    told(book, "Still right", "Something changed")
    cell(book, 2, "Name").value = "Lund University"

    confirmed(browser, case, uploaded(browser, case, book))

    assert {each["entry"]: each["name"] for each in ties(case)} == {
        "lund2345": "Lund University", "sint2345": "Sintra",
    }  # fmt: skip


def test_what_a_colleague_saved_meanwhile_goes_only_if_that_is_ticked(survey):
    case, browser, book = panel(survey, "confirmed")
    send_step(browser, case, "lund2345", 1, name="Lund", type="firm")
    browser.post(page_path(case, "ties"), {"_still": "sint2345"})
    told(book, "No longer applies", "No longer applies")

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Sintra", "removed"), ("Lund", "removed")]
    assert "Saved by someone since" in words(answer)
    assert "Row emptied" not in words(answer)
    confirmed(browser, case, answer)
    assert sorted(keys(case)) == ["lund2345", "sint2345"]
    confirmed(browser, case, uploaded(browser, case, book), "lund2345", "sint2345")
    assert keys(case) == []


def test_a_name_of_the_wave_before_is_the_same_entry_when_the_file_comes_again(survey):
    case, browser, book = panel(survey, "shown")
    fill(book, 1, "Sintra", What="A firm", Since="2014")
    for _ in range(2):
        answer = uploaded(browser, case, book)
        confirmed(browser, case, answer)

    assert fates(answer) == [("Sintra", "unchanged")]
    assert keys(case) == ["sint2345"]


@pytest.fixture
def case(db: None) -> Case:
    return open_case(TEXT)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def test_a_new_row_whose_name_was_put_right_asks_and_names_what_it_was(
    case: Case, browser: Client
) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Nrod AS", What="A university")
    confirmed(browser, case, uploaded(browser, case, book))
    cell(book, 1, "Name").value = "Nord AS"

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Nord AS", "added")]
    assert "Add “Nord AS” as well. This row is on the list as “Nrod AS”" in words(answer)
    confirmed(browser, case, answer)
    assert [each["name"] for each in ties(case)] == ["Nrod AS"]
    (page,) = answer.context["pages"]
    confirmed(browser, case, uploaded(browser, case, book), page.entries[0].key)
    assert [each["name"] for each in ties(case)] == ["Nrod AS", "Nord AS"]


def test_a_new_row_that_was_taken_off_meanwhile_asks(case: Case, browser: Client) -> None:
    book = downloaded(browser, case)
    fill(book, 1, "Sintra", What="A university")
    confirmed(browser, case, uploaded(browser, case, book))
    browser.post(step_path(case, keys(case)[0], "remove"))

    answer = uploaded(browser, case, book)

    assert fates(answer) == [("Sintra", "added_again")]
    confirmed(browser, case, answer)
    assert ties(case) == []


def test_a_look_at_the_whole_list_is_kept_though_no_entry_changes(db: None) -> None:
    case = open_case(TEXT.replace("severity: hard", "severity: soft").replace("> 3", "> 1"))
    browser = admitted(case)
    two_partners(browser, case)
    Response.objects.update(edit_decisions={})

    answer = uploaded(browser, case, downloaded(browser, case))

    assert "More than three partners cannot be right." in words(answer)
    confirmed(browser, case, answer)
    assert Response.objects.get().edit_decisions["two_alike"]["kept"] is True
