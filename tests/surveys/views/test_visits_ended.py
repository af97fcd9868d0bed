"""A visit or its token ends while a firm types: nothing is lost."""

import pytest
import time_machine
from django.test import Client

from surveys.models import Case, Response
from tests.factories import NOON
from tests.surveys.firms import admitted, answers_of, code_of, open_case, page_path
from tests.surveys.views.page_texts import hidden_fields, hub, text_of


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


def test_a_stale_token_at_the_door_asks_for_the_code_again(case: Case):
    client = Client(enforce_csrf_checks=True)

    page = client.post("/answer/", {"access_code": "7K3F-92QX"})

    assert page.status_code == 403
    assert "Allow cookies" in text_of(page)
    assert "7K3F" not in page.content.decode()


def test_a_form_from_another_site_is_not_offered_again(strict: Client, case: Case):
    page = strict.post(
        page_path(case, "last"),
        {"_built_on": 0, "comment": "Forged"},
        headers={"Origin": "https://evil.example"},
    )

    assert page.status_code == 403
    assert "This form was not accepted" in text_of(page)
    assert "Forged" not in page.content.decode()
