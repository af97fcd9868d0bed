"""Runs in pieces beside each other: what they share is done once, and they take turns."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from analysis import actions
from analysis.actions import pieces as handing_out
from analysis.models import Run, RunPiece
from surveys.models import Wave
from tests.analysis.actions.divided_runs import (
    PLAN,
    counted,
    divided,
    requested,
    reread,
    states,
)
from tests.factories import make_user
from tests.runs import undisturbed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_run_is_large")]


def test_what_another_run_has_found_is_taken_over(
    run: Run, wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(run)
    actions.work_on_pieces(seconds=60)
    done = counted(monkeypatch)
    other = requested(wave, PLAN.replace("name: C", "name: D").replace(", bootstrap: 40", ""), "b")

    actions.carry_out(run_id=other.pk)

    assert done == []
    assert reread(other).state == Run.State.DONE
    assert reread(other).estimates == undisturbed(other)


def test_two_runs_at_once_do_what_they_share_once(
    run: Run, wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = requested(wave, PLAN.replace("name: C", "name: D"), "b")
    divided(run)
    divided(other)
    done = counted(monkeypatch)

    actions.work_on_pieces(seconds=60)

    assert len(done) == 5
    for each in (run, other):
        assert reread(each).estimates == undisturbed(each)


def test_the_database_lets_nobody_work_on_equal_pieces_at_once(run: Run, wave: Wave) -> None:
    other = requested(wave, PLAN.replace("name: C", "name: D"), "b")
    divided(run)
    divided(other)
    one, two = (each.pieces.get(kind="curve") for each in (run, other))
    running = {"state": "running", "claim": uuid4(), "lease_until": datetime.now(UTC)}
    RunPiece.objects.filter(pk=one.pk).update(**running)

    with pytest.raises(IntegrityError), transaction.atomic():
        RunPiece.objects.filter(pk=two.pk).update(**running)
    assert handing_out._claim(two.pk) is None


def test_two_people_take_turns_however_many_runs_each_has(wave: Wave) -> None:
    ada, ben = make_user("ada"), make_user("ben")
    for number in range(3):
        divided(requested(wave, PLAN.replace("40", f"4{number}"), f"a{number}", ada))
    divided(requested(wave, PLAN.replace("40", "49").replace("HC1", "HC0"), "b", ben))

    takers = []
    for _ in range(8):
        taken = handing_out.take()
        assert taken is not None
        takers.append(taken[0].run.requested_by.username)

    assert takers.count("ben") == 4
    assert takers[:2] in (["ada", "ben"], ["ben", "ada"])


def test_one_worker_serves_two_runs_by_turns(wave: Wave) -> None:
    first = divided(requested(wave))
    second = divided(requested(wave, PLAN.replace("HC1", "HC0"), "b"))

    served = []
    for _ in range(4):
        before = {each.pk: states(each).count("waiting") for each in (first, second)}
        actions.work_on_pieces(seconds=0)
        (run_id,) = [
            each.pk for each in (first, second)
            if states(each).count("waiting") < before[each.pk]
        ]  # fmt: skip
        served.append(run_id)

    assert served in ([first.pk, second.pk] * 2, [second.pk, first.pk] * 2)


CURVE = """
title: A curve
curve:
  outcomes: ['innovation.product[good]']
  measures: [ln_employment]
  subpopulations: {%s}
  estimators: [linear]
  permutations: 1
  covariance: HC1
  design: none
"""


def test_plans_that_differ_in_the_order_of_choices_alone_keep_their_models_apart(
    wave: Wave,
) -> None:
    choices = ("all: none", "some: control.employment > 20")
    one = requested(wave, CURVE % ", ".join(choices))
    other = requested(wave, CURVE % ", ".join(reversed(choices)), "b")
    divided(other)
    divided(one)

    actions.work_on_pieces(seconds=60)

    assert one.fingerprint == other.fingerprint
    assert all(effect["n"] for effect in reread(one).estimates["curve"]["specifications"])
    for each in (one, other):
        assert reread(each).estimates == undisturbed(each)
