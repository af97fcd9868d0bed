"""A run over two waves, from its request to its table."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis import actions, extracts, pipeline
from analysis.models import Run
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from surveys.models import Response, Wave
from tests.analysis.answered import make_plan_version
from tests.analysis.panel_waves import make_two_waves
from tests.factories import NOON

pytestmark = pytest.mark.django_db
PLAN = """
title: Growth
waves: all
models:
  - name: Growth
    outcome: change(ln_employment)
    estimator: linear
    formula: lag(innovation.product[good]) + lag(ln_employment)
"""


@pytest.fixture
def version():
    _, later = make_two_waves()
    return make_plan_version(later, PLAN, slug="growth")


def done(version) -> Run:
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()
    assert run.failure is None
    return run


def test_a_run_over_waves_ends_with_what_the_pipeline_gives(version):
    panel = extracts.dataset_over(version.plan.wave, ("2023", "2025"))
    expected = pipeline.run(panel, read_plan(PLAN)).estimates_document["models"][0]["terms"]

    run = done(version)

    assert run.estimates["models"][0]["terms"] == expected
    assert run.estimates["models"][0]["n"] == 32
    assert [each["wave"] for each in run.estimates["data"]["waves"]] == ["2023", "2025"]
    assert any("32 of them in both waves" in note for note in run.table["notes"])


def test_a_changed_answer_of_either_wave_makes_another_run(version):
    first = done(version)
    same, is_new = actions.request(plan_version=version, by=None, at=NOON)
    assert (same.pk, is_new) == (first.pk, False)

    for slug in ("2023", "2025"):
        before = Run.objects.count()
        response = Response.objects.filter(case__wave__slug=slug).order_by("pk").last()
        Response.objects.filter(pk=response.pk).update(
            answers=response.answers | {"persons": 777},
            revision=response.revision + 1,
            submitted_at=NOON + timedelta(days=1),
        )
        _, is_new = actions.request(plan_version=version, by=None, at=NOON)
        assert (is_new, Run.objects.count()) == (True, before + 1)


def test_waves_that_make_no_panel_are_told_to_who_asks(version):
    Wave.objects.filter(slug="2023").update(state=Wave.State.DRAFT)

    with pytest.raises(Refusal, match="takes two"):
        actions.request(plan_version=version, by=None, at=NOON)
    with pytest.raises(CommandError, match="takes two"):
        call_command(
            "request_run", "growth", "--survey", "knowledge", "--wave", "2025", stdout=StringIO()
        )
    assert Run.objects.count() == 0
