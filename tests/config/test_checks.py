"""What a deployment check says of the servers around Milieu."""

import socket
from pathlib import Path
from typing import Any

from django.db import connection

from config import broker, checks
from tests.redis_server import needs_server, redis_server


def found(url: str, settings: Any) -> list[str]:
    settings.BROKER_URL = url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(url, var=settings.VAR)
    return [message.id for message in checks.broker_keeps_messages()]


@needs_server
def test_a_redis_that_keeps_no_append_only_file_is_refused(tmp_path: Path, settings: Any) -> None:
    with redis_server(tmp_path, "--appendonly", "no") as url:
        assert found(url, settings) == ["milieu.E001"]


@needs_server
def test_a_redis_that_may_evict_messages_is_refused(tmp_path: Path, settings: Any) -> None:
    options = ("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")
    with redis_server(tmp_path, *options) as url:
        assert found(url, settings) == ["milieu.E002"]


@needs_server
def test_a_redis_with_its_append_only_file_passes(tmp_path: Path, settings: Any) -> None:
    with redis_server(tmp_path, "--appendonly", "yes") as url:
        assert found(url, settings) == []


def test_a_redis_that_does_not_answer_is_a_warning(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    assert found(f"redis://127.0.0.1:{port}/0", settings) == ["milieu.W002"]


def test_rabbitmq_is_not_asked(settings: Any) -> None:
    assert found("amqp://127.0.0.1//", settings) == []


def test_sqlite_in_production_is_a_warning_and_postgresql_none() -> None:
    found = [message.id for message in checks.database_serves_many()]

    assert found == {"sqlite": ["milieu.W001"], "postgresql": []}[connection.vendor]
