"""Freezing a version of a plan before the wave closes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from analysis import extracts
from analysis.comparison.certificate import certificate_text, sha256_of_text
from analysis.comparison.content import contents_of
from analysis.extracts import User, Wave
from analysis.models import Plan, PlanVersion, Registration, Run
from analysis.refusals import Refusal


def register(*, plan_version: PlanVersion, by: User | None) -> tuple[Registration, bool]:
    """The registration of this version, and whether it is new; the time is the database's.

    The plan's last registration is superseded and stays. A version is registered once.

    Raises: Refusal ``wave_closed``, ``imported_wave``, or ``changed_meanwhile`` where somebody
    else registered another version at the same moment.
    """
    found = Registration.objects.filter(plan_version=plan_version).first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return _registered(plan_version, by), True
    except IntegrityError:
        raise Refusal(
            "changed_meanwhile",
            "Somebody else registered a version of this plan at the same moment.",
            "Look at the registrations, and register again if yours is still wanted.",
        ) from None


def _registered(plan_version: PlanVersion, by: User | None) -> Registration:
    # Closing the wave changes this row, so that it comes either before or after.
    wave = Wave.objects.select_for_update().get(pk=plan_version.plan.wave_id)
    refuse_late(wave)
    plan = Plan.objects.select_related("wave__survey").get(pk=plan_version.plan_id)
    at = Wave.objects.filter(pk=wave.pk).values_list(Now(), flat=True)[0]
    last = plan.registrations.order_by("-number").first()
    facts = _facts(plan, plan_version, wave, by) | {
        "number": 1 if last is None else last.number + 1,
        "supersedes": "none" if last is None else f"registration {last.number}, {last.fingerprint}",
        "at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z, by the clock of the database",
    }
    source = plan_version.source
    certificate = certificate_text(facts, contents_of(source), source)
    return Registration.objects.create(
        plan=plan,
        plan_version=plan_version,
        number=facts["number"],
        supersedes=last,
        registered_at=at,
        registered_by=by,
        facts=facts,
        certificate=certificate,
        fingerprint=sha256_of_text(certificate),
    )


def refuse_late(wave: Wave) -> None:
    """Raises: Refusal ``wave_closed`` or ``imported_wave``."""
    if wave.origin != Wave.Origin.COLLECTED:
        raise Refusal(
            "imported_wave",
            "The data of this wave were there before any plan for it could be registered here.",
            "Its runs are shown as exploratory. Name a registration made elsewhere in the paper.",
        )
    if wave.state == Wave.State.CLOSED:
        raise Refusal(
            "wave_closed",
            "The wave is closed: what is registered now could rest on its answers.",
            "Its runs say “not registered before closing”. Register the plan for the next wave.",
        )


def _facts(plan: Plan, plan_version: PlanVersion, wave: Wave, by: User | None) -> dict[str, Any]:
    runs = Run.objects.filter(plan_version__plan__wave=wave)
    name = "a command, by nobody who logged in"
    if by is not None:
        name = " ".join(filter(None, [by.get_full_name(), f"({by.get_username()})"]))
    return {
        "survey": f"{plan.wave.survey.title} ({plan.wave.survey.slug})",
        "wave": f"{wave.title} ({wave.slug})",
        "plan": f"{plan.title} ({plan.slug})",
        "version": plan_version.number,
        "by": name,
        "wave_state": wave.get_state_display().lower(),
        "field": f"{wave.field_start:%Y-%m-%d} to {wave.field_end:%Y-%m-%d}",
        **extracts.answered_so_far(wave),
        "runs_of_wave": runs.count(),
        "runs_of_plan": runs.filter(plan_version__plan=plan).count(),
        "plan_fingerprint": plan_version.fingerprint,
        "text_sha256": sha256_of_text(plan_version.source),
    }
