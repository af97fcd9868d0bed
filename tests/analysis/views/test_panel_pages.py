"""The pages of a plan over several waves, and of its run."""

import pytest
from django.urls import reverse

from analysis import actions
from analysis.models import Run
from surveys.models import Wave
from tests.analysis.actions.test_panel_runs import PLAN
from tests.analysis.answered import make_plan_version
from tests.analysis.panel_waves import make_two_waves
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    return make_two_waves()[1]


@pytest.fixture
def as_ada(client, wave):
    user = make_user("ada")
    make_member(user, wave.survey)
    client.force_login(user)
    return client


def page_of(client, wave, source, **more):
    version = make_plan_version(wave, source, slug="growth")
    names = {"survey": wave.survey.slug, "wave": wave.slug, "plan": version.plan.slug}
    return client.get(reverse("analysis:plan", kwargs=names), more)


def test_the_page_of_a_plan_over_waves_finds_nothing_wrong(as_ada, wave):
    examined = page_of(as_ada, wave, PLAN).context["examined"]

    assert (examined.problems, examined.is_plan) == ((), True)
    assert {"panel.unit", "panel.wave"} <= {each.name for each in examined.own}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (PLAN.replace("waves: all", "waves: [2021, 2025]"), "unknown_wave"),
        (PLAN.replace("waves: all", ""), "one_wave_only"),
        (PLAN.replace("lag(ln_employment)", "lag(nothing)"), "unknown_term"),
    ],
)
def test_the_page_says_why_waves_make_no_panel_and_what_a_plan_of_one_wave_lacks(
    as_ada, wave, source, code
):
    answer = page_of(as_ada, wave, source)

    assert code in {problem.code for problem in answer.context["examined"].problems}
    assert answer.status_code == 200


def test_the_page_of_the_run_shows_firms_in_both_waves_and_how_to_read_it(as_ada, wave):
    version = make_plan_version(wave, PLAN, slug="growth")
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    actions.carry_out(run_id=run.pk)

    page = as_ada.get(run.get_absolute_url()).content.decode()

    assert "A row is a firm in a wave: 44 firms, 32 of them in both waves." in page
    assert "held against what it had said in the wave before" in page
    assert "told by the same firm at the same time" not in page
    assert ">Firm-waves<" in page


def test_asked_for_again_without_its_waves_the_run_says_why_and_stays(as_ada, wave):
    version = make_plan_version(wave, PLAN, slug="growth")
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    actions.carry_out(run_id=run.pk)
    Wave.objects.filter(slug="2023").update(state=Wave.State.DRAFT)

    answer = as_ada.post(reverse("analysis:again", kwargs={"pk": run.pk}), follow=True)

    assert "a panel takes two" in answer.content.decode()
    assert Run.objects.count() == 1
