"""Looking after the snapshots that are kept: whether they are whole, and which may go."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from analysis.actions import snapshot_files
from analysis.actions.snapshots import snapshot_dataset
from analysis.models import Run, Snapshot
from analysis.refusals import Refusal

logger = logging.getLogger(__name__)

# A writer that was at it for so long was killed.
_SECONDS_OF_A_WRITER = 24 * 3600


@dataclass(frozen=True, slots=True)
class Checked:
    """A snapshot, and what is wrong with it; `refusal` is None if it is whole."""

    snapshot: Snapshot
    refusal: Refusal | None


def check_snapshots(kept: QuerySet[Snapshot]) -> Iterator[Checked]:
    """Read each of them whole, and hold it to its hashes and its fingerprint."""
    for snapshot in kept:
        try:
            snapshot_dataset(snapshot.fingerprint)
        except Refusal as refusal:
            yield Checked(snapshot, refusal)
        else:
            yield Checked(snapshot, None)


def with_runs(kept: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Each with `is_waited_for`: whether a run that is not over is on its data."""
    unfinished = Run.objects.filter(
        extract_fingerprint=OuterRef("fingerprint"), state__in=Run.UNFINISHED
    )
    return kept.annotate(is_waited_for=Exists(unfinished))


def delete_snapshots(kept: QuerySet[Snapshot], *, made_before: datetime) -> list[Snapshot]:
    """Delete those that were made before and that no unfinished run waits for; which they were.

    What runs found stays. Halves of files that were left behind by a killed writer go too.
    """
    unfinished = Run.objects.filter(state__in=Run.UNFINISHED)
    waited_for = unfinished.values("extract_fingerprint")
    old = list(kept.filter(made_at__lt=made_before).exclude(fingerprint__in=waited_for))
    for snapshot in old:
        Snapshot.objects.filter(pk=snapshot.pk).delete()
    for path in snapshot_files.left_behind(_SECONDS_OF_A_WRITER, time.time()):
        path.unlink(missing_ok=True)
    return old


def remove_with_its_row(instance: Snapshot, **_: Any) -> None:
    """Take the file away once the row is gone for good; a file that cannot go is told of."""
    transaction.on_commit(lambda: _remove(instance.name), robust=True)


def _remove(name: str) -> None:
    # Made again meanwhile, the file belongs to the new row.
    if Snapshot.objects.filter(name=name).exists():
        return
    try:
        snapshot_files.remove(name)
    except Refusal as refusal:
        logger.error("The file %s of a deleted snapshot stays: %s", name, refusal.message)  # noqa: TRY400
