"""The product as `make demo` starts it, for a journey: its own folder, port and database."""

import contextlib
import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 180
PASSWORD = "made data 2026"


@dataclass
class Demonstration:
    """A running demonstration and what it printed."""

    address: str
    folder: Path
    environment: dict[str, str]
    printed: str

    @property
    def first_link(self) -> str:
        return self._found(r"(http\S+/answer/\S+)")

    @property
    def first_table(self) -> str:
        return self._found(r"A first table: (\S+)")

    def _found(self, pattern: str) -> str:
        match = re.search(pattern, self.printed)
        assert match is not None, self.printed
        return match.group(1)

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def link_of_a_firm(self) -> str:
        """An access link for a firm of the open wave that has not begun; another at each call."""
        case = self.waiting.pop()
        out = self.folder / f"codes-{case}.csv"
        where = ("--survey", "knowledge-sourcing", "--wave", "2025")
        self.manage("issue_access", *where, "--case", case, "--out", str(out))
        with out.open(encoding="utf-8-sig", newline="") as lines:
            return self.address + next(csv.DictReader(lines))["path"]

    @cached_property
    def waiting(self) -> list[str]:
        """Pseudonyms of the open wave's firms that have not begun."""
        program = (
            "from surveys.models import Case; import json; print(json.dumps(list("
            "Case.objects.filter(wave__slug='2025', disposition='not_started')"
            ".order_by('pk').values_list('pseudonym', flat=True))))"
        )
        found: list[str] = json.loads(self.manage("shell", "-v0", "-c", program))
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Demonstration]:
    """Start the demonstration, wait until it says that it is ready, and stop it as Ctrl-C does."""
    port = free_port()
    environment = _environment(folder)
    log = folder / "demo.log"
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            printed = _ready(process, log)
            yield Demonstration(f"http://127.0.0.1:{port}", folder, environment, printed)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _ready(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        text = log.read_text()
        if "Ctrl-C stops everything" in text:
            return text
        assert process.poll() is None, text
        time.sleep(0.2)
    raise AssertionError(f"not ready within {READY_WITHIN} s:\n{log.read_text()}")


def _environment(folder: Path) -> dict[str, str]:
    """Embedded, or on the servers that the tests were given."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE", "DEBUG")
    }
    chosen = {
        "MILIEU_DEMO": "1",
        "MILIEU_VAR": str(folder),
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
    }
    if database := os.environ.get("MILIEU_TEST_DATABASE_URL"):
        chosen["DATABASE_URL"] = _own_database(database)
    if broker := os.environ.get("MILIEU_TEST_BROKER_URL"):
        chosen["BROKER_URL"] = broker
    return kept | chosen


def _own_database(url: str) -> str:
    """A new, empty database on the same server."""
    name = f"milieu_journey_{os.getpid()}"
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    return urlunsplit(parts._replace(path=f"/{name}"))
