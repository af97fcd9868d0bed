"""A methodologist uploads a list of firms, sees what is wrong, and loads a version of the frame."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

FRAMES = "/research/knowledge-sourcing/frames/"
HEADER = "Organisasjonsnummer;Firmanavn;Næringskode;Ansatte;Fylke"
WITHIN = 120_000


def written(path: Path, *, wrong: bool) -> Path:
    lines = [f"9{n:08};Firma {n} AS;10.51;{20 + n % 300};NO02" for n in range(15_000)]
    if wrong:
        lines[7] = "900000007;Firma 7 AS;10.51;-3;NO02"
        lines[9] = lines[8]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def upload(page: Page, demonstration: Demonstration, path: Path) -> None:
    page.goto(demonstration.address + FRAMES)
    page.locator("[name=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at the columns").click()
    expect(page.get_by_label("Employees")).to_have_value("Ansatte")


def test_a_list_goes_from_its_file_to_a_version(
    demonstration: Demonstration, visit: Callable[..., Page], eyes: Eyes, tmp_path: Path
) -> None:
    page = visit()
    log_in(page, demonstration, "mara")

    upload(page, demonstration, written(tmp_path / "wrong.csv", wrong=True))
    eyes.look(page, "frame-mapping")
    page.get_by_role("button", name="Load the firms").click()
    problems = page.get_by_role("heading", name="Nothing was loaded: 2 problems")
    expect(problems).to_be_visible(timeout=WITHIN)
    eyes.look(page, "frame-problems")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the problems").click()
    assert "negative_size" in Path(download.value.path()).read_text()
    page.get_by_role("button", name="Forget this file").click()

    upload(page, demonstration, written(tmp_path / "right.csv", wrong=False))
    page.get_by_role("button", name="Load the firms").click()
    loaded = page.get_by_role("heading", name=re.compile(r"^Version \d+: right$"))
    expect(loaded).to_be_visible(timeout=WITHIN)
    eyes.look(page, "frame-version")
    page.get_by_role("link", name=re.compile("What changed since")).click()
    expect(page.get_by_role("link", name="Firma 0 AS")).to_be_visible()
    eyes.look(page, "frame-changes")
