"""The demo as a person runs it: started, interrupted, killed, started again."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.faults.place import ROOT, eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc"),
]


@dataclass
class Demo:
    """One `make demo`, with what it printed so far."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.folder / "printed"

    def start(self) -> "Demo":
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port)],
                cwd=ROOT,
                env=environment | {"MILIEU_DEMO": "1", "MILIEU_VAR": str(self.folder / "var")},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def until_ready(self) -> "Demo":
        assert self.process is not None
        eventually(
            lambda: self.says("is ready at") or self.process.poll() is not None,
            "the demo is ready",
            within=180,
        )
        assert self.says("is ready at"), self.output.read_text()
        return self

    def says(self, words: str) -> bool:
        return words in self.output.read_text()

    def end(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    @property
    def processes(self) -> dict[int, str]:
        """Every process that works on the folder, whoever started it."""
        var = str(self.folder / "var")
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                environment = (path / "environ").read_bytes().decode(errors="replace")
                command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            # The queue writes its title over its environment; the title names its socket.
            if command and (f"MILIEU_VAR={var}\0" in environment or f":{var}/" in command):
                found[int(path.name)] = command
        return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    here = Demo(folder, free_port())
    yield here
    if here.process is not None and here.process.poll() is None:
        here.end(signal.SIGKILL)
    eventually(lambda: not here.processes, "nothing is left of the demo")


def run_states(demo: Demo) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "run_status"],
        cwd=ROOT,
        env=os.environ
        | {
            "MILIEU_DEMO": "1",
            "MILIEU_VAR": str(demo.folder / "var"),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_demo_serves_a_firm_and_a_table_and_leaves_no_process_behind(demo: Demo) -> None:
    demo.start().until_ready()
    printed = demo.output.read_text()
    link = re.search(r"http://\S+/answer/\S+/", printed)
    assert link is not None

    with urlopen(link.group()) as page:  # noqa: S310 -- the address that the demo printed
        assert page.status == 200
    eventually(lambda: '"state": "done"' in run_states(demo), "the first table is made")
    status = demo.end(signal.SIGINT)

    assert status == 0
    assert demo.processes == {}
    assert demo.says("Everything is kept")


def test_started_again_it_makes_no_data_and_nothing_is_lost(demo: Demo) -> None:
    before = run_states(demo)

    demo.start().until_ready()
    demo.end()

    assert not demo.says("Making the data")
    assert run_states(demo) == before


def test_a_second_demo_in_the_folder_says_that_one_is_running(demo: Demo, folder: Path) -> None:
    demo.start().until_ready()

    other = Demo(folder, free_port())
    other.output = folder / "printed-by-the-other"
    status = other.start().process.wait(30)

    assert status == 1
    assert other.says(f"A demo is already running in this folder at http://127.0.0.1:{demo.port}/")
    assert demo.process.poll() is None


def test_a_port_in_use_is_named_with_one_that_is_free(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        status = demo.start().process.wait(30)

    assert status == 1
    assert demo.says(
        f"Port {demo.port} is in use by another program. Choose another one: make demo PORT="
    )
    assert demo.processes == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_the_demo_is_ended_no_process_is_left(demo: Demo, number: int) -> None:
    demo.start().until_ready()
    assert len(demo.processes) > 4

    demo.end(number)

    eventually(lambda: demo.processes == {}, "nothing is left of the demo", within=20)


def test_a_program_that_dies_is_started_again(demo: Demo) -> None:
    demo.start().until_ready()

    for program in ("celery -A config worker", "gunicorn", "beat", "valkey"):
        before = demo.processes
        os.kill(min(each for each in before if program in before[each]), signal.SIGKILL)
        eventually(
            lambda program=program, before=before: any(
                program in command and number not in before
                for number, command in demo.processes.items()
            ),
            f"{program} runs again",
        )

    assert demo.process.poll() is None
    assert demo.output.read_text().count("starting it again") == 4


def test_a_demo_without_its_flag_is_refused() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "only-for-a-test-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ACCESS_CODE_PEPPER": "only-for-a-test-9876543210-zyxwvutsrqponmlkjihgfedcba",
        "ALLOWED_HOSTS": "milieu.example.org",
        "DATABASE_URL": "postgres://milieu@127.0.0.1/milieu",
        "BROKER_URL": "amqp://milieu@127.0.0.1//",
    }

    refused = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "only with MILIEU_DEMO=1" in refused.stderr
