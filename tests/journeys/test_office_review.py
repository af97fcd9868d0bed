"""The office returns a response, the firm reads why and hands in again, the office accepts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.actions import invitations, responses
from surveys.models import AnswerEdit, Case, OfficeReview, Survey, User
from tests.factories import make_case, make_stratum
from tests.journeys.eyes import Eyes
from tests.surveys.views.world import open_wave

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
COMMENT = "Is 12 right? Last time you told us of 120."


@pytest.fixture
def case(survey: Survey) -> Case:
    """A firm that handed in an hour ago."""
    wave = open_wave(survey)
    case = make_case(wave, make_stratum(wave), firm_name="Nord AS")
    at = timezone.now() - timedelta(hours=1)
    answers = {"employment_last": 12, "comment": None}
    responses.save_page(case=case, page="size", answers=answers, built_on=0, at=at)
    responses.submit(case=case, at=at)
    return case


def test_answers_go_back_with_a_comment_and_come_again(
    live_server: Any, visit: Visit, eyes: Eyes, case: Case, ada: User
) -> None:
    office = visit()
    office.goto(f"{live_server.url}/login/")
    office.locator("[name=username]").fill(ada.username)
    office.locator("[name=password]").fill("a long password")
    office.locator("main button[type=submit]").click()
    expect(office.get_by_role("button", name="Log out")).to_be_visible()
    review = f"{live_server.url}{case.wave.get_absolute_url()}fieldwork/{case.public_id}/answers/"
    office.goto(review)
    eyes.look(office, "review")
    office.get_by_role("button", name="Return to the firm").click()
    expect(office.get_by_text("Write what the firm is to look at")).to_be_visible()
    office.get_by_label("Comment").fill(COMMENT)
    office.get_by_role("button", name="Return to the firm").click()
    expect(office.get_by_text("The answers went back.")).to_be_visible()

    firm = visit(width=390)
    now = timezone.now()
    _, code = invitations.issue(case=case, at=now, expires_at=now + timedelta(days=1))
    firm.goto(f"{live_server.url}/answer/{code}/")
    firm.locator("main button[type=submit]").click()
    expect(firm.get_by_text(COMMENT)).to_be_visible()
    eyes.look(firm, "returned")
    later = timezone.now()
    responses.save_page(
        case=Case.objects.get(), page="size", answers={"employment_last": 120, "comment": None},
        built_on=1, at=later,
    )  # fmt: skip
    responses.submit(case=Case.objects.get(), at=later)

    office.goto(review)
    expect(office.get_by_text("2 versions")).to_be_visible()
    office.locator('a[href*="answers/page/size"]').first.click()
    office.get_by_label("Persons employed").fill("121")
    office.get_by_label("Reason for the change").fill("Told on the phone")
    office.get_by_role("button", name="Keep the change").click()
    expect(office.get_by_text("Answers changed: 1.")).to_be_visible()
    office.get_by_role("button", name="Accept").click()
    expect(office.get_by_text("The answers were accepted.")).to_be_visible()
    eyes.look(office, "accepted")
    assert list(OfficeReview.objects.values_list("verdict", flat=True)) == ["returned", "accepted"]
    assert AnswerEdit.objects.get().after == 121
