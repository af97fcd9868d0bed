"""The same plan on the same data and code is one run."""

from datetime import timedelta

import pytest

from analysis import actions
from analysis.models import Run
from surveys.models import Response
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def ended(run: Run, state: Run.State, code: str) -> Run:
    run.state, run.attempts = state, 3
    run.failure = {"code": code, "message": "So it ended.", "remedy": ""}
    run.finished_at = NOON
    run.save()
    return run


def test_a_request_waits_for_a_worker_with_all_it_depends_on() -> None:
    version, ada = make_plan_version(make_answered_wave()), make_user("ada")

    run, is_new = actions.request(plan_version=version, by=ada, at=NOON)

    assert is_new
    assert (run.state, run.requested_by, run.requested_at) == (Run.State.REQUESTED, ada, NOON)
    assert run.code_fingerprint == actions.code_fingerprint()
    assert run.fingerprint == actions.run_fingerprint(
        plan=version.fingerprint,
        extract=run.extract_fingerprint,
        code=run.code_fingerprint,
        rules=actions.rules_fingerprint(run.output_rules),
    )


def test_a_double_click_finds_the_run_that_is_there() -> None:
    version = make_plan_version(make_answered_wave())

    first, _ = actions.request(plan_version=version, by=None, at=NOON)
    second, is_new = actions.request(plan_version=version, by=None, at=LATER)

    assert (second, is_new) == (first, False)


def test_a_changed_answer_makes_another_run() -> None:
    wave = make_answered_wave()
    version = make_plan_version(wave)
    first, _ = actions.request(plan_version=version, by=None, at=NOON)
    response = Response.objects.filter(case__wave=wave).latest("pk")
    response.answers["persons"] = 9
    response.revision += 1
    response.save()

    second, is_new = actions.request(plan_version=version, by=None, at=LATER)

    assert is_new
    assert second.plan_version == first.plan_version
    assert second.extract_fingerprint != first.extract_fingerprint
    assert second.code_fingerprint == first.code_fingerprint


def test_a_run_belongs_to_one_plan_even_if_another_has_the_same_text() -> None:
    wave = make_answered_wave()

    first, _ = actions.request(plan_version=make_plan_version(wave), by=None, at=NOON)
    second, is_new = actions.request(
        plan_version=make_plan_version(wave, PLAN, slug="copy"), by=None, at=NOON
    )

    assert is_new
    assert second != first
    assert second.fingerprint == first.fingerprint


@pytest.mark.parametrize(
    "code",
    [
        "internal_error",
        "worker_lost",
        "out_of_memory",
        "out_of_time",
        "code_changed",
        "data_changed",
    ],
)
def test_a_run_that_failed_for_a_reason_outside_the_plan_starts_anew(code: str) -> None:
    version, ada = make_plan_version(make_answered_wave()), make_user("ada")
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    ended(run, Run.State.FAILED, code)

    again, is_new = actions.request(plan_version=version, by=ada, at=LATER)

    assert (again.pk, is_new) == (run.pk, True)
    assert (again.state, again.attempts, again.failure) == (Run.State.REQUESTED, 0, None)
    assert (again.requested_by, again.requested_at) == (ada, LATER)


def test_a_refused_run_would_be_refused_again_and_stays_as_it_is() -> None:
    version = make_plan_version(make_answered_wave())
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    ended(run, Run.State.FAILED, "separation")

    again, is_new = actions.request(plan_version=version, by=None, at=LATER)

    assert (again, is_new) == (run, False)
    assert again.failure["code"] == "separation"


def test_a_withdrawn_run_may_be_requested_again() -> None:
    version, ada = make_plan_version(make_answered_wave()), make_user("ada")
    run, _ = actions.request(plan_version=version, by=ada, at=NOON)
    actions.withdraw(run=run, by=ada, at=NOON)

    again, is_new = actions.request(plan_version=version, by=ada, at=LATER)

    assert (again.pk, is_new, again.state) == (run.pk, True, Run.State.REQUESTED)


def test_a_withdrawn_run_says_who_withdrew_it() -> None:
    wave = make_answered_wave()
    ada = make_user("ada", first_name="Ada", last_name="Lovelace")
    make_member(ada, wave.survey)
    run, _ = actions.request(plan_version=make_plan_version(wave), by=ada, at=NOON)

    withdrawn = actions.withdraw(run=run, by=ada, at=LATER)

    run.refresh_from_db()
    assert withdrawn
    assert (run.state, run.finished_at) == (Run.State.WITHDRAWN, LATER)
    assert run.failure["message"] == "Ada Lovelace withdrew this run."


def test_a_run_that_is_over_cannot_be_withdrawn() -> None:
    version = make_plan_version(make_answered_wave())
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    actions.carry_out(run_id=run.pk)

    withdrawn = actions.withdraw(run=run, by=make_user("ada"), at=LATER)

    run.refresh_from_db()
    assert (withdrawn, run.state) == (False, Run.State.DONE)
