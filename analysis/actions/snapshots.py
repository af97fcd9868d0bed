"""The data of a wave, or of a panel, as a snapshot: made once for each state, then read."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from analysis import extracts, snapshots
from analysis.actions import failures, snapshot_files
from analysis.actions.fingerprints import extraction_fingerprint
from analysis.dataset import Dataset
from analysis.extracts import Wave
from analysis.models import Snapshot
from analysis.refusals import Refusal

logger = logging.getLogger(__name__)

# Up to so many firms a snapshot is made while a page waits: about a second.
QUICK_FIRMS = 5_000
_MAY_BE_MADE_AGAIN = frozenset({"snapshot_gone", "snapshot_damaged"})


def mark_of(wave: Wave, waves: Sequence[str] = ()) -> str:
    """64 characters that change whenever the wave's data may have changed; a few small reads.

    Empty for several waves together: which firms are one rests on more than is marked.
    """
    if waves:
        return ""
    seen = f"{extraction_fingerprint()}\n{extracts.answers_mark(wave)}"
    return hashlib.sha256(seen.encode()).hexdigest()


def current_snapshot(wave: Wave, waves: Sequence[str] = ()) -> Snapshot | None:
    """The snapshot of the data as they are now, if there is one; reads no answers."""
    mark = mark_of(wave, waves)
    return Snapshot.objects.filter(wave=wave, mark=mark).first() if mark else None


def is_quickly_made(wave: Wave) -> bool:
    """Whether a snapshot can be made while a page waits."""
    return not extracts.has_more_firms_than(wave, QUICK_FIRMS)


def make_snapshot(
    *, wave: Wave, waves: Sequence[str] = (), at: datetime
) -> tuple[Snapshot, Dataset]:
    """The snapshot of the data as they are now, and the data; written if it is not there yet.

    Two that make it at once make the same file under the same name.
    Raises: Refusal ``storage_full``, ``storage_unreachable``, and of waves that make no panel.
    """
    dataset, mark = _read_with_mark(wave, waves, _wave_now)
    return _kept(wave, dataset, mark, at), dataset


def _read_with_mark(
    wave: Wave, waves: Sequence[str], read: Callable[[Wave], Dataset]
) -> tuple[Dataset, str]:
    """The data as they are now, and their mark; without one if they changed meanwhile."""
    with _at_one_moment():
        before = mark_of(wave, waves)
        dataset = extracts.dataset_over(wave, waves, read)
        # Without one moment for all reads, what changed between them is nobody's current state.
        return dataset, before if mark_of(wave, waves) == before else ""


def snapshot_dataset(fingerprint: str) -> Dataset | None:
    """The data that are known by the fingerprint; None if no snapshot was made of them.

    Every byte is held to its hash, and the data to their fingerprint.
    Raises: Refusal ``snapshot_damaged``, ``snapshot_newer``, ``snapshot_gone``,
    ``storage_unreachable``.
    """
    held = Snapshot.objects.filter(fingerprint=fingerprint).first()
    if held is None:
        return None
    with snapshot_files.opened(held.name) as file:
        return snapshots.verified(file, fingerprint=fingerprint)


def snapshot_profile(held: Snapshot) -> snapshots.Profile:
    """What the snapshot says of its variables, read without the data.

    Raises: as `snapshot_dataset`.
    """
    with snapshot_files.opened(held.name) as file:
        return snapshots.read_profile(file)


def dataset_asked_for(
    *, wave: Wave, waves: Sequence[str], fingerprint: str, at: datetime
) -> Dataset:
    """The data of this fingerprint: from their snapshot, else from the wave if it still has them.

    Raises: Refusal ``data_changed``, ``snapshot_damaged``, ``snapshot_newer``,
    ``storage_unreachable``, ``storage_full``.
    """
    why = failures.data_changed()
    try:
        found = snapshot_dataset(fingerprint)
        if found is not None:
            return found
    except Refusal as refusal:
        if refusal.code not in _MAY_BE_MADE_AGAIN:
            raise
        if refusal.code == "snapshot_damaged":
            why = refusal
    return _made_again(wave, waves, fingerprint, why, at)


def _made_again(
    wave: Wave, waves: Sequence[str], fingerprint: str, why: Refusal, at: datetime
) -> Dataset:
    """Of a run from before there were snapshots, or whose snapshot was lost or damaged."""
    dataset, mark = _read_with_mark(wave, waves, extracts.dataset)
    if dataset.fingerprint != fingerprint:
        raise why
    logger.warning("Snapshot %s is made again from its wave", fingerprint[:12])
    _written(wave, dataset, mark, at)
    return dataset


def dataset_for_pages(wave: Wave) -> Dataset:
    """As `extracts.dataset_for_pages`, from the snapshot where there is one of the data now."""
    held = current_snapshot(wave)
    if held is None or extracts.is_held_for_pages(wave):
        return extracts.dataset_for_pages(wave)
    try:
        return snapshot_dataset(held.fingerprint) or extracts.dataset_for_pages(wave)
    except Refusal:
        return extracts.dataset_for_pages(wave)


def _wave_now(wave: Wave) -> Dataset:
    """One of the waves of a panel: from its snapshot if nothing changed since."""
    held = current_snapshot(wave)
    if held is not None:
        try:
            return snapshot_dataset(held.fingerprint) or extracts.dataset(wave)
        except Refusal as refusal:
            logger.warning("Snapshot %s cannot be used: %s", held.fingerprint[:12], refusal.code)
    return extracts.dataset(wave)


def _kept(wave: Wave, dataset: Dataset, mark: str, at: datetime) -> Snapshot:
    held = Snapshot.objects.filter(fingerprint=dataset.fingerprint).first()
    if held is None or not snapshot_files.is_there(held.name):
        return _written(wave, dataset, mark, at)
    if mark and held.mark != mark:
        held.mark = mark
        held.save(update_fields=["mark"])
    return held


def _written(wave: Wave, dataset: Dataset, mark: str, at: datetime) -> Snapshot:
    """First the file, then the row: a row without its file would promise what is not there."""
    name = snapshot_files.name_of(dataset.fingerprint)
    size = snapshot_files.publish(name, lambda target: snapshots.write(dataset, target))
    columns = {
        "wave": wave,
        "mark": mark,
        "name": name,
        "format": snapshots.FORMAT,
        "rows": len(dataset.frame),
        "columns": dataset.frame.shape[1],
        "bytes": size,
        "made_at": at,
    }
    try:
        with transaction.atomic():
            made, _ = Snapshot.objects.update_or_create(
                fingerprint=dataset.fingerprint, defaults=columns
            )
    except IntegrityError:
        # Another made the same at the same time; of two equal rows either is as good.
        return Snapshot.objects.get(fingerprint=dataset.fingerprint)
    return made


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """All reads in the block see the database as it is at the first of them.

    On PostgreSQL. On SQLite a transaction would keep every writer waiting for as long.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
