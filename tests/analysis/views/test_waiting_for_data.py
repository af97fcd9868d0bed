"""What the page of a run says while its data cannot be kept, and if they are those of another."""

import pytest
from django.urls import reverse

from analysis import actions
from analysis.actions import failures
from analysis.models import Run
from tests.analysis.answered import make_answered_wave, make_plan_version
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(client) -> Run:
    wave = make_answered_wave()
    analyst = make_user("analyst")
    make_member(analyst, wave.survey)
    client.force_login(analyst)
    return actions.request(plan_version=make_plan_version(wave), by=analyst, at=NOON)[0]


def page(client, run: Run):
    return client.get(reverse("analysis:run", args=[run.pk]))


def test_a_run_that_waits_for_room_says_so(client, run):
    Run.objects.update(failure=failures.storage_full().document())

    answer = page(client, run).content.decode()

    assert "The storage of snapshots has no room left" in answer
    assert "delete_snapshots makes room" in answer
    assert "The run failed" not in answer


def test_a_run_that_turned_out_to_be_another_leads_there(client, run):
    other = Run.objects.get(pk=run.pk)
    other.pk, other.fingerprint = None, "unsettled"
    other._state.adding = True
    other.pk = Run._meta.pk.get_default()
    other.state, other.failure = Run.State.FAILED, failures.SameRun(run.pk).document()
    other.save()

    answer = page(client, other)

    assert (answer.status_code, answer.url) == (302, run.get_absolute_url())
