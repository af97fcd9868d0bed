"""When the codes of a contact end who was replaced: as a message goes to the new one."""

from datetime import timedelta
from functools import partial

import pytest

from surveys.actions import code_batches, contacts, invitations, mailing_batches, mailings, sending
from surveys.actions.contact_corrections import GivenContact, correct_contact
from surveys.actions.invitations import AccessRefused
from surveys.exports import letters
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import AuditEvent, Case, ContactStep, Response, Wave
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATER = NOON + 90 * 24 * HOUR
KARI = GivenContact("Kari Right", "kari@firm.example")


@pytest.fixture
def wave(survey) -> Wave:
    return open_wave(survey)


@pytest.fixture
def firms(wave: Wave) -> list[Case]:
    """Two firms, each with an answer and a code that was issued an hour before noon."""
    frame, stratum = make_frame(wave.survey), make_stratum(wave)
    cases = []
    for name in ("a", "b"):
        unit = make_unit(frame, name, email=f"{name}@firm.example", address="Road 1\n0150 Oslo")
        cases.append(make_case(wave, stratum, name, unit=unit))
        make_response(cases[-1], {"comment": name})
    return cases


@pytest.fixture
def codes(firms: list[Case]) -> list[str]:
    return [invitations.issue(case=case, at=NOON - HOUR, expires_at=LATER)[1] for case in firms]


def a_step(wave: Wave, channel: str) -> ContactStep:
    words = {"en": Words("Hello", "Dear {person},\n\n{link}\n{code}")}
    plan = StepPlan("invitation", channel, words=words)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


def mailed(wave: Wave) -> None:
    sending.queue(step=a_step(wave, "email"), by=None, at=NOON + HOUR)
    sending.send_waiting(seconds=20, now=lambda: NOON + HOUR)


def printed(wave: Wave) -> None:
    mailing = mailings.ask(step=a_step(wave, "letter"), by=None, at=NOON + HOUR)
    draw = partial(letters.draw, on=NOON.date())
    now = NOON + HOUR
    mailing_batches.make(mailing=mailing.pk, draw=draw, join=letters.join, now=lambda: now)


def opens(code: str) -> bool:
    """Whether the code opens the questionnaire; one that does not was revoked, nothing else."""
    try:
        invitations.recognise(code=code, at=NOON + 2 * HOUR)
    except AccessRefused as refusal:
        return refusal.reason != "revoked"
    return True


@pytest.mark.parametrize("goes", [mailed, printed])
def test_the_former_code_ends_when_a_message_goes_to_the_new_contact(
    goes, wave: Wave, firms: list[Case], codes: list[str], settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    correct_contact(case=firms[0], contact=KARI, by=None, at=NOON)
    assert [opens(code) for code in codes] == [True, True]

    goes(wave)

    assert [opens(code) for code in codes] == [False, True]
    assert firms[0].invitations.filter(revoked_at=None).count() == 1
    assert Response.objects.get(case=firms[0]).answers == {"comment": "a"}


def test_a_code_that_was_issued_since_the_correction_stays_good(
    wave: Wave, firms: list[Case]
) -> None:
    correct_contact(case=firms[0], contact=KARI, by=None, at=NOON - HOUR)
    _, read_out = invitations.issue(case=firms[0], at=NOON, expires_at=LATER)

    mailed(wave)

    assert opens(read_out)


@pytest.mark.parametrize("goes", [mailed, printed])
def test_a_message_brings_a_good_code_even_where_the_clock_of_the_pages_is_ahead(
    goes, wave: Wave, firms: list[Case], codes: list[str], settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    correct_contact(case=firms[0], contact=KARI, by=None, at=NOON + HOUR + timedelta(seconds=2))

    goes(wave)

    assert firms[0].invitations.filter(revoked_at=None).count() == 1
    assert not opens(codes[0])


def test_one_new_code_takes_the_place_of_every_earlier_one(
    firms: list[Case], codes: list[str]
) -> None:
    by = make_user("ben")

    _, new = code_batches.rotate(case=firms[0], by=by, at=NOON, expires_at=LATER)

    assert (opens(codes[0]), opens(new), opens(codes[1])) == (False, True, True)
    event = AuditEvent.objects.get(action="access_rotated")
    assert (event.user, event.detail["ended"]) == (by, 1)
