"""A running demonstration, a browser with and without JavaScript, and eyes for both."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a new browser, as wide as asked, with JavaScript or without."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, scripts: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            accept_downloads=True,
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def eyes(chromium: Browser, request: pytest.FixtureRequest) -> Eyes:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return Eyes(ARTEFACTS, Path(request.node.name).name)
