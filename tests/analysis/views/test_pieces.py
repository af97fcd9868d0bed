"""The page of a run that is done in pieces: how far it is, what failed, the curve it gave."""

import pytest
from django.urls import reverse

from analysis import actions
from analysis.models import Run
from tests.analysis.answered import make_plan_version
from tests.factories import NOON

MODEL = "outcome: 'innovation.product[good]', covariance: HC1, design: none, formula: ln_employment"
CURVE = """
curve:
  outcomes: ['innovation.product[good]']
  measures: [ln_employment, control.employment]
  estimators: [logit, linear]
  covariance: HC1
  design: none
"""
PLAN = f"""
title: In pieces
models:
  - {{name: Nobody, subpopulation: control.employment < 0, {MODEL}}}
  - {{name: All, {MODEL}}}
{CURVE}"""


@pytest.fixture
def divided(answered, ada, monkeypatch) -> Run:
    monkeypatch.setattr("analysis.pipeline.pieces.SMALL", 0)
    version = make_plan_version(answered, PLAN, "pieces")
    run, _ = actions.request(plan_version=version, by=ada, at=NOON)
    actions.carry_out(run_id=run.pk)
    return run


def page(client, run: Run, query: str = "") -> str:
    return client.get(run.get_absolute_url() + query).content.decode()


def test_how_far_the_pieces_are_is_told_with_what_failed_so_far(as_ada, divided):
    actions.work_on_pieces(seconds=0)

    shown = page(as_ada, divided)
    told = as_ada.get(reverse("analysis:progress", args=[divided.pk])).json()

    assert "1 of 6 estimations" in shown
    assert "Not estimated so far; the others go on:" in shown
    assert (told["state"], told["done"], told["total"]) == ("divided", 1, 6)
    ((title, why),) = told["failed"]
    assert title == "Estimating Nobody"
    assert why in shown.replace("&lt;", "<")
    assert "to go" in told["time"]


def test_a_run_in_pieces_can_be_withdrawn_and_says_that_it_goes_on_when_asked_again(
    as_ada, divided
):
    as_ada.post(reverse("analysis:withdraw", args=[divided.pk]))

    assert "it goes on from the pieces that were done" in page(as_ada, divided)
    assert actions.free_pieces() == 0


def test_the_table_comes_with_an_empty_column_and_the_curve_beside_it(as_ada, divided):
    actions.work_on_pieces(seconds=60)

    table, curve = page(as_ada, divided), page(as_ada, divided, "?what=curve")
    lines = as_ada.get(reverse("analysis:specifications", args=[divided.pk])).content.decode()

    assert "(1) Nobody: not estimated." in table
    assert "The specification curve" in table
    assert "Every combination of the choices is a model" in curve
    assert len(lines.splitlines()) == 1 + 4
    assert lines.startswith("outcome,measure,controls")


def test_a_plan_of_nothing_but_a_curve_has_the_curve_as_its_table(as_ada, answered, ada):
    version = make_plan_version(answered, f"title: Alone\n{CURVE}", "alone")
    run, _ = actions.request(plan_version=version, by=ada, at=NOON)
    actions.carry_out(run_id=run.pk)

    shown = page(as_ada, run)

    assert "All models" in shown
    assert "Models" in shown
    assert "firms described" not in shown


def test_a_run_without_a_curve_has_no_specifications(as_ada, done):
    answer = as_ada.get(reverse("analysis:specifications", args=[done.pk]))

    assert answer.status_code == 404


def test_a_column_that_failed_for_want_of_memory_can_be_asked_for_again(as_ada, divided):
    actions.work_on_pieces(seconds=60)
    assert "Request it again" not in page(as_ada, divided)
    failure = {"code": "out_of_memory", "message": "No room.", "remedy": ""}
    divided.pieces.filter(number=1).update(state="failed", failure=failure)

    assert "Request it again" in page(as_ada, divided)
