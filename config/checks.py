"""Deployment checks: does what stands around Milieu keep what it is given?"""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connection
from kombu import Connection
from kombu.exceptions import OperationalError

from config import broker


def database_serves_many(**_: object) -> list[CheckMessage]:
    """SQLite serves one machine; several machines need PostgreSQL."""
    if connection.vendor != "sqlite":
        return []
    return [
        Warning(
            "The database is SQLite: one machine, and about sixteen people who write at once.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="milieu.W001",
        )
    ]


def broker_keeps_messages(**_: object) -> list[CheckMessage]:
    """A Redis without its append-only file forgets what was queued when it is killed."""
    if not settings.BROKER_URL.startswith(("redis", "valkey")):
        return []
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | broker.IMPATIENT_REDIS
    with Connection(settings.BROKER_URL, transport_options=options) as queue:
        try:
            client = queue.default_channel.client
            return _forgetful(client.info("persistence"), client.info("memory"))
        except (OSError, OperationalError, *queue.connection_errors) as error:
            return [_unreachable(error)]


def _forgetful(persistence: dict[str, object], memory: dict[str, object]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not persistence.get("aof_enabled"):
        found.append(
            Error(
                "The Redis of BROKER_URL keeps no append-only file: "
                "killed, it forgets the messages it holds.",
                hint="Set `appendonly yes` in redis.conf.",
                id="milieu.E001",
            )
        )
    if memory.get("maxmemory_policy", "noeviction") != "noeviction":
        found.append(
            Error(
                "The Redis of BROKER_URL may evict messages when its memory is full.",
                hint="Set `maxmemory-policy noeviction` in redis.conf.",
                id="milieu.E002",
            )
        )
    return found


def _unreachable(error: Exception) -> CheckMessage:
    return Warning(
        f"The broker of BROKER_URL could not be asked ({type(error).__name__}).",
        hint="Runs wait in the database until it answers.",
        id="milieu.W002",
    )
