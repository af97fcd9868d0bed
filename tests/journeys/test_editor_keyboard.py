"""An author writes, orders and publishes a questionnaire by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.author_keys import AuthorKeys
from tests.journeys.authors import begin_from_scratch, once
from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]


@pytest.fixture
def author(demonstration: Demonstration, visit: Visit) -> AuthorKeys:
    page = visit()
    begin_from_scratch(page, demonstration, f"By keys {once()}")
    page.emulate_media(reduced_motion="reduce")
    return AuthorKeys(page)


def told(author: AuthorKeys, words: str) -> None:
    expect(author.page.get_by_role("status").first).to_contain_text(words)


def outline(author: AuthorKeys) -> list[str]:
    """The titles of the outline from top to bottom."""
    return author.page.locator(".outline .outline-row > a").all_inner_texts()


def add_question(author: AuthorKeys, kind: str, words: str, *, back: bool = True) -> None:
    """From a field back to the list of kinds, or from the heading on to it; then type over."""
    author.go_to("new-kind", back=back)
    author.choose(kind)
    author.press_at("add-item")
    assert author.focus == "id_label"
    author.page.keyboard.type(words)  # what stood there is selected
    author.press_at("save")
    told(author, "Saved: question")


def test_a_questionnaire_is_written_ordered_and_published_by_keyboard(
    author: AuthorKeys, eyes: Eyes
) -> None:
    page = author.page
    write_a_section(author)
    order_and_undo(author)
    eyes.look(page, "ordered")
    set_a_condition(author)
    eyes.look(page, "condition")
    delete_and_undo(author)
    publish(author)
    assert author.faults == []


def write_a_section(author: AuthorKeys) -> None:
    """A section with a page and questions of several kinds, one with a third code."""
    author.press_at("add-section")
    assert author.focus == "id_title"
    author.page.keyboard.type("Skills")
    author.press_at("save")
    told(author, "Saved: section")
    author.press_at("add-page", back=True)
    author.page.keyboard.type("Training")
    author.press_at("save")
    add_question(author, "Single", "Did anyone take a course?")
    author.press_at("codes-add", back=True)
    author.page.keyboard.type("unknown")
    author.page.keyboard.press("Tab")
    author.page.keyboard.type("Not known")
    author.press_at("save")
    expect(author.page.frame_locator("iframe").get_by_text("Not known")).to_be_visible()
    add_question(author, "Number", "How many people did?")
    add_question(author, "Date", "When did the last one end?")


def order_and_undo(author: AuthorKeys) -> None:
    author.press_at("move-up", back=True)
    assert author.focus == "move-up"
    told(author, "Moved question")
    assert outline(author)[-2:] == ["When did the last one end?", "How many people did?"]
    author.press_at("move-down")
    assert author.focus == "move-down"
    assert outline(author)[-2:] == ["How many people did?", "When did the last one end?"]
    author.press_at("move-down")
    told(author, "Nothing changed")
    author.press_at("duplicate")
    assert author.focus == "id_label"
    assert outline(author).count("When did the last one end?") == 2
    author.press_at("undo", back=True)
    told(author, "Undone")
    assert outline(author).count("When did the last one end?") == 1


def set_a_condition(author: AuthorKeys) -> None:
    """Who is asked how many: who said that someone took a course."""
    author.go_to_words("How many people did?")
    author.press()
    assert author.focus == "place-heading"
    author.go_to("when-0-item")
    with author.page.expect_response("**/condition/**"):
        author.choose("Did anyone")
    author.settle()
    assert "Did anyone" in author.page.locator("#when-0-item option:checked").inner_text()
    author.go_to("when-0-verb")
    assert author.page.locator("#when-0-verb").input_value() == "is"
    author.go_to("when-0-value")
    author.page.keyboard.type("yes")
    author.page.keyboard.press("Tab")
    expect(author.page.locator("#id_when")).to_have_value(f"{asked(author)} = 'yes'")
    expect(author.page.locator("#condition-check")).to_contain_text("of 200 firms")
    author.press_at("save")
    told(author, "Saved: question")
    expect(author.page.locator(".outline-current .outline-if")).to_be_visible()


def asked(author: AuthorKeys) -> str:
    """The name of the question that the condition reads."""
    return author.page.locator("#when-0-item").input_value()


def delete_and_undo(author: AuthorKeys) -> None:
    """What the deletion takes along is shown first, and comes back with it."""
    author.go_to_words("Skip to the content")
    author.page.keyboard.press("Enter")
    author.go_to_words("Did anyone take a course?")
    author.press()
    author.press_at("remove")
    expect(author.page.get_by_role("listitem").filter(has_text="Condition of the")).to_be_visible()
    author.go_to_words("Delete", "button")
    author.press()
    told(author, "Deleted question")
    assert "Did anyone take a course?" not in outline(author)
    author.press_at("undo")
    told(author, "Undone")
    assert "Did anyone take a course?" in outline(author)


def publish(author: AuthorKeys) -> None:
    author.go_to_words("Publish")
    author.press()
    author.go_to("id_version")
    author.write("1.0")
    author.press()
    told(author, "is published")


def test_the_rows_of_a_table_keep_the_focus_where_the_author_works(author: AuthorKeys) -> None:
    page = author.page
    page.goto(f"{page.url.partition('?')[0]}?at=0.0")
    author.go_to_words("Skip the outline")
    page.keyboard.press("Enter")
    add_question(author, "Multiple", "Which?", back=False)
    author.go_to("codes-add", back=True)
    author.press()
    assert author.focus.endswith("codes-2-value")
    author.page.keyboard.type("last")

    author.press_at("codes-up-2")
    assert author.focus == "codes-up-1"
    author.press()
    assert author.focus == "codes-up-0"
    assert page.locator("[name=codes-0-value]").input_value() == "last"
    author.press_at("codes-drop-2")
    assert author.focus == "codes-drop-1"
    author.press_at("when-add")
    assert author.focus == "when-1-item"
    author.press_at("when-drop-1")
    assert author.focus.startswith("when-")
    assert author.faults == []


def test_the_outline_can_be_skipped_and_come_back_to(author: AuthorKeys) -> None:
    page = author.page
    page.goto(f"{page.url.partition('?')[0]}?at=0.0.0")

    author.go_to_words("Skip the outline")
    page.keyboard.press("Enter")
    assert author.focus == "place-heading"
    author.go_to_words("Back to its row")
    page.keyboard.press("Enter")

    assert author.focus == "place-0.0.0"
