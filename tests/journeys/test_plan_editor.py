"""An analyst adapts a ready plan in the editor, by buttons and by the keyboard, and runs it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import RUN_WITHIN, WAVE, log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
NEW = f"{WAVE}analysis/new/?from=local_national_global"


def open_editor(page: Page, demonstration: Demonstration) -> Locator:
    log_in(page, demonstration)
    page.goto(demonstration.address + NEW)
    return page.locator("#id_source")


def caret_behind(text: Locator, words: str) -> None:
    text.focus()
    text.evaluate(
        "(field, words) => { const at = field.value.lastIndexOf(words) + words.length;"
        " field.setSelectionRange(at, at); }",
        words,
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_a_ready_plan_is_adapted_checked_tried_saved_and_run(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    text = open_editor(page, demonstration)
    expect(page.locator("#plan-checked")).to_contain_text("can be set up on 1")
    eyes.look(page, "opened")
    before = text.input_value()

    # By choosing: an estimator that fits, and none that does not.
    estimator = page.get_by_label("Estimator", exact=True)
    offered = estimator.locator("option").all_text_contents()
    assert "Probit" in offered
    assert "Poisson" not in offered
    estimator.select_option("probit")
    expect(text).to_have_value(re.compile(r"probit"))
    expect(page.locator("#editor-said")).to_have_text("Written into the plan: estimator.")

    # From the codebook: found by a word, added by a button with the keyboard.
    page.get_by_label("Find a name").fill("exporter")
    button = page.get_by_role("button", name="Add to formula exporter", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#editor-said")).to_have_text("exporter was added.")
    expect(text).to_have_value(re.compile(r"\+ exporter"))

    # By completion at the caret, with the keyboard alone.
    caret_behind(text, "+ exporter")
    page.keyboard.type(" + entro")
    names = page.get_by_role("listbox", name="Names that fit here")
    expect(names).to_be_visible()
    eyes.look(page, "completion")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(names).to_be_hidden()
    expect(text).to_have_value(re.compile(r"\+ exporter \+ (entropy|\w*entropy)"))
    expect(page.locator("#plan-checked")).to_contain_text("can be set up on 1")

    # A mistake is told at its line while one types, and taken back.
    caret_behind(text, "+ exporter")
    page.keyboard.type("r")
    problem = page.locator("#plan-checked .problem-list")
    expect(problem).to_contain_text("Did you mean exporter")
    expect(problem).to_contain_text("Line")
    expect(page.locator(".editor-gutter .line-problem")).to_have_count(1)
    eyes.look(page, "problem")
    page.keyboard.press("Backspace")
    expect(problem).to_have_count(0)

    page.get_by_role("button", name="Dry run on 200 rows").click()
    trial = page.locator("#plan-trial")
    expect(trial).to_contain_text("A trial, not a finding")
    expect(trial).to_contain_text(re.compile(r"of 1\s200 firms"))
    eyes.look(page, "tried")

    # Nothing but what was asked for has changed, comments and layout included.
    kept = set(before.splitlines())
    assert len([line for line in text.input_value().splitlines() if line not in kept]) <= 3

    page.get_by_role("button", name="Save and request run").click()
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/"))
    expect(page.locator("table").first).to_be_visible(timeout=RUN_WITHIN)
    expect(page.locator("main")).to_contain_text("Exporter")


def test_without_script_the_buttons_do_the_same_and_keep_the_text(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit(width=390, scripts=False)
    text = open_editor(page, demonstration)
    text.fill(text.input_value().replace("Local, national", "Near, national"))

    page.get_by_label("Find a name").fill("exporter")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Add to formula exporter", exact=True).click()
    page.get_by_label("Estimator", exact=True).select_option("probit")
    page.get_by_role("button", name="Write into the plan").click()
    eyes.look(page, "written", check=False)
    page.get_by_role("button", name="Dry run on 200 rows").click()

    expect(page.locator("#plan-trial")).to_contain_text("A trial, not a finding")
    expect(text).to_have_value(re.compile(r"Near, national[\s\S]*probit[\s\S]*\+ exporter"))


def test_leaving_with_words_that_are_not_saved_asks_first(
    demonstration: Demonstration, visit: Visit
) -> None:
    page = visit()
    text = open_editor(page, demonstration)
    asked = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    text.press_sequentially("# mine\n")
    page.evaluate("window.location.href = '/research/'")
    page.wait_for_timeout(1500)

    assert asked == ["beforeunload"]
    expect(text).to_have_value(re.compile("# mine"))
