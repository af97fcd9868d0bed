"""The waves of the demonstration: drawn like any other, answered by made firms."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from surveys import demonstration as made
from surveys.actions import access_codes, closing, dispositions, samples, waves
from surveys.actions.calendar import codes_expire_at
from surveys.actions.made_responses import MadeResponse, made_reference, pages_of, write
from surveys.models import Case, CaseEvent, Invitation, User, Wave
from surveys.queries.instruments import compiled
from surveys.questionnaire.instrument import Instrument
from surveys.sampling import SamplePlan, StratumKey

OPEN_PLAN = SamplePlan(size=420, minimum=10, power=0.3)
"""Drawn from where the closed wave's draw began, so that every firm of it is drawn again."""

_SUBMITTED_OF_THE_PANEL, _SUBMITTED_OF_OTHERS = 0.85, 0.15
_OPEN_STARTED = 24
_UNANSWERED = (Case.Disposition.NON_CONTACT, Case.Disposition.REFUSAL, Case.Disposition.PARTIAL)
_UNANSWERED_SHARES = (62, 26, 12)
_AT_ONCE = 1_000


def register_id(number: int) -> str:
    """The register number of the firm at that position of the population."""
    return f"M{number:05}"


def answer_closed_wave(*, wave: Wave, population: made.Population, by: User) -> None:
    """Draw about 2,000 firms, let 1,200 answer, and close the field.

    Within every stratum it is pure chance who of the drawn firms answers.
    """
    drawn_at = _morning(wave) - timedelta(days=20)
    samples.draw(wave=wave, plan=made.PLAN, seed=made.SEED, by=by, at=drawn_at)
    waves.open_field(wave=wave, by=by, at=_morning(wave))
    cases = list(wave.cases.select_related("unit", "stratum"))
    _write_to(cases, wave, at=_morning(wave))
    chance = random.Random(f"closed {made.SEED}")  # noqa: S311 -- made data, to be repeated
    answering = _answering(cases, chance)
    others = [case for case in cases if case.pk not in answering]
    ends = chance.choices(_UNANSWERED, _UNANSWERED_SHARES, k=len(others))
    writer = _Writer(wave, _Told(population), chance, latest=_evening(wave))
    writer.answer([case for case in cases if case.pk in answering], submits=True)
    partials = [c for c, end in zip(others, ends, strict=True) if end == Case.Disposition.PARTIAL]
    writer.answer(partials, submits=False)
    refusals = [c for c, end in zip(others, ends, strict=True) if end == Case.Disposition.REFUSAL]
    _refuse(refusals, wave, chance)
    dispositions.settle_cases(wave=wave, at=_evening(wave) + timedelta(hours=1))
    closing.close_field(wave=wave, by=by, at=_evening(wave) + timedelta(hours=2))


def answer_open_wave(
    *, wave: Wave, closed: Wave, population: made.Population, by: User, at: datetime
) -> None:
    """Draw 420 firms of the closed wave's sample and open the field; most have submitted.

    Of those that answered the closed wave more have than of the others; a few have begun.
    """
    start = min(_morning(wave), at - timedelta(days=30))
    document = samples.document_of(OPEN_PLAN, made.SEED + 1)
    document["selection"] = {"rotation": {"wave": closed.slug, "rotate": 0}}
    samples.plan(wave=wave, document=document, by=by, at=start)
    samples.draw(wave=wave, by=by, at=start)
    waves.open_field(wave=wave, by=by, at=start)
    cases = list(wave.cases.select_related("unit", "stratum"))
    _write_to(cases, wave, at=start)
    chance = random.Random(f"open {made.SEED}")  # noqa: S311 -- made data, to be repeated
    submitting = _submitting(cases, closed, chance)
    waiting = [case for case in cases if case.pk not in submitting]
    told = _Told(population, made.a_wave_later(population, made.SEED), closed)
    writer = _Writer(wave, told, chance, latest=at - timedelta(hours=1))
    writer.answer([case for case in cases if case.pk in submitting], submits=True)
    writer.answer(chance.sample(waiting, _OPEN_STARTED), submits=False)
    dispositions.settle_cases(wave=wave, at=at)


def _morning(wave: Wave) -> datetime:
    return datetime.combine(wave.field_start, time(6), tzinfo=UTC)


def _evening(wave: Wave) -> datetime:
    return datetime.combine(wave.field_end, time(18), tzinfo=UTC)


def _answering(cases: Sequence[Case], chance: random.Random) -> set[int]:
    """Keys of the cases that answer: a fixed number of each stratum, drawn by chance."""
    strata: dict[StratumKey, list[int]] = {}
    for case in cases:
        stratum = case.stratum
        key = StratumKey(stratum.size_class, stratum.industry, stratum.region)
        strata.setdefault(key, []).append(case.pk)
    numbers = made.respondents_by_stratum({key: len(keys) for key, keys in strata.items()})
    return {each for key, keys in strata.items() for each in chance.sample(keys, numbers[key])}


