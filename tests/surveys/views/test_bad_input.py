"""What firms' browsers send when things go wrong: each gets its page, and nothing is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from surveys.actions import responses
from surveys.models import Case, PageVersion, Response, Wave
from tests.factories import NOON
from tests.surveys.firms import (
    admitted,
    answer_everything,
    answers_of,
    code_of,
    open_case,
    page_path,
    save,
)


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def hub(case: Case) -> str:
    return f"/firm/{case.public_id}/"


def hidden_fields(answer) -> dict[str, list[str]]:
    """The hidden fields of a page, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    ):
        fields.setdefault(name, []).append(value)
    return fields


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class AtTheDatabase:
    """Does something just before the first statements that contain a phrase are executed."""

    def __init__(self, phrase: str, action: Callable[[], object], times: int = 1) -> None:
        self.phrase, self.action, self.left = phrase, action, times

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.phrase in sql and self.left:
            self.left -= 1
            self.action()
        return execute(sql, params, many, context)


def locked() -> None:
    raise OperationalError("database is locked")


# Two people, two tabs


def test_a_second_tab_sees_both_answers_and_nothing_is_overwritten(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine first"})

    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "And mine"})

    assert conflict.status_code == 409
    assert "Mine first" in text_of(conflict)
    assert "And mine" in text_of(conflict)
    assert "Year of start" not in text_of(conflict)
    assert answers_of(case)["comment"] == "Mine first"


@pytest.mark.parametrize(("kept", "stands"), [("saved", "Theirs"), ("mine", "Mine")])
def test_either_answer_can_be_kept(browser: Client, case: Case, kept: str, stands: str):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(
        page_path(case, "last"), {"_built_on": 0, "comment": "Mine", "start_year": "1999"}
    )

    settled = browser.post(
        page_path(case, "last"),
        hidden_fields(conflict) | {"_keep-comment": kept, "_keep-start_year": "mine"},
    )

    assert settled.status_code == 302
    assert answers_of(case)["comment"] == stands
    assert answers_of(case)["start_year"] == 1999


@pytest.mark.parametrize(
    ("page", "theirs", "mine", "item", "stands"),
    [
        ("new_good", {}, {"new_good": "yes"}, "new_good", None),
        ("activity", {"activity": ["research", "other"]}, {}, "activity", ["research", "other"]),
        (
            "sources-fairs",
            {"sources.fairs-importance": "3"},
            {},
            "sources.fairs",
            {"importance": "3", "scale": None},
        ),
        (
            "size",
            {"turnover": "2", "turnover-unit": "thousands"},
            {},
            "turnover",
            {"amount": 2000, "unit": "thousands"},
        ),
    ],
)
def test_the_saved_answer_of_every_kind_can_be_kept(
    browser: Client,
    case: Case,
    page: str,
    theirs: dict[str, Any],
    mine: dict[str, Any],
    item: str,
    stands: Any,
):
    browser.post(page_path(case, page), {"_built_on": 0} | theirs)
    conflict = browser.post(page_path(case, page), {"_built_on": 0} | mine)
    assert conflict.status_code == 409

    fields = hidden_fields(conflict) | {f"_keep-{item}": "saved"}
    assert browser.post(page_path(case, page), fields).status_code == 302
    assert answers_of(case)[item] == stands


