"""Where the messages go, and how patiently.

A message only says "look at this run"; the run itself is a row of the database. So a
broker may lose, double or delay messages, and a page never waits for one.
"""

from pathlib import Path
from typing import Any

from kombu import Exchange, Queue

QUICK = "milieu"
LARGE = "milieu-large"
_REDIS = {
    "visibility_timeout": 7200,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
_RABBITMQ = {"confirm_publish": True}
_NO_SECOND_TRY = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
IMPATIENT_REDIS = {
    **_NO_SECOND_TRY,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "retry_on_timeout": False,
}
IMPATIENT_RABBITMQ = {
    **_NO_SECOND_TRY,
    "connect_timeout": 1,
    "read_timeout": 2,
    "write_timeout": 2,
}


def queues() -> tuple[Queue, Queue]:
    """What is soon done, and pieces of what is not."""
    return tuple(
        Queue(name, Exchange(name, type="direct"), routing_key=name) for name in (QUICK, LARGE)
    )


def embedded_url(var: Path) -> str:
    """The URL of the demo's own queue, which the demo writes down as it starts it."""
    note = var / "queue" / "url"
    if note.is_file():
        return note.read_text().strip()
    return f"redis+socket://{var / 'queue' / 'valkey.sock'}"


def transport_options(url: str, *, var: Path) -> dict[str, Any]:
    """Options of kombu's transport for a process that may wait, such as a worker."""
    scheme = url.partition("://")[0]
    if scheme.startswith(("redis", "valkey")):
        return dict(_REDIS)
    if scheme.startswith(("amqp", "pyamqp")):
        return dict(_RABBITMQ)
    if scheme == "filesystem":
        return filesystem_options(var)
    return {}


def impatient_options(url: str, *, var: Path) -> dict[str, Any]:
    """Options for a process in which a person waits: two seconds at most, and no second try.

    Celery's own defaults block for more than 45 seconds on a broker that swallows packets,
    and `retry=False` alone makes a broker that refuses take six.
    """
    options = transport_options(url, var=var)
    scheme = url.partition("://")[0]
    if scheme.startswith(("redis", "valkey")):
        return options | IMPATIENT_REDIS
    if scheme.startswith(("amqp", "pyamqp")):
        return options | IMPATIENT_RABBITMQ
    return options


def filesystem_options(var: Path) -> dict[str, Any]:
    """Messages as files, for machines on which the embedded server does not run.

    This transport can lose messages; the sweep finds what it lost.
    """
    messages = var / "queue" / "messages"
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(var / "queue" / "control"),
        "polling_interval": 0.1,
    }
