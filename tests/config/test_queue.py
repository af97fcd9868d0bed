"""The embedded queue is reached by its owner only, and keeps what it takes."""

import time
from pathlib import Path

import pytest
from kombu import Connection

from config import broker
from config.demo import queue
from config.demo.children import Child

ROOT = Path(__file__).resolve().parents[2]
needs_server = pytest.mark.skipif(
    queue.server_program() is None, reason="the embedded server does not run on this machine"
)


def roundtrip(url: str, var: Path) -> str:
    """Put a message and take it out again."""
    options = broker.transport_options(url, var=var)
    deadline = time.monotonic() + 10
    while True:
        try:
            with Connection(url, transport_options=options) as connection:
                box = connection.SimpleQueue("test")
                box.put("hello")
                message = box.get(timeout=5)
                message.ack()
                box.close()
                return str(message.payload)
        except (OSError, *Connection(url).connection_errors):
            assert time.monotonic() < deadline, "the queue does not answer"
            time.sleep(0.05)


def started(prepared: queue.Queue, folder: Path) -> Child:
    server = Child("queue", prepared.command, folder / "queue.log", {}, ROOT)
    server.start()
    return server


@needs_server
def test_the_queue_is_a_socket_that_nobody_else_can_open(tmp_path: Path) -> None:
    prepared = queue.prepare(tmp_path, queue.server_program())
    server = started(prepared, tmp_path)

    try:
        answer = roundtrip(prepared.url, tmp_path)
    finally:
        server.stop(0)

    assert answer == "hello"
    assert prepared.url == f"redis+socket://{tmp_path}/queue/valkey.sock"
    assert (tmp_path / "queue").stat().st_mode & 0o077 == 0
    assert (tmp_path / "queue" / "valkey.conf").stat().st_mode & 0o077 == 0


@needs_server
def test_where_the_path_of_a_socket_would_be_too_long_it_is_a_port_behind_a_password(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ("long " * 30)
    prepared = queue.prepare(folder, queue.server_program())
    server = started(prepared, tmp_path)

    try:
        answer = roundtrip(prepared.url, folder)
    finally:
        server.stop(0)

    assert answer == "hello"
    assert prepared.url.startswith("redis://:")
    assert "@127.0.0.1:" in prepared.url


def test_where_the_server_does_not_run_messages_are_files(tmp_path: Path) -> None:
    prepared = queue.prepare(tmp_path, None)

    assert prepared == queue.Queue("filesystem://", ())
    assert roundtrip(prepared.url, tmp_path) == "hello"


def test_commands_find_the_queue_by_the_note_that_the_demo_left(tmp_path: Path) -> None:
    prepared = queue.prepare(tmp_path, None)

    assert broker.embedded_url(tmp_path) == prepared.url
    assert broker.embedded_url(tmp_path / "other").startswith("redis+socket://")


@pytest.mark.slow
@needs_server
def test_a_queue_that_is_killed_has_kept_what_it_took(tmp_path: Path) -> None:
    prepared = queue.prepare(tmp_path, queue.server_program())
    server = started(prepared, tmp_path)
    roundtrip(prepared.url, tmp_path)
    options = broker.transport_options(prepared.url, var=tmp_path)
    with Connection(prepared.url, transport_options=options) as connection:
        connection.SimpleQueue("test").put("kept")

    server.stop(0)  # no time to stop by itself: it is killed
    server.start()

    try:
        with Connection(prepared.url, transport_options=options) as connection:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                try:
                    message = connection.SimpleQueue("test").get(timeout=5)
                    break
                except (OSError, *connection.connection_errors):
                    time.sleep(0.05)
        assert message.payload == "kept"
    finally:
        server.stop(0)