def test_a_conflict_without_a_choice_is_shown_again(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine"})

    again = browser.post(page_path(case, "last"), hidden_fields(conflict))

    assert "<title>Error: " in again.content.decode()
    assert "Mine" in text_of(again)
    assert answers_of(case)["comment"] == "Theirs"


def test_a_third_save_during_a_conflict_is_a_conflict_again(browser: Client, case: Case):
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Theirs"})
    conflict = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Mine"})
    browser.post(page_path(case, "last"), {"_built_on": 1, "comment": "A third"})

    again = browser.post(
        page_path(case, "last"), hidden_fields(conflict) | {"_keep-comment": "mine"}
    )

    assert again.status_code == 409
    assert "A third" in text_of(again)


def test_a_double_click_and_a_reloaded_post_are_one_save(browser: Client, case: Case):
    for _ in range(3):
        answer = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Fine"})
        assert answer.status_code == 302

    assert PageVersion.objects.count() == 1


def test_going_back_and_changing_the_answer_is_no_conflict(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    save(browser, case, "turnover_newness")

    reopened = browser.get(page_path(case, "new_good"))
    answer = browser.post(page_path(case, "new_good"), hidden_fields(reopened) | {"new_good": "no"})

    assert answer.status_code == 302
    assert answers_of(case)["new_good"] == "no"


def test_an_error_page_does_not_hide_a_conflict(browser: Client, case: Case):
    wrong = browser.post(page_path(case, "last"), {"_built_on": 0, "start_year": "soon"})
    save(browser, case, "last", comment="Saved meanwhile")

    answer = browser.post(page_path(case, "last"), hidden_fields(wrong) | {"start_year": "1999"})

    assert answer.status_code == 409


# Pages that are not there


def test_a_page_that_has_left_the_route_says_so_and_keeps_what_was_saved(
    browser: Client, case: Case
):
    save(browser, case, "new_good", new_good="yes")
    save(browser, case, "turnover_newness", turnover_newness__new="100")
    save(browser, case, "new_good", new_good="no")

    page = browser.get(page_path(case, "turnover_newness"))
    typed = save(
        browser,
        case,
        "turnover_newness",
        turnover_newness__new="70",
        turnover_newness__unchanged="30",
    )

    assert page.status_code == typed.status_code == 404
    assert "does not apply to your firm now" in text_of(page)
    assert page_path(case, "size") in page.content.decode()
    assert "New goods: 70 %" in text_of(typed)
    assert answers_of(case)["turnover_newness"] == {"new": 100, "unchanged": 0}


def test_a_page_that_leaves_the_route_while_it_is_saved_says_so(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")

    def colleague_says_no() -> None:
        responses.save_page(
            case=case, page="new_good", answers={"new_good": "no"}, built_on=1, at=NOON
        )

    with connection.execute_wrapper(AtTheDatabase("SAVEPOINT", colleague_says_no)):
        page = save(browser, case, "turnover_newness", turnover_newness__new="100")

    assert "does not apply to your firm now" in text_of(page)
    assert "New goods: 100 %" in text_of(page)


def test_a_page_that_never_was_has_a_way_on(browser: Client, case: Case):
    page = browser.get(page_path(case, "nowhere"))

    assert page.status_code == 404
    assert "There is no such page" in text_of(page)
    assert page_path(case, "new_good") in page.content.decode()


# The survey ends


def test_a_page_saved_after_closing_is_shown_to_be_copied(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    Wave.objects.update(state="closed", closed_at=NOON)

    page = save(browser, case, "last", comment="Typed too late")

    assert page.status_code == 403
    assert "The survey is closed" in text_of(page)
    assert "Typed too late" in text_of(page)
    assert answers_of(case) == {"new_good": "yes"}


def test_submitting_after_closing_says_so(browser: Client, case: Case):
    answer_everything(browser, case)
    Wave.objects.update(state="closed", closed_at=NOON)

    page = browser.post(f"{hub(case)}submit/")

    assert page.status_code == 403
    assert not Response.objects.get().is_submitted


def test_a_page_saved_after_submission_is_shown_and_the_response_stands(
    browser: Client, case: Case
):
    answer_everything(browser, case)
    browser.post(f"{hub(case)}submit/")

    page = save(browser, case, "last", comment="Typed too late")

    assert page.status_code == 409
    assert "has already been submitted" in text_of(page)
    assert "Typed too late" in text_of(page)
    assert answers_of(case)["comment"] == "Fine"


def test_a_page_saved_at_the_moment_of_submission_is_shown(browser: Client, case: Case):
    answer_everything(browser, case)

    def colleague_submits() -> None:
        responses.submit(case=case, at=NOON)

    with connection.execute_wrapper(AtTheDatabase("SAVEPOINT", colleague_submits)):
        page = save(browser, case, "last", comment="Typed too late")

    assert page.status_code == 409
    assert answers_of(case)["comment"] == "Fine"
    assert "Typed too late" in text_of(page)


# The visit ends


def test_what_was_typed_survives_the_end_of_the_visit(case: Case):
    with time_machine.travel(NOON, tick=False):
        browser = admitted(case)
        opened = browser.get(page_path(case, "last"))
        typed = hidden_fields(opened) | {"comment": "Typed <slowly>", "start_year": "1999"}
    with time_machine.travel(NOON.replace(day=23), tick=False):
        over = browser.post(page_path(case, "last"), typed)
        assert over.status_code == 403
        assert "What you typed on the last page has been kept" in text_of(over)
        assert answers_of(case) == {}

        carried = {
            name: [value.replace("&lt;", "<").replace("&gt;", ">") for value in values]
            for name, values in hidden_fields(over).items()
        }
        mistyped = browser.post("/answer/", carried | {"access_code": "7K3F"})
        assert hidden_fields(mistyped).keys() >= {"comment", "start_year", "_case", "_page"}

        back = browser.post("/answer/", carried | {"access_code": code_of(case)})

    assert back.status_code == 302
    assert answers_of(case)["comment"] == "Typed <slowly>"
    assert answers_of(case)["start_year"] == 1999


def test_what_was_typed_wrongly_before_the_visit_ended_is_shown_again(case: Case):
    browser = admitted(case)
    browser.cookies.clear()
    over = browser.post(page_path(case, "last"), {"_built_on": 0, "start_year": "soon"})

    page = browser.post("/answer/", hidden_fields(over) | {"access_code": code_of(case)})

    assert page.status_code == 200
    assert 'value="soon"' in page.content.decode()
    assert f'action="{page_path(case, "last")}"' in page.content.decode()


def test_what_was_typed_for_one_firm_is_not_saved_for_another(case: Case):
    other = open_case(slug="other", text=OTHER_QUESTIONNAIRE)
    browser = Client()
    over = browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "Of the first firm"})

    answer = browser.post("/answer/", hidden_fields(over) | {"access_code": code_of(other)})

    assert answer["Location"] == hub(other)
    assert not Response.objects.exists()


OTHER_QUESTIONNAIRE = """
instrument: other
version: "1"
title: Other
sections:
  - name: only
    title: Only
    pages:
      - name: last
        title: Last
        items:
          - {name: comment, kind: text, label: Comment}
"""


# Stale tokens


@pytest.fixture
def strict(case: Case) -> Client:
    """A browser whose tokens are checked, admitted to the case."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/answer/")
    token = hidden_fields(page)["csrfmiddlewaretoken"][0]
    client.post("/answer/", {"csrfmiddlewaretoken": token, "access_code": code_of(case)})
    return client


def test_a_stale_token_keeps_what_was_typed_and_sends_it_again(strict: Client, case: Case):
    page = strict.post(
        page_path(case, "last"),
        {"_built_on": 0, "comment": "Typed slowly", "csrfmiddlewaretoken": "stale"},
    )

    assert page.status_code == 403
    assert "What you typed has been kept" in text_of(page)
    assert "no-store" in page["Cache-Control"]
    answer = strict.post(page_path(case, "last"), hidden_fields(page))
    assert answer.status_code == 302
    assert answers_of(case)["comment"] == "Typed slowly"


def test_a_stale_token_after_the_visit_has_ended_loses_nothing_either(strict: Client, case: Case):
    strict.cookies.clear()
    stale = strict.post(page_path(case, "last"), {"_built_on": 0, "comment": "Typed slowly"})
    assert "Cookies are needed" in text_of(stale)

    over = strict.post(page_path(case, "last"), hidden_fields(stale))
    back = strict.post("/answer/", hidden_fields(over) | {"access_code": code_of(case)})

    assert back.status_code == 302
    assert answers_of(case)["comment"] == "Typed slowly"


def test_a_form_from_another_site_is_not_offered_again(strict: Client, case: Case):
    page = strict.post(
        page_path(case, "last"),
        {"_built_on": 0, "comment": "Forged"},
        headers={"Origin": "https://evil.example"},
    )

    assert page.status_code == 403
    assert "This form was not accepted" in text_of(page)
    assert "Forged" not in page.content.decode()


def test_a_stale_token_at_the_door_asks_for_the_code_again(case: Case):
    client = Client(enforce_csrf_checks=True)

    page = client.post("/answer/", {"access_code": "7K3F-92QX"})

    assert page.status_code == 403
    assert "Allow cookies" in text_of(page)
    assert "7K3F" not in page.content.decode()


# Tampered and damaged


def test_codes_that_are_not_listed_are_refused_and_not_stored(browser: Client, case: Case):
    page = save(browser, case, "activity", activity=["research", "'; drop table"])

    assert "Choose one of the answers listed on this page." in text_of(page)
    assert answers_of(case) == {}


def test_fields_that_are_not_on_the_page_are_left_aside(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes", employment="5", is_admin="1", answers="{}")

    assert answers_of(case) == {"new_good": "yes"}


@pytest.mark.parametrize("built_on", ["", "-1", "1e9", "٣", "9" * 50, "x"])
def test_a_damaged_revision_never_overwrites(browser: Client, case: Case, built_on: str):
    save(browser, case, "last", comment="Saved")

    answer = browser.post(page_path(case, "last"), {"_built_on": built_on, "comment": "Other"})

    assert answer.status_code == 409
    assert answers_of(case)["comment"] == "Saved"


@pytest.mark.parametrize(
    ("typed", "kept"), [("nul\x00 byte", "nul byte"), ("\u202etfel\u202c", "tfel"), ("\x00", None)]
)
def test_unseen_signs_are_not_stored(browser: Client, case: Case, typed: str, kept: str | None):
    save(browser, case, "last", comment=typed)

    assert answers_of(case)["comment"] == kept


def test_bytes_that_are_no_text_are_stored_as_text(browser: Client, case: Case):
    browser.post(
        page_path(case, "last"),
        data=b"_built_on=0&comment=%ff%fe%00caf%e9",
        content_type="application/x-www-form-urlencoded",
    )

    assert answers_of(case)["comment"] == "\ufffd\ufffdcaf\ufffd"


def test_five_thousand_characters_are_refused_with_both_numbers_and_kept(
    browser: Client, case: Case
):
    page = save(browser, case, "last", comment="ø" * 5000)

    assert "200 characters; it has 5 000." in text_of(page)
    assert "ø" * 5000 in page.content.decode()
    assert answers_of(case) == {}


def test_too_much_at_once_is_answered_in_words(browser: Client, case: Case):
    save(browser, case, "last", comment="Saved")

    page = save(browser, case, "last", comment="x" * 3_000_000)

    assert page.status_code == 413
    assert "This is more than one page can hold" in text_of(page)
    assert answers_of(case)["comment"] == "Saved"


def test_too_many_fields_are_answered_in_words(browser: Client, case: Case):
    page = browser.post(page_path(case, "last"), {f"field{n}": "x" for n in range(2000)})

    assert page.status_code == 413


def test_a_broken_multipart_form_is_answered_in_words(browser: Client, case: Case):
    page = browser.post(
        page_path(case, "last"), data=b"--x\r\nbroken", content_type="multipart/form-data"
    )

    assert page.status_code == 400
    assert "The form could not be read" in text_of(page)


def test_a_busy_database_is_tried_twice_and_then_keeps_what_was_typed(browser: Client, case: Case):
    with connection.execute_wrapper(AtTheDatabase("surveys_pageversion", locked, times=2)):
        page = save(browser, case, "last", comment="Typed")

    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert hidden_fields(page)["comment"] == ["Typed"]
    assert not PageVersion.objects.exists()
    assert browser.post(page_path(case, "last"), hidden_fields(page)).status_code == 302
    assert answers_of(case)["comment"] == "Typed"


def test_a_database_that_is_busy_once_is_not_noticed(browser: Client, case: Case):
    with connection.execute_wrapper(AtTheDatabase("surveys_pageversion", locked)):
        answer = save(browser, case, "last", comment="Typed")

    assert answer.status_code == 302
    assert answers_of(case)["comment"] == "Typed"
    assert PageVersion.objects.count() == 1


def test_a_busy_database_at_submission_offers_to_send_again(browser: Client, case: Case):
    answer_everything(browser, case)

    with connection.execute_wrapper(AtTheDatabase("UPDATE", locked, times=2)):
        page = browser.post(f"{hub(case)}submit/")

    assert page.status_code == 503
    assert f'action="{hub(case)}submit/"' in page.content.decode()
    assert not Response.objects.get().is_submitted