def _submitting(cases: Sequence[Case], closed: Wave, chance: random.Random) -> set[int]:
    """Keys of the cases that have submitted: a share of each stratum, drawn by chance.

    The share depends on whether the firm answered the closed wave, which was chance, too.
    """
    answered = closed.cases.filter(disposition=Case.Disposition.COMPLETE)
    panel = set(answered.values_list("unit_id", flat=True))
    groups: dict[tuple[int, bool], list[int]] = {}
    for case in cases:
        groups.setdefault((case.stratum_id, case.unit_id in panel), []).append(case.pk)
    shares = {True: _SUBMITTED_OF_THE_PANEL, False: _SUBMITTED_OF_OTHERS}
    return {
        each
        for (_, is_of_the_panel), keys in groups.items()
        for each in chance.sample(keys, round(shares[is_of_the_panel] * len(keys)))
    }


def _write_to(cases: Sequence[Case], wave: Wave, *, at: datetime) -> None:
    """An access code for every case, as the first letter brings it."""
    codes = [access_codes.new_code() for _ in cases]
    Invitation.objects.bulk_create(
        [
            Invitation(
                case=case,
                code_hash=access_codes.keyed_hash(code),
                hint=code[:4],
                issued_at=at,
                expires_at=codes_expire_at(wave, at),
            )
            for case, code in zip(cases, codes, strict=True)
        ],
        batch_size=_AT_ONCE,
    )
    CaseEvent.objects.bulk_create(
        [
            CaseEvent(case=case, kind="access_issued", at=at, detail={"hint": code[:4]})
            for case, code in zip(cases, codes, strict=True)
        ],
        batch_size=_AT_ONCE,
    )


def _refuse(cases: Iterable[Case], wave: Wave, chance: random.Random) -> None:
    refused = Case.Disposition.REFUSAL
    events = []
    changed = []
    for case in cases:
        at = _morning(wave) + timedelta(days=chance.randint(2, 80), minutes=chance.randint(60, 540))
        detail = {"before": case.disposition, "after": refused.value, "by": "ben", "note": "phone"}
        events.append(CaseEvent(case=case, kind="disposition", at=at, detail=detail))
        case.disposition, case.disposition_at = refused, at
        changed.append(case)
    CaseEvent.objects.bulk_create(events, batch_size=_AT_ONCE)
    Case.objects.bulk_update(changed, ["disposition", "disposition_at"], batch_size=_AT_ONCE)


class _Told:
    """What the firms of a population tell, or those of a later one, who told before."""

    def __init__(
        self,
        population: made.Population,
        later: made.Population | None = None,
        before: Wave | None = None,
    ) -> None:
        self.population = population
        self.later = later
        self.before = before

    def answers(self, number: int, wave: Wave) -> made.Answers:
        if self.later is None or self.before is None:
            return self._first(number, wave)[1]
        firm, told = self._first(number, self.before)
        last = wave.reference_last_year
        return made.answers_a_wave_later(
            made.firm_of(self.later, number, made.SEED + last),
            before=firm,
            told=told,
            first_year=wave.reference_first_year,
            last_year=last,
        )

    def _first(self, number: int, wave: Wave) -> tuple[made.Firm, made.Answers]:
        first, last = wave.reference_first_year, wave.reference_last_year
        firm = made.firm_of(self.population, number, made.SEED + last)
        return firm, made.answers_of(firm, first_year=first, last_year=last)


class _Writer:
    """Makes the answers of cases of one wave, and their stories, and writes them."""

    def __init__(self, wave: Wave, told: _Told, chance: random.Random, *, latest: datetime) -> None:
        if wave.instrument is None:
            raise ValueError("the wave has no instrument")
        self.wave = wave
        self.told = told
        self.chance = chance
        self.latest = latest
        self.instrument: Instrument = compiled(wave.instrument)

    def answer(self, cases: Iterable[Case], *, submits: bool) -> None:
        """Let these cases answer: to the end, or up to some page."""
        write([self._made(case, submits=submits) for case in cases], self.instrument)

    def _made(self, case: Case, *, submits: bool) -> MadeResponse:
        number = int(case.unit.register_id[1:]) if case.unit else 0
        answers = self.told.answers(number, self.wave)
        pages = pages_of(self.instrument, answers)
        if not submits:
            pages = pages[: self.chance.randint(1, len(pages) - 2)]
        story = made.tell(
            self.chance,
            pages,
            start=self.wave.field_start,
            latest=self.latest,
            submits=submits,
        )
        disposition = Case.Disposition.COMPLETE if submits else Case.Disposition.STARTED
        return MadeResponse(case, answers, story, disposition, made_reference(self.chance))
