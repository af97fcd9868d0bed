"""A contact that was corrected: for the firm, over waves, beside a newer list and suppressions."""

from datetime import datetime, timedelta

import pytest

from surveys.actions import contacts, invitations
from surveys.actions.contact_corrections import GivenContact, correct_contact
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import Case, CorrectedContact, Frame, Suppression, Survey, Wave
from surveys.queries.case_contacts import contact_of
from surveys.queries.contacts import address_hash, dry_run
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORDS = {"en": Words("About {survey}", "Dear {person},\n\n{link}\n")}
KARI = GivenContact("Kari Right", "kari@firm.example", "+47 99 88 77 66")
OLA = {"contact_name": "Ola Wrong", "email": "ola@firm.example", "phone": "+47 22 00 00 01"}
EVA = {"contact_name": "Eva New", "email": "eva@firm.example", "phone": ""}


def listed(survey: Survey, made_at: datetime) -> Frame:
    frame = make_frame(survey)
    Frame.objects.filter(pk=frame.pk).update(made_at=made_at)
    return frame


def drawn(survey: Survey, slug: str, made_at: datetime, **contact: str) -> Case:
    """The firm R-1 in a wave of its own, from a list of that day with that contact."""
    wave = open_wave(survey, slug=slug)
    unit = make_unit(listed(survey, made_at), **contact)
    return make_case(wave, make_stratum(wave), slug, unit=unit)


@pytest.fixture
def first(survey: Survey) -> Case:
    return drawn(survey, "first", NOON - 30 * DAY, **OLA)


def correct(case: Case, contact: GivenContact = KARI, at: datetime = NOON) -> CorrectedContact:
    return correct_contact(case=case, contact=contact, by=None, at=at)


def invited(wave: Wave) -> list[str]:
    """To which addresses an invitation of the wave would go."""
    plan = StepPlan(kind="invitation", channel="email", words=WORDS)
    step = contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)
    return [each.address for each in dry_run(step).who]


def test_the_person_whom_a_firm_named_is_written_to_in_the_next_wave(
    survey: Survey, first: Case
) -> None:
    correct(first)

    later = drawn(survey, "later", NOON - DAY, **OLA)

    assert invited(later.wave) == ["kari@firm.example"]
    shown = contact_of(later)
    assert (shown.name, shown.corrected_at, shown.by, shown.wave) == (
        "Kari Right", NOON, "", first.wave.title,
    )  # fmt: skip


def test_a_newer_list_that_repeats_the_former_contact_has_learnt_nothing(
    survey: Survey, first: Case
) -> None:
    correct(first)

    later = drawn(survey, "later", NOON + DAY, **OLA | {"email": "OLA@firm.example "})

    assert invited(later.wave) == ["kari@firm.example"]


def test_a_newer_list_that_names_somebody_new_counts(survey: Survey, first: Case) -> None:
    correct(first)

    later = drawn(survey, "later", NOON + DAY, **EVA)

    assert invited(later.wave) == ["eva@firm.example"]
    assert contact_of(later).is_overtaken
    assert contact_of(first).name == "Kari Right"


def test_an_older_list_and_one_that_names_nobody_do_not_count(survey: Survey, first: Case) -> None:
    correct(first)

    older = drawn(survey, "older", NOON - DAY, **EVA)
    blank = drawn(survey, "blank", NOON + DAY)

    assert {contact_of(each).email for each in (older, blank)} == {"kari@firm.example"}


def test_the_firms_latest_word_counts_in_every_wave_against_the_list_it_was_said_after(
    survey: Survey, first: Case
) -> None:
    correct(first)
    later = drawn(survey, "later", NOON + DAY, **EVA)

    by = make_user("ben")
    again = GivenContact("Per Last", "per@firm.example")
    correct_contact(case=later, contact=again, by=by, at=NOON + 2 * DAY)

    assert CorrectedContact.objects.get().by == by
    assert {contact_of(each).email for each in (first, later)} == {"per@firm.example"}


def test_a_new_address_is_written_to_and_the_suppressed_one_never_again(
    survey: Survey, first: Case
) -> None:
    hashed = address_hash(OLA["email"])
    Suppression.objects.create(survey=survey, address_hash=hashed, reason="opt_out", at=NOON)

    correct(first)
    later = drawn(survey, "later", NOON + DAY, **OLA)
    assert invited(later.wave) == ["kari@firm.example"]

    correct(later, GivenContact("Ola", OLA["email"]), NOON + 2 * DAY)
    assert invited(later.wave) == []


@pytest.mark.parametrize("reason", ["do_not_contact", "opt_out"])
def test_a_firm_that_is_not_to_be_contacted_stays_so_whoever_is_named(
    survey: Survey, first: Case, reason: str
) -> None:
    assert first.unit
    Suppression.objects.create(
        survey=survey, enterprise=first.unit.enterprise, reason=reason, at=NOON
    )

    correct(first)
    later = drawn(survey, "later", NOON + DAY, **OLA)

    assert invited(first.wave) == invited(later.wave) == []


def test_a_case_whose_firm_is_not_known_over_waves_has_a_contact_of_its_own(survey: Survey) -> None:
    wave = open_wave(survey, slug="alone")
    case = make_case(wave, make_stratum(wave))

    correct(case)

    assert CorrectedContact.objects.get().case == case
    assert invited(wave) == ["kari@firm.example"]


def test_codes_end_at_once_in_every_open_wave_if_the_former_person_has_left(
    survey: Survey, first: Case
) -> None:
    later = drawn(survey, "later", NOON - DAY, **OLA)
    for case in (first, later):
        invitations.issue(case=case, at=NOON - DAY, expires_at=NOON + 90 * DAY)

    correct(first)
    assert not first.invitations.filter(revoked_at__isnull=False).exists()

    left = GivenContact(KARI.name, KARI.email, KARI.phone, former_has_left=True)
    correct(first, left, NOON + DAY)

    for case in (first, later):
        assert [each.revoked_at for each in case.invitations.all()] == [NOON + DAY]
    assert contact_of(first).corrected_at == NOON
