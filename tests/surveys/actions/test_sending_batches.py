"""E-mails that a worker has reserved: another takes them up, the clock jumps, time runs out."""

import re
from datetime import timedelta

import pytest

from surveys.actions import invitations, sending, sending_batches
from surveys.models import Invitation
from tests.factories import NOON
from tests.mail_sink import MailSink
from tests.surveys.actions.test_sending import a_step, make_firms, send, use
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def step(wave):
    return a_step(wave)


@pytest.fixture
def firms(wave):
    return make_firms(wave, ["a", "b", "c"])


@pytest.fixture
def sink(settings):
    with MailSink() as server:
        use(settings, server)
        yield server


def test_a_worker_whose_messages_another_has_taken_up_sends_none_of_them(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    mine, told = sending._claim(NOON, 50, None), sending.Sent()
    ready = sending_batches.prepared(step=step, attempts=mine, at=NOON, told=told)
    later = NOON + timedelta(minutes=6)
    theirs = sending_batches.prepared(step=step, attempts=mine, at=later, told=told)

    with sending.MailServer() as server:
        for each in [*ready, *theirs, *theirs]:
            sending_batches.handed_over(each, server, lambda: later, told)

    assert (told.sent, told.handled) == (3, 3)
    for address, message in sink.taken:
        plain = message.get_payload(0).get_payload(decode=True).decode()
        [code] = re.findall(r"/answer/([0-9A-Z-]+)/", plain)
        assert invitations.recognise(code=code, at=later).case.pseudonym == address[0]


def test_a_clock_that_jumps_neither_sends_twice_nor_stops_what_waits(step, firms, sink):
    """A worker reserves in the future, the clock goes back a day, another goes on."""
    sending.queue(step=step, by=None, at=NOON)
    sending._claim(NOON + timedelta(days=1), 50, None)

    assert send(NOON).sent == 3
    assert send(NOON + timedelta(days=400)).handled == 0
    assert send(NOON - timedelta(days=400)).handled == 0
    assert sending.settle_lost(at=NOON + timedelta(days=400)) == 0
    assert set(sink.by_address.values()) == {1}


def test_what_was_reserved_and_did_not_go_leaves_no_code_behind(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    keys = sending._claim(NOON, 50, None)

    with sending.MailServer() as server:
        sending._send_batch(keys, server, lambda: NOON, sending.Sent(), float("-inf"))

    assert Invitation.objects.filter(revoked_at=None).count() == 0
    assert send().sent == 3
