"""The pieces of a run as rows: handed out, taken fairly, settled once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.db.models.functions import Now

from analysis import pipeline
from analysis.actions.lease import UNFINISHED, lease_end
from analysis.models import Run, RunPiece
from analysis.refusals import Refusal

MOST_ATTEMPTS_AT_A_PIECE = 5
_CANDIDATES = 8
_TRIES = 8
_FOUND = (RunPiece.State.DONE, RunPiece.State.REFUSED)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def hand_out(run: Run, pieces: Sequence[pipeline.Piece]) -> None:
    """Rows of the pieces that have none yet; what another run has found is taken over."""
    there = set(run.pieces.values_list("number", flat=True))
    rows = [
        RunPiece(
            run=run,
            number=number,
            kind=piece.kind,
            title=piece.title[:200],
            size=piece.size,
            fingerprint=pipeline.fingerprint(
                piece, extract=run.extract_fingerprint, code=run.code_fingerprint
            ),
        )
        for number, piece in enumerate(pieces)
        if number not in there
    ]
    known = _known({row.fingerprint for row in rows})
    for row in rows:
        row.state, row.found, row.failure = known.get(row.fingerprint, (row.state, None, None))
    RunPiece.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def _known(fingerprints: set[str]) -> dict[str, tuple[Any, ...]]:
    """What was found before, by fingerprint."""
    known: dict[str, tuple[Any, ...]] = {}
    asked = sorted(fingerprints)
    for first in range(0, len(asked), 200):
        found = RunPiece.objects.filter(
            fingerprint__in=asked[first : first + 200], state__in=_FOUND
        )
        for row in found:
            known[row.fingerprint] = (row.state, row.found, row.failure)
    return known


def findings(
    run: Run, pieces: Sequence[pipeline.Piece]
) -> list[tuple[pipeline.Piece, pipeline.Finding | Refusal]]:
    """What each piece found, in the order in which the plan was cut."""
    rows = {row.number: row for row in run.pieces.all()}
    return [(piece, _finding(rows[number])) for number, piece in enumerate(pieces)]


def _finding(row: RunPiece) -> pipeline.Finding | Refusal:
    if row.found is not None:
        return pipeline.found_again(bytes(row.found))
    told = row.failure or {}
    return Refusal(told["code"], told["message"], told["remedy"])


def size_over(run: Run) -> int:
    """Estimations that the pieces which are over are."""
    over = run.pieces.exclude(state__in=UNFINISHED)
    return over.aggregate(size=Sum("size"))["size"] or 0


def is_free() -> Q:
    """Pieces that a worker may take: not yet begun, or left behind; their twin not under way.

    All of it is asked of the piece's own row and by subqueries. Joined to its run, the row would
    be updated by a list of keys, and PostgreSQL would let a second worker that waited for the
    first have the same piece: of a row that changed meanwhile it asks the row's own conditions
    again, and not who stood in the list.
    """
    twins = RunPiece.objects.filter(
        fingerprint=OuterRef("fingerprint"), state=RunPiece.State.RUNNING
    ).exclude(pk=OuterRef("pk"))
    divided = Run.objects.filter(pk=OuterRef("run"), state=Run.State.DIVIDED)
    return (
        Q(state=RunPiece.State.WAITING) | Q(state=RunPiece.State.RUNNING, lease_until__lt=Now())
    ) & Q(~Exists(twins), Exists(divided), attempts__lt=MOST_ATTEMPTS_AT_A_PIECE)


def free_pieces(run_id: UUID | None = None) -> int:
    """How many wait for a worker, of one run or of all."""
    free = RunPiece.objects.filter(is_free())
    return (free if run_id is None else free.filter(run=run_id)).count()


def take() -> tuple[RunPiece, UUID] | None:
    """Claim a piece of the run whose turn it is. None if nothing waits."""
    for run_id in _by_turn():
        waiting = RunPiece.objects.filter(is_free(), run=run_id).order_by("number")
        # More workers than candidates may reach for these at once; then there are others.
        for _ in range(_TRIES):
            candidates = list(waiting.values_list("pk", flat=True)[:_CANDIDATES])
            for key in candidates:
                token = _claim(key)
                if token is not None:
                    return _with_its_run(key), token
            if not candidates:
                break
    return None


def _with_its_run(key: int) -> RunPiece:
    return RunPiece.objects.select_related("run__plan_version__plan__wave__survey").get(pk=key)


def _by_turn() -> list[UUID]:
    """Divided runs, first those of whom the fewest workers work for, by person and by run."""
    under_way = Q(pieces__state=RunPiece.State.RUNNING, pieces__lease_until__gte=Now())
    runs = (
        Run.objects.filter(state=Run.State.DIVIDED)
        .annotate(workers=Count("pieces", filter=under_way), served=Max("pieces__taken_at"))
        .order_by("requested_at")
        .values_list("pk", "requested_by", "workers", "served")
    )
    of_person: dict[int | None, int] = {}
    last_of_person: dict[int | None, datetime] = {}
    for _, person, workers, served in runs:
        of_person[person] = of_person.get(person, 0) + workers
        last = last_of_person.get(person, _LONG_AGO)
        last_of_person[person] = max(last, served or _LONG_AGO)
    return [
        pk
        for pk, *_ in sorted(
            runs,
            key=lambda run: (
                of_person[run[1]], last_of_person[run[1]], run[2], run[3] or _LONG_AGO,
            ),
        )
    ]  # fmt: skip


def _claim(key: int) -> UUID | None:
    token = uuid4()
    try:
        with transaction.atomic():
            taken = RunPiece.objects.filter(is_free(), pk=key).update(
                state=RunPiece.State.RUNNING,
                claim=token,
                attempts=F("attempts") + 1,
                lease_until=lease_end(),
                taken_at=Now(),
            )
    except IntegrityError:
        # Its twin of another run was taken in this very moment.
        return None
    return token if taken else None


def found_by_twin(piece: RunPiece) -> dict[str, Any] | None:
    """What another run's piece of the same fingerprint found meanwhile."""
    twin = RunPiece.objects.filter(fingerprint=piece.fingerprint, state__in=_FOUND).first()
    if twin is None:
        return None
    return {"state": twin.state, "found": twin.found, "failure": twin.failure}


