"""Letters are made by themselves on the day of their step, once, and wait to be printed."""

# ruff: noqa: F811 -- fixtures of another file are asked for by their names
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from surveys import tasks
from surveys.actions import mailings
from surveys.fieldwork.protocols import Audience
from surveys.models import ContactAttempt, Mailing
from surveys.queries.contacts import steps_due
from surveys.queries.protocol_line import protocol_line
from tests.factories import make_response
from tests.surveys.actions.test_mailings import a_step, files, firms, make, wave  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 9, 1, 10, tzinfo=UTC)


@pytest.fixture
def step(wave):
    return a_step(wave)


def asked(at: datetime) -> int:
    return sum(mailing.total for mailing in mailings.ask_what_is_due(at=at))


def test_letters_are_asked_for_on_the_day_of_their_step_and_once(step, firms):
    assert asked(DAY - timedelta(days=1)) == 0
    assert asked(DAY.replace(hour=3)) == 0
    assert asked(DAY) == 3
    assert asked(DAY + timedelta(minutes=1)) == 0
    assert asked(DAY + timedelta(days=1)) == 0
    assert Mailing.objects.get().by is None


def test_of_two_clocks_that_saw_the_step_due_one_asks(step, firms):
    [seen] = steps_due(DAY, channel="letter")
    mailings.ask_what_is_due(at=DAY)
    ContactAttempt.objects.filter(case__pseudonym="c").delete()

    with pytest.raises(mailings.NobodyToWriteTo):
        mailings._ask(seen, by=None, at=DAY, by_itself=True)


def test_thanks_by_letter_are_one_file_a_day(wave, firms):
    a_step(wave, kind="thank_you", audience=Audience("submitted"))
    make_response(firms[0], submitted_at=DAY, reference="R1")
    assert asked(DAY) == 1
    make_response(firms[1], submitted_at=DAY, reference="R2")
    assert asked(DAY + timedelta(hours=1)) == 0
    assert asked(DAY + timedelta(days=1)) == 1


def test_without_a_public_address_or_anybody_to_write_to_nothing_is_asked(
    step,
    firms,
    settings,
):
    settings.PUBLIC_URL = ""
    assert asked(DAY) == 0
    settings.PUBLIC_URL = "http://localhost:8000"
    ContactAttempt.objects.all().delete()
    for case in firms:
        make_response(case, submitted_at=DAY, reference=case.pseudonym)
    assert asked(DAY) == 0
    assert not Mailing.objects.exists()


def test_the_clock_asks_and_the_page_says_when_they_are_ready(
    step,
    wave,
    firms,
    settings,
    client,
    ben,
    monkeypatch,
):
    told = []
    monkeypatch.setattr("config.workers.tell", lambda _task, key: told.append(key) or True)
    settings.CONTACTS_FROM_HOUR = 0
    step.on = timezone.localdate()
    step.save()

    tasks.ask_for_letters()

    mailing = Mailing.objects.get()
    assert told == [mailing.pk]
    assert [mark.state for mark in protocol_line(wave, step.on).marks] == ["Under way"]
    make(mailing, at=timezone.now())
    assert [mark.state for mark in protocol_line(wave, step.on).marks] == ["Ready to print"]
    client.force_login(ben)
    address = f"/research/knowledge/2025/contacts/{step.pk}/"
    assert "Ready to print: 3 letters" in client.get(address).content.decode()
    assert "Ready to print" in client.get("/research/knowledge/2025/contacts/").content.decode()
    mailings.forget(mailing=mailing, by=None, at=timezone.now())
    assert [mark.state for mark in protocol_line(wave, step.on).marks] == ["Done"]


def test_letters_that_end_three_workers_are_given_up_and_can_be_gone_on_with(
    step,
    firms,
    monkeypatch,
):
    from surveys.actions import mailing_batches

    monkeypatch.setattr(mailing_batches, "BATCH", 2)
    [mailing] = mailings.ask_what_is_due(at=DAY)

    def killed(_step, _letters):
        raise KeyboardInterrupt

    for attempt in range(3):
        at = DAY + timedelta(minutes=6 * attempt)
        assert mailing_batches.waiting(at) == (mailing.pk,)
        with pytest.raises(KeyboardInterrupt):
            make(mailing, at=at, draw=killed)

    later = DAY + timedelta(minutes=30)
    assert mailing_batches.waiting(later) == ()
    mailing.refresh_from_db()
    assert mailing.state == "failed"
    assert "Three workers ended" in mailing.message
    mailings.make_again(mailing=mailing, by=None, at=later)
    assert make(mailing, at=later)
