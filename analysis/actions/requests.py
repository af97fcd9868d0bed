"""Asking for a run, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from analysis.actions.failures import MAY_GO_BETTER, PASSING, SameRun
from analysis.actions.fingerprints import code_fingerprint, run_fingerprint
from analysis.actions.output_checks import is_overtaken
from analysis.actions.output_rules import rules_fingerprint, rules_of
from analysis.actions.pieces import start_anew, stop_all
from analysis.actions.snapshots import current_snapshot, is_quickly_made, make_snapshot
from analysis.extracts import User, Wave
from analysis.models import PlanVersion, Run, RunPiece
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan

UNSETTLED = "unsettled"
"""The fingerprint of a run of which no worker has yet put the data together."""

_FRESH = {
    "state": Run.State.REQUESTED,
    "published_at": None,
    "attempts": 0,
    "claim": None,
    "lease_until": None,
    "started_at": None,
    "finished_at": None,
    "progress_done": 0,
    "progress_total": 0,
    "progress_note": "",
    "failure": None,
}


def request(*, plan_version: PlanVersion, by: User | None, at: datetime) -> tuple[Run, bool]:
    """The run of this plan on the wave as it is now, and whether it has to be carried out.

    The same plan on the same data and code, under the same rules for output, is one run: a
    second request finds the first. A run that was refused would be refused again and stays as
    it is; one that was withdrawn, or failed for a reason outside the plan, starts anew.

    Raises: Refusal of waves that make no panel, where the plan is of several.
    """
    # Read before the transaction, which on SQLite keeps every other writer waiting.
    waves = read_plan(plan_version.source).waves
    extract = _extract_of(plan_version.plan.wave, waves, at)
    code, rules = code_fingerprint(), rules_of(plan_version.plan.wave)
    with transaction.atomic():
        return _requested(plan_version, extract, code, rules, by, at)


def _requested(
    plan_version: PlanVersion,
    extract: str,
    code: str,
    rules: dict[str, Any],
    by: User | None,
    at: datetime,
) -> tuple[Run, bool]:
    run, is_new = Run.objects.get_or_create(
        plan_version=plan_version,
        fingerprint=_fingerprint(plan_version, extract, code, rules),
        defaults={
            "extract_fingerprint": extract,
            "code_fingerprint": code,
            "output_rules": rules,
            "requested_by": by,
            "requested_at": at,
        },
    )
    if is_new or not _may_start_anew(run):
        return run, is_new
    again: dict[str, Any] = {"requested_by": by, "requested_at": at}
    if not extract:
        again |= {"code_fingerprint": code, "output_rules": rules}
    return run, _started_anew(run, again)


def _started_anew(run: Run, again: dict[str, Any]) -> bool:
    anew = Run.objects.filter(pk=run.pk, state=run.state, claim=run.claim).update(**_FRESH, **again)
    if anew:
        start_anew(run.pk)
    run.refresh_from_db()
    return bool(anew)


def _extract_of(wave: Wave, waves: Sequence[str], at: datetime) -> str:
    """The fingerprint of the data as they are now; empty if it is for a worker to find out."""
    held = current_snapshot(wave, waves)
    if held is not None:
        return held.fingerprint
    if not is_quickly_made(wave):
        return ""
    try:
        return make_snapshot(wave=wave, waves=waves, at=at)[0].fingerprint
    except Refusal as refusal:
        if refusal.code not in PASSING:
            raise
        return ""


def _fingerprint(plan_version: PlanVersion, extract: str, code: str, rules: dict[str, Any]) -> str:
    if not extract:
        return UNSETTLED
    return run_fingerprint(
        plan=plan_version.fingerprint, extract=extract, code=code, rules=rules_fingerprint(rules)
    )


def settle_data(*, run: Run, held: QuerySet[Run], at: datetime) -> bool:
    """Take the data of a run of unsettled data as they are now, for its worker.

    `held` finds the run as long as it is the worker's; False if it is not.
    Raises: Refusal ``same_run`` if these data make it a run that there is, which starts anew
    where it may; ``storage_full``, ``storage_unreachable``, and of waves that make no panel.
    """
    version = run.plan_version
    waves = read_plan(version.source).waves
    snapshot, _ = make_snapshot(wave=version.plan.wave, waves=waves, at=at)
    found = _fingerprint(version, snapshot.fingerprint, run.code_fingerprint, run.output_rules)
    try:
        with transaction.atomic():
            settled = held.all().update(fingerprint=found, extract_fingerprint=snapshot.fingerprint)
    except IntegrityError:
        there = Run.objects.get(plan_version=version, fingerprint=found)
        if _may_start_anew(there):
            _started_anew(there, {"requested_by": run.requested_by, "requested_at": at})
        raise SameRun(there.pk) from None
    run.fingerprint, run.extract_fingerprint = found, snapshot.fingerprint
    return bool(settled)


@transaction.atomic
def withdraw(*, run: Run, by: User, at: datetime) -> bool:
    """Take a request back. A worker on it stops before its next model. False if it is over.

    What its pieces have found stays, for whoever asks for the same again.
    """
    unfinished = Run.objects.filter(pk=run.pk, state__in=Run.UNFINISHED)
    name = by.get_full_name() or by.get_username()
    ended = bool(
        unfinished.update(
            state=Run.State.WITHDRAWN,
            finished_at=at,
            lease_until=None,
            failure={
                "code": "withdrawn",
                "message": f"{name} withdrew this run.",
                "remedy": "Request it again to have it carried out.",
            },
        )
    )
    if ended:
        stop_all(run.pk)
    return ended


def note_published(*, run_id: UUID) -> None:
    """Remember, by the database's clock, that a message about the run was sent."""
    Run.objects.filter(pk=run_id).update(published_at=Now())


def _may_start_anew(run: Run) -> bool:
    if run.state == Run.State.WITHDRAWN:
        return True
    if run.state == Run.State.DONE:
        # A column is empty for want of time or memory, which the next attempt may have.
        return run.pieces.filter(state=RunPiece.State.FAILED).exists() or is_overtaken(run)
    failure = run.failure or {}
    # What was refused of data that nobody settled may have been these data.
    may = run.fingerprint == UNSETTLED or failure.get("code") in MAY_GO_BETTER
    return run.state == Run.State.FAILED and may
