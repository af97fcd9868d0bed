"""Letters: each firm at most one a step, in the file or not noted, whatever ends a worker."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from pypdf import PdfReader

from surveys import tasks
from surveys.actions import contacts, invitations, mailing_batches, mailings
from surveys.actions.sending import NotOpen
from surveys.exports import letters
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import CaseEvent, ContactAttempt, Invitation, Mailing, MailingPart, Unit
from tests.factories import NOON, make_case, make_frame, make_response, make_stratum, make_unit
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
WORDS = {
    "en": Words("{survey} for {firm}", "Dear {person},\n\nplease answer.\n\n{code}"),
    "de": Words("{survey} für {firm}", "Guten Tag {person},\n\nbitte antworten Sie.\n\n{code}"),
}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def step(wave):
    return a_step(wave)


def a_step(wave, **fields):
    plan = StepPlan(**{"kind": "invitation", "channel": "letter", "words": WORDS} | fields)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


@pytest.fixture
def firms(wave):
    frame, stratum = make_frame(wave.survey), make_stratum(wave)
    return [
        make_case(
            wave,
            stratum,
            name,
            unit=make_unit(frame, name, address=f"Road {name}\n0150 Oslo", language="de"),
        )
        for name in ("a", "b", "c")
    ]


def make(mailing, at=NOON, draw=None) -> bool:
    draw = draw or partial(letters.draw, on=at.date())
    return mailing_batches.make(mailing=mailing.pk, draw=draw, join=letters.join, now=lambda: at)


def states() -> dict[str, str]:
    return dict(ContactAttempt.objects.values_list("case__pseudonym", "state"))


def texts(mailing) -> list[str]:
    mailing.refresh_from_db()
    with mailing.file.open("rb") as file:
        return [page.extract_text() for page in PdfReader(BytesIO(file.read())).pages]


def codes_in(mailing) -> list[str]:
    return [letters_code(text) for text in texts(mailing)]


def letters_code(text: str) -> str:
    return next(word for word in reversed(text.split()) if word.count("-") == 6)


def test_every_firm_gets_one_letter_with_a_code_that_opens_its_questionnaire(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)

    assert make(mailing)

    pages = texts(mailing)
    assert [f"Road {name}" in text for name, text in zip("abc", pages, strict=True)] == [True] * 3
    opened = [
        invitations.recognise(code=code, at=NOON).case.pseudonym for code in codes_in(mailing)
    ]
    assert opened == ["a", "b", "c"]
    assert states() == dict.fromkeys("abc", "printed")
    assert CaseEvent.objects.filter(kind="invited", detail__channel="Letter").count() == 3
    assert not MailingPart.objects.exists()
    with pytest.raises(mailings.NobodyToWriteTo):
        mailings.ask(step=step, by=None, at=NOON)


def test_letters_speak_the_language_of_the_firm(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    make(mailing)
    assert all("Ihr Fragebogen" in text and "Guten Tag" in text for text in texts(mailing))


def test_a_worker_that_dies_before_it_noted_its_letters_leaves_nothing_of_them(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    died_with = []

    def die(_step, batch):
        died_with.extend(letter.code for letter in batch)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(mailing, draw=die)
    assert states() == dict.fromkeys("abc", "queued")
    assert not make(mailing), "the dead worker's hold lasts a while"

    later = NOON + timedelta(minutes=6)
    assert mailing_batches.waiting(later) == (mailing.pk,)
    assert make(mailing, at=later)

    assert len(texts(mailing)) == 3
    assert CaseEvent.objects.filter(kind="invited").count() == 3
    for code in died_with:
        with pytest.raises(invitations.AccessRefused, match="revoked"):
            invitations.recognise(code=code, at=later)


def test_a_worker_that_was_overtaken_notes_nothing(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    later = NOON + timedelta(minutes=6)
    draw = partial(letters.draw, on=NOON.date())

    def slow(of_step, batch):
        assert make(mailing, at=later), "another worker makes them meanwhile"
        return draw(of_step, batch)

    assert not make(mailing, draw=slow)

    assert len(texts(mailing)) == 3
    assert Invitation.objects.filter(revoked_at=None).count() == 3
    assert [invitations.recognise(code=code, at=NOON) for code in codes_in(mailing)]


def test_a_file_made_again_brings_new_codes_and_ends_the_old_ones(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    make(mailing)
    before = codes_in(mailing)

    mailings.make_again(mailing=mailing, by=None, at=NOON)
    make(mailing)

    for code in before:
        with pytest.raises(invitations.AccessRefused, match="revoked"):
            invitations.recognise(code=code, at=NOON)
    assert [invitations.recognise(code=code, at=NOON) for code in codes_in(mailing)]
    assert ContactAttempt.objects.filter(state="printed").count() == 3
    assert CaseEvent.objects.filter(kind="invited").count() == 3


def test_a_letter_follows_an_invitation_as_a_reminder(step, wave, firms):
    make(mailings.ask(step=step, by=None, at=NOON))
    make(mailings.ask(step=a_step(wave, kind="reminder"), by=None, at=NOON))
    assert CaseEvent.objects.filter(kind="reminded").count() == 3


def test_who_submitted_meanwhile_gets_no_letter(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    make_response(firms[1], submitted_at=NOON, reference="R1")

    make(mailing)

    assert states() == {"a": "printed", "b": "skipped", "c": "printed"}
    assert len(texts(mailing)) == 2


def test_letters_of_a_step_by_e_mail_a_closed_field_or_to_nobody_are_refused(wave, firms):
    with pytest.raises(mailings.NotALetter):
        mailings.ask(
            step=a_step(wave, channel="email", words={"en": Words("s", "{link}")}), by=None, at=NOON
        )
    step = a_step(wave)
    Unit.objects.update(address="")
    with pytest.raises(mailings.NobodyToWriteTo):
        mailings.ask(step=step, by=None, at=NOON)
    wave.state = "closed"
    wave.save()
    with pytest.raises(NotOpen):
        mailings.ask(step=step, by=None, at=NOON)


def test_a_machine_without_pango_says_so_and_keeps_what_waits(step, firms):
    mailing = mailings.ask(step=step, by=None, at=NOON)

    def cannot(_step, _letters):
        raise mailing_batches.CannotBeMade("Install Pango.")

    with pytest.raises(mailing_batches.CannotBeMade):
        make(mailing, draw=cannot)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.message) == ("failed", "Install Pango.")

    mailings.make_again(mailing=mailing, by=None, at=NOON)
    assert make(mailing)
    assert len(texts(mailing)) == 3


def test_a_forgotten_file_is_gone_and_its_codes_stay_good(
    step, firms, django_capture_on_commit_callbacks
):
    mailing = mailings.ask(step=step, by=None, at=NOON)
    make(mailing)
    codes, path = codes_in(mailing), mailing.file.path
    with django_capture_on_commit_callbacks(execute=True):
        mailings.forget(mailing=mailing, by=None, at=NOON)

    assert not mailing.file.storage.exists(path)
    assert [invitations.recognise(code=code, at=NOON) for code in codes]
    with pytest.raises(mailings.NotAsked):
        mailings.forget(mailing=mailing, by=None, at=NOON)


def test_more_letters_than_a_batch_become_one_file(step, firms, monkeypatch):
    monkeypatch.setattr(mailing_batches, "BATCH", 2)
    mailing = mailings.ask(step=step, by=None, at=NOON)

    assert tasks.make_letters(mailing.pk)
    assert not tasks.make_letters(mailing.pk), "a second delivery"

    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages, len(texts(mailing))) == ("made", 3, 3)
    assert Mailing.objects.count() == 1
