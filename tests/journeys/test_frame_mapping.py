"""A methodologist tells which column is what, and sees what a merger leaves behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import Frame, User
from tests.journeys.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Orgnr;Navn;Ansatte;Sone\n1;Ås AS;20;x\n2;Bø AS;30;y\n"


@pytest.mark.parametrize("width", [1280, 390])
def test_from_columns_to_a_merger(
    live_server: LiveServer,
    visit: Callable[..., Page],
    eyes: Eyes,
    ada: User,
    width: int,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    at_once = lambda _request, task, *keys, **_: task(*keys)  # noqa: E731 -- a worker that is quick
    monkeypatch.setattr("surveys.views.frames.tell_workers", at_once)
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    survey = ada.memberships.get().survey
    page = visit(width=width)
    page.goto(f"{live_server.url}/login/")
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("a long password")
    page.locator("main button[type=submit]").click()
    page.goto(f"{live_server.url}/research/{survey.slug}/frames/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and look at the columns").click()

    besides = page.locator("[data-column]:visible")
    expect(besides).to_have_text(["Sone"])
    eyes.look(page, f"mapping-{width}")
    page.get_by_label("Employees").select_option("Not in the file")
    expect(besides).to_have_text(["Ansatte", "Sone"])
    page.get_by_label("Employees").select_option("Ansatte")
    page.get_by_label("Region").select_option("Sone")
    expect(page.get_by_text("Every column of the file is mapped above.")).to_be_visible()
    page.get_by_label("Region").select_option("Not in the file")
    page.get_by_label("Sone").check()
    page.get_by_role("button", name="Load the firms").click()
    expect(page.get_by_role("heading", name="Version 1: list")).to_be_visible()
    assert Frame.objects.get().units.get(register_id="1").attributes == {"Sone": "x"}

    page.get_by_role("link", name="Ås AS").click()
    page.get_by_label("What happened").select_option("Merged into another firm")
    page.get_by_label("Day").fill("2026-03-01")
    page.get_by_label("Successor").fill("2")
    page.get_by_role("button", name="Keep the event").click()
    expect(page.get_by_text("Merged into another firm: Bø AS")).to_be_visible()
    eyes.look(page, f"merged-{width}")
    page.get_by_role("link", name="Bø AS").click()
    expect(page.get_by_text("Ås AS: merged into another firm")).to_be_visible()
    eyes.look(page, f"successor-{width}")
