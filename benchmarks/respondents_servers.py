"""What the benchmarks run against: a database of their own and gunicorn, both ended afterwards."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SITE = "milieu.example.org"
CORES = os.cpu_count() or 1
SERVER = os.environ.get("MILIEU_BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
_PATIENCE = 60  # seconds until a server must answer


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a new database on the server of the URL; dropped at the end, also if stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    name = f"milieu_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def environment(database_url: str, var: Path, **more: str) -> dict[str, str]:
    """A production start behind one proxy; nothing of the shell's own settings remains."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return kept | {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ACCESS_CODE_PEPPER": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": SITE,
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": database_url,
        "BROKER_URL": "amqp://nobody@127.0.0.1//",
        "MILIEU_VAR": str(var),
        "LOG_LEVEL": "WARNING",
        **more,
    }


def run(
    arguments: list[str], settings: Mapping[str, str], given: Any = None, *, reads: bool = True
) -> Any:
    """Run a module of Python; what it prints, read as JSON."""
    done = subprocess.run(  # noqa: S603 -- arguments are made in this file's callers
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=dict(settings),
        input="" if given is None else json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return json.loads(done.stdout) if reads else None


@contextmanager
def gunicorn(
    application: str,
    settings: Mapping[str, str],
    *,
    workers: int,
    port: int = 0,
    log_to: Path | None = None,
) -> Iterator[int]:
    """A server with the options of the Dockerfile; the port it listens on, free if not given."""
    port = port or free_port()
    options = ["--workers", str(workers), "--threads", "4", "--no-control-socket"]
    if Path("/dev/shm").is_dir():  # noqa: S108 -- where gunicorn's heartbeat costs no disk
        options += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    with log_to.open("w+") if log_to else tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(  # noqa: S603
            [*command, *options], cwd=ROOT, env=dict(settings), stdout=log, stderr=log
        )
        try:
            _wait(server, port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=_PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: IO[str]) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    server.kill()
    log.seek(0)
    raise SystemExit(f"gunicorn did not start:\n{log.read()}")


def visit_all(
    port: int,
    visits: list[dict[str, Any]],
    concurrency: int,
    *,
    site: str = SITE,
    scheme: str = "https",
) -> dict[str, Any]:
    """Let the load generator make the visits; what it tells."""
    job = {
        "host": "127.0.0.1",
        "port": port,
        "site": site,
        "scheme": scheme,
        "concurrency": concurrency,
        "visits": [_without_answers(each) for each in visits],
    }
    settings = {"PATH": os.environ.get("PATH", "")}
    told: dict[str, Any] = run(["benchmarks.respondents_client"], settings, job)
    return told


def _without_answers(visit: dict[str, Any]) -> dict[str, Any]:
    """As the load generator is told of it, from an address of its own."""
    number = visit["number"]
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    told = {key: value for key, value in visit.items() if key not in ("answers", "items")}
    return {"start": "/answer/", **told, "address": address}
