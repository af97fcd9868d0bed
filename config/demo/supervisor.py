"""Starts the demo's processes, waits until they serve, watches them and stops them all."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from kombu import Connection
from kombu.exceptions import OperationalError

from config import broker
from config.celery import app
from config.demo.children import Child

_READY_WITHIN = 90.0
_STOPPED_WITHIN = 6.0
_MOST_STARTS = 3
_PER_SECONDS = 60.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


class DemoOver(Exception):
    """The demo cannot go on; the message says why."""


class Interrupted(KeyboardInterrupt):
    """Somebody asked the demo to stop."""


def programs(*, host: str, port: int, var: Path) -> dict[str, tuple[str, ...]]:
    """The commands of web server, worker and clock."""
    python = sys.executable
    return {
        "web": (
            *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"),
            *("--workers", "2", "--threads", "4", "--preload", "--no-control-socket"),
            *("--graceful-timeout", "3", "--log-level", "warning"),
        ),
        "worker": (
            *(python, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(min(os.cpu_count() or 1, 4)), "--hostname", "demo@localhost"),
            *("--without-gossip", "--without-mingle"),
        ),
        "clock": (
            *(python, "-m", "celery", "-A", "config.clock", "beat", "--loglevel", "INFO"),
            *("--schedule", str(var / "clock"), "--pidfile="),
        ),
    }


class Supervisor:
    """Owns the children. What starts first stops last."""

    def __init__(self, children: Sequence[Child], say: Say) -> None:
        self._children = list(children)
        self._say = say

    def __enter__(self) -> "Supervisor":
        for number in _SIGNALS:
            signal.signal(number, _interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.stop()

    def start(self, *names: str) -> None:
        for child in self._children:
            if child.name in names:
                child.start()

    def wait_until(self, ready: Callable[[], bool], *, what: str) -> None:
        """Raises DemoOver if a child ends meanwhile, or if it takes too long."""
        deadline = time.monotonic() + _READY_WITHIN
        while not ready():
            for child in self._children:
                if child.exit_code is not None:
                    raise DemoOver(_ended(child))
            if time.monotonic() > deadline:
                raise DemoOver(f"{what} did not answer within {_READY_WITHIN:.0f} seconds.")
            time.sleep(0.1)

    def watch(self) -> None:
        """Start again what ends. Raises DemoOver if something ends over and over."""
        while True:
            time.sleep(0.5)
            for child in self._children:
                if child.exit_code is not None:
                    self._start_again(child)

    def stop(self) -> None:
        """Everyone but the queue first, so that nobody complains of its absence."""
        queue = [child for child in self._children if child.name == "queue"]
        others = [child for child in self._children if child.name != "queue"]
        for group in (others, queue):
            deadline = time.monotonic() + _STOPPED_WITHIN
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.stop(deadline)

    def _start_again(self, child: Child) -> None:
        lately = [start for start in child.starts if time.monotonic() - start < _PER_SECONDS]
        if len(lately) >= _MOST_STARTS:
            raise DemoOver(f"{_ended(child)}\nIt ended {len(lately)} times within a minute.")
        self._say(f"The {child.name} ended (exit code {child.exit_code}); starting it again.")
        child.start()


def serves(host: str, port: int) -> bool:
    """The start page answers."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker_answers(url: str, var: Path) -> bool:
    connection = Connection(url, transport_options=broker.transport_options(url, var=var))
    unavailable = (*connection.connection_errors, *connection.channel_errors)
    try:
        with connection:
            return bool(app.control.ping(timeout=0.5, connection=connection))
    except (OSError, OperationalError, *unavailable):
        return False


def _ended(child: Child) -> str:
    return (
        f"The {child.name} ended (exit code {child.exit_code}). The end of its log, {child.log}:\n"
        f"{child.last_words()}"
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted
