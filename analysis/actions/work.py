"""Carrying out a run: at least once, and with one result."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from analysis import pipeline
from analysis.actions.attempts import attempt
from analysis.actions.failures import PASSING
from analysis.actions.lease import UNFINISHED, RunLease, Stopped, claim, put_back
from analysis.actions.origins import origin_of
from analysis.actions.output_checks import keep_check, overtaken
from analysis.actions.pieces import findings, hand_out, size_over
from analysis.actions.preparing import prepared_anew, refuse_other_code
from analysis.actions.requests import settle_data
from analysis.dataset import Dataset
from analysis.disclosure.rules import DisclosurePolicy
from analysis.estimation.design import Labels
from analysis.models import Run
from analysis.refusals import Refusal
from analysis.specification.model import Plan

_SECONDS_BETWEEN_NOTES = 0.25
_FINDINGS, _PREPARED = "findings", "prepared"


class Estimate(Protocol):
    """What turns a data set and a plan into results; the pipeline."""

    def __call__(
        self,
        dataset: Dataset,
        plan: Plan,
        *,
        on_progress: Callable[[int, int, str], None],
        fingerprint: str,
        policy: DisclosurePolicy | None,
        holdings: Labels | None,
        earlier: tuple[Plan, ...],
        against_frame: Any,
    ) -> pipeline.Results: ...


def carry_out(
    *,
    run_id: UUID,
    estimate: Estimate = pipeline.run,
    too_long: type[Exception] = TimeoutError,
    listening: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> bool:
    """Estimate the run's plan and keep the result, if the run is free. True if it was kept.

    Delivered twice, it is carried out once: whoever comes second finds the run claimed. A
    worker that lost its claim meanwhile, because it was cut off for longer than the lease,
    throws its result away. `too_long` is the exception by which the caller's clock stops it,
    and `listening` the block within which that clock may ring. An error of the database leaves
    the run claimed; when the lease is over it is free again.

    A run of much work is cut into pieces for many workers and waits for them, unclaimed; once
    they are over it is carried out again, and what they found is joined.
    """
    token = claim(run_id)
    if token is None:
        return False
    run = Run.objects.select_related("plan_version__plan__wave__survey").get(pk=run_id)
    with RunLease(run_id, token) as lease:
        try:
            outcome = attempt(
                lambda: _results(run, lease, estimate),
                what=f"Run {run.pk}",
                token=token,
                too_long=too_long,
                listening=listening,
            )
        except Stopped:
            return False
        if isinstance(outcome, Refusal):
            if outcome.code in PASSING:
                put_back(lease, outcome)
                return False
            outcome = {
                "state": Run.State.FAILED, "failure": outcome.document(), "finished_at": Now(),
            }  # fmt: skip
        return _settled(run, lease, outcome)


def _settled(run: Run, lease: RunLease, outcome: dict[str, Any]) -> bool:
    """Keep how the run ended, and its check with it; False if the claim was lost meanwhile."""
    findings, prepared = outcome.pop(_FINDINGS, None), outcome.pop(_PREPARED, None)
    with transaction.atomic():
        kept = bool(lease.held.all().update(**outcome, lease_until=None))
        if kept and findings is not None:
            policy = DisclosurePolicy.from_document(run.output_rules["policy"])
            keep_check(run, [*findings, *overtaken(run, prepared.plan, prepared.earlier)], policy)
    return kept


def _results(run: Run, lease: RunLease, estimate: Estimate) -> dict[str, Any]:
    """The columns of the run that tell how it ended, or that it waits for its pieces."""
    progress = Progress(lease)
    if not run.extract_fingerprint:
        refuse_other_code(run)
        progress(0, 0, "Putting the data of the wave together")
        if not settle_data(run=run, held=lease.held, at=timezone.now()):
            raise Stopped
    prepared = prepared_anew(run)
    pieces = prepared.pieces
    if run.pieces.exists() or not pipeline.is_small(pieces):
        return _in_pieces(run, prepared, pieces, progress)
    results = estimate(
        prepared.dataset,
        prepared.plan,
        on_progress=progress,
        fingerprint=run.fingerprint,
        policy=prepared.policy,
        holdings=prepared.holdings,
        earlier=prepared.earlier,
        against_frame=prepared.against_frame,
    )
    return _done(results, prepared)


def _in_pieces(
    run: Run,
    prepared: pipeline.Prepared,
    pieces: Sequence[pipeline.Piece],
    progress: pipeline.Progress,
) -> dict[str, Any]:
    hand_out(run, pieces)
    total = sum(piece.size for piece in pieces) + len(prepared.plan.descriptives)
    done = size_over(run)
    if run.pieces.filter(state__in=UNFINISHED).exists():
        return {
            "state": Run.State.DIVIDED, "claim": None, "attempts": 0,
            "progress_done": done, "progress_total": total,
        }  # fmt: skip
    found = findings(run, pieces)
    told = pipeline.telling(progress, done, total)
    descriptions = pipeline.describe_all(prepared, found, told)
    results = pipeline.joined(prepared, found, descriptions, fingerprint=run.fingerprint)
    return _done(results, prepared) | {"progress_done": total, "progress_total": total}


def _done(results: pipeline.Results, prepared: pipeline.Prepared) -> dict[str, Any]:
    documents = {
        "origin": origin_of(prepared.dataset),
        "estimates": results.estimates_document,
        **{
            name: None if table is None else table.to_document()
            for name, table in (
                ("table", results.table),
                ("margins_table", results.margins_table),
                ("descriptives_table", results.descriptives_table),
                ("curve_table", results.curve_table),
            )
        },
    }
    # PostgreSQL takes no NaN in JSON. Refused here, it is refused on every database.
    json.dumps(documents, allow_nan=False)
    return {
        "state": Run.State.DONE, "failure": None, "finished_at": Now(),
        _FINDINGS: results.withheld, _PREPARED: prepared, **documents,
    }  # fmt: skip


class Progress:
    """Writes how far the run is, a few times a second; stops a run that was taken away."""

    def __init__(self, lease: RunLease) -> None:
        self._lease = lease
        self._noted_at = float("-inf")

    def __call__(self, done: int, total: int, note: str) -> None:
        """Raises Stopped if the run was withdrawn or another worker has it."""
        if self._lease.lost.is_set():
            raise Stopped
        if done < total and time.monotonic() - self._noted_at < _SECONDS_BETWEEN_NOTES:
            return
        self._noted_at = time.monotonic()
        held = self._lease.held.all()
        if not held.update(progress_done=done, progress_total=total, progress_note=note[:200]):
            raise Stopped
