"""Loading the demonstration: people, a frame of made firms, a closed wave and an open one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from django.db import transaction

from surveys import demonstration as made
from surveys.actions import instruments, invitations, made_waves, snapshots
from surveys.actions.calendar import codes_expire_at
from surveys.models import (
    Case,
    Enterprise,
    Frame,
    Instrument,
    Membership,
    Survey,
    Unit,
    User,
    Wave,
)

SURVEY = "knowledge-sourcing"
CLOSED_WAVE = "2023"
OPEN_WAVE = "2025"
PASSWORD = "made data 2026"  # noqa: S105 -- of the demo's invented people; the demo prints it


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; a person without a role is the operator."""

    username: str
    first_name: str
    may: str
    role: str = ""


PEOPLE = (
    Person("ada", "Ada", "owner of the survey", Membership.Role.OWNER),
    Person("ben", "Ben", "fieldwork manager", Membership.Role.FIELDWORK_MANAGER),
    Person("mara", "Mara", "methodologist", Membership.Role.METHODOLOGIST),
    Person("ines", "Ines", "interviewer", Membership.Role.INTERVIEWER),
    Person("carl", "Carl", "analyst", Membership.Role.ANALYST),
    Person("vera", "Vera", "viewer", Membership.Role.VIEWER),
    Person("operator", "Olga", "operator of the whole system"),
)

_INSTRUMENT = Path(__file__).resolve().parents[1] / "instruments" / "knowledge_sourcing.yaml"
_AT_ONCE = 1_000
_CONFIDENTIALITY = (
    "This survey is made up to show Milieu. Answers are kept on this machine only. In a real "
    "survey this place says by which law answers are protected, who sees them, and when names "
    "are removed."
)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a person needs to play: the waves, and a fresh access code of one firm.

    `is_new` is False where the demonstration had been loaded before.
    """

    closed_wave: Wave
    open_wave: Wave
    case: Case
    code: str
    is_new: bool


def load(*, at: datetime) -> Demonstration:
    """Load what is missing of the demonstration; what is there stays as it is.

    A fresh access code is issued at every call, since codes are kept as hashes only.
    """
    survey = Survey.objects.filter(slug=SURVEY).first()
    is_new = survey is None
    if survey is None:
        survey = _make(at)
    else:
        _add_missing_people(survey)
    closed, opened = (survey.waves.get(slug=slug) for slug in (CLOSED_WAVE, OPEN_WAVE))
    case = _case_to_play(opened)
    _, code = invitations.issue(case=case, at=at, expires_at=codes_expire_at(opened, at))
    return Demonstration(closed, opened, case, code, is_new)


def _case_to_play(wave: Wave) -> Case:
    """A firm that has not begun; if all have, one that has not submitted; else any."""
    waiting = wave.cases.filter(disposition=Case.Disposition.NOT_STARTED).first()
    unfinished = wave.cases.exclude(disposition=Case.Disposition.COMPLETE).first()
    return waiting or unfinished or wave.cases.earliest("pk")


@transaction.atomic
def _make(at: datetime) -> Survey:
    survey = Survey.objects.create(
        slug=SURVEY,
        title="Knowledge sourcing and cooperation",
        institute="Institute for Invented Surveys",
        contact_name="Ben, fieldwork",
        contact_phone="+00 000 0000",
        contact_email="help@institute.example",
        confidentiality=_CONFIDENTIALITY,
    )
    people = _people(survey)
    instrument = instruments.publish(
        text=_INSTRUMENT.read_text(encoding="utf-8"), by=people["ada"], at=at, survey=survey
    )
    population = made.make_population(made.SEED)
    frame = _frame(survey, population, at)
    closed = _closed_wave(survey, frame, instrument)
    made_waves.answer_closed_wave(wave=closed, population=population, by=people["ada"])
    opened = _open_wave(survey, frame, instrument, at)
    made_waves.answer_open_wave(
        wave=opened, closed=closed, population=population, by=people["ada"], at=at
    )
    for wave in (closed, opened):
        snapshots.refresh(wave=wave, at=at)
    return survey


def _people(survey: Survey) -> dict[str, User]:
    return {person.username: _person(person, survey) for person in PEOPLE}


def _add_missing_people(survey: Survey) -> None:
    """Bring people along whom a demonstration of an earlier version did not have."""
    names = [person.username for person in PEOPLE]
    present = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for person in PEOPLE:
        if person.username not in present:
            _person(person, survey)


def _person(person: Person, survey: Survey) -> User:
    user, is_new = User.objects.get_or_create(
        username=person.username,
        defaults={"first_name": person.first_name},
    )
    if is_new:
        user.is_staff = user.is_superuser = not person.role
        user.set_password(PASSWORD)
        user.save()
    if person.role:
        Membership.objects.get_or_create(user=user, survey=survey, defaults={"role": person.role})
    return user


def _frame(survey: Survey, population: made.Population, at: datetime) -> Frame:
    """The frame with its permanent random numbers; register numbers are positions."""
    size_classes = [made.SIZE_CLASSES[each] for each in population.size_class]
    industries = [made.INDUSTRIES[each] for each in population.industry]
    regions = [made.REGIONS[each] for each in population.region]
    names = made.firm_names(made.SEED, industries)
    numbers = np.random.default_rng([made.SEED, 4]).random(len(names)).tolist()
    enterprises = _enterprises(survey, names, numbers, at)
    frame = Frame.objects.create(
        survey=survey,
        name="Made register of firms, 10 and more persons",
        made_data=True,
        fingerprint=hashlib.sha256(repr((names, numbers)).encode()).hexdigest(),
        unit_count=len(names),
    )
    Unit.objects.bulk_create(
        [
            Unit(
                frame=frame,
                enterprise=enterprises[number],
                register_id=enterprises[number].register_id,
                name=names[number],
                size_class=size_classes[number],
                industry=industries[number],
                region=regions[number],
                employees=employees,
                permanent_random_number=numbers[number],
                email=f"office-{number:05}@firms.example",
            )
            for number, employees in enumerate(population.employees.tolist())
        ],
        batch_size=_AT_ONCE,
    )
    return frame


def _enterprises(
    survey: Survey, names: Sequence[str], numbers: Sequence[float], at: datetime
) -> list[Enterprise]:
    return Enterprise.objects.bulk_create(
        [
            Enterprise(
                survey=survey,
                register_id=made_waves.register_id(position),
                name=name,
                permanent_random_number=number,
                made_at=at,
            )
            for position, (name, number) in enumerate(zip(names, numbers, strict=True))
        ],
        batch_size=_AT_ONCE,
    )


def _closed_wave(survey: Survey, frame: Frame, instrument: Instrument) -> Wave:
    return Wave.objects.create(
        survey=survey,
        slug=CLOSED_WAVE,
        title="Wave 2021 to 2023",
        reference_first_year=2021,
        reference_last_year=2023,
        field_start=date(2024, 3, 4),
        field_end=date(2024, 6, 14),
        instrument=instrument,
        frame=frame,
        made_data=True,
    )


def _open_wave(survey: Survey, frame: Frame, instrument: Instrument, at: datetime) -> Wave:
    """A wave that is in its field at that moment, whenever the demonstration is loaded."""
    return Wave.objects.create(
        survey=survey,
        slug=OPEN_WAVE,
        title="Wave 2023 to 2025",
        reference_first_year=2023,
        reference_last_year=2025,
        field_start=min(date(2026, 9, 1), (at - timedelta(days=45)).date()),
        field_end=max(date(2026, 12, 31), (at + timedelta(days=45)).date()),
        instrument=instrument,
        frame=frame,
        made_data=True,
    )
