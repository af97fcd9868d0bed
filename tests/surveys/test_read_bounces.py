import json

import pytest
from django.core.management import CommandError, call_command

from surveys.models import CaseEvent, ContactAttempt, ContactStep, Suppression
from tests.factories import NOON, make_case, make_frame, make_stratum, make_unit
from tests.surveys.returned_mails import SENT, answer, complaint, delivery_report, mailbox
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(survey) -> ContactAttempt:
    wave = open_wave(survey)
    unit = make_unit(make_frame(survey), "F1", email="one@firm.example")
    return ContactAttempt.objects.create(
        case=make_case(wave, make_stratum(wave), unit=unit),
        step=ContactStep.objects.create(wave=wave, position=1, kind="invitation", channel="email"),
        channel="email",
        state="sent",
        queued_at=NOON,
        sent_at=NOON,
        message_id=SENT,
        address_hash="a" * 64,
    )


@pytest.fixture
def read(tmp_path, capsys):
    def run(*messages: bytes) -> dict:
        file = tmp_path / "bounces.mbox"
        file.write_bytes(mailbox(*messages))
        call_command("read_bounces", str(file))
        return json.loads(capsys.readouterr().out)

    return run


def test_a_mailbox_is_read_and_every_message_of_it_counted(sent, read):
    told = read(
        delivery_report("4.2.2", own="<1@mx>"),
        delivery_report("4.4.1", "delayed", own="<2@mx>"),
        answer(),
        delivery_report(own="<3@mx>"),
        delivery_report(own="<4@mx>", sent="<not-ours@else.example>"),
        complaint(),
        delivery_report(own="<3@mx>"),
    )

    assert told == {
        "messages": 7,
        "hard": 1,
        "soft": 1,
        "complaint": 1,
        "delivered": 0,
        "delayed": 1,
        "seen_before": 1,
        "of_no_message": 1,
        "no_report": [3],
    }
    assert set(Suppression.objects.values_list("reason", flat=True)) == {"bounce", "complaint"}


def test_a_file_read_again_changes_nothing(sent, read):
    read(delivery_report())
    events = CaseEvent.objects.count()

    again = read(delivery_report())

    assert (again["hard"], again["seen_before"]) == (0, 1)
    assert CaseEvent.objects.count() == events


def test_no_address_is_in_what_is_printed_or_logged(sent, read, caplog, capsys):
    caplog.set_level("DEBUG")
    told = read(delivery_report(), answer())
    assert "firm.example" not in json.dumps(told) + caplog.text


def test_a_report_that_is_too_long_is_counted_and_left(sent, read):
    told = read(delivery_report() + b"x" * 2_000_000)
    assert (told["no_report"], told["hard"]) == ([1], 0)


def test_what_is_no_mailbox_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "empty.mbox"
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("read_bounces", str(file))
    file.write_bytes(b"\x00\x01 nothing of the kind")
    with pytest.raises(CommandError, match="holds no message"):
        call_command("read_bounces", str(file))