def settle(piece: RunPiece, token: UUID, columns: dict[str, Any]) -> list[UUID]:
    """Keep what a piece came to, if it is still this worker's, for its twins too.

    Names the runs that were waiting for nothing else.
    """
    settled = columns | {"lease_until": None, "finished_at": Now()}
    with transaction.atomic():
        held = RunPiece.objects.filter(pk=piece.pk, claim=token, state=RunPiece.State.RUNNING)
        if not held.update(**settled):
            return []
        if columns["state"] in _FOUND:
            waiting = RunPiece.objects.filter(
                fingerprint=piece.fingerprint, state=RunPiece.State.WAITING
            )
            waiting.update(**settled)
    served = Run.objects.filter(
        state=Run.State.DIVIDED, pieces__fingerprint=piece.fingerprint
    ).distinct()
    return [run.pk for run in served if _is_over(run, piece.title)]


def _is_over(run: Run, note: str) -> bool:
    Run.objects.filter(pk=run.pk, state=Run.State.DIVIDED).update(
        progress_done=size_over(run), progress_note=note
    )
    return not run.pieces.filter(state__in=UNFINISHED).exists()


def stop_all(run_id: UUID) -> None:
    """Take back the pieces of a run that is over; who is at one throws its finding away."""
    RunPiece.objects.filter(run=run_id, state__in=UNFINISHED).update(
        state=RunPiece.State.WITHDRAWN, lease_until=None
    )


def start_anew(run_id: UUID) -> None:
    """Let what was withdrawn or failed be tried again; what was found stays."""
    again = (RunPiece.State.WITHDRAWN, RunPiece.State.FAILED)
    RunPiece.objects.filter(run=run_id, state__in=again).update(
        state=RunPiece.State.WAITING, attempts=0, claim=None, lease_until=None, failure=None
    )
