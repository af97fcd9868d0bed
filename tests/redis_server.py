"""A Redis or Valkey for one test, with whatever faults it is given."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.demo import queue

PROGRAM = queue.server_program() or shutil.which("redis-server")
needs_server = pytest.mark.skipif(PROGRAM is None, reason="no Redis or Valkey on this machine")


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(PROGRAM), "--port", str(port), "--dir", str(folder), *options],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()
