"""A power study from the page to a live worker and back, on the queue that the demo has."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from analysis import actions, tasks
from analysis.models import PowerStudy
from config import broker, workers
from surveys.models import Membership, Wave
from tests.factories import make_user
from tests.faults.place import Place, eventually, kill

pytestmark = pytest.mark.slow
FIELDS = {
    "outcome_rate": "40",
    "exposure_share": "30",
    "odds_ratio": "1.7",
    "response_rate": "60",
    "level": "5",
}


@pytest.fixture
def page(place: Place, wave: Wave) -> tuple[Client, str]:
    """Someone who may plan, at the page, whose messages go to the queue of this place."""
    workers.breaker.reset()
    settings.BROKER_URL = place.broker_url
    settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(
        place.broker_url, var=place.folder
    )
    person = make_user("ada")
    Membership.objects.create(survey=wave.survey, user=person, role=Membership.Role.OWNER)
    client = Client()
    client.force_login(person)
    return client, reverse("analysis:power", args=[wave.survey.slug, wave.slug])


def study() -> PowerStudy:
    return PowerStudy.objects.get()


def is_under_way() -> bool:
    return 0 < study().progress_done < study().progress_total


def test_a_study_that_the_page_asks_for_ends_in_a_result(place: Place, page: tuple[Client, str]):
    client, address = page
    place.start_worker()

    assert client.post(address, FIELDS | {"replications": "200"}).status_code == 302
    eventually(is_under_way, "the worker has made some surveys")
    seen = client.get(address).content.decode()
    eventually(lambda: study().state == "done", "the study is done")

    assert "<progress" in seen
    assert "200 surveys made" in client.get(address).content.decode()
    strata = [tuple(each) for each in study().strata]
    at_once = actions.worked_out_power(
        strata, study().assumptions, seed=study().seed, replications=200
    )
    assert study().result["power"] == at_once["power"]


def test_a_study_that_is_cancelled_frees_its_worker(place: Place, page: tuple[Client, str]):
    client, address = page
    place.start_worker()
    client.post(address, FIELDS | {"replications": "20000"})
    eventually(is_under_way, "the worker has made some surveys")

    client.post(f"{address}{study().pk}/cancel/")
    first = study()
    client.post(address, FIELDS | {"replications": "100"})
    eventually(
        lambda: PowerStudy.objects.filter(state="done").count() == 1, "another study is done"
    )

    assert first.state == "cancelled"
    assert PowerStudy.objects.get(pk=first.pk).progress_done <= first.progress_done + 25
    assert PowerStudy.objects.get(pk=first.pk).result == {}


def test_a_study_whose_worker_is_killed_is_carried_on_by_another(
    place: Place, page: tuple[Client, str]
):
    client, address = page
    worker = place.start_worker()
    client.post(address, FIELDS | {"replications": "500"})
    eventually(is_under_way, "the worker has made some surveys")
    kill(worker)
    done = study().progress_done

    place.start_worker()
    tasks.publish_power(study().pk)
    eventually(lambda: study().state == "done", "another worker has finished it")

    assert done > 0
    assert study().tally["replications"] == study().progress_done == 500
    assert study().result
