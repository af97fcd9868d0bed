"""The office review: who reads answers, what goes back, what is corrected, what is kept."""

from datetime import timedelta

import pytest
from django.test import Client

from surveys.actions import responses
from surveys.models import AnswerEdit, AuditEvent, Case, OfficeReview, PageVersion, Survey, Wave
from tests.factories import NOON
from tests.surveys.views.world import case_with_code, open_wave

WAVE = "/research/knowledge/2025/"


@pytest.fixture
def wave(survey: Survey) -> Wave:
    return open_wave(survey)


@pytest.fixture
def case(wave: Wave) -> Case:
    """Handed in: 12 persons employed, a comment."""
    case, _ = case_with_code(wave)
    answers = {"employment_last": 12, "comment": "Fine"}
    responses.save_page(case=case, page="size", answers=answers, built_on=0, at=NOON)
    responses.submit(case=case, at=NOON + timedelta(minutes=5))
    return case


def answers(case: Case, path: str = "") -> str:
    return f"{WAVE}fieldwork/{case.public_id}/answers/{path}"


def test_the_owner_reads_the_answers_beside_the_firm(case: Case, client: Client, ada) -> None:
    client.force_login(ada)

    page = client.get(answers(case))

    assert page.status_code == 200
    assert "Persons employed" in page.content.decode()
    assert "Fine" in page.content.decode()


def test_whoever_knows_the_firms_by_name_does_not_read_answers(
    case: Case, client: Client, ben
) -> None:
    client.force_login(ben)

    assert client.get(answers(case)).status_code == 403
    assert client.get(answers(case, "page/size/")).status_code == 403
    assert client.post(answers(case, "return/"), {"comment": "x"}).status_code == 403


def test_answers_are_accepted_and_who_did_it_is_kept(case: Case, client: Client, ada) -> None:
    client.force_login(ada)

    page = client.post(answers(case, "accept/"), {"comment": "Checked"}, follow=True)

    assert "The answers were accepted." in page.content.decode()
    assert OfficeReview.objects.values_list("verdict", "comment", "by").get() == (
        "accepted", "Checked", ada.pk,
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="response_accepted", user=ada).exists()
    assert Case.objects.get().disposition == "complete"


def test_a_return_needs_a_word_for_the_firm(case: Case, client: Client, ada) -> None:
    client.force_login(ada)

    page = client.post(answers(case, "return/"), {"comment": "  "})

    assert page.status_code == 422
    assert "Write what the firm is to look at" in page.content.decode()
    assert not OfficeReview.objects.exists()


def test_what_goes_back_is_open_again_and_counts_by_what_it_holds(case, client, ada) -> None:
    client.force_login(ada)
    reference = case.response.reference if hasattr(case, "response") else ""

    client.post(answers(case, "return/"), {"comment": "Is 12 right?"})

    case = Case.objects.select_related("response").get()
    assert (case.disposition, case.final_code) == ("started", "1.2")
    assert not case.response.is_submitted
    assert case.response.reference
    assert reference in ("", case.response.reference)
    assert case.response.answers["employment_last"] == 12


def test_an_answer_is_corrected_with_its_reason_and_both_are_kept(case, client, ada) -> None:
    client.force_login(ada)
    typed = {
        "employment_last": "21",
        "comment": "Fine",
        "_reason": "Turned digits",
        "_built_on": "1",
    }

    page = client.post(answers(case, "page/size/"), typed, follow=True)

    assert "Answers changed: 1." in page.content.decode()
    assert AnswerEdit.objects.values_list("item", "before", "after", "reason", "by").get() == (
        "employment_last", 12, 21, "Turned digits", ada.pk,
    )  # fmt: skip
    assert PageVersion.objects.values_list("answers", "by").last() == (
        {"employment_last": 21}, ada.pk,
    )  # fmt: skip
    shown = page.content.decode()
    assert "2 versions" in shown
    assert "Turned digits" in shown
    assert Case.objects.get().response.is_submitted


def test_a_correction_without_a_reason_keeps_what_was_typed(case, client, ada) -> None:
    client.force_login(ada)

    page = client.post(answers(case, "page/size/"), {"employment_last": "21", "_built_on": "1"})

    assert page.status_code == 422
    assert 'value="21"' in page.content.decode()
    assert "Say why the answer is changed" in page.content.decode()
    assert not AnswerEdit.objects.exists()


def test_a_correction_is_checked_as_the_firms_own_answers_are(case, client, ada) -> None:
    client.force_login(ada)
    typed = {"employment_last": "-3", "_reason": "Typing", "_built_on": "1"}

    page = client.post(answers(case, "page/size/"), typed)

    assert page.status_code == 422
    assert not AnswerEdit.objects.exists()


def test_a_correction_of_answers_that_have_changed_since_is_refused(case, client, ada) -> None:
    client.force_login(ada)
    typed = {"employment_last": "21", "_reason": "Typing", "_built_on": "0"}

    page = client.post(answers(case, "page/size/"), typed)

    assert "The answers have changed meanwhile." in page.content.decode()
    assert not AnswerEdit.objects.exists()


def test_a_frozen_wave_is_reviewed_no_more(case, client, ada, wave) -> None:
    Wave.objects.update(state="closed", closed_at=NOON, frozen_at=NOON)
    client.force_login(ada)

    client.post(answers(case, "accept/"), {"comment": ""})

    assert not OfficeReview.objects.exists()
    assert "frozen" in client.get(answers(case)).content.decode()
