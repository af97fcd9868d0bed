"""Two runs side by side in the browser."""

import csv
import io
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis import actions
from analysis.models import Run
from surveys.models import Response, Survey, Wave
from tests.analysis.answered import PLAN, make_plan_version
from tests.analysis.views.test_registration import MORE
from tests.factories import make_member, make_user


def run_of(wave: Wave, source: str, ada) -> Run:
    version = make_plan_version(wave, source)
    run, _ = actions.request(plan_version=version, by=ada, at=timezone.now())
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def later(done: Run, answered: Wave, ada) -> Run:
    """A run of a longer plan after one firm gave another answer."""
    answer = Response.objects.filter(case__wave=answered).order_by("pk").first()
    Response.objects.filter(pk=answer.pk).update(
        answers={"new_good": "yes", "persons": 9999}, revision=2
    )
    return run_of(answered, MORE, ada)


def address(one: Run, other: Run, name: str = "compare") -> str:
    return reverse(f"analysis:{name}", args=[one.pk, other.pk])


def test_what_changed_is_told(as_ada, done, later):
    page = as_ada.get(address(done, later)).content.decode()

    assert "fewer than 10" in page
    assert "The codebook is the same." in page
    assert "New in the second</dt><dd>Square" in page
    assert "The difference is not tested." in page
    assert "Only in the second run." in page
    assert "<strong>changed</strong>" in page


def test_facts_are_told_whole_and_fingerprints_by_their_beginning(as_ada, done, later):
    page = as_ada.get(address(done, later)).content.decode()

    facts = page.partition('id="data-head"')[2].partition('id="numbers-head"')[0]
    assert f">{done.code_fingerprint[:12]}</span>" in facts
    told = facts.partition('id="plan-head"')[0] + facts.partition('id="code-head"')[2]
    assert "…" not in told


def test_numbers_that_one_run_has_alone_do_not_count_as_differing(as_ada, done, answered, ada):
    other = run_of(answered, MORE, ada)

    page = as_ada.get(address(done, other))

    found = page.context["found"]
    assert (found.changed, found.alone) == (0, found.total - found.shared)
    assert found.alone > 0
    assert "in one run only" in page.content.decode()


def test_the_same_data_and_numbers_are_told_to_be_the_same(as_ada, done, answered, ada):
    other = run_of(answered, PLAN + "about: More.\n", ada)

    page = as_ada.get(address(done, other)).content.decode()

    assert "Both rest on the same extract, to the last bit." in page
    assert "<strong>" not in page.split('id="numbers-head"')[1]


def test_the_numbers_are_handed_over_in_full_precision(as_ada, done, later):
    answer = as_ada.get(address(done, later, "compare_numbers"))
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    size = next(line for line in lines if line["term"] == "ln_employment")
    first = next(t for t in done.estimates["models"][0]["terms"] if t["term"] == "ln_employment")
    assert float(size["first"]) == first["estimate"]
    assert float(size["difference"]) == float(size["second"]) - float(size["first"])


def test_the_run_offers_other_runs_of_the_survey_and_leads_to_the_comparison(as_ada, done, later):
    page = as_ada.get(done.get_absolute_url()).content.decode()
    choose = reverse("analysis:compare_with", args=[done.pk])

    assert f'value="{later.pk}"' in page
    assert as_ada.get(choose, {"other": str(later.pk)}).url == address(done, later)
    assert as_ada.get(choose, {"other": "nonsense"}).status_code == 200


def test_a_run_of_another_survey_is_not_found(as_ada, done, later, eve):
    elsewhere = Survey.objects.get(slug="other")
    Wave.objects.filter(pk=done.plan_version.plan.wave_id).update(survey=elsewhere)
    client_page = as_ada.get(address(done, later))

    assert client_page.status_code == 404
    assert as_ada.get(reverse("analysis:compare", args=[later.pk, uuid4()])).status_code == 404


def test_an_unfinished_run_cannot_be_compared(as_ada, done, answered, ada):
    version = make_plan_version(answered, MORE)
    waiting, _ = actions.request(plan_version=version, by=ada, at=timezone.now())

    assert as_ada.get(address(done, waiting)).status_code == 404


def test_who_may_not_analyse_does_not_read_the_text_of_the_plan(client, done, later, answered):
    vera = make_user("vera")
    make_member(vera, answered.survey, "viewer")
    client.force_login(vera)

    page = client.get(address(done, later)).content.decode()

    assert "Numbers of Size" in page
    assert "line by line" not in page
