"""Carrying out a run: at least once, and with one result."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from analysis import extracts, pipeline
from analysis.actions import failures
from analysis.actions.fingerprints import code_fingerprint
from analysis.actions.lease import RunLease, Stopped, claim
from analysis.dataset import Dataset
from analysis.models import Run
from analysis.refusals import Refusal
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan

_SECONDS_BETWEEN_NOTES = 0.25

logger = logging.getLogger(__name__)


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
    """
    token = claim(run_id)
    if token is None:
        return False
    run = Run.objects.select_related("plan_version__plan__wave__survey").get(pk=run_id)
    with RunLease(run_id, token) as lease:
        try:
            outcome = _outcome(run, lease, estimate, too_long, listening)
        except Stopped:
            return False
        return bool(lease.held.all().update(**outcome, finished_at=Now(), lease_until=None))


def _outcome(
    run: Run,
    lease: RunLease,
    estimate: Estimate,
    too_long: type[Exception],
    listening: Callable[[], AbstractContextManager[None]],
) -> dict[str, Any]:
    """The columns of the run that tell how it ended."""
    try:
        with listening():
            return _results(run, lease, estimate)
    except Refusal as refusal:
        return _failed(refusal)
    except too_long:
        _drop_interrupted_connection()
        return _failed(failures.out_of_time(settings.CELERY_TASK_SOFT_TIME_LIMIT // 60))
    except MemoryError:
        return _failed(failures.out_of_memory())
    except (Stopped, OperationalError, InterfaceError):
        raise
    except Exception:
        reference = str(lease.token)[:8]
        logger.exception("Run %s failed, reference %s", run.pk, reference)
        return _failed(failures.internal_error(reference))


def _results(run: Run, lease: RunLease, estimate: Estimate) -> dict[str, Any]:
    if run.code_fingerprint != code_fingerprint():
        raise failures.code_changed()
    dataset = extracts.dataset(run.plan_version.plan.wave)
    if run.extract_fingerprint != dataset.fingerprint:
        raise failures.data_changed()
    results = estimate(
        dataset,
        read_plan(run.plan_version.source),
        on_progress=Progress(lease),
        fingerprint=run.fingerprint,
    )
    margins, firms = results.margins_table, results.descriptives_table
    documents = {
        "estimates": results.estimates_document,
        "table": results.table.to_document(),
        "margins_table": None if margins is None else margins.to_document(),
        "descriptives_table": None if firms is None else firms.to_document(),
    }
    # PostgreSQL takes no NaN in JSON. Refused here, it is refused on every database.
    json.dumps(documents, allow_nan=False)
    return {"state": Run.State.DONE, "failure": None, **documents}


def _drop_interrupted_connection() -> None:
    """A clock that rang while a query was under way leaves a connection no query can use."""
    if not connection.in_atomic_block:
        connection.close()


def _failed(refusal: Refusal) -> dict[str, Any]:
    return {"state": Run.State.FAILED, "failure": refusal.document()}


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
