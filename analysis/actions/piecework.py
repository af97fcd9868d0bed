"""A worker's share of the runs that are cut into pieces."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from analysis import pipeline
from analysis.actions.attempts import attempt
from analysis.actions.failures import OF_THE_RUN, PASSING
from analysis.actions.lease import PieceLease, Stopped, put_piece_back
from analysis.actions.pieces import found_by_twin, free_pieces, settle, stop_all, take
from analysis.actions.preparing import prepared_for_piece
from analysis.actions.work import carry_out
from analysis.models import Run, RunPiece
from analysis.refusals import Refusal

# After so long a worker looks whether something else waits, such as a small run.
SECONDS_OF_A_TURN = 2.0


class _Waits(Exception):
    """What the piece needs is away for a while: another try at once would find the same."""


def work_on_pieces(
    *,
    seconds: float = SECONDS_OF_A_TURN,
    too_long: type[Exception] = TimeoutError,
    listening: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> bool:
    """Take pieces one after the other for a while. True if others still wait.

    Whoever settles the last piece of a run joins what its pieces found.
    """
    until = time.monotonic() + seconds
    while (taken := take()) is not None:
        piece, token = taken
        try:
            over = _carried_out(piece, token, too_long, listening)
        except _Waits:
            return False
        for run_id in over:
            carry_out(run_id=run_id, too_long=too_long, listening=listening)
        if time.monotonic() >= until:
            return free_pieces() > 0
    return False


def _carried_out(
    piece: RunPiece,
    token: UUID,
    too_long: type[Exception],
    listening: Callable[[], AbstractContextManager[None]],
) -> list[UUID]:
    """The runs that wait for nothing more now that the piece is over."""
    known = found_by_twin(piece)
    if known is not None:
        return settle(piece, token, known)
    with PieceLease(piece, token) as lease:
        try:
            found = attempt(
                lambda: _found(piece),
                what=f"Piece {piece.number} of run {piece.run_id}",
                token=token,
                too_long=too_long,
                listening=listening,
            )
        except Stopped:
            return []
        if isinstance(found, Refusal) and found.code in PASSING:
            put_piece_back(lease, piece.run_id, found)
            raise _Waits
    if isinstance(found, bytes):
        return settle(piece, token, {"state": RunPiece.State.DONE, "found": found, "failure": None})
    if found.code in OF_THE_RUN:
        _fail(piece.run, found)
        return []
    state = RunPiece.State.FAILED if _is_outside(found) else RunPiece.State.REFUSED
    return settle(piece, token, {"state": state, "found": None, "failure": found.document()})


def _found(piece: RunPiece) -> bytes:
    prepared = prepared_for_piece(piece.run)
    return pipeline.kept(pipeline.worked(prepared, prepared.pieces[piece.number]))


def _is_outside(refusal: Refusal) -> bool:
    """Whether it says something of this attempt, and nothing of the model."""
    return refusal.code in {"internal_error", "out_of_time", "out_of_memory"}


def _fail(run: Run, refusal: Refusal) -> None:
    """End a run for which no piece can be had any more, and its pieces with it."""
    with transaction.atomic():
        ended = Run.objects.filter(pk=run.pk, state=Run.State.DIVIDED).update(
            state=Run.State.FAILED, failure=refusal.document(), finished_at=Now()
        )
        if ended:
            stop_all(run.pk)
