"""A researcher logs in, watches fieldwork, runs a plan and downloads its table."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import PASSWORD, Demonstration
from tests.journeys.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
WAVE = "/research/knowledge-sourcing/2023/"
RUN_WITHIN = 120_000


def log_in(page: Page, demonstration: Demonstration, username: str = "ada") -> None:
    page.goto(f"{demonstration.address}/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/research/$"))


@pytest.mark.parametrize("width", [1280, 390])
def test_every_research_page_can_be_read_by_everyone(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    page.goto(f"{demonstration.address}/")
    eyes.look(page, "start")
    page.goto(f"{demonstration.address}/login/")
    eyes.look(page, "login")
    log_in(page, demonstration)
    eyes.look(page, "surveys")
    survey = "/research/knowledge-sourcing/"
    stages = (
        "",
        "instrument/",
        "frame/",
        "sample/",
        "contacts/",
        "fieldwork/",
        "data/",
        "analysis/",
    )
    lists = (f"{survey}code-lists/", f"{survey}code-lists/nace/2.1/?q=software")
    for path in (survey, f"{survey}import/", *lists, *(WAVE + stage for stage in stages)):
        response = page.goto(demonstration.address + path)
        assert response is not None
        assert response.status == 200, path
        eyes.look(page, path)


def test_made_data_is_declared_on_every_page_of_its_wave(
    demonstration: Demonstration, visit: Visit
) -> None:
    page = visit()
    log_in(page, demonstration)

    for stage in ("", "instrument/", "sample/", "contacts/", "fieldwork/", "data/", "analysis/"):
        page.goto(demonstration.address + WAVE + stage)
        expect(page.get_by_text("Made data").first).to_be_visible()


def test_a_plan_is_written_run_by_a_worker_and_its_table_downloaded(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, tmp_path: Path
) -> None:
    page = visit()
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{WAVE}analysis/local-national-global/")
    eyes.look(page, "plan")
    editor = page.locator("textarea").first
    text = editor.input_value()
    editor.fill(text.replace("estimator: logit", "estimator: probit"))
    page.get_by_role("button", name=re.compile("Save", re.IGNORECASE)).first.click()
    page.get_by_role("button", name=re.compile("run", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/"))
    eyes.look(page, "run-on-its-way", check=False)
    expect(page.locator("table").first).to_be_visible(timeout=RUN_WITHIN)
    eyes.look(page, "table")

    files = {
        name: downloaded(page, name, tmp_path) for name in ("tex", "docx", "html", "xlsx", "csv")
    }
    estimates = json.loads(downloaded(page, "json", tmp_path))

    assert rb"\toprule" in files["tex"]
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(files["docx"])).namelist()
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(files["xlsx"])).namelist()
    assert b"<table" in files["html"]
    shown = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    model = estimates["models"][3]
    partners = {term["term"]: term["estimate"] for term in model["terms"]}
    in_table = next(row for row in shown if row[1] == "Partner types, elsewhere")
    assert model["estimator"] == "probit"
    assert float(in_table[6]) == pytest.approx(partners["partners.global"], rel=1e-12)


def downloaded(page: Page, ending: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f".formats a[href$='.{ending}']").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def test_a_plan_that_cannot_be_run_says_why_and_keeps_the_text(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit(width=390)
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{WAVE}analysis/local-national-global/")
    editor = page.locator("textarea").first
    hostile = editor.input_value().replace("partners.country", "__import__('os')")
    editor.fill(hostile)
    page.get_by_role("button", name=re.compile("Save", re.IGNORECASE)).first.click()

    eyes.look(page, "refused")
    expect(page.locator("textarea").first).to_have_value(hostile)
    expect(page.locator("main")).to_contain_text("__import__")


def test_without_scripts_a_run_is_watched_by_reloading(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit(scripts=False)
    log_in(page, demonstration)
    for _ in range(60):
        page.goto(demonstration.first_table)
        if page.locator("table").count():
            break
        page.wait_for_timeout(2000)

    eyes.look(page, "table", check=False)
    expect(page.locator("table").first).to_contain_text("Partner types, local area")


def test_what_one_may_not_see_is_not_found(demonstration: Demonstration, visit: Visit) -> None:
    page = visit()
    response = page.goto(demonstration.address + WAVE)
    assert response is not None
    assert "/login/" in page.url
    log_in(page, demonstration, "carl")

    response = page.goto(f"{demonstration.address}/research/another-survey/2023/")

    assert response is not None
    assert response.status == 404


def test_nothing_on_the_pages_breaks_the_content_security_policy(
    demonstration: Demonstration, visit: Visit
) -> None:
    page = visit()
    broken: list[str] = []
    page.on(
        "console",
        lambda message: (
            broken.append(message.text)
            if "Content Security Policy" in message.text or message.type == "error"
            else None
        ),
    )
    log_in(page, demonstration)
    for path in (WAVE, f"{WAVE}fieldwork/", f"{WAVE}analysis/"):
        page.goto(demonstration.address + path)
    page.goto(demonstration.first_table)

    assert broken == []
