"""Asking for a run, and taking it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from analysis import extracts
from analysis.actions.failures import MAY_GO_BETTER
from analysis.actions.fingerprints import code_fingerprint, run_fingerprint
from analysis.actions.pieces import start_anew, stop_all
from analysis.extracts import User
from analysis.models import PlanVersion, Run, RunPiece

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

    The same plan on the same data and code is one run: a second request finds the first. A
    run that was refused would be refused again and stays as it is; one that was withdrawn,
    or failed for a reason outside the plan, starts anew.
    """
    # Read before the transaction, which on SQLite keeps every other writer waiting.
    extract = extracts.extract_fingerprint(plan_version.plan.wave)
    code = code_fingerprint()
    with transaction.atomic():
        return _requested(plan_version, extract, code, by, at)


def _requested(
    plan_version: PlanVersion, extract: str, code: str, by: User | None, at: datetime
) -> tuple[Run, bool]:
    run, is_new = Run.objects.get_or_create(
        plan_version=plan_version,
        fingerprint=run_fingerprint(plan=plan_version.fingerprint, extract=extract, code=code),
        defaults={
            "extract_fingerprint": extract,
            "code_fingerprint": code,
            "requested_by": by,
            "requested_at": at,
        },
    )
    if is_new or not _may_start_anew(run):
        return run, is_new
    anew = Run.objects.filter(pk=run.pk, state=run.state, claim=run.claim).update(
        **_FRESH, requested_by=by, requested_at=at
    )
    if anew:
        start_anew(run.pk)
    run.refresh_from_db()
    return run, bool(anew)


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
        return run.pieces.filter(state=RunPiece.State.FAILED).exists()
    failure = run.failure or {}
    return run.state == Run.State.FAILED and failure.get("code") in MAY_GO_BETTER
