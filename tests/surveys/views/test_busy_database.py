"""A database that is busy: what was typed is kept and can be sent again."""

from django.db import connection
from django.test import Client

from surveys.models import Case, PageVersion, Response
from tests.surveys.firms import DECLARED, answer_everything, answers_of, page_path, save
from tests.surveys.views.disturbed_database import AtTheDatabase, locked
from tests.surveys.views.page_texts import hidden_fields, hub


def test_a_busy_database_is_tried_twice_and_then_keeps_what_was_typed(browser: Client, case: Case):
    with connection.execute_wrapper(AtTheDatabase("surveys_pageversion", locked, times=2)):
        page = save(browser, case, "last", comment="Typed")

    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert hidden_fields(page)["comment"] == ["Typed"]
    assert not PageVersion.objects.exists()
    assert browser.post(page_path(case, "last"), hidden_fields(page)).status_code == 302
    assert answers_of(case)["comment"] == "Typed"


def test_a_busy_database_at_submission_offers_to_send_again(browser: Client, case: Case):
    answer_everything(browser, case)

    with connection.execute_wrapper(AtTheDatabase("UPDATE", locked, times=2)):
        page = browser.post(f"{hub(case)}submit/", DECLARED)

    assert page.status_code == 503
    assert f'action="{hub(case)}submit/"' in page.content.decode()
    assert not Response.objects.get().is_submitted


def test_a_database_that_is_busy_once_is_not_noticed(browser: Client, case: Case):
    with connection.execute_wrapper(AtTheDatabase("surveys_pageversion", locked)):
        answer = save(browser, case, "last", comment="Typed")

    assert answer.status_code == 302
    assert answers_of(case)["comment"] == "Typed"
    assert PageVersion.objects.count() == 1
