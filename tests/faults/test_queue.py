"""Messages are lost, doubled and late, and the queue goes away; the runs do not care."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analysis import tasks
from analysis.models import Run
from config import broker, workers
from surveys.models import Wave
from tests.faults.place import (
    Place,
    eventually,
    is_done,
    kill,
    many_models,
    outcomes,
    request,
    reread,
)

pytestmark = pytest.mark.slow
SHORT = many_models(2)


def requests(number: int, wave: Wave) -> list[Run]:
    return [request(many_models(2, f"Plan {each}"), wave, f"plan-{each}") for each in range(number)]


def all_done(runs: list[Run]) -> bool:
    return Run.objects.filter(pk__in=[run.pk for run in runs], state="done").count() == len(runs)


@contextmanager
def port_that_swallows() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        for connection in taken:
            connection.close()
    thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def point_to(url: str, settings) -> None:
    workers.breaker.reset()
    settings.BROKER_URL = url
    settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(url, var=settings.VAR)


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_request_does_not_wait_for_a_queue_that_is_down(
    place: Place, wave: Wave, settings, scheme: str
) -> None:
    run = request(SHORT, wave)
    point_to(f"{scheme}://127.0.0.1:{free_port()}//", settings)

    began = time.monotonic()
    sent = tasks.publish(run.pk)
    first = time.monotonic() - began
    tasks.publish(run.pk)
    second = time.monotonic() - began - first

    assert sent is False
    assert first < 4
    assert second < 0.5
    assert reread(run).published_at is None


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_request_waits_two_seconds_at_most_for_a_queue_that_says_nothing(
    place: Place, wave: Wave, settings, scheme: str
) -> None:
    run = request(SHORT, wave)
    with port_that_swallows() as port:
        point_to(f"{scheme}://127.0.0.1:{port}//", settings)

        began = time.monotonic()
        sent = tasks.publish(run.pk)
        waited = time.monotonic() - began
        tasks.publish(run.pk)
        waited_again = time.monotonic() - began - waited

    assert sent is False
    assert waited < 5
    assert waited_again < 0.5


def test_a_run_requested_while_the_queue_was_down_is_done_later(
    place: Place, wave: Wave, settings
) -> None:
    run = request(SHORT, wave)
    point_to(f"redis://127.0.0.1:{free_port()}/0", settings)
    assert tasks.publish(run.pk) is False

    place.start_clock()
    place.start_worker()
    eventually(lambda: is_done(run), "the sweep has found it")

    assert reread(run).attempts == 1


def test_a_run_whose_message_was_lost_is_done(place: Place, wave: Wave) -> None:
    place.start_worker()
    first = request(SHORT, wave)
    eventually(lambda: is_done(first), "the worker is at work")
    second = request(many_models(3), wave)
    assert place.announce(second)
    place.purge()
    Run.objects.filter(pk=second.pk, state="requested").update(published_at=None)

    place.start_clock()
    eventually(lambda: is_done(second), "the sweep has found it")

    assert reread(second).attempts == 1


def test_a_run_announced_three_times_is_carried_out_once(place: Place, wave: Wave) -> None:
    run = request(SHORT, wave)
    assert [place.announce(run) for _ in range(3)] == [True, True, True]

    place.start_worker(concurrency=2)
    eventually(lambda: is_done(run), "it is done")
    later = request(many_models(1), wave, "later")
    place.announce(later)
    eventually(lambda: is_done(later), "the messages before are used up")

    assert reread(run).attempts == 1


def test_two_clocks_do_no_harm(place: Place, wave: Wave) -> None:
    runs = requests(4, wave)

    place.start_clock()
    place.start_clock()
    place.start_worker(concurrency=2)
    eventually(lambda: all_done(runs), "all are done")

    assert [reread(run).attempts for run in runs] == [1, 1, 1, 1]


def test_a_queue_that_is_killed_and_started_again_loses_no_run(place: Place, wave: Wave) -> None:
    if place.given_broker:
        place.purge()  # the given server serves others, too: losing its messages is the worst
    runs = requests(4, wave)
    for run in runs:
        place.announce(run)
    if not place.given_broker:
        place.kill_queue()
        place.open_queue()

    place.start_worker()
    eventually(lambda: all_done(runs), "all are done")

    assert [reread(run).attempts for run in runs] == [1, 1, 1, 1]


def test_whatever_is_killed_lost_and_doubled_every_run_has_one_result(
    place: Place, wave: Wave
) -> None:
    chance = random.Random(20261121)
    runs = requests(30, wave)
    for number, run in enumerate(runs):
        for _ in range((number % 10 != 0) + (number % 3 == 0)):
            place.announce(run)
    workers = [place.start_worker(), place.start_worker()]
    place.start_clock()

    for turn in range(4):
        time.sleep(chance.uniform(2, 4))
        kill(workers.pop(0))
        workers.append(place.start_worker())
        if turn == 1:
            place.purge()
    eventually(lambda: all_done(runs), "all are done", within=120)

    numbers = outcomes([run.pk for run in runs])
    first = numbers[runs[0].pk][1]["models"]
    assert [each["models"] == first for _, each in numbers.values()] == [True] * 30
    assert max(reread(run).attempts for run in runs) <= 3
