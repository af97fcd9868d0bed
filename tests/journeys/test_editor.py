"""A researcher writes an instrument from modules, translates, publishes, compares and tries it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.authors import DRAFTS, open_place, publish
from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]


def begin(page: Page, demonstration: Demonstration, title: str) -> str:
    """A draft of the module on the market; its address."""
    log_in(page, demonstration)
    page.goto(f"{demonstration.address}{DRAFTS}new/")
    form = page.locator("form", has=page.get_by_role("group", name="Modules"))
    form.get_by_label("Title").fill(title)
    form.get_by_label("Market and competition").check()
    form.get_by_role("button", name="Begin with these modules").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url


def test_from_modules_to_a_second_version_and_a_trial(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit()
    address = begin(page, demonstration, "Regional markets")
    eyes.look(page, "settings")

    open_place(page, address, "0.4")
    page.get_by_label("Question of row 1").select_option("markets")
    expect(page.get_by_label("Comparison of row 1")).to_contain_text("does not have")
    page.get_by_label("Comparison of row 1").select_option("has")
    page.get_by_label("Value of row 1").fill("local")
    page.get_by_label("Value of row 1").press("Tab")
    expect(page.get_by_label("The same as text")).to_have_value("markets has 'local'")
    expect(page.locator("#condition-check")).to_contain_text("Asked if")
    expect(page.locator("#condition-check")).to_contain_text("of 200 firms")
    eyes.look(page, "condition")
    page.locator("#save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")

    open_place(page, address, "0.0.0")
    label = page.get_by_label("Question", exact=True)
    label.fill("Where are the customers of {firm}?")
    preview = page.frame_locator("iframe")
    expect(preview.get_by_text("Where are the customers of Example Ltd?")).to_be_visible()
    page.get_by_label("Desktop").check()
    eyes.look(page, "question")
    page.locator("#save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")

    page.goto(f"{address.partition('?')[0]}translations/?language=nb&words=markets.label")
    page.locator("textarea").first.fill("Hvor er kundene til {firm}?")
    eyes.look(page, "translations")
    page.get_by_role("button", name="Save the translations").click()
    expect(page.get_by_text("Saved 1 translation.")).to_be_visible()

    publish(page, address, "1.0")
    open_place(page, address, "0.0.0")
    page.get_by_label("Question", exact=True).fill("Where do the customers of {firm} sit?")
    page.locator("#save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    publish(page, address, "1.1")
    page.get_by_label("From").select_option(index=1)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("region", name="Questions")).to_contain_text("reworded")
    eyes.look(page, "history")

    page.get_by_role("link", name="Try it").click()
    eyes.look(page, "trial")
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_text("Trial: nothing is kept.")).to_be_visible()
    page.get_by_role("checkbox", name="In the local area").check()
    eyes.look(page, "trial-page")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="All sections and answers").click()
    expect(page.get_by_role("region", name="Answers of the trial")).to_contain_text("markets")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_role("link", name="Begin")).to_be_visible()


def test_a_draft_is_written_without_scripts_on_a_phone(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit(width=390, scripts=False)
    address = begin(page, demonstration, "By hand")

    open_place(page, address, "0.0")
    page.get_by_label("Kind").select_option("single_choice")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_role("button", name="Add a code").click()
    page.get_by_label("Code of code 3", exact=True).fill("maybe")
    page.get_by_label("Label of code 3", exact=True).fill("Perhaps")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("Perhaps")).to_be_visible()
    page.get_by_role("button", name="Move up").click()
    expect(page.get_by_text("Moved question question_1 up.")).to_be_visible()
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text("Undone.")).to_be_visible()


def test_rows_of_the_outline_are_dragged_under_the_content_security_policy(
    demonstration: Demonstration, visit: Visit
) -> None:
    page = visit()
    broken: list[str] = []  # without the eyes, whose own styles the policy refuses
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "console",
        lambda message: (
            broken.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    address = begin(page, demonstration, "By mouse")
    open_place(page, address, "0.0")
    names = page.locator(".outline-page > .outline-row > a")
    first, second = names.nth(0).inner_text(), names.nth(1).inner_text()

    page.locator(".outline-page > .outline-row").nth(1).drag_to(
        page.locator(".outline-page > .outline-row").nth(0), target_position={"x": 20, "y": 2}
    )

    expect(page.get_by_role("status").first).to_contain_text("Moved")
    expect(names.nth(0)).to_have_text(second)
    expect(names.nth(1)).to_have_text(first)
    page.get_by_role("button", name="Add a row").click()
    expect(page.get_by_label("Question of row 2")).to_be_visible()
    assert broken == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_a_draft_can_be_read_by_everyone(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    address = begin(page, demonstration, f"For all {width}").partition("?")[0]
    for place in ("?at=0", "?at=0.0", "?at=0.0.0", "?at=0.3.0", "library/", "files/", "publish/"):
        page.goto(address + place)
        eyes.look(page, f"{place}-{width}")
    page.goto(demonstration.address + DRAFTS)
    eyes.look(page, f"drafts-{width}")
