"""A log-in that ends while an author types, and links from a problem to its field."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.authors import begin_from_scratch, once, open_place, save
from tests.journeys.demonstration import PASSWORD, Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
QUESTION = "0.0.0"


@pytest.fixture
def address(demonstration: Demonstration, visit: Visit) -> str:
    return begin_from_scratch(visit(), demonstration, f"Left open {once()}")


def end_the_log_in(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def type_question(page: Page, words: str) -> None:
    page.get_by_label("Question", exact=True).fill(words)


def log_in_here(page: Page) -> None:
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_what_is_typed_outlives_the_log_in_and_is_saved_after_another(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, address: str
) -> None:
    page = visit()
    log_in(page, demonstration)
    open_place(page, address, QUESTION)
    type_question(page, "Typed before lunch")
    end_the_log_in(page)
    page.locator("#save").click()

    told = page.locator("#logged-out")
    expect(told).to_be_visible()
    expect(told).to_be_focused()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed before lunch")
    eyes.look(page, "log-in-ended")
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Log in in a new tab").click()
    log_in_here(opened.value)
    expect(opened.value.locator("#place-form")).to_be_visible()

    save(page)

    expect(told).to_be_hidden()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed before lunch")
    opened.value.goto(f"{address}?at={QUESTION}")
    expect(opened.value.get_by_label("Question", exact=True)).to_have_value("Typed before lunch")


def test_a_link_to_another_place_does_not_lose_it_either(
    demonstration: Demonstration, visit: Visit, address: str
) -> None:
    page = visit()
    log_in(page, demonstration)
    open_place(page, address, QUESTION)
    type_question(page, "Half a thought")
    end_the_log_in(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#place-0").click()

    expect(page.locator("#logged-out")).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Half a thought")


def test_without_a_script_it_goes_along_through_the_log_in(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, address: str
) -> None:
    page = visit(scripts=False)
    log_in(page, demonstration)
    open_place(page, address, QUESTION)
    type_question(page, "Typed without a script")
    end_the_log_in(page)
    page.locator("#save").click()
    expect(page.get_by_text("What you typed is kept in this page")).to_be_visible()
    assert "Typed" not in page.url
    eyes.look(page, "log-in-carries", check=False)
    log_in_here(page)
    eyes.look(page, "one-step-left", check=False)
    page.get_by_role("button", name="Save what I typed").click()

    expect(page.get_by_role("status").first).to_contain_text("Saved")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed without a script")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_problem_leads_to_its_field_and_the_focus_lands_there(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, address: str, scripts: bool
) -> None:
    page = visit(scripts=scripts)
    log_in(page, demonstration)
    open_place(page, address, QUESTION)
    type_question(page, "")
    save(page)
    open_place(page, address, "0")
    eyes.look(page, f"problem-{scripts}", check=scripts)

    page.locator("#problem-panel a").first.click()

    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    expect(page.get_by_label("Question", exact=True)).to_be_in_viewport()
    eyes.look(page, f"problem-field-{scripts}", check=scripts)
