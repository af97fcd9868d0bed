"""How a run stands to the registrations of its wave, as they were when it was asked for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from analysis.comparison.content import EFFECTS
from analysis.comparison.registered import RegisteredPlan, Standing, standing
from analysis.comparison.standing_words import of_models
from analysis.extracts import Wave
from analysis.figures.of_estimates import Registered
from analysis.models import Plan, Registration, Run


@dataclass(frozen=True, slots=True)
class Register:
    """What the plan's page says of registering it."""

    registrations: tuple[Registration, ...]
    is_open: bool


def standing_of(run: Run) -> Standing:
    """What of the run was registered before it; empty where no registration concerns it."""
    version = run.plan_version
    before = _of_wave(version.plan.wave).filter(registered_at__lt=run.requested_at)
    registered = [_registered(each, run) for each in before]
    if not registered:
        return Standing()
    return standing(version.source, registered, run.estimates or {})


def registered_of(run: Run) -> Registered | None:
    """What was registered of the run, for its figures; None where no registration concerns it."""
    found = standing_of(run)
    if not found:
        return None
    models = [each for each in found.judged if each.kind == "model"]
    curves = [each for each in found.judged if each.kind == "curve"]
    return Registered(
        models=frozenset(each.place for each in models if each.status == "registered"),
        effects_added=frozenset(each.place for each in models if EFFECTS in each.added),
        curve=" ".join(of_models(each) for each in curves),
    )


def told_of_registration(run: Run) -> dict[str, Any]:
    """What the page of a run says of its registrations."""
    wave = run.plan_version.plan.wave
    found = standing_of(run)
    return {
        "standing": found,
        "unregistered": "" if found else why_unregistered(run),
        "registrations": reverse("analysis:registrations", args=[wave.survey.slug, wave.slug]),
    }


def why_unregistered(run: Run) -> str:
    """In a sentence, why nothing of the run was registered before it."""
    plan, wave = run.plan_version.plan, run.plan_version.plan.wave
    if wave.origin != Wave.Origin.COLLECTED:
        return "Not registered: the data of this wave were there before it came here."
    later = plan.registrations.filter(registered_at__gte=run.requested_at).first()
    if later is not None:
        return (
            f"Not registered before this run: registration {later.number} of the plan came on "
            f"{later.registered_at:%-d %b %Y}, after the run was asked for."
        )
    if wave.state == Wave.State.CLOSED:
        return "Not registered before closing: no version of this plan, nor what it holds."
    return "Not registered: the wave is not closed yet, and no version of this plan is registered."


def register_of(plan: Plan | None, wave: Wave) -> Register:
    """The registrations of a plan, and whether one may still be made."""
    found = () if plan is None else tuple(_of_wave(wave).filter(plan=plan))
    return Register(found, is_still_open(wave))


def is_still_open(wave: Wave) -> bool:
    """Whether plans on the wave may still be registered."""
    return wave.origin == Wave.Origin.COLLECTED and wave.state != Wave.State.CLOSED


def registrations_of(wave: Wave) -> list[Registration]:
    """Every registration of the wave's plans, newest first."""
    return list(_of_wave(wave))


def registration_of(wave: Wave, plan: str, number: int) -> Registration:
    """Raises: Registration.DoesNotExist."""
    return _of_wave(wave).get(plan__slug=plan, number=number)


def _of_wave(wave: Wave) -> QuerySet[Registration]:
    related = ("plan__wave__survey", "plan_version", "registered_by", "supersedes", "superseded_by")
    return Registration.objects.filter(plan__wave=wave).select_related(*related)


def _registered(each: Registration, run: Run) -> RegisteredPlan:
    later = getattr(each, "superseded_by", None)
    return RegisteredPlan(
        number=each.number,
        title=each.plan.title,
        at=f"{each.registered_at:%-d %b %Y, %H:%M} UTC",
        fingerprint=each.fingerprint,
        source=each.plan_version.source,
        is_in_force=later is None or later.registered_at >= run.requested_at,
        is_of_plan=each.plan_id == run.plan_version.plan_id,
    )
