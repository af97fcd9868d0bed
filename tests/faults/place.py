"""A place where real processes meet: a database, a queue, workers, a clock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from kombu import Connection

from analysis import actions, tasks
from analysis.models import PlanVersion, Run
from config import broker, workers
from config.celery import app
from config.demo import queue
from config.demo.children import Child
from tests.analysis.answered import make_plan_version
from tests.factories import NOON

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 3
PATIENCE = 60.0


def many_models(number: int, title: str = "Many models", replicates: int = 400) -> str:
    """A plan that keeps a worker busy for a tenth of a second or more with each model.

    Several are handed out in pieces, each of them other work.
    """
    head = f"title: {title}\nestimator: linear\ncovariance: replicate\nmodels:\n"
    return head + "".join(
        f"  - {{name: Model {each}, outcome: 'innovation.product[good]', "
        "formula: ln_employment + control.employment^2, "
        "design: {weights: none, strata: none, clusters: none, population: none, "
        f"replicates: bootstrap, count: {replicates}, seed: {each + 1}}}}}\n"
        for each in range(number)
    )


@dataclass
class Place:
    """`given_broker` is a server that is there for the tests, or empty for the embedded one."""

    folder: Path
    database_url: str
    given_broker: str
    children: list[Child] = field(default_factory=list)
    server: Child | None = None
    broker_url: str = ""

    def open_queue(self) -> None:
        """Start the embedded queue, or empty the given one."""
        if self.given_broker:
            self.broker_url = self.given_broker
            self.purge()
            return
        if self.server is None:
            prepared = queue.prepare(self.folder, queue.server_program())
            self.broker_url = prepared.url
            self.server = Child("queue", prepared.command, self.folder / "queue.log", {}, ROOT)
        self.server.start()
        eventually(self._queue_answers, "the queue answers")

    def kill_queue(self) -> None:
        assert self.server is not None
        assert self.server.process is not None
        os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()

    def purge(self) -> None:
        """Lose every message that waits."""
        with self._connection() as connection:
            for name in (broker.QUICK, broker.LARGE):
                connection.SimpleQueue(name).clear()

    def announce(self, run: Run) -> bool:
        """What a page does after a request, with the settings of this place."""
        workers.breaker.reset()
        settings.BROKER_URL = self.broker_url
        settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(
            self.broker_url, var=self.folder
        )
        return tasks.publish(run.pk)

    def send(self, task: str, *arguments: str, **options: Any) -> None:
        """A message about a task that this process need not know."""
        with self._connection() as connection:
            app.send_task(task, args=arguments, connection=connection, **options)

    def start_worker(self, *options: str, concurrency: int = 1, **settings: str) -> Child:
        number = len(self.children)
        return self._start(
            f"worker-{number}",
            *("-A", "config", "worker", "--loglevel", "INFO", "--hostname", f"w{number}@test"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle", *options),
            **settings,
        )

    def start_clock(self) -> Child:
        name = f"clock-{len(self.children)}"
        schedule = str(self.folder / name)
        return self._start(name, "-A", "config.clock", "beat", "--pidfile=", "--schedule", schedule)

    def stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(time.monotonic() + 3)
        if self.server is not None:
            self.server.stop(time.monotonic())

    def _start(self, name: str, *arguments: str, **settings: str) -> Child:
        command = (sys.executable, "-m", "celery", *arguments)
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MILIEU_DEMO": "1",
            "MILIEU_VAR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "BROKER_URL": self.broker_url,
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
            "SWEEP_SECONDS": "1",
            **settings,
        }
        child = Child(name, command, self.folder / f"{name}.log", environment, ROOT)
        self.children.append(child)
        child.start()
        return child

    def _connection(self) -> Connection:
        options = broker.transport_options(self.broker_url, var=self.folder)
        return Connection(self.broker_url, transport_options=options)

    def _queue_answers(self) -> bool:
        connection = self._connection()
        try:
            with connection:
                connection.ensure_connection(max_retries=1, timeout=1)
        except (OSError, *connection.connection_errors):
            return False
        return True


def eventually(holds: Callable[[], Any], what: str, *, within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"waited {within:.0f} seconds until {what}"
        time.sleep(0.02)


def request(source: str, wave: Any, slug: str = "many") -> Run:
    version: PlanVersion = make_plan_version(wave, source, slug)
    run, _ = actions.request(plan_version=version, by=None, at=NOON)
    return run


def reread(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def is_done(run: Run) -> bool:
    return reread(run).state == Run.State.DONE


def is_under_way(run: Run) -> bool:
    now = reread(run)
    return now.state in (Run.State.RUNNING, Run.State.DIVIDED) and now.progress_done > 0


def pool_processes(worker: Child) -> list[int]:
    """The processes in which a worker's tasks run."""
    assert worker.process is not None
    listed = subprocess.run(
        ["pgrep", "--parent", str(worker.process.pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def kill(worker: Child) -> None:
    """End a worker with all its processes, as a failing machine would."""
    assert worker.process is not None
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


@contextmanager
def frozen(process: int) -> Iterator[None]:
    """As a machine that swaps, or a virtual one that is moved."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def outcomes(runs: list[UUID]) -> dict[UUID, tuple[str, Any]]:
    return {run.pk: (run.state, run.estimates) for run in Run.objects.filter(pk__in=runs)}
