"""In whose turn e-mails go: a message on which a round ends holds up no other for ever."""

from datetime import timedelta

import pytest

from surveys.actions import contacts, sending
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import ContactAttempt
from tests.factories import NOON, make_case, make_frame, make_stratum, make_unit
from tests.mail_sink import MailSink
from tests.surveys.actions.test_sending import use
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db

_MINUTE = timedelta(minutes=1)
_NOT_FROM_HERE = "550 5.7.1 sender address rejected"


def test_messages_that_a_server_takes_from_nobody_here_do_not_hold_up_the_others(survey, settings):
    wave = open_wave(survey)
    frame, stratum = make_frame(survey), make_stratum(wave)
    for name in "abcd":
        unit = make_unit(frame, name, email=f"{name}@firm.example")
        make_case(wave, stratum, name, unit=unit)
    words = {"en": Words("Hello", "Dear {person},\n\n{link}")}
    step = contacts.add_step(wave=wave, plan=StepPlan("invitation", words=words), by=None, at=NOON)
    sending.queue(step=step, by=None, at=NOON)

    with MailSink(replies=dict.fromkeys("ab", _NOT_FROM_HERE)) as sink:
        use(settings, sink)
        for minute in range(6):
            at = NOON + minute * _MINUTE
            sending.send_waiting(seconds=20, now=lambda at=at: at)
        assert sink.by_address == {"c@firm.example": 1, "d@firm.example": 1}

    states = dict(ContactAttempt.objects.values_list("case__pseudonym", "state"))
    assert states == {"a": "queued", "b": "queued", "c": "sent", "d": "sent"}
