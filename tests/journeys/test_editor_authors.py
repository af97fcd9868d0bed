"""Two people write one draft at the same time, and one leaves before saving; nothing is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.journeys.authors import begin_from_scratch, once, open_place, save
from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
QUESTION = "0.0.0"


@pytest.fixture
def address(demonstration: Demonstration, visit: Visit) -> str:
    return begin_from_scratch(visit(), demonstration, f"Shared {once()}")


def author(visit: Visit, demonstration: Demonstration, address: str, who: str) -> Page:
    """A browser of their own, with the question of the draft open."""
    page = visit()
    log_in(page, demonstration, who)
    open_place(page, address, QUESTION)
    return page


def type_question(page: Page, words: str) -> None:
    page.get_by_label("Question", exact=True).fill(words)


def test_the_second_to_change_the_same_words_sees_both_and_decides(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, address: str
) -> None:
    first = author(visit, demonstration, address, "ada")
    second = author(visit, demonstration, address, "operator")
    type_question(first, "What the first wrote")
    save(first)

    type_question(second, "What the second wrote")
    second.get_by_label("Hint, one line below it").fill("A hint beside it")
    second.locator("#save").click()

    told = second.get_by_role("alert", name="The draft was changed meanwhile")
    expect(told).to_contain_text("ada")
    expect(told).to_be_focused()
    row = told.get_by_role("row").filter(has_text="What the second wrote")
    expect(row).to_contain_text("What the first wrote")
    expect(row.get_by_role("rowheader")).to_have_text("Question")
    expect(second.get_by_label("Question", exact=True)).to_have_value("What the second wrote")
    expect(second.get_by_label("Hint, one line below it")).to_have_value("A hint beside it")
    expect(second.get_by_text("Not saved yet")).to_be_visible()
    preview = second.frame_locator("iframe")
    expect(preview.get_by_text("What the second wrote")).to_be_visible()
    eyes.look(second, "conflict")
    open_place(first, address, QUESTION)
    expect(first.get_by_label("Question", exact=True)).to_have_value("What the first wrote")

    save(second)
    open_place(first, address, QUESTION)
    expect(first.get_by_label("Question", exact=True)).to_have_value("What the second wrote")
    first.get_by_role("link", name="History").click()
    expect(first.get_by_role("region", name="Changes").get_by_role("row")).to_have_count(3)


def test_changes_of_different_fields_are_put_together(
    demonstration: Demonstration, visit: Visit, address: str
) -> None:
    first = author(visit, demonstration, address, "ada")
    second = author(visit, demonstration, address, "operator")
    type_question(first, "New words")
    save(first)

    second.get_by_label("Hint, one line below it").fill("A new hint")
    second.locator("#save").click()

    expect(second.get_by_role("status").first).to_contain_text("both changes are kept")
    expect(second.get_by_label("Question", exact=True)).to_have_value("New words")
    expect(second.get_by_label("Hint, one line below it")).to_have_value("A new hint")


def test_what_is_typed_for_a_question_that_a_colleague_deletes_is_shown(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, address: str
) -> None:
    first = author(visit, demonstration, address, "ada")
    second = author(visit, demonstration, address, "operator")
    first.get_by_role("link", name="Delete", exact=True).click()
    first.get_by_role("button", name="Delete").click()
    expect(first.get_by_role("status").first).to_contain_text("Deleted question")

    type_question(second, "Long thought about")
    second.locator("#save").click()

    told = second.get_by_role("alert", name="The draft was changed meanwhile")
    expect(told).to_contain_text("has been deleted meanwhile")
    expect(told).to_contain_text("Long thought about")
    eyes.look(second, "deleted")


def test_a_move_on_an_outdated_page_is_told_and_not_done(
    demonstration: Demonstration, visit: Visit, address: str
) -> None:
    first = author(visit, demonstration, address, "ada")
    second = author(visit, demonstration, address, "operator")
    first.get_by_role("button", name="Duplicate").click()
    expect(first.get_by_role("status").first).to_contain_text("Duplicated")

    second.get_by_role("button", name="Move down").click()

    expect(second.get_by_role("status").first).to_contain_text("Not done: Moved question")
    expect(second.get_by_role("status").first).to_contain_text("ada: Duplicated question")


def test_who_leaves_with_something_unsaved_is_asked_first(
    demonstration: Demonstration, visit: Visit, address: str
) -> None:
    page = author(visit, demonstration, address, "ada")
    asked: list[str] = []
    answers = [False, True]

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if answers.pop(0):
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    expect(page.get_by_text("Not saved yet")).to_be_hidden()
    type_question(page, "Half a thought")
    expect(page.get_by_text("Not saved yet")).to_be_visible()

    page.locator("#place-0").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Half a thought")
    page.locator("#place-0").click()
    expect(page.locator("#place-heading")).to_contain_text("Section")

    assert [message for message in asked if "not saved yet" in message] == asked
    assert len(asked) == 2


def test_a_server_that_does_not_answer_is_told_and_what_is_typed_stays(
    demonstration: Demonstration, visit: Visit, address: str
) -> None:
    page = author(visit, demonstration, address, "ada")
    type_question(page, "Typed in a tunnel")
    page.context.set_offline(True)
    page.locator("#save").click()
    expect(page.get_by_role("alert")).to_contain_text("did not answer")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed in a tunnel")

    page.context.set_offline(False)
    save(page)
    expect(page.get_by_role("alert")).to_be_hidden()
