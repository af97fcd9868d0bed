"""One demo in one folder, on one port: what is checked before anything starts."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.demo.supervisor import DemoOver


@contextmanager
def only_demo_here(var: Path, address: str) -> Iterator[None]:
    """Hold the folder for this demo. Raises DemoOver if another one holds it.

    The lock is the kernel's and ends with the process, however it ends.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoOver(_already_running(file.name)) from None
        file.truncate(0)
        json.dump({"process": os.getpid(), "address": address}, file)
        file.flush()
        yield
        file.truncate(0)


def check_port(host: str, port: int) -> None:
    """Raises DemoOver, with a port that is free, if something listens on this one."""
    if _is_free(host, port):
        return
    other = next((each for each in range(port + 1, port + 100) if _is_free(host, each)), None)
    remedy = f" Choose another one: make demo PORT={other}" if other else ""
    raise DemoOver(f"Port {port} is in use by another program.{remedy}")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the web server will ask for it: a port that only remembers old connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise DemoOver(f"Port {port} needs an administrator. Choose one above 1023.") from None
        except OSError:
            return False
    return True


def _already_running(lock: str) -> str:
    try:
        running = json.loads(Path(lock).read_text())
        where = f" at {running['address']} (process {running['process']})"
    except (ValueError, KeyError, TypeError):
        where = ""
    return f"A demo is already running in this folder{where}. Stop it there with Ctrl-C first."
