"""What a mail server refuses: an address for good, anything else not for ever."""

from datetime import timedelta

import pytest

from surveys.actions import contact_corrections, sending
from surveys.models import Case, CaseEvent, ContactAttempt, Suppression
from tests.factories import NOON
from tests.mail_sink import MailSink
from tests.surveys.actions.test_sending import a_step, make_firms, send, states, use
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
UNKNOWN = "550 5.1.1 a@firm.example: user unknown"


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def firms(wave):
    return make_firms(wave, ["a", "b"])


@pytest.fixture
def step(wave):
    return a_step(wave)


def sent_to_a_server_that_says(reply: str, step, settings, **sink) -> sending.Sent:
    with MailSink(replies={"a": reply}, **sink) as server:
        use(settings, server)
        sending.queue(step=step, by=None, at=NOON)
        return send()


def who_is_left_out(wave) -> dict[str, str]:
    run = sending.dry_run(a_step(wave, kind="reminder"))
    return {each.pseudonym: reason for each, reason in run.left_out}


def test_an_address_that_is_refused_for_good_is_not_tried_by_a_later_step(
    step, wave, firms, settings
):
    told = sent_to_a_server_that_says(UNKNOWN, step, settings)

    assert (told.sent, told.failed) == (1, 1)
    attempt = ContactAttempt.objects.get(case=firms[0])
    assert (attempt.state, attempt.outcome, attempt.note) == ("bounced", "hard", "550 5.1.1")
    assert attempt.invitation.revoked_at == NOON
    assert Suppression.objects.get().reason == "bounce"
    assert CaseEvent.objects.filter(case=firms[0], kind="bounced").count() == 1
    assert Case.objects.get(pk=firms[0].pk).final_code == "3.30"
    assert who_is_left_out(wave) == {"a": "bounce"}


def test_a_corrected_contact_is_written_to_again(step, wave, firms, settings, ada):
    sent_to_a_server_that_says(UNKNOWN, step, settings)
    contact = contact_corrections.GivenContact("Cy", "cy@firm.example")
    contact_corrections.correct_contact(case=firms[0], contact=contact, by=ada, at=NOON)

    assert who_is_left_out(wave) == {}
    assert Case.objects.get(pk=firms[0].pk).final_code != "3.30"


@pytest.mark.parametrize("reply", ["452 4.2.2 over quota", "552 mailbox full", "552 5.2.2 full"])
def test_a_full_mailbox_is_tried_again_later(step, wave, firms, settings, reply):
    told = sent_to_a_server_that_says(reply, step, settings)

    assert (told.sent, told.later) == (1, 1)
    assert states() == {"a": "queued", "b": "sent"}
    assert not Suppression.objects.exists()
    with MailSink() as emptied:
        use(settings, emptied)
        assert send(NOON + timedelta(minutes=3)).sent == 1


def test_a_policy_of_the_server_says_nothing_of_the_address(step, wave, firms, settings):
    told = sent_to_a_server_that_says("554 5.7.1 looks like spam", step, settings)

    assert (told.sent, told.failed) == (1, 1)
    assert not Suppression.objects.exists()
    assert who_is_left_out(wave) == {}


@pytest.mark.parametrize(
    "sink",
    [{"sender_reply": "550 5.7.1 go away"}, {}],
    ids=["the sender", "relaying"],
)
def test_a_server_that_takes_nothing_from_this_site_costs_no_firm_its_message(
    step, wave, firms, settings, sink
):
    told = sent_to_a_server_that_says("554 5.7.1 Relay access denied", step, settings, **sink)

    assert (told.sent, told.failed) == (0, 0)
    assert states() == {"a": "queued", "b": "queued"}
    with MailSink() as mended:
        use(settings, mended)
        send(NOON + timedelta(minutes=3))
    assert states() == {"a": "sent", "b": "sent"}


def test_a_server_that_hangs_in_the_middle_ends_the_round_and_the_rest_goes_on_later(
    wave, settings
):
    make_firms(wave, ["a", "b", "c", "d"])
    step = a_step(wave)
    with MailSink(hangs_after=2) as server:
        use(settings, server)
        sending.queue(step=step, by=None, at=NOON)
        told = send()
        taken = server.by_address

    assert (told.sent, told.later, told.unknown) == (2, 1, 0)
    assert ContactAttempt.objects.filter(state="queued").count() == 2
    with MailSink() as sound:
        use(settings, sound)
        send(NOON + timedelta(minutes=3))
    assert set((taken + sound.by_address).values()) == {1}
    assert set(states().values()) == {"sent"}
