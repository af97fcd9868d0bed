"""An analyst finds a plan in the library, without script too, and takes it into the editor."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import WAVE, log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (390, False)])
def test_a_plan_is_found_by_theme_and_word_and_taken_into_the_editor(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, width: int, scripts: bool
) -> None:
    page = visit(width=width, scripts=scripts)
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{WAVE}analysis/")
    page.get_by_role("link", name="Library of plans").click()
    expect(page.get_by_role("heading", name="Local, national, global")).to_be_visible()
    if scripts:
        eyes.look(page, "library")

    page.get_by_label("Theme").select_option(label="Proximity and lock-in")
    page.get_by_label("Word, author or proposition").fill("L12")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("2 of ")).to_be_visible()
    expect(page.get_by_text("This wave lacks:")).to_be_visible()
    expect(page.get_by_text("trust.partners")).to_be_visible()

    page.locator("#plan-local_share").get_by_role("link").click()
    expect(page.locator("#id_source")).to_have_value(re.compile("^title: Can too many ties"))
    expect(page.get_by_role("heading", name="What the plan is for")).to_be_visible()
