"""A running demonstration, a browser with and without JavaScript, and eyes for both."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.demonstration import ROOT, Demonstration, running
from tests.journeys.eyes import Eyes

ARTEFACTS = ROOT / "artefacts" / "journeys"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Patience with a machine that does much else at the same time, in milliseconds.
PATIENCE = 90_000
PATIENCE_TO_SEE = 20_000


class Requests:
    """How many requests the server of this process is answering."""

    def __init__(self) -> None:
        self.number = 0
        self.changed = threading.Condition()

    def begun(self, **_: object) -> None:
        self._count(1)

    def ended(self, **_: object) -> None:
        self._count(-1)

    def wait_for_none(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.number <= 0, timeout=PATIENCE_TO_SEE / 1000)

    def _count(self, step: int) -> None:
        with self.changed:
            self.number += step
            self.changed.notify_all()


@pytest.fixture(scope="session")
def under_way() -> Iterator[Requests]:
    requests = Requests()
    request_started.connect(requests.begun)
    request_finished.connect(requests.ended)
    yield requests
    request_started.disconnect(requests.begun)
    request_finished.disconnect(requests.ended)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with running(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # Playwright's loop runs in this thread; Django would take it for an async view.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        expect.set_options(timeout=PATIENCE_TO_SEE)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, under_way: "Requests") -> Iterator[Callable[..., Page]]:
    """Open a page of a new browser, as wide as asked, with JavaScript or without."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, scripts: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    # Pages that are closed send their last word; it must not meet a database being emptied.
    time.sleep(0.5)
    under_way.wait_for_none()


@pytest.fixture
def eyes(chromium: Browser, request: pytest.FixtureRequest) -> Eyes:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return Eyes(ARTEFACTS, Path(request.node.name).name)
