"""Background work of the collecting half: its messages are lost, its workers killed, it ends once."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import broker, workers
from surveys.actions import held_works, sample_work, weighting
from surveys.models import (
    Case,
    FieldworkRefresh,
    FieldworkSnapshot,
    Frame,
    Membership,
    SamplePlan,
    SampleWork,
    Unit,
    User,
    Wave,
    Weighting,
    WeightingRequest,
)
from surveys.views.waiting import WAITS
from tests.factories import NOON, make_user, make_wave
from tests.faults.place import Place, eventually, kill, pool_processes

pytestmark = pytest.mark.slow
RECIPE = {"replicates": {"method": "bootstrap", "count": 800, "seed": 7}}
PLAN = {"allocation": {"method": "proportional", "total": 400}, "seed": 4}
FIRMS_ON_THE_FRAME = 60_000


@pytest.fixture(autouse=True)
def _files(place: Place) -> None:
    """Where the workers of the place keep theirs."""
    settings.MEDIA_ROOT = place.folder / "media"


@pytest.fixture
def asked(wave: Wave) -> WeightingRequest:
    """Weights whose replicates keep a worker busy for a second or more."""
    Case.objects.filter(wave=wave).update(disposition=Case.Disposition.COMPLETE)
    return weighting.ask_for_weights(wave=wave, recipe=RECIPE, by=None, at=NOON)


@pytest.fixture
def large(wave: Wave) -> SampleWork:
    """A draft wave whose plan is to be worked out on a frame that takes a while to read."""
    frame = Frame.objects.create(survey=wave.survey, name="Register", fingerprint="0" * 64)
    Unit.objects.bulk_create(
        (
            Unit(
                frame=frame,
                register_id=f"R{number:06}",
                name=f"Firm {number}",
                size_class="small",
                industry=str(number % 7),
                region="coast",
                permanent_random_number=number % 9973 / 9973,
            )
            for number in range(FIRMS_ON_THE_FRAME)
        ),
        batch_size=5_000,
    )
    draft = make_wave(wave.survey, "draft", frame=frame)
    return sample_work.ask(wave=draft, kind="plan", document=PLAN, by=None, at=NOON)


def is_working(work: Any) -> bool:
    return type(work).objects.filter(pk=work.pk, state="working").exists()


def is_done(work: Any) -> bool:
    return type(work).objects.filter(pk=work.pk, state="done").exists()


def attempts(work: Any) -> int:
    return type(work).objects.get(pk=work.pk).attempts


def test_weights_whose_worker_is_killed_are_made_once_by_another(
    place: Place, asked: WeightingRequest
) -> None:
    worker = place.start_worker()
    place.start_clock()
    eventually(lambda: is_working(asked), "a worker makes the weights")

    kill(worker)
    assert not Weighting.objects.exists()
    place.start_worker(concurrency=2)
    eventually(lambda: is_done(asked), "another worker has made them")

    made = Weighting.objects.get()
    assert attempts(asked) == 2
    again = weighting.weigh(wave=asked.wave, recipe=RECIPE, by=None, at=NOON)
    assert made.fingerprint == again.fingerprint


def test_a_sample_whose_worker_is_killed_is_worked_out_once_by_another(
    place: Place, large: SampleWork
) -> None:
    worker = place.start_worker()
    place.start_clock()
    eventually(
        lambda: SampleWork.objects.filter(rows_read__gt=0).exists(), "a worker reads the frame"
    )

    kill(worker)
    place.start_worker(concurrency=2)
    eventually(lambda: is_done(large), "another worker has worked it out")

    assert attempts(large) == 2
    assert SamplePlan.objects.get().document == PLAN


def test_work_that_kills_its_workers_is_given_up_and_other_work_goes_on(
    place: Place, asked: WeightingRequest
) -> None:
    worker = place.start_worker()
    place.start_clock()
    for attempt in range(1, held_works.MOST_ATTEMPTS + 1):
        eventually(
            lambda attempt=attempt: is_working(asked) and attempts(asked) == attempt,
            f"attempt {attempt} is under way",
        )
        os.kill(pool_processes(worker)[0], signal.SIGKILL)
    eventually(
        lambda: WeightingRequest.objects.get(pk=asked.pk).state == "refused", "it is given up"
    )

    told = WeightingRequest.objects.get(pk=asked.pk)
    assert "Three workers ended" in told.message
    assert not Weighting.objects.exists()
    other = weighting.ask_for_weights(wave=asked.wave, recipe={}, by=None, at=NOON)
    eventually(lambda: is_done(other), "other weights are made")


def test_two_clocks_and_two_workers_do_each_work_once(
    place: Place, asked: WeightingRequest, large: SampleWork
) -> None:
    place.start_clock()
    place.start_clock()
    place.start_worker()
    place.start_worker()
    eventually(lambda: is_done(asked) and is_done(large), "all is done")

    assert [attempts(asked), attempts(large)] == [1, 1]
    assert Weighting.objects.count() == 1


def test_what_a_page_asks_for_while_the_queue_is_down_begins_by_itself_later(
    place: Place, wave: Wave
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(
        settings.BROKER_URL, var=Path(place.folder)
    )
    workers.breaker.reset()
    person: User = make_user("ada")
    Membership.objects.create(survey=wave.survey, user=person, role=Membership.Role.OWNER)
    client = Client()
    client.force_login(person)

    address = reverse("surveys:refresh_fieldwork", args=[wave.survey.slug, wave.slug])
    answer = client.post(address)
    said = client.get(answer.url).content.decode()
    waiting = FieldworkRefresh.objects.get()
    place.start_clock()
    place.start_worker()
    eventually(lambda: is_done(waiting), "the sweep has found it")

    assert answer.status_code == 302
    assert WAITS in said
    assert attempts(waiting) == 1
    assert FieldworkSnapshot.objects.get().wave == wave
