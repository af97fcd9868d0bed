"""Carrying out a run: at least once, and with one result."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol
from uuid import UUID

from django.db.models.functions import Now

from analysis import pipeline
from analysis.actions.attempts import attempt
from analysis.actions.lease import UNFINISHED, RunLease, Stopped, claim
from analysis.actions.pieces import findings, hand_out, size_over
from analysis.actions.preparing import prepared_anew
from analysis.dataset import Dataset
from analysis.models import Run
from analysis.refusals import Refusal
from analysis.specification.model import Plan

_SECONDS_BETWEEN_NOTES = 0.25


class Estimate(Protocol):
    """What turns a data set and a plan into results; the pipeline."""

    def __call__(
        self,
        dataset: Dataset,
        plan: Plan,
        *,
        on_progress: Callable[[int, int, str], None],
        fingerprint: str,
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
            outcome = {
                "state": Run.State.FAILED, "failure": outcome.document(), "finished_at": Now(),
            }  # fmt: skip
        return bool(lease.held.all().update(**outcome, lease_until=None))


def _results(run: Run, lease: RunLease, estimate: Estimate) -> dict[str, Any]:
    """The columns of the run that tell how it ended, or that it waits for its pieces."""
    prepared = prepared_anew(run)
    progress = Progress(lease)
    pieces = prepared.pieces
    if run.pieces.exists() or not pipeline.is_small(pieces):
        return _in_pieces(run, prepared, pieces, progress)
    results = estimate(
        prepared.dataset, prepared.plan, on_progress=progress, fingerprint=run.fingerprint
    )
    return _done(results)


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
    descriptions = pipeline.describe_all(prepared, pipeline.telling(progress, done, total))
    results = pipeline.joined(
        prepared, findings(run, pieces), descriptions, fingerprint=run.fingerprint
    )
    return _done(results) | {"progress_done": total, "progress_total": total}


def _done(results: pipeline.Results) -> dict[str, Any]:
    documents = {
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
    return {"state": Run.State.DONE, "failure": None, "finished_at": Now(), **documents}


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
