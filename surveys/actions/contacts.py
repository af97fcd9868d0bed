"""The contact protocol of a wave: its steps and their words, as long as nothing was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.freezing import refuse_frozen
from surveys.fieldwork import protocols, wording
from surveys.fieldwork.offered_words import offered_words
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import AuditEvent, ContactAttempt, ContactStep, ContactTemplate, User, Wave

_FURTHEST = 366
_NEEDS_A_WAY_IN = frozenset({"invitation", "nudge", "reminder", "last_call"})


class StepRefused(Exception):
    """A step that cannot be kept. `problems` are sentences by field; words by `subject-nb`."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        self.problems = {name: list(sentences) for name, sentences in problems.items()}
        super().__init__("; ".join(f"{name}: {each}" for name, x in problems.items() for each in x))


class StepIsUsed(Exception):
    """Something went out by the step, or waits to: what it was must stay as it is."""


@transaction.atomic
def add_step(*, wave: Wave, plan: StepPlan, by: User | None, at: datetime) -> ContactStep:
    """Add a step with its words in every language. Raises StepRefused, WaveFrozen."""
    refuse_frozen(wave)
    _check(wave, plan)
    position = ContactStep.objects.filter(wave=wave).count() + 1
    step = ContactStep.objects.create(wave=wave, position=position, **_columns(plan))
    _write_words(step, plan)
    _audit(step, "contact_step_added", by, at)
    return step


@transaction.atomic
def change_step(*, step: ContactStep, plan: StepPlan, by: User | None, at: datetime) -> ContactStep:
    """Change a step by which nothing was sent. Raises StepRefused, StepIsUsed, WaveFrozen."""
    step = _unused(step)
    _check(step.wave, plan)
    for name, value in _columns(plan).items():
        setattr(step, name, value)
    step.save()
    _write_words(step, plan)
    _audit(step, "contact_step_changed", by, at)
    return step


@transaction.atomic
def remove_step(*, step: ContactStep, by: User | None, at: datetime) -> None:
    """Take a step away by which nothing was sent. Raises StepIsUsed, WaveFrozen."""
    step = _unused(step)
    _audit(step, "contact_step_removed", by, at)
    step.delete()


@transaction.atomic
def offer_protocol(
    *, wave: Wave, languages: Sequence[str], by: User | None, at: datetime
) -> tuple[ContactStep, ...]:
    """Give a wave without steps the protocol that is offered; nothing if it has one."""
    Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    if ContactStep.objects.filter(wave=wave).exists():
        return ()
    return tuple(
        add_step(wave=wave, plan=_with_words(plan, languages), by=by, at=at)
        for plan in protocols.OFFERED
    )


def _with_words(plan: StepPlan, languages: Sequence[str]) -> StepPlan:
    words = {language: offered_words(plan.kind, language) for language in languages}
    return StepPlan(
        plan.kind, plan.channel, plan.day_from, plan.offset_days, plan.on, plan.audience, words
    )


def _unused(step: ContactStep) -> ContactStep:
    """The step, locked: whoever queues it locks it, too. Raises StepIsUsed, WaveFrozen."""
    refuse_frozen(step.wave)
    found = (
        ContactStep.objects.select_for_update(of=("self",))
        .select_related("wave__survey")
        .filter(pk=step.pk)
        .first()
    )
    if found is None or ContactAttempt.objects.filter(step=found).exists():
        raise StepIsUsed
    return found


def _check(wave: Wave, plan: StepPlan) -> None:
    problems: dict[str, list[str]] = {}
    for name, value, known in (
        ("kind", plan.kind, ContactStep.Kind.values),
        ("channel", plan.channel, ContactStep.Channel.values),
        ("day_from", plan.day_from, ContactStep.DayFrom.values),
        ("standing", plan.audience.standing, list(protocols.STANDINGS)),
    ):
        if value not in known:
            problems[name] = [f"“{value}” is none of: {', '.join(known)}."]
    if abs(plan.offset_days) > _FURTHEST:
        problems["offset_days"] = [f"At most {_FURTHEST} days before or after."]
    labels = set(wave.strata.values_list("label", flat=True))
    if unknown := [label for label in plan.audience.strata if label not in labels]:
        problems["strata"] = [f"The wave has no stratum “{label}”." for label in unknown]
    if (plan.kind == "thank_you") != (plan.audience.standing == "submitted"):
        problems["standing"] = [
            "A thank-you goes to firms that have submitted, and nothing else goes to them."
        ]
    problems |= _problems_of_words(plan)
    if problems:
        raise StepRefused(problems)


def _problems_of_words(plan: StepPlan) -> dict[str, list[str]]:
    if not plan.words and plan.channel == ContactStep.Channel.PHONE:
        return {}  # what to say in a call may be left to the caller
    if not plan.words:
        return {"words": ["Write the step in at least one language."]}
    problems: dict[str, list[str]] = {}
    for language, words in plan.words.items():
        subject = [str(fault) for fault in wording.faults(words.subject, one_line=True)]
        body = [str(fault) for fault in wording.faults(words.body)]
        if not body and (wrong := _way_in_lacking(plan, words) or _way_in_spoken(plan, words)):
            body.append(wrong)
        problems |= {f"subject-{language}": subject} if subject else {}
        problems |= {f"body-{language}": body} if body else {}
    return problems


def _way_in_lacking(plan: StepPlan, words: Words) -> str:
    fill = {"email": "link", "letter": "code"}.get(plan.channel)
    if fill is None or plan.kind not in _NEEDS_A_WAY_IN:
        return ""
    if fill in wording.fills_in(words.body):
        return ""
    return f"{{{fill}}} is missing: without it the firm cannot open its questionnaire."


def _way_in_spoken(plan: StepPlan, words: Words) -> str:
    spoken = wording.SECRET_FILLS & wording.fills_in(words.body)
    if plan.channel != ContactStep.Channel.PHONE or not spoken:
        return ""
    return f"{{{min(spoken)}}} cannot be said in a call: take it out."


def _columns(plan: StepPlan) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "channel": plan.channel,
        "day_from": plan.day_from,
        "offset_days": plan.offset_days,
        "on": plan.on,
        "audience": plan.audience.document(),
    }


def _write_words(step: ContactStep, plan: StepPlan) -> None:
    ContactTemplate.objects.filter(step=step).delete()
    ContactTemplate.objects.bulk_create(
        ContactTemplate(step=step, language=language, subject=words.subject, body=words.body)
        for language, words in plan.words.items()
    )


def _audit(step: ContactStep, action: str, by: User | None, at: datetime) -> None:
    AuditEvent.objects.create(
        user=by,
        survey=step.wave.survey,
        action=action,
        at=at,
        detail={"wave": step.wave.slug, "step": step.pk, "kind": step.kind},
    )
