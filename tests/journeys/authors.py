"""What authors of questionnaires do in the editor, for the journeys through it."""

import json
import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.test_researcher import log_in

DRAFTS = "/research/knowledge-sourcing/drafts/"
_COUNT = (
    "import json; from django.apps import apps; print(json.dumps({m._meta.label: m.objects.count()"
    " for m in apps.get_app_config('surveys').get_models()}))"
)


def rows_written(demonstration: Demonstration) -> dict[str, int]:
    """How many rows each table of the collecting half has."""
    counts: dict[str, int] = json.loads(demonstration.manage("shell", "-v0", "-c", _COUNT))
    return counts


def begin_from_scratch(page: Page, demonstration: Demonstration, title: str) -> str:
    """An empty draft of one question; its address without a place."""
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{DRAFTS}new/")
    form = page.get_by_role("region", name="From scratch")
    form.get_by_label("Title").fill(title)
    form.get_by_role("button", name="Begin an empty draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url.partition("?")[0]


def open_place(page: Page, address: str, place: str) -> None:
    page.goto(f"{address.partition('?')[0]}?at={place}")


def save(page: Page) -> None:
    page.locator("#save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")


def publish(page: Page, address: str, version: str) -> None:
    page.goto(f"{address.partition('?')[0]}publish/")
    page.get_by_label("Version", exact=True).fill(version)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(f"version {version} is published")).to_be_visible()


def place_of(page: Page, name: str) -> str:
    """The place under which the outline lists the title."""
    link = page.locator(".outline a", has_text=re.compile(f"^{re.escape(name)}$")).first
    return (link.get_attribute("id") or "").removeprefix("place-")


def once() -> str:
    """A short word that no earlier run of the journey has used."""
    return f"{time.time_ns() % 10**9}"
