"""Letters on the page of their step."""

import pytest

from surveys import tasks
from surveys.actions import contacts
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import ContactAttempt, ContactStep, Mailing
from tests.factories import NOON, make_case, make_frame, make_stratum, make_unit
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
ROOT = "/research/knowledge/2025/contacts/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def step(survey) -> ContactStep:
    wave = open_wave(survey)
    frame, stratum = make_frame(survey), make_stratum(wave)
    for name, postal in (("F0001", "Road 1\n0150 Oslo"), ("F0002", "")):
        make_case(wave, stratum, name, unit=make_unit(frame, name, address=postal))
    words = {"en": Words("A subject", "Dear {person}\n\n{code}")}
    plan = StepPlan("invitation", "letter", words=words)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


@pytest.fixture
def manager(client, ben, step):
    client.force_login(ben)
    return client


def of(step: ContactStep, rest: str = "") -> str:
    return f"{ROOT}{step.pk}/{rest}"


def asked(manager, step) -> Mailing:
    assert manager.post(of(step, "letters/"), {"sure": "yes"}).status_code == 302
    return Mailing.objects.get()


def test_letters_are_asked_for_made_and_handed_over(manager, step):
    mailing = asked(manager, step)
    assert (
        "Waiting for a worker; it begins by itself."
        in manager.get(of(step, "progress/")).content.decode()
    )

    tasks.make_letters(mailing.pk)

    page = manager.get(of(step)).content.decode()
    assert "1 letter on 1 page." in page
    handed = manager.get(of(step, f"letters/{mailing.pk}/letters.pdf"))
    assert (handed["Content-Type"], handed.content[:4]) == ("application/pdf", b"%PDF")
    assert "no-store" in handed["Cache-Control"]
    assert "Road 1" not in page or "Contacted by this step before" in page


def test_nothing_is_made_without_a_tick(manager, step):
    manager.post(of(step, "letters/"))
    assert not ContactAttempt.objects.exists()


def test_a_file_that_is_deleted_is_handed_over_no_more(manager, step):
    mailing = asked(manager, step)
    tasks.make_letters(mailing.pk)

    manager.post(of(step, f"letters/{mailing.pk}/forget/"))

    assert manager.get(of(step, f"letters/{mailing.pk}/letters.pdf")).status_code == 302
    assert "the file was deleted" in manager.get(of(step)).content.decode()


def test_a_sample_shows_the_letter_to_one_firm_with_a_code_that_opens_nothing(manager, step):
    handed = manager.get(of(step, "letters/sample.pdf"), {"firm": "F0002"})
    assert handed.content[:4] == b"%PDF"
    assert not ContactAttempt.objects.exists()


def test_the_page_of_contacts_names_channel_audience_and_state_of_every_step(manager, step):
    page = manager.get(ROOT).content.decode()
    for words in ("Letter", "Firms that have not submitted", "Its day has passed", "1 Sep 2026"):
        assert words in page


def test_the_page_of_contacts_lists_what_came_back_for_who_may_see_firms(
    manager, step, eve, client, survey
):
    case = step.wave.cases.first()
    ContactAttempt.objects.create(
        case=case,
        step=step,
        channel="email",
        state="bounced",
        outcome="hard",
        note="5.1.1",
        queued_at=NOON,
    )
    page = manager.get(ROOT).content.decode()
    assert "Cannot be delivered" in page
    assert "5.1.1" in page
