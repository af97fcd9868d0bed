"""A researcher builds the core instrument, changes it, publishes, compares it and plays it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.authors import (
    DRAFTS,
    open_place,
    place_of,
    publish,
    rows_written,
    save,
)
from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
TITLE = "Core by ear"
MODULES = 23
WORDS = "Where were the customers of {firm}?"
NORWEGIAN = "Hvor holdt kundene til {firm} til?"


def test_the_core_instrument_is_built_changed_published_compared_and_played(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit()
    address = begin_with_every_module(page, demonstration, eyes)
    take_out_and_insert_again(page, address, eyes)
    publish(page, address, "1.0")
    add_a_condition(page, address, eyes)
    meet_and_solve_a_problem(page, address, eyes)
    translate(page, address, eyes)
    publish(page, address, "1.1")
    read_the_comparison(page, eyes)
    before = rows_written(demonstration)
    play_by_hand(page, eyes)
    play_to_the_end(page, eyes)
    assert rows_written(demonstration) == before


def begin_with_every_module(page: Page, demonstration: Demonstration, eyes: Eyes) -> str:
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{DRAFTS}new/")
    form = page.get_by_role("region", name="From modules of the core instrument")
    form.get_by_label("Title").fill(TITLE)
    eyes.look(page, "new")
    form.get_by_role("button", name="Begin with all modules").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".outline > li")).to_have_count(MODULES)
    eyes.look(page, "settings")
    return page.url.partition("?")[0]


def take_out_and_insert_again(page: Page, address: str, eyes: Eyes) -> None:
    """A section is deleted with what depends on it, and comes back from the library."""
    open_place(page, address, place_of(page, "What held you back"))
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Delete section"))).to_be_visible()
    eyes.look(page, "remove")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".outline > li")).to_have_count(MODULES - 1)
    page.get_by_role("link", name="Modules").click()
    eyes.look(page, "library")
    page.get_by_label("Insert behind the section").select_option(label="Support and finance")
    page.get_by_role("button", name="Insert Obstacles and protection").click()
    expect(page.get_by_text("Inserted the module Obstacles and protection.")).to_be_visible()
    expect(page.locator(".outline > li")).to_have_count(MODULES)
    expect(page.locator("#place-heading")).to_contain_text("Section")


def add_a_condition(page: Page, address: str, eyes: Eyes) -> None:
    open_place(page, address, "1.4")
    expect(page.get_by_label("Title", exact=True)).to_have_value("What your market is like")
    page.get_by_label("Question of row 1").select_option("markets")
    expect(page.get_by_label("Comparison of row 1")).to_contain_text("does not have")
    page.get_by_label("Comparison of row 1").select_option("has")
    page.get_by_label("Value of row 1").fill("local")
    page.get_by_label("Value of row 1").press("Tab")
    expect(page.get_by_label("The same as text")).to_have_value("markets has 'local'")
    check = page.locator("#condition-check")
    expect(check).to_contain_text(re.compile(r"\b[1-9]\d* of 200 firms"))
    eyes.look(page, "condition")
    save(page)
    expect(page.locator(".outline-current")).to_contain_text("if")


def meet_and_solve_a_problem(page: Page, address: str, eyes: Eyes) -> None:
    """Without its words a question keeps the draft from being published, and says where."""
    open_place(page, address, "1.0.0")
    page.get_by_label("Question", exact=True).fill("")
    save(page)
    page.goto(f"{address}publish/")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("The draft was not published")
    page.get_by_role("link", name="Try it").click()
    expect(page.get_by_text("can be tried once these are solved")).to_be_visible()
    eyes.look(page, "not-yet")
    panel = page.locator("#problem-panel")
    expect(panel).to_contain_text("“Question” is blank")
    panel.get_by_role("link").first.click()
    expect(page.locator("#place-heading")).to_contain_text("Question markets")
    page.get_by_label("Question", exact=True).fill(WORDS)
    save(page)
    expect(panel).to_contain_text("No problems")
    eyes.look(page, "question")


def translate(page: Page, address: str, eyes: Eyes) -> None:
    page.goto(f"{address}translations/?language=nb&only=out_of_date")
    stale = page.get_by_role("listitem").filter(has_text="items.markets.label")
    expect(stale).to_contain_text(WORDS)
    expect(stale).to_contain_text("out of date")
    stale.get_by_role("textbox").fill(NORWEGIAN)
    eyes.look(page, "translations")
    page.get_by_role("button", name="Save the translations").click()
    expect(page.get_by_text("Saved 1 translation.")).to_be_visible()
    expect(page.get_by_text("0 out of date")).to_be_visible()


def read_the_comparison(page: Page, eyes: Eyes) -> None:
    """After publishing, the draft stands beside the former version without a choice."""
    variables = page.get_by_role("region", name="Questions")
    expect(page.get_by_label("From")).to_contain_text("Version 1.0")
    expect(variables.get_by_role("row").filter(has_text="markets").first).to_contain_text(
        "reworded"
    )
    expect(variables).to_contain_text("rerouted")
    page.get_by_text(re.compile("translated texts? differ")).click()
    expect(page.get_by_text(NORWEGIAN)).to_be_visible()
    eyes.look(page, "history")
    page.get_by_label("Show").select_option("dropped")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("No variable is dropped.")).to_be_visible()


def play_by_hand(page: Page, eyes: Eyes) -> None:
    """The new words, the new translation, the new condition."""
    page.get_by_role("link", name="Try it").click()
    eyes.look(page, "trial")
    page.get_by_role("link", name="Your market").click()
    expect(page.get_by_text(WORDS.replace("{firm}", "Example Ltd"))).to_be_visible()
    page.get_by_role("button", name="Norsk").click()
    expect(page.get_by_text(NORWEGIAN.replace("{firm}", "Example Ltd"))).to_be_visible()
    expect(page.get_by_role("button", name="Lagre og fortsett")).to_be_visible()
    eyes.look(page, "trial-page-nb")
    page.get_by_role("button", name="English").click()
    page.get_by_role("checkbox", name="In the local area").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="All sections and answers").click()
    expect(page.get_by_role("listitem").filter(has_text="Your market")).to_contain_text(
        re.compile(r"1 of \d+ pages")
    )
    answers = page.get_by_role("region", name="Answers of the trial")
    expect(answers.get_by_role("row", name=re.compile("^markets"))).to_contain_text("local area")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Fill in made answers").click()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".progress-words")).to_contain_text("Page 2 of")


def play_to_the_end(page: Page, eyes: Eyes) -> None:
    page.get_by_role("link", name="All sections and answers").click()
    page.get_by_role("button", name="Fill in the rest with made answers").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_role("heading", name="What held you back")).to_be_visible()
    eyes.look(page, "check")
    page.get_by_role("button", name="Submit the questionnaire").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your name")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("I am authorised").check()
    page.get_by_role("button", name="Submit the questionnaire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers have been submitted")
    expect(page.get_by_text("TRIAL", exact=True)).to_be_visible()
    expect(page.get_by_text("no response was made")).to_be_visible()
    eyes.look(page, "receipt")
