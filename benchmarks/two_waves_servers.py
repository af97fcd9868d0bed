"""Everything that runs beside the researcher's browser: web server, two workers, clock, mail.

All of it is the product as it is deployed, on PostgreSQL and Redis, but for plain http on
loopback; nothing outlives the run.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from benchmarks.respondents_servers import ROOT, database, free_port, gunicorn, run
from tests.mail_sink import MailSink

REFUSED = "unknown"
"""The local part of addresses that the mail server does not know."""

WORKERS = ("one", "two")
_SECONDS_A_MESSAGE = 0.02  # what a mail server takes, so that a worker can die in the middle
_PATIENCE = 60  # seconds until a worker must answer, or have ended


@dataclass
class Servers:
    """What runs. `settings` are the environment of every process, and of the checks."""

    address: str
    settings: dict[str, str]
    sink: MailSink
    folder: Path
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_worker(self, name: str) -> None:
        options = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
        self.workers[name] = _process(
            ["celery", "-A", "config", "worker", "--hostname", f"{name}@milieu", *options],
            self.settings,
            self.folder / f"worker-{name}.log",
        )

    def kill_worker(self, name: str) -> None:
        """SIGKILL to the worker and its child, as a machine that loses its power would."""
        worker = self.workers[name]
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        for worker in self.workers.values():
            _end(worker)


@contextmanager
def servers(server: str, broker: str) -> Iterator[Servers]:
    """Start all of it on a database of its own on that server, with the broker's URL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(server))
        stack.callback(_emptied, broker)
        _emptied(broker)
        replies = {REFUSED: "550 no such mailbox"}
        sink = stack.enter_context(MailSink(replies=replies, slow=_SECONDS_A_MESSAGE))
        port = free_port()
        settings = _settings(url, broker, folder, port, sink.port)
        made = Servers(settings["PUBLIC_URL"], settings, sink, folder)
        stack.callback(_keep_logs, folder)
        run(["django", "migrate", "--verbosity", "0"], settings, reads=False)
        stack.enter_context(
            gunicorn("config.wsgi", settings, workers=2, port=port, log_to=folder / "web.log")
        )
        stack.callback(made.stop)
        for name in WORKERS:
            made.start_worker(name)
        clock = ["celery", "-A", "config.clock", "beat", "--pidfile=", "--schedule"]
        beat = _process([*clock, str(folder / "clock")], settings, folder / "clock.log")
        stack.callback(_end, beat)
        yield made


def _settings(url: str, broker: str, folder: Path, port: int, mail: int) -> dict[str, str]:
    """Nothing of the shell's own settings remains. One proxy: made firms have own addresses."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MILIEU_DEMO": "1",
        "MILIEU_VAR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ACCESS_CODE_PEPPER": secrets.token_urlsafe(48),
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": url,
        "BROKER_URL": broker,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "EMAILS_PER_MINUTE": "6000",
        "CONTACTS_FROM_HOUR": "0",
        "LOG_LEVEL": "WARNING",
    }


def _process(command: list[str], settings: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 -- commands are made in this file
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=settings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _emptied(broker: str) -> None:
    """Messages of an earlier run name tasks on rows that are gone."""
    with redis.Redis.from_url(broker) as connection:
        connection.flushdb()


def _keep_logs(folder: Path) -> None:
    """The logs outlive the run where BENCH_LOGS names a folder."""
    if kept := os.environ.get("BENCH_LOGS"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        for log in folder.glob("*.log"):
            shutil.copy(log, kept)


def busy_worker(task: str, *, within: float) -> str:
    """The name of a worker that carries out the task now; empty if none does in that time."""
    from config.celery import app  # noqa: PLC0415 -- reads the settings of the run

    ends = time.monotonic() + within
    while time.monotonic() < ends:
        active = app.control.inspect(timeout=0.5).active() or {}
        for host, tasks in active.items():
            if any(each["name"] == task for each in tasks):
                return str(host).partition("@")[0]
    return ""
