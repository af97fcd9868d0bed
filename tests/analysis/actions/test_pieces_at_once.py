"""Two workers that reach for one piece at the same moment, where the database lets them."""

import threading
from uuid import UUID

import pytest
from django.db import connections, transaction

from analysis import actions
from analysis.actions import pieces, preparing
from analysis.models import RunPiece
from tests.analysis.actions.divided_runs import PLAN, requested
from tests.analysis.answered import make_answered_wave

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def is_waiting_for_a_lock() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
            "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_who_waited_for_another_that_took_the_piece_goes_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analysis.pipeline.pieces.SMALL", 0)
    preparing._HELD.clear()
    run = requested(make_answered_wave(), PLAN)
    assert actions.carry_out(run_id=run.pk)
    key = run.pieces.get(title="Estimating C").pk
    tokens: list[UUID | None] = []

    def second() -> None:
        try:
            tokens.append(pieces._claim(key))
        finally:
            connections["default"].close()

    worker = threading.Thread(target=second)
    with transaction.atomic():
        first = pieces._claim(key)
        worker.start()
        while worker.is_alive() and not is_waiting_for_a_lock():
            worker.join(0.01)
    worker.join()

    piece = RunPiece.objects.get(pk=key)
    assert (tokens, piece.claim, piece.attempts) == ([None], first, 1)
