"""A database that several processes share, on SQLite as a file or on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

from config import env
from surveys.models import Wave
from tests.analysis.answered import make_answered_wave
from tests.faults.place import Place

# Enough that thirty models keep a worker busy for some seconds.
FIRMS = 2000
INDUSTRIES = 20
SERVER = os.environ.get("MILIEU_TEST_DATABASE_URL", "")


@contextmanager
def as_default_database(url: str) -> Iterator[None]:
    """Let this process look at the database that the workers work on."""
    settings = connections.configure_settings({"default": env.database("-", default=url)})
    ours = connections["default"]
    theirs = load_backend(settings["default"]["ENGINE"]).DatabaseWrapper(settings["default"])
    connections["default"] = theirs
    try:
        yield
    finally:
        theirs.close()
        connections["default"] = ours


def on_server(statement: str) -> None:
    with psycopg.connect(f"{SERVER.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: Any, django_db_blocker: Any) -> Iterator[str]:
    """URL of a database with an answered wave, from which each test gets its own."""
    if SERVER:
        name = f"milieu_faults_{uuid4().hex[:8]}"
        on_server(f"CREATE DATABASE {name}")
        url = f"{SERVER.rpartition('/')[0]}/{name}"
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('furnished') / 'milieu.sqlite3'}"
    with django_db_blocker.unblock(), as_default_database(url):
        call_command("migrate", verbosity=0)
        make_answered_wave(firms=FIRMS, industries=INDUSTRIES)
    yield url
    if SERVER:
        on_server(f"DROP DATABASE {name}")


@contextmanager
def copied(furnished: str, folder: Path) -> Iterator[str]:
    if not SERVER:
        # Nobody has it open, so that its write-ahead log is empty and the file is all of it.
        shutil.copy(furnished.removeprefix("sqlite:///"), folder / "milieu.sqlite3")
        yield f"sqlite:///{folder / 'milieu.sqlite3'}"
        return
    name = f"milieu_faults_{uuid4().hex[:8]}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {furnished.rpartition('/')[2]}")
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}"
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def opened(furnished: str, folder: Path, blocker: Any) -> Iterator[Place]:
    with copied(furnished, folder) as url, blocker.unblock(), as_default_database(url):
        here = Place(folder, url, os.environ.get("MILIEU_TEST_BROKER_URL", ""))
        try:
            here.open_queue()
            yield here
        finally:
            here.stop()


@pytest.fixture
def place(furnished: str, tmp_path: Path, django_db_blocker: Any, settings: Any) -> Iterator[Place]:
    """A place for one test, after which the settings are what they were."""
    with opened(furnished, tmp_path, django_db_blocker) as here:
        yield here


@pytest.fixture(scope="module")
def place_of_module(
    furnished: str, tmp_path_factory: Any, django_db_blocker: Any
) -> Iterator[Place]:
    """A place for all tests of a file that change nothing in it."""
    with opened(furnished, tmp_path_factory.mktemp("place"), django_db_blocker) as here:
        yield here


@pytest.fixture
def wave(place: Place) -> Wave:
    return Wave.objects.get()
