import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.utils import timezone

from surveys import tasks
from surveys.actions import contacts, invitations, sending, sending_batches, suppressions
from surveys.actions.invitations import AccessRefused
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import (
    CaseEvent,
    ContactAttempt,
    ContactStep,
    Invitation,
    SendingMinute,
    Suppression,
)
from surveys.queries.contacts import steps_of
from tests.factories import NOON, make_case, make_frame, make_response, make_stratum, make_unit
from tests.mail_sink import MailSink
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
WORDS = {"en": Words("{survey} for {firm}", "Dear {person},\n\n{link}\n\n{code} {due_date}")}


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def step(wave):
    return a_step(wave)


def a_step(wave, **fields) -> ContactStep:
    plan = StepPlan(**{"kind": "invitation", "words": WORDS} | fields)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


@pytest.fixture
def firms(wave):
    return make_firms(wave, ["a", "b", "c"])


def make_firms(wave, names):
    frame, stratum = make_frame(wave.survey), make_stratum(wave)
    return [
        make_case(wave, stratum, name, unit=make_unit(frame, name, email=f"{name}@firm.example"))
        for name in names
    ]


@pytest.fixture
def sink(settings):
    with MailSink() as server:
        use(settings, server)
        yield server


def use(settings, server: MailSink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    # A sound server is waited for however busy the machine is, one that hangs is not.
    settings.EMAIL_TIMEOUT = 1 if server.will_hang else 20
    DNS_NAME._fqdn = "localhost"  # a machine without a name server is slow to say its own name


def send(at: datetime = NOON) -> sending.Sent:
    return sending.send_waiting(seconds=20, now=lambda: at)


def states() -> dict[str, str]:
    return dict(ContactAttempt.objects.values_list("case__pseudonym", "state"))


def test_every_firm_gets_its_own_message_once(step, firms, sink):
    assert sending.queue(step=step, by=None, at=NOON) == 3
    assert sending.queue(step=step, by=None, at=NOON) == 0

    assert send().sent == 3
    assert send().handled == 0

    assert sink.by_address == {f"{name}@firm.example": 1 for name in "abc"}
    assert states() == dict.fromkeys("abc", "sent")
    assert CaseEvent.objects.filter(kind="invited").count() == 3


def test_the_link_of_a_message_opens_the_questionnaire_of_its_firm(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    send()

    for address, message in sink.taken:
        plain = message.get_payload(0).get_payload(decode=True).decode()
        [code] = re.findall(r"/answer/([0-9A-Z-]+)/", plain)
        assert invitations.recognise(code=code, at=NOON).case.pseudonym == address[0]
        assert plain.count(code) == 2
        assert "31 Dec 2026" in plain
        assert code in message.get_payload(1).get_payload(decode=True).decode()
        assert message["Subject"] == f"Knowledge for Firm {address[0]}"
    hashes = Invitation.objects.values_list("code_hash", flat=True)
    assert all(code not in hashed for hashed in hashes)


def test_mail_programs_are_told_how_to_opt_out_and_it_holds_for_ever(
    step, wave, firms, sink, client
):
    sending.queue(step=step, by=None, at=NOON)
    send()
    message = next(message for address, message in sink.taken if address[0] == "a")
    link = message["List-Unsubscribe"].strip().strip("<>").replace("http://localhost:8000", "")

    shown = client.get(link)
    assert Suppression.objects.count() == 0
    assert "No more messages to this address?" in shown.content.decode()
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    client.post(link)

    assert Suppression.objects.get().reason == "opt_out"
    assert CaseEvent.objects.filter(kind="opted_out").count() == 1
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    reminder = a_step(wave, kind="reminder")
    assert sending.queue(step=reminder, by=None, at=NOON) == 2
    assert client.get("/opt-out/forged:1abc:xyz/").status_code == 404


def test_who_opts_out_submits_or_refuses_meanwhile_is_not_written_to(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    attempt = ContactAttempt.objects.get(case__pseudonym="a")
    suppressions.opt_out(attempt=attempt, at=NOON)
    make_response(firms[1], submitted_at=NOON, reference="R1")
    firms[2].disposition = "refusal"
    firms[2].save()

    assert send().skipped == 3

    assert sink.taken == []
    outcomes = dict(ContactAttempt.objects.values_list("case__pseudonym", "outcome"))
    assert outcomes == {"a": "opt_out", "b": "submitted", "c": "over"}


def test_nothing_goes_out_once_the_field_is_closed(step, wave, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    wave.state = "closed"
    wave.save()

    assert send().skipped == 3
    assert sink.taken == []
    with pytest.raises(sending.NotOpen):
        sending.queue(step=step, by=None, at=NOON)


def test_an_address_with_a_line_break_reaches_no_mail_server(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    unit = firms[0].unit
    unit.email = "a@firm.example\nBcc: everybody@firm.example"
    unit.save()

    assert send().skipped == 1

    assert set(sink.by_address) == {"b@firm.example", "c@firm.example"}


def test_a_line_break_in_a_firm_s_name_adds_no_header(step, firms, sink):
    firms[0].firm_name = "Evil\r\nBcc: everybody@firm.example"
    firms[0].save()
    sending.queue(step=step, by=None, at=NOON)
    send()

    message = next(message for address, message in sink.taken if address[0] == "a")
    assert message["Bcc"] is None
    assert message["Subject"] == "Knowledge for Evil Bcc: everybody@firm.example"


def test_what_the_server_refuses_for_good_is_failed_and_its_code_opens_nothing(
    step, firms, settings
):
    with MailSink(replies={"a": "550 5.7.1 a@firm.example is protected by a policy"}) as sink:
        use(settings, sink)
        sending.queue(step=step, by=None, at=NOON)
        told = send()

    assert (told.sent, told.failed) == (2, 1)
    failed = ContactAttempt.objects.get(state="failed")
    assert (failed.outcome, failed.note) == ("refused", "550 5.7.1")
    assert failed.invitation.revoked_at == NOON
    assert send(NOON + timedelta(days=3)).handled == 0


def test_what_the_server_cannot_take_now_is_offered_again_later_and_then_given_up(
    step, firms, settings
):
    with MailSink(replies={"a": "451 try later"}) as sink:
        use(settings, sink)
        sending.queue(step=step, by=None, at=NOON)
        times = []
        for minute in (0, 1, 2, 11, 12, 41, 42, 161, 162, 641, 642, 9000):
            at = NOON + timedelta(minutes=minute)
            told = send(at)
            times += [at] if told.later or told.failed else []

    assert [time - NOON for time in times] == [
        timedelta(minutes=each) for each in (0, 2, 12, 42, 162, 642)
    ]
    assert states() == {"a": "failed", "b": "sent", "c": "sent"}
    assert sink.by_address == {"b@firm.example": 1, "c@firm.example": 1}


def test_while_no_server_answers_everything_waits(step, firms, settings):
    with MailSink() as gone:
        use(settings, gone)
    sending.queue(step=step, by=None, at=NOON)
    for minute in range(10):
        send(NOON + timedelta(minutes=minute))
    assert states() == dict.fromkeys("abc", "queued")

    with MailSink() as back:
        use(settings, back)
        for minute in (60, 61):
            send(NOON + timedelta(minutes=minute))

    assert back.by_address == {f"{name}@firm.example": 1 for name in "abc"}


def test_a_server_that_hangs_before_the_message_leaves_it_waiting(step, firms, settings):
    with MailSink(hangs=True) as sink:
        use(settings, sink)
        sending.queue(step=step, by=None, at=NOON)
        told = send()

    assert (told.later, told.unknown) == (3, 0)
    assert states() == dict.fromkeys("abc", "queued")
    assert not Invitation.objects.exists()


def test_a_server_that_hangs_after_the_message_may_have_it_so_it_is_told_not_repeated(
    step, firms, settings
):
    with MailSink(hangs_after_data=True) as sink:
        use(settings, sink)
        sending.queue(step=step, by=None, at=NOON)
        told = send()

    assert (told.unknown, len(sink.taken)) == (1, 1)
    lost = ContactAttempt.objects.get(state="failed")
    assert lost.outcome == "unknown"
    assert lost.invitation.revoked_at is None
    with MailSink() as sound:
        use(settings, sound)
        send()
    assert lost.case.pseudonym not in {address[0] for address in sound.by_address}
    assert steps_of(step.wave)[0].unknown == 1


def test_a_worker_that_died_in_the_middle_is_told_and_its_message_not_repeated(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    ContactAttempt.objects.filter(case__pseudonym="a").update(state="sending", claimed_at=NOON)

    assert sending.settle_lost(at=NOON + timedelta(minutes=14)) == 0
    assert sending.settle_lost(at=NOON + timedelta(minutes=16)) == 1
    send(NOON + timedelta(minutes=16))

    assert set(sink.by_address) == {"b@firm.example", "c@firm.example"}
    lost = ContactAttempt.objects.get(case__pseudonym="a")
    assert (lost.state, lost.outcome) == ("failed", "unknown")


def test_two_workers_that_hold_the_same_attempt_send_it_once(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    mine = sending._claim(NOON, 50, None)
    told = sending.Sent()
    with sending.MailServer() as server:
        assert send(NOON + timedelta(hours=1)).sent == 3
        sending._send_batch(mine, server, lambda: NOON, told, float("inf"))

    assert told.handled == 0
    assert set(sink.by_address.values()) == {1}


def test_no_minute_holds_more_than_is_allowed(step, firms, sink, settings):
    settings.EMAILS_PER_MINUTE = 2
    sending.queue(step=step, by=None, at=NOON)

    assert [send(NOON).sent, send(NOON + timedelta(seconds=59)).sent] == [2, 0]
    assert send(NOON + timedelta(seconds=60)).sent == 1


def test_a_step_goes_out_on_its_own_day_only_and_once(step, wave, firms, sink):
    def queued(day: int, hour: int = 10) -> int:
        return sending.queue_what_is_due(at=datetime(2026, 9, day, hour, tzinfo=UTC))

    assert queued(1, hour=3) == 0
    assert queued(2) == 0
    assert queued(1) == 3
    make_firms_later = make_case(
        wave, wave.strata.get(), "d",
        unit=make_unit(firms[0].unit.frame, "d", email="d@firm.example"),
    )  # fmt: skip
    assert queued(1, hour=11) == 0
    assert make_firms_later.contact_attempts.count() == 0


def test_two_clocks_that_saw_the_same_step_due_queue_it_once(step, firms):
    at = datetime(2026, 9, 1, 10, tzinfo=UTC)
    seen = sending.steps_due(at)
    sending.queue_what_is_due(at=at)
    ContactAttempt.objects.filter(case__pseudonym="c").delete()

    with transaction.atomic():
        assert [sending._queue(each, by=None, at=at, by_itself=True) for each in seen] == [0]


def test_thanks_go_on_every_day_to_who_has_submitted_since(wave, firms, sink):
    a_step(wave, kind="thank_you", audience=Audience("submitted"))
    make_response(firms[0], submitted_at=NOON, reference="R2")
    assert sending.queue_what_is_due(at=NOON) == 1
    make_response(firms[1], submitted_at=NOON, reference="R3")

    assert sending.queue_what_is_due(at=NOON + timedelta(days=1)) == 1
    send(NOON + timedelta(days=1))

    assert sink.by_address == {"a@firm.example": 1, "b@firm.example": 1}
    assert CaseEvent.objects.filter(kind="thanked").count() == 2


def test_withdrawn_messages_do_not_go(step, firms, sink):
    sending.queue(step=step, by=None, at=NOON)

    assert sending.withdraw(step=step, by=None, at=NOON) == 3

    assert send().handled == 0
    assert sending.queue(step=step, by=None, at=NOON) == 0


def test_no_address_and_no_code_is_in_a_log(step, firms, settings, caplog):
    caplog.set_level(logging.DEBUG)
    for sink in (MailSink(replies={"a": "550 a@firm.example"}), MailSink(hangs_after_data=True)):
        with sink:
            use(settings, sink)
            sending.queue(step=step, by=None, at=NOON)
            send()
    sending.settle_lost(at=NOON + timedelta(days=1))

    said = caplog.text + "".join(ContactAttempt.objects.values_list("note", flat=True))
    assert "@firm.example" not in said
    assert "/answer/" not in said


def test_the_minutely_task_queues_sends_and_settles(step, wave, firms, sink, settings):
    settings.CONTACTS_FROM_HOUR = 0
    step.on = timezone.localdate()
    step.save()

    assert [tasks.send_contacts(), tasks.send_contacts()] == [3, 0]
    assert set(sink.by_address.values()) == {1}


def test_a_clock_that_finds_nothing_to_send_writes_nothing(step, firms, sink):
    sending.send_waiting(seconds=30)

    assert not SendingMinute.objects.exists()
    assert sink.taken == []


def test_a_code_sent_earlier_stays_good_beside_the_new_one(step, wave, firms, sink):
    sending.queue(step=step, by=None, at=NOON)
    send()
    sending.queue(step=a_step(wave, kind="reminder"), by=None, at=NOON)
    send(NOON + timedelta(minutes=2))

    codes = [
        re.findall(
            r"/answer/([0-9A-Z-]+)/", message.get_payload(0).get_payload(decode=True).decode()
        )[0]
        for address, message in sink.taken
        if address[0] == "a"
    ]
    assert len(set(codes)) == 2
    for code in codes:
        assert invitations.recognise(code=code, at=NOON).case.pseudonym == "a"
    events = CaseEvent.objects.filter(case=firms[0], kind__in=["invited", "reminded"])
    assert [event.kind for event in events] == ["invited", "reminded"]
    with pytest.raises(AccessRefused):
        invitations.recognise(code=sending_batches.new_message_id(), at=NOON)
