"""The sweep finds runs whose message or worker was lost, and gives up those that kill."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from analysis import actions
from analysis.models import PlanVersion, Run
from tests.analysis.answered import make_plan_version
from tests.factories import NOON, make_survey, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> PlanVersion:
    return make_plan_version(make_wave(make_survey()))


def make_run(version: PlanVersion, **fields: Any) -> Run:
    return Run.objects.create(
        plan_version=version,
        fingerprint=uuid4().hex,
        extract_fingerprint="0" * 64,
        code_fingerprint="0" * 64,
        requested_at=fields.pop("requested_at", NOON),
        **fields,
    )


def seconds_ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def running(attempts: int, lease_over_for: float) -> dict[str, Any]:
    return {
        "state": Run.State.RUNNING,
        "claim": uuid4(),
        "attempts": attempts,
        "lease_until": seconds_ago(lease_over_for),
    }


def test_a_run_that_was_never_announced_is_named(version: PlanVersion) -> None:
    run = make_run(version)

    assert actions.sweep() == [run.pk]


def test_a_run_that_was_just_announced_is_left_alone(version: PlanVersion) -> None:
    make_run(version, published_at=seconds_ago(50))

    assert actions.sweep() == []


def test_a_run_that_nobody_took_for_a_minute_is_named(version: PlanVersion) -> None:
    run = make_run(version, published_at=seconds_ago(70))

    assert actions.sweep() == [run.pk]


def test_a_run_whose_worker_lives_is_left_alone(version: PlanVersion) -> None:
    make_run(version, **running(attempts=1, lease_over_for=-20))

    assert actions.sweep() == []


def test_a_run_whose_worker_died_is_named(version: PlanVersion) -> None:
    run = make_run(version, **running(attempts=2, lease_over_for=1))

    assert actions.sweep() == [run.pk]
    assert Run.objects.get().state == Run.State.RUNNING


def test_a_run_that_killed_its_third_worker_is_given_up_with_the_reason(
    version: PlanVersion,
) -> None:
    make_run(version, **running(attempts=3, lease_over_for=1))
    waiting = make_run(version)

    named = actions.sweep()

    given_up = Run.objects.get(state=Run.State.FAILED)
    assert named == [waiting.pk]
    assert given_up.failure["code"] == "worker_lost"
    assert given_up.failure["message"].startswith("The worker died 3 times")
    assert given_up.finished_at is not None


def test_runs_that_are_over_are_left_alone(version: PlanVersion) -> None:
    make_run(version, state=Run.State.DONE, estimates={})
    make_run(version, state=Run.State.FAILED, failure={})
    make_run(version, state=Run.State.WITHDRAWN)

    assert actions.sweep() == []


def test_the_oldest_requests_come_first_and_no_more_than_a_hundred(version: PlanVersion) -> None:
    runs = [
        make_run(version, requested_at=NOON + timedelta(minutes=minutes))
        for minutes in reversed(range(101))
    ]

    named = actions.sweep()

    assert named == [run.pk for run in reversed(runs)][:100]


def test_a_machine_whose_clock_is_an_hour_ahead_takes_no_run_from_a_living_worker(
    version: PlanVersion,
) -> None:
    run = make_run(version, **running(attempts=1, lease_over_for=-20))

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        named, kept = actions.sweep(), actions.carry_out(run_id=run.pk)

    assert (named, kept) == ([], False)
