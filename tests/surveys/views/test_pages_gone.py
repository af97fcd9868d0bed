"""Pages off the route and answers that come too late: what was typed is shown."""

from django.db import connection
from django.test import Client

from surveys.actions import responses
from surveys.actions.closing import close_field
from surveys.models import Case, Response
from tests.factories import NOON
from tests.surveys.firms import DECLARED, answer_everything, answers_of, page_path, save
from tests.surveys.views.disturbed_database import AtTheDatabase
from tests.surveys.views.page_texts import hub, text_of


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


def test_a_page_saved_after_closing_is_shown_to_be_copied(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    close_field(wave=case.wave, by=None, at=NOON)

    page = save(browser, case, "last", comment="Typed too late")

    assert page.status_code == 403
    assert "The survey is closed" in text_of(page)
    assert "Typed too late" in text_of(page)
    assert answers_of(case) == {"new_good": "yes"}


def test_a_page_saved_after_submission_is_shown_and_the_response_stands(
    browser: Client, case: Case
):
    answer_everything(browser, case)
    browser.post(f"{hub(case)}submit/", DECLARED)

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


def test_submitting_after_closing_says_so(browser: Client, case: Case):
    answer_everything(browser, case)
    close_field(wave=case.wave, by=None, at=NOON)

    page = browser.post(f"{hub(case)}submit/", DECLARED)

    assert page.status_code == 403
    assert not Response.objects.get().is_submitted
