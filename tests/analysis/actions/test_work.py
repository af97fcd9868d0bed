"""A run is carried out at least once and has one result; whatever stops it is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from analysis import actions, extracts, pipeline
from analysis.actions import snapshot_files
from analysis.models import Run, Snapshot
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from surveys.models import Response
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    requested, _ = actions.request(
        plan_version=make_plan_version(make_answered_wave()), by=None, at=NOON
    )
    return requested


def failing(error: Exception) -> Callable[..., pipeline.Results]:
    """An estimation that ends in an error."""

    def estimate(*_: Any, **__: Any) -> pipeline.Results:
        raise error

    return estimate


def abandoned(run: Run, *, attempts: int) -> Run:
    """As a worker leaves it that was killed."""
    run.state, run.attempts, run.claim = Run.State.RUNNING, attempts, uuid4()
    run.lease_until = datetime.now(UTC) - timedelta(seconds=1)
    run.save()
    return run


def reread(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def test_a_run_ends_with_what_the_pipeline_gives(run: Run) -> None:
    wave = run.plan_version.plan.wave
    expected = pipeline.run(extracts.dataset(wave), read_plan(PLAN), fingerprint=run.fingerprint)

    kept = actions.carry_out(run_id=run.pk)

    done = reread(run)
    assert kept
    assert done.state == Run.State.DONE
    assert done.estimates == expected.estimates_document
    assert done.table == expected.table.to_document()
    assert expected.margins_table is not None
    assert done.margins_table == expected.margins_table.to_document()
    assert (done.attempts, done.failure, done.lease_until) == (1, None, None)
    assert (done.progress_done, done.progress_total) == (1, 1)
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.started_at <= done.finished_at


def test_delivered_twice_it_is_carried_out_once(run: Run) -> None:
    first = actions.carry_out(run_id=run.pk)
    before = reread(run)

    second = actions.carry_out(run_id=run.pk, estimate=failing(AssertionError("estimated again")))

    assert (first, second) == (True, False)
    assert reread(run).finished_at == before.finished_at


def test_a_message_that_arrives_while_a_worker_is_at_it_changes_nothing(run: Run) -> None:
    outcomes = []

    def estimate(*arguments: Any, **options: Any) -> pipeline.Results:
        outcomes.append(actions.carry_out(run_id=run.pk, estimate=failing(AssertionError())))
        return pipeline.run(*arguments, **options)

    kept = actions.carry_out(run_id=run.pk, estimate=estimate)

    assert (outcomes, kept, reread(run).attempts) == ([False], True, 1)


def test_a_message_about_a_run_that_is_gone_is_no_error() -> None:
    assert actions.carry_out(run_id=uuid4()) is False


def test_a_run_of_a_dead_worker_is_taken_up_and_ends_with_the_same_numbers(run: Run) -> None:
    wave = run.plan_version.plan.wave
    expected = pipeline.run(extracts.dataset(wave), read_plan(PLAN), fingerprint=run.fingerprint)
    abandoned(run, attempts=1)

    kept = actions.carry_out(run_id=run.pk)

    assert kept
    assert reread(run).attempts == 2
    assert reread(run).estimates == expected.estimates_document


def test_a_run_that_killed_three_workers_is_not_taken_up(run: Run) -> None:
    abandoned(run, attempts=actions.MOST_ATTEMPTS)

    kept = actions.carry_out(run_id=run.pk)

    assert (kept, reread(run).state) == (False, Run.State.RUNNING)


def test_a_worker_that_lost_its_claim_throws_its_result_away(run: Run) -> None:
    other = uuid4()

    def estimate(*arguments: Any, **options: Any) -> pipeline.Results:
        results = pipeline.run(*arguments, **options)
        Run.objects.filter(pk=run.pk).update(claim=other)
        return results

    kept = actions.carry_out(run_id=run.pk, estimate=estimate)

    assert kept is False
    assert (reread(run).state, reread(run).claim) == (Run.State.RUNNING, other)
    assert reread(run).estimates is None


def test_a_withdrawn_run_stops_before_its_next_model(run: Run) -> None:
    ada = make_user("ada")
    reached = []

    def estimate(
        *_: Any, on_progress: Callable[[int, int, str], None], **__: Any
    ) -> pipeline.Results:
        on_progress(0, 2, "first")
        actions.withdraw(run=run, by=ada, at=NOON)
        on_progress(2, 2, "second")
        reached.append("the end")
        raise AssertionError

    kept = actions.carry_out(run_id=run.pk, estimate=estimate)

    assert (kept, reached, reread(run).state) == (False, [], Run.State.WITHDRAWN)


def test_a_refusal_is_told_in_its_own_words(run: Run) -> None:
    refusal = Refusal("separation", "Model A: size predicts the outcome exactly.", "Drop size.")

    kept = actions.carry_out(run_id=run.pk, estimate=failing(refusal))

    failed = reread(run)
    assert (kept, failed.state) == (True, Run.State.FAILED)
    assert failed.failure == {
        "code": "separation",
        "message": "Model A: size predicts the outcome exactly.",
        "remedy": "Drop size.",
    }
    assert failed.lease_until is None


def test_a_plan_with_an_unknown_word_fails_with_that_word() -> None:
    source = PLAN.replace("ln_employment", "ln_employees")
    version = make_plan_version(make_answered_wave(), source)
    run, _ = actions.request(plan_version=version, by=None, at=NOON)

    actions.carry_out(run_id=run.pk)

    failed = reread(run)
    assert failed.state == Run.State.FAILED
    assert failed.failure["code"] == "unknown_term"
    assert "ln_employees" in failed.failure["message"]


def test_an_error_inside_is_told_by_a_reference_and_logged_without_its_words(
    run: Run, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    actions.carry_out(run_id=run.pk, estimate=failing(ValueError("turnover of 35000 at Acme")))

    failure = reread(run).failure
    reference = failure["message"].split("reference ")[1].rstrip(").")
    assert failure["code"] == "internal_error"
    assert reference in caplog.text
    assert "35000" not in str(failure)
    assert "35000" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError(), "out_of_memory"), (TimeoutError(), "out_of_time")],
)
def test_want_of_memory_or_time_is_told_as_such(run: Run, error: Exception, code: str) -> None:
    actions.carry_out(run_id=run.pk, estimate=failing(error), too_long=TimeoutError)

    assert reread(run).failure["code"] == code


def test_an_error_of_the_database_leaves_the_run_for_another_attempt(run: Run) -> None:
    with pytest.raises(OperationalError):
        actions.carry_out(run_id=run.pk, estimate=failing(OperationalError("gone away")))

    left = reread(run)
    assert (left.state, left.attempts, left.failure) == (Run.State.RUNNING, 1, None)
    assert left.lease_until is not None


def test_a_number_that_is_none_is_an_error_and_not_a_result(run: Run) -> None:
    def estimate(*arguments: Any, **options: Any) -> pipeline.Results:
        results = pipeline.run(*arguments, **options)
        return replace(results, estimates_document={"estimate": float("nan")})

    actions.carry_out(run_id=run.pk, estimate=estimate)

    assert reread(run).failure["code"] == "internal_error"


def test_a_run_ends_on_the_data_that_it_was_asked_for(run: Run) -> None:
    wave = run.plan_version.plan.wave
    expected = pipeline.run(extracts.dataset(wave), read_plan(PLAN), fingerprint=run.fingerprint)
    Response.objects.latest("pk").delete()

    actions.carry_out(run_id=run.pk)

    assert reread(run).failure is None
    assert reread(run).estimates["models"] == expected.estimates_document["models"]


def test_data_that_changed_and_of_which_the_snapshot_is_gone_are_not_estimated(run: Run) -> None:
    Response.objects.latest("pk").delete()
    snapshot_files.remove(Snapshot.objects.get().name)

    actions.carry_out(run_id=run.pk)

    assert reread(run).failure["code"] == "data_changed"


def test_a_run_requested_before_an_upgrade_is_not_estimated_by_the_new_code(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(code_fingerprint="0" * 64)

    actions.carry_out(run_id=run.pk)

    assert reread(run).failure["code"] == "code_changed"


def test_progress_is_written_a_few_times_a_second_and_at_the_end(run: Run) -> None:
    seen = []

    def estimate(
        *arguments: Any, on_progress: Callable[[int, int, str], None], **options: Any
    ) -> pipeline.Results:
        for done in range(101):
            on_progress(done, 100, f"Model {done}")
            seen.append(reread(run).progress_done)
        return pipeline.run(*arguments, **options)

    actions.carry_out(run_id=run.pk, estimate=estimate)

    assert seen[0] == 0
    assert seen[-1] == 100
    assert len(set(seen)) < 20


def test_the_code_fingerprint_covers_what_makes_the_numbers() -> None:
    assert actions.code_fingerprint() == actions.code_fingerprint()
    assert actions.run_fingerprint(plan="a", extract="b", code="c") != actions.run_fingerprint(
        plan="a", extract="b", code="d"
    )


def test_whatever_cannot_be_kept_is_an_error_and_not_another_attempt(run: Run) -> None:
    def estimate(*arguments: Any, **options: Any) -> pipeline.Results:
        results = pipeline.run(*arguments, **options)
        return replace(results, estimates_document={"estimate": object()})

    actions.carry_out(run_id=run.pk, estimate=estimate)

    assert reread(run).failure["code"] == "internal_error"
