"""Commands do what pages and workers do."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from analysis import actions
from analysis.models import Run
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def printed(*command: str, **options: Any) -> Any:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return json.loads(out.getvalue())


def test_a_run_is_requested_by_the_names_in_its_address_and_found_again(
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_plan_version(make_answered_wave())

    with django_capture_on_commit_callbacks() as callbacks:
        first = printed("request_run", "size", survey="knowledge", wave="2025")
        second = printed("request_run", "size", survey="knowledge", wave="2025")

    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["run"] == second["run"] == str(Run.objects.get().pk)
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("plan", "wave", "complaint"),
    [("none", "2025", "The wave has no plan 'none'."), ("size", "1999", "There is no wave '1999'")],
)
def test_a_plan_or_wave_that_is_not_there_is_named(plan: str, wave: str, complaint: str) -> None:
    make_plan_version(make_answered_wave())

    with pytest.raises(CommandError, match=complaint):
        call_command("request_run", plan, survey="knowledge", wave=wave)


def test_a_run_that_failed_says_why() -> None:
    version = make_plan_version(make_answered_wave(), PLAN.replace("ln_employment", "unheard_of"))
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    actions.carry_out(run_id=run.pk)

    with pytest.raises(CommandError, match="unheard_of"):
        call_command("request_run", "size", survey="knowledge", wave="2025", wait=True)


def test_runs_are_listed_with_how_they_stand() -> None:
    run, _ = actions.request(plan_version=make_plan_version(make_answered_wave()), by=None, at=NOON)
    actions.carry_out(run_id=run.pk)

    (entry,) = printed("run_status", str(run.pk)[:8])

    assert (entry["run"], entry["state"], entry["attempts"]) == (str(run.pk), "done", 1)
    assert (entry["survey"], entry["wave"], entry["plan"]) == ("knowledge", "2025", "size")
    assert printed("run_status") == [entry]


def test_a_number_that_no_run_has_is_told() -> None:
    with pytest.raises(CommandError, match="0 runs"):
        call_command("run_status", "ffff")


def test_stalled_runs_are_found_by_hand_and_told_apart_from_those_announced(settings: Any) -> None:
    run, _ = actions.request(plan_version=make_plan_version(make_answered_wave()), by=None, at=NOON)
    settings.BROKER_URL = "memory://"
    settings.IMPATIENT_TRANSPORT_OPTIONS = {}

    found = printed("sweep_runs")

    assert found == {"stalled": [str(run.pk)], "announced": [str(run.pk)]}
    assert printed("sweep_runs") == {"stalled": [], "announced": []}


def test_the_pieces_of_a_run_are_counted_and_those_that_failed_named(monkeypatch: Any) -> None:
    monkeypatch.setattr("analysis.pipeline.pieces.SMALL", 0)
    model = PLAN[PLAN.index("  - name") :]
    nobody = model.replace("name: Size", "name: Nobody") + "    subpopulation: ln_employment < 0\n"
    version = make_plan_version(make_answered_wave(), PLAN + nobody)
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    actions.carry_out(run_id=run.pk)
    (waiting,) = printed("run_status", str(run.pk))
    actions.work_on_pieces(seconds=60)

    (done,) = printed("run_status", str(run.pk))

    assert (waiting["state"], waiting["pieces"]) == ("divided", {"waiting": 2})
    assert (done["state"], done["pieces"]) == ("done", {"done": 1, "refused": 1})
    assert [each["title"] for each in done["pieces_that_failed"]] == ["Estimating Nobody"]


def test_how_many_models_a_plan_makes_is_told_before_anything_is_queued(tmp_path: Any) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "title: T\nmodels: [{outcome: a, formula: b, bootstrap: 100}]\n"
        "curve: {outcomes: [a, b], measures: [c], optional: [d, e, f], permutations: 50}\n"
    )

    assert printed("check_plan", str(path))["estimations"] == {
        "models": 1,
        "replicates": 100,
        "curve": 16,
        "curve_permuted": 800,
        "descriptives": 0,
    }


def test_a_plan_that_makes_too_many_models_is_refused_in_words(tmp_path: Any) -> None:
    path = tmp_path / "plan.yaml"
    terms = ", ".join("abcdefghijklmn")
    path.write_text(f"title: T\ncurve: {{outcomes: [y], measures: [x], optional: [{terms}]}}\n")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("check_plan", str(path), stdout=out)

    (problem,) = json.loads(out.getvalue())["problems"]
    assert problem["code"] == "too_many_specifications"
    assert "16,384 models" in problem["message"]
