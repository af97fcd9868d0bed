"""What the page says of e-mails that wait longer than a moment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.actions import sending
from surveys.models import ContactAttempt
from surveys.queries.sending import RESERVED_FOR, HeldUp, postponed, reserved_by_the_silent
from tests.factories import NOON
from tests.mail_sink import MailSink
from tests.surveys.actions.test_sending import a_step, make_firms, send, use
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def step(survey):
    wave = open_wave(survey)
    make_firms(wave, ["a", "b", "c"])
    step = a_step(wave)
    sending.queue(step=step, by=None, at=NOON)
    return step


def test_what_a_silent_worker_reserved_is_told_with_the_moment_at_which_it_goes_on(step):
    sending._claim(NOON, 2, None)

    assert reserved_by_the_silent(step, NOON + timedelta(seconds=60)) is None
    told = reserved_by_the_silent(step, LATER)
    assert told == HeldUp(number=2, since=NOON, until=NOON + RESERVED_FOR)
    assert reserved_by_the_silent(step, told.until + timedelta(seconds=1)) is None
    assert sending._claim(told.until + timedelta(seconds=1), 9, None)


def test_what_the_server_put_off_is_told_with_its_code(step, settings):
    with MailSink(replies={"a": "451 4.7.1 greylisted"}) as sink:
        use(settings, sink)
        send()

    told = postponed(step, NOON + timedelta(minutes=1))

    assert told == HeldUp(1, None, NOON + timedelta(minutes=2), "451 4.7.1")
    assert postponed(step, NOON + timedelta(minutes=3)) is None


def test_the_page_says_both(step, client, ben):
    now = timezone.now()
    ContactAttempt.objects.filter(case__pseudonym="a").update(claimed_at=now - timedelta(minutes=2))
    ContactAttempt.objects.filter(case__pseudonym="b").update(
        not_before=now + timedelta(minutes=9), note="TimeoutError", tries=1
    )
    client.force_login(ben)

    page = client.get(f"/research/knowledge/2025/contacts/{step.pk}/").content.decode()

    assert "1 is with a worker that has not been heard of since" in page
    assert "it goes out by itself from" in page
    assert "did not take 1 of them the last time (TimeoutError)" in page


def test_the_page_offers_another_way_to_a_firm_whose_address_is_dead(step, client, ben, settings):
    with MailSink(replies={"a": "550 5.1.1 unknown"}) as sink:
        use(settings, sink)
        send()
    reminder = a_step(step.wave, kind="reminder")
    client.force_login(ben)

    page = client.get(f"/research/knowledge/2025/contacts/{reminder.pk}/").content.decode()

    assert "Address did not work before" in page
    assert "Reach them another way" in page
    case = step.wave.cases.get(pseudonym="a")
    assert reverse("surveys:case", args=["knowledge", "2025", case.public_id]) in page
