"""From a plan of the library to tables, figures, a registration, a curve and a package for R."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import ROOT, Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import RUN_WITHIN, log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

BEGINS = {"png": b"\x89PNG\r\n", "svg": b"<svg", "pdf": b"%PDF-"}

Visit = Callable[..., Page]
SURVEY = "/research/knowledge-sourcing/"
CURVE = """
title: Far partners, however it is looked at
design: {lonely: average}
curve:
  outcomes: [product, process]
  measures: [partners.global, partners.europe]
  controls: {size: ln_employment, all: ln_employment + in_group + graduate_share}
  optional: [exporter, breadth, depth, foreign_owned, research_inside]
  estimators: [logit, probit]
  weights: [design, none]
"""


def run_from_library(page: Page, demonstration: Demonstration, wave: str, plan: str) -> None:
    """Choose the plan in the library, ask for its run as it is, and wait for its table."""
    page.goto(f"{demonstration.address}{SURVEY}{wave}/analysis/library/")
    page.locator(f"#plan-{plan}").get_by_role("link", name="Use this plan").click()
    page.get_by_role("button", name="Save and request run").click()
    wait_for_table(page)


def wait_for_table(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/"))
    expect(page.locator("main table").first).to_be_visible(timeout=RUN_WITHIN)


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(link).first.click()
    return Path(waiting.value.path()).read_bytes()


def figures_of(page: Page) -> list[str]:
    """Keys of the figures of the run that the page shows, the first of them taken as a PDF."""
    page.goto(re.sub(r"(/runs/[^/]+/).*", r"\1figures/", page.url))
    assert downloaded(page, "a[href$='.pdf']").startswith(b"%PDF")
    sections = page.locator("figure[id^=figure-]")
    return [
        (sections.nth(place).get_attribute("id") or "").removeprefix("figure-")
        for place in range(sections.count())
    ]


def assert_downloads(page: Page, key: str) -> tuple[bytes, ...]:
    """One figure of the page in each of the formats for papers, each what its ending says."""
    files = tuple(
        downloaded(page, f"#figure-{key} a[href$='/{key}.{ending}']") for ending in BEGINS
    )
    for content, begins in zip(files, BEGINS.values(), strict=True):
        assert content.lstrip().startswith(begins)
    return files


def tables_of(page: Page) -> None:
    assert rb"\toprule" in downloaded(page, ".formats a[href$='.tex']")
    document = zipfile.ZipFile(io.BytesIO(downloaded(page, ".formats a[href$='.docx']")))
    assert b"<w:tbl>" in document.read("word/document.xml")


@pytest.mark.r
def test_from_a_plan_of_the_library_to_tables_figures_and_a_package_that_r_repeats(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, tmp_path: Path
) -> None:
    page = visit()
    log_in(page, demonstration)

    run_from_library(page, demonstration, "2023", "breadth_and_depth_by_scale")
    eyes.look(page, "table")
    run = page.url
    tables_of(page)
    keys = figures_of(page)
    assert keys[:2] == ["coefficients", "margins"]
    assert keys[2].startswith("curve-")
    pictures = [assert_downloads(page, key) for key in keys[:3]]
    assert len(set(pictures)) == 3
    eyes.look(page, "figures")

    page.goto(run)
    page.get_by_role("link", name="Replication package").click()
    eyes.look(page, "package")
    with page.expect_download(timeout=RUN_WITHIN) as waiting:
        page.get_by_role("button", name="Download the package").click()
    folder = tmp_path / "package"
    with zipfile.ZipFile(waiting.value.path()) as package:
        package.extractall(folder)
    assert_repeated(folder)


def assert_repeated(folder: Path) -> None:
    """R estimates the package anew and finds what is expected."""
    script = next(folder.rglob("replicate.R"))
    done = subprocess.run(
        ["Rscript", "--vanilla", script.name],
        cwd=script.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_a_plan_is_adapted_and_registered_while_the_wave_is_open(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit()
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{SURVEY}2025/analysis/library/")
    page.locator("#plan-local_national_global").get_by_role("link", name="Use this plan").click()
    editor = page.locator("textarea").first
    editor.fill(editor.input_value().replace("estimator: logit", "estimator: probit"))
    page.get_by_role("button", name="Save new version").click()

    page.get_by_role("button", name="Register this version").click()
    eyes.look(page, "registered")

    page.goto(f"{demonstration.address}{SURVEY}2025/registrations/")
    expect(page.locator("main table")).to_contain_text("registration 1")
    page.locator("main table a").first.click()
    page.goto(page.url)
    certificate = page.locator("main").inner_text()
    assert re.search(r"[0-9a-f]{64}", certificate.replace("\n", ""))


def test_a_curve_is_whole_though_one_of_two_workers_is_killed(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit()
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{SURVEY}2023/analysis/new/")
    page.locator("textarea").first.fill(CURVE)
    second = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1",
         "--hostname", "second@test", "--without-gossip", "--without-mingle"],
        cwd=ROOT, env=demonstration.environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        page.get_by_role("button", name="Save and request run").click()
        expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/"))
        progress = page.url + "progress/"
        until = time.monotonic() + 120
        while time.monotonic() < until:
            told = json.loads(page.request.get(progress).text())
            if told.get("done", 0) > 0 or told.get("state") == "done":
                break
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()
    wait_for_table(page)
    eyes.look(page, "curve")

    lines = downloaded(page, "a[href$='specifications.csv']").decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * 2 * 2 * 2**5 * 2 * 2
    figures_of(page)
    expect(page.locator("#figure-specification_curve")).to_be_visible()


@pytest.mark.shared_data
def test_a_real_survey_is_imported_and_carried_from_the_library_to_its_table(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, shared_data: Path
) -> None:
    page = visit()
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{SURVEY}import/")
    page.locator("[name=wave]").fill("acti")
    page.locator("[name=data]").set_input_files(shared_data / "ec_acti_2012_2014.csv")
    page.locator("[name=codebook]").set_input_files(shared_data / "ec_acti_2012_2014_codebook.csv")
    page.locator("[name=shipped]").select_option("ec_acti")
    page.get_by_role("button", name="Check and import").click()
    expect(page).not_to_have_url(re.compile("/import/$"), timeout=RUN_WITHIN)

    run_from_library(page, demonstration, "acti", "ec_acti")
    eyes.look(page, "acti")
    tables_of(page)
    assert len(figures_of(page)) >= 2
