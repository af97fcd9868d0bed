"""Checks of output: made with the run, decided by somebody else than who made it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from analysis import extracts
from analysis.disclosure.check import Check
from analysis.disclosure.check import Decision as Verdict
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.extracts import User, Wave
from analysis.models import OutputCheck, Run
from analysis.refusals import Refusal
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan

MOST_EARLIER = 20
"""Newest plans of which tables went out that a run is held against."""


def keep_check(run: Run, findings: Sequence[Finding], policy: DisclosurePolicy) -> OutputCheck:
    """The check of a run that has just ended, in place of one of an earlier attempt."""
    at = timezone.now()
    check = Check(tuple(findings), policy, author="")
    made, _ = OutputCheck.objects.update_or_create(
        run=run,
        defaults={
            "findings": [each.document() for each in findings],
            "policy": policy.to_document(),
            "author": run.requested_by,
            "made_at": at,
            "needs_second_person": check.needs_second_person,
            "decision": OutputCheck.Decision.WAITING,
            "decided_by": None,
            "decided_at": None,
            "reason": "",
            "released_at": at if check.may_go_out else None,
        },
    )
    return made


def overtaken(run: Run, plan: Plan, known: Sequence[Plan]) -> list[Finding]:
    """That a person must look, where results went out that the run was not held against.

    `known` are the plans that it was held against. Within the transaction that keeps the check:
    of two workers the second waits for the first.
    """
    wave = Wave.objects.select_for_update(no_key=True).filter(pk=run.plan_version.plan.wave_id)
    wave.order_by("pk").values_list("pk").first()
    held_against = {each.fingerprint for each in known}
    others = (each for each in earlier_plans(run) if each.fingerprint not in held_against)
    if not any(_tell_together(plan, each) for each in others):
        return []
    return [Finding("All results", "meanwhile", WHY["meanwhile"], "review")]


def _tell_together(one: Plan, other: Plan) -> bool:
    """Whether results of the two are held against each other at all."""
    if other.imputation is not None:
        return False
    alike = [{(s.outcome, str(s.formula)) for s in each.specifications} for each in (one, other)]
    return bool((one.descriptives and other.descriptives) or alike[0] & alike[1])


def is_overtaken(run: Run) -> bool:
    """Whether the run waits for a person for want of what it was not held against."""
    waits = OutputCheck.objects.filter(run_id=run.pk, decision=OutputCheck.Decision.WAITING)
    found = waits.values_list("findings", flat=True).first() or ()
    return any(each["rule"] == "meanwhile" for each in found)


def is_released(run: Run) -> bool:
    """Whether the run's results may be shown to others than who analyses."""
    return OutputCheck.objects.filter(run_id=run.pk, released_at__isnull=False).exists()


def check_of(run: Run) -> OutputCheck | None:
    """The run's check; None of a run that was made before there were checks."""
    found = OutputCheck.objects.select_related("author", "decided_by").filter(run_id=run.pk)
    return found.first()


def as_check(made: OutputCheck) -> Check:
    """The row as the value that says what may be done with it."""
    return Check(
        findings=tuple(Finding(**each) for each in made.findings),
        policy=DisclosurePolicy.from_document(made.policy),
        author="" if made.author is None else made.author.get_username(),
        decision=made.decision,  # type: ignore[arg-type]
        decided_by="" if made.decided_by is None else made.decided_by.get_username(),
        reason=made.reason,
    )


def mark_of_check(made: OutputCheck) -> str:
    """Names what a person saw: another attempt of the run, or another decision, has another."""
    return " ".join(each.isoformat() for each in (made.made_at, made.decided_at) if each)


def authors_of(run: Run) -> set[int]:
    """Who may not decide on the run: who asked for it, and who wrote its plan."""
    return {pk for pk in (run.requested_by_id, run.plan_version.written_by_id) if pk is not None}


@transaction.atomic
def decide(
    *,
    run: Run,
    decision: Verdict,
    by: User,
    reason: str = "",
    at: datetime,
    seen: str | None = None,
) -> OutputCheck:
    """Approve a run's output, or reject it.

    `seen` is what `mark_of_check` gave of the check that the person looked at; None does not ask.

    Raises: Refusal ``not_checked``, ``own_output``, ``no_reason``, ``not_yours_to_decide``,
    ``check_changed`` where the run was carried out anew since the person looked.
    """
    made = OutputCheck.objects.select_for_update().filter(run=run).first()
    if made is None:
        raise Refusal(
            "not_checked",
            "The run was made before output was checked.",
            "Request the run again.",
        )
    survey = run.plan_version.plan.wave.survey
    if not extracts.may_decide_outputs(by, survey):
        raise Refusal(
            "not_yours_to_decide",
            "Your role in this survey does not cover deciding on output.",
            "Ask an owner or an analyst of the survey.",
        )
    if seen is not None and seen != mark_of_check(made):
        raise Refusal(
            "check_changed",
            "The run was carried out anew, or decided on, after you looked at it.",
            "Look at what was found now, and decide then.",
        )
    check = as_check(made)
    if by.pk in authors_of(run):
        check = replace(check, author=by.get_username())
    decided = check.decided(decision, by=by.get_username(), reason=reason)
    made.decision, made.reason = decided.decision, decided.reason
    made.decided_by, made.decided_at = by, at
    made.released_at = at if decided.may_go_out else None
    made.save()
    told = {"run": str(run.pk), "decision": decided.decision}
    extracts.note(by=by, survey=survey, action="decide_output", at=at, detail=told)
    return made


def waiting_for(user: User, survey: Any) -> list[OutputCheck]:
    """Checks of the survey that wait for this person, oldest first."""
    if not extracts.may_decide_outputs(user, survey):
        return []
    mine = Q(run__requested_by=user) | Q(run__plan_version__written_by=user)
    return list(waiting(survey).exclude(mine))


def waiting(survey: Any) -> Any:
    """Checks of the survey that wait for anybody, oldest first."""
    return OutputCheck.objects.filter(
        run__plan_version__plan__wave__survey=survey,
        run__state=Run.State.DONE,
        needs_second_person=True,
        decision=OutputCheck.Decision.WAITING,
    ).select_related(
        "author", "run__requested_by", "run__plan_version__plan__wave__survey"
    )  # fmt: skip


def earlier_plans(run: Run) -> tuple[Plan, ...]:
    """Plans of which tables of the same data have gone out by now, newest first.

    Not by what was asked when: of two runs asked for at once, neither would know the other.
    """
    wave = run.plan_version.plan.wave_id
    checks = (
        OutputCheck.objects.filter(
            run__plan_version__plan__wave_id=wave,
            run__extract_fingerprint=run.extract_fingerprint,
            released_at__isnull=False,
        )
        .exclude(run__plan_version__fingerprint=run.plan_version.fingerprint)
        .order_by("-released_at")
        .values_list("run__plan_version__fingerprint", "run__plan_version__source")
    )
    sources: dict[str, str] = {}
    for fingerprint, source in checks[: 3 * MOST_EARLIER]:
        sources.setdefault(fingerprint, source)
    plans = []
    for source in list(sources.values())[:MOST_EARLIER]:
        try:
            plans.append(read_plan(source))
        except Refusal:
            continue
    return tuple(plans)
