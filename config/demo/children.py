"""A process that the demo started, with everything that process starts in turn."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass
class Child:
    """One program in a process group of its own, writing to its own log."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str]
    folder: Path
    starts: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own programs, no shell
                self.command,
                cwd=self.folder,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 -- the demo has one thread
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs or before it was started. What an ended one left is ended, too."""
        if self.process is None or self.process.returncode is not None:
            return None if self.process is None else self.process.returncode
        if not _has_ended(self.process):
            return None
        self._end_group()
        return self.process.wait()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.exit_code is None:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until the deadline (monotonic seconds), then end the whole group."""
        if self.process is None:
            return
        while self.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.process.returncode is None:
            self._end_group()
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        if not self.log.is_file():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _end_group(self) -> None:
        """Only before its leader is reaped: until then the number can be nobody else's."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process has ended, without reaping it where the system can tell so."""
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end_with_parent() -> None:
    """On Linux, let the kernel stop the child should the demo itself be killed outright."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
