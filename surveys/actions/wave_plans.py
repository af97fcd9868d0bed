"""Planning a wave: its periods, and what it takes over from an earlier one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from surveys.actions.addresses import NOT_WAVES, AddressRefused, address_of
from surveys.actions.contacts import add_step
from surveys.actions.prior import NotAPreviousWave, set_previous_wave
from surveys.actions.waves import WaveNotReady
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import AuditEvent, ContactStep, Survey, User, Wave

YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What a wave is called, which years it asks about and when firms answer.

    The years and the days are the first and the last of each period, both within it.
    """

    title: str
    reference_first_year: int
    reference_last_year: int
    field_start: date
    field_end: date
    corrections_until: date | None = None


class WavePlanRefused(Exception):
    """Periods that cannot be; `problems` has sentences by the name of the plan's part."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(text for texts in problems.values() for text in texts))
        self.problems = problems


def make_wave(
    *,
    survey: Survey,
    plan: WavePlan,
    by: User | None,
    at: datetime,
    slug: str = "",
    like: Wave | None = None,
) -> Wave:
    """A draft wave without cases; its address comes from the title if not given.

    From the wave it is `like` it takes the instrument, the contact steps with their words, the
    closing rules and the rates aimed at, and quotes its answers where it asks about later years.
    Raises WavePlanRefused, or AddressRefused.
    """
    _check(plan)
    name = address_of(slug or plan.title, forbidden=NOT_WAVES)
    try:
        with transaction.atomic():
            wave = Wave.objects.create(survey=survey, slug=name, **asdict(plan))
            _audit(wave, "wave_made", by, at, {"like": like.slug if like else ""})
            if like is not None:
                _take_over(wave, like, by, at)
    except IntegrityError:
        if not Wave.objects.filter(survey=survey, slug=name).exists():
            raise
        raise AddressRefused(
            f"The survey has a wave “{name}” already. Choose another name."
        ) from None
    return wave


@transaction.atomic
def change_plan(*, wave: Wave, plan: WavePlan, by: User | None, at: datetime) -> Wave:
    """Change the title and the periods of a draft; its address stays.

    Raises WavePlanRefused, or WaveNotReady once the field has opened: firms were told then.
    """
    wave = Wave.objects.select_for_update(of=("self",)).select_related("survey").get(pk=wave.pk)
    if wave.state != Wave.State.DRAFT:
        raise WaveNotReady(
            "The field has opened: firms were told the periods. The last days to answer and to "
            "correct are on the page of the close."
        )
    _check(plan)
    _keep_order(wave, plan)
    for name, value in asdict(plan).items():
        setattr(wave, name, value)
    wave.save(update_fields=list(asdict(plan)))
    _audit(wave, "wave_planned", by, at, {})
    return wave


def _check(plan: WavePlan) -> None:
    problems: dict[str, list[str]] = {}
    for name in ("reference_first_year", "reference_last_year"):
        if getattr(plan, name) not in YEARS:
            problems[name] = [f"A year between {YEARS[0]} and {YEARS[-1]}."]
    if not problems and plan.reference_first_year > plan.reference_last_year:
        problems["reference_last_year"] = ["The period ends before it begins."]
    if plan.field_end < plan.field_start:
        problems["field_end"] = ["The last day to answer lies before the first."]
    elif plan.corrections_until is not None and plan.corrections_until < plan.field_end:
        problems["corrections_until"] = [
            "The last day to correct lies before the last day to answer."
        ]
    if problems:
        raise WavePlanRefused(problems)


def _keep_order(wave: Wave, plan: WavePlan) -> None:
    before = wave.previous
    if before is not None and before.reference_last_year >= plan.reference_last_year:
        raise WavePlanRefused({
            "reference_last_year": [
                f"The wave quotes “{before.title}”, which asks about years up to "
                f"{before.reference_last_year}. Ask about later years, or quote no wave."
            ]
        })  # fmt: skip


def _take_over(wave: Wave, like: Wave, by: User | None, at: datetime) -> None:
    wave.instrument = like.instrument
    wave.key_items, wave.partial_share = like.key_items, like.partial_share
    wave.target_rates = like.target_rates
    wave.save(update_fields=["instrument", "key_items", "partial_share", "target_rates"])
    for step in like.contact_steps.prefetch_related("templates"):
        add_step(wave=wave, plan=_moved(step, like, wave), by=by, at=at)
    try:
        set_previous_wave(wave=wave, previous=like, by=by, at=at)
    except NotAPreviousWave:
        # It may be taken as a pattern without asking about later years.
        wave.previous = None


def _moved(step: ContactStep, like: Wave, wave: Wave) -> StepPlan:
    """The step in the new wave: on a day as far from the start, to strata yet to be made."""
    words = {each.language: Words(each.subject, each.body) for each in step.templates.all()}
    day = None if step.on is None else wave.field_start + (step.on - like.field_start)
    audience = replace(Audience.read(step.audience), strata=())
    return StepPlan(step.kind, step.channel, step.day_from, step.offset_days, day, audience, words)


def _audit(wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
    told = {"wave": wave.slug, **detail}
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=told)
