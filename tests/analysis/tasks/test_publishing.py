"""Telling the workers of a run: tried once, never waited for, never an error."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from analysis import actions, tasks
from analysis.models import Run
from config import broker, workers
from tests.analysis.answered import make_plan_version
from tests.factories import NOON, make_survey, make_wave
from tests.redis_server import needs_server, redis_server


@pytest.fixture(autouse=True)
def closed_breaker() -> Iterator[None]:
    workers.breaker.reset()
    yield
    workers.breaker.reset()


@pytest.fixture
def run(db: None) -> Run:
    wave = make_wave(make_survey())
    requested, _ = actions.request(plan_version=make_plan_version(wave), by=None, at=NOON)
    return requested


def use(url: str, settings: Any) -> None:
    settings.BROKER_URL = url
    settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(url, var=settings.VAR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@needs_server
def test_a_message_that_was_taken_is_remembered(run: Run, tmp_path: Path, settings: Any) -> None:
    with redis_server(tmp_path) as url:
        use(url, settings)

        sent = tasks.publish(run.pk)

    assert sent is True
    assert Run.objects.get().published_at is not None


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_message_that_nobody_takes_is_no_error_and_not_remembered(
    run: Run, settings: Any, scheme: str
) -> None:
    use(f"{scheme}://127.0.0.1:{free_port()}//", settings)

    sent = tasks.publish(run.pk)

    assert sent is False
    assert Run.objects.get().published_at is None


@needs_server
def test_a_queue_that_is_full_is_no_error_either(run: Run, tmp_path: Path, settings: Any) -> None:
    with redis_server(tmp_path, "--maxmemory", "1") as url:
        use(url, settings)

        sent = tasks.publish(run.pk)

    assert sent is False
    assert workers.breaker.is_open


@needs_server
def test_after_a_failure_no_further_message_is_tried_for_a_while(
    run: Run, tmp_path: Path, settings: Any
) -> None:
    use(f"redis://127.0.0.1:{free_port()}/0", settings)
    tasks.publish(run.pk)

    with redis_server(tmp_path) as url:
        use(url, settings)
        while_open = tasks.publish(run.pk)
        workers.breaker.reset()
        once_closed = tasks.publish(run.pk)

    assert (while_open, once_closed) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_a_message_is_sent_only_once_its_run_is_committed(settings: Any) -> None:
    settings.BROKER_URL = "memory://"
    settings.IMPATIENT_TRANSPORT_OPTIONS = {}
    version = make_plan_version(make_wave(make_survey()))

    with transaction.atomic():
        run, _ = actions.request(plan_version=version, by=None, at=NOON)
        tasks.publish_on_commit(run.pk)
        before = Run.objects.get(pk=run.pk).published_at

    assert before is None
    assert Run.objects.get(pk=run.pk).published_at is not None
