"""Entries of a roster in the office review: corrected or taken off, with reason and history."""

from typing import Any

import pytest
from django.test import Client

from surveys.models import AnswerEdit, AuditEvent, Case, PageVersion, Response, Survey, Wave
from tests.factories import NOON, make_response
from tests.surveys.panel_roster import LUND, SINTRA, text_of
from tests.surveys.views.test_prior import case_in, wave_with


@pytest.fixture
def case(survey: Survey) -> Case:
    """Handed in with two partners."""
    wave = wave_with(survey, text_of(""), "2025", 2025)
    Wave.objects.update(state="open")
    case = case_in(wave, "R-1")
    listed = {"ties": [SINTRA, LUND]}
    response = make_response(
        case, listed, submitted_at=NOON, reference="R-1", revision=1, page_revisions={"ties": 1}
    )
    PageVersion.objects.create(
        response=response, page="ties", revision=1, answers=listed, saved_at=NOON
    )
    Case.objects.update(disposition="complete", final_code="1.1")
    return case


@pytest.fixture
def owner(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


def address(case: Case, path: str = "") -> str:
    return f"/research/knowledge/2025/fieldwork/{case.public_id}/answers/{path}"


def step(case: Case, entry: str, number: int) -> str:
    return address(case, f"page/ties/?entry={entry}&step={number}")


def test_every_step_of_every_entry_is_offered(case: Case, owner: Client) -> None:
    page = owner.get(address(case)).content.decode()

    assert "Change Sintra, page 1" in page
    assert "entry=lund2345&amp;step=2" in page


def test_an_entry_is_corrected_with_its_reason_and_its_history(case, owner, ada) -> None:
    typed = {"ties.name": "Sintra", "ties.type": "university", "_reason": "Called", "_built_on": 1}

    page = owner.post(step(case, "sint2345", 1), typed, follow=True)

    assert "Answers changed: 1." in page.content.decode()
    assert Response.objects.get().answers == {"ties": [SINTRA | {"type": "university"}, LUND]}
    kept = AnswerEdit.objects.values_list("entry", "item", "before", "after", "reason", "by")
    assert kept.get() == ("sint2345", "ties.type", "firm", "university", "Called", ada.pk)
    assert PageVersion.objects.order_by("revision").last().page == "ties/sint2345/1"
    assert "2 versions" in page.content.decode()
    assert "(Called)" in page.content.decode()
    assert AuditEvent.objects.filter(action="answers_edited", user=ada).exists()


def test_an_entry_is_taken_off_the_list_and_stays_in_the_history(case, owner) -> None:
    typed = {"_remove": "1", "_reason": "Listed twice", "_built_on": 1}

    page = owner.post(step(case, "lund2345", 2), typed, follow=True)

    assert "The partner was taken off the list." in page.content.decode()
    assert Response.objects.get().answers == {"ties": [SINTRA]}
    assert AnswerEdit.objects.values_list("item", "before", "after").get() == ("ties", LUND, None)


@pytest.mark.parametrize("remove", [{}, {"_remove": "1"}])
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"_reason": " "}, "Say why the answer is changed"),
        ({"_reason": "Called", "_built_on": 0}, "The answers have changed meanwhile."),
    ],
)
def test_without_a_reason_or_after_a_change_nothing_is_written(
    case: Case, owner: Client, remove: dict[str, str], sent: dict[str, Any], words: str
) -> None:
    typed = {"ties.name": "Other", "ties.type": "firm", "_built_on": 1} | remove | sent

    page = owner.post(step(case, "sint2345", 1), typed)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert Response.objects.get().answers == {"ties": [SINTRA, LUND]}
    assert not AnswerEdit.objects.exists()


def test_what_is_typed_is_checked_as_the_firms_own(case: Case, owner: Client) -> None:
    page = owner.post(
        step(case, "sint2345", 2), {"ties.since": "1066x", "_reason": "x", "_built_on": 1}
    )

    assert page.status_code == 422
    assert not AnswerEdit.objects.exists()


@pytest.mark.parametrize("wrong", ["?entry=none&step=1", "?entry=sint2345&step=9"])
def test_an_entry_or_step_that_is_not_there_is_not_found(case, owner, wrong: str) -> None:
    assert owner.get(address(case, f"page/ties/{wrong}")).status_code == 404


def test_whoever_may_not_read_answers_may_not_correct_entries(case, client, ben) -> None:
    client.force_login(ben)

    assert client.get(step(case, "sint2345", 1)).status_code == 403
