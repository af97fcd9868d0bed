"""A firm answers, from the link of its letter to the receipt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]


def choose(page: Page, item: str, *codes: str) -> None:
    for code in codes:
        page.locator(f"[name='{item}'][value='{code}']").check()


def write(page: Page, item: str, text: str) -> None:
    page.locator(f"[name='{item}']").fill(text)


def money(page: Page, item: str, text: str) -> None:
    write(page, f"{item}", text)
    choose(page, f"{item}-unit", "thousands")


def sources(page: Page) -> None:
    """Rate the first source of the page high and say where it was; the others were not used."""
    names = page.locator("[name$='-importance']").evaluate_all(
        "boxes => [...new Set(boxes.map(box => box.name))]"
    )
    choose(page, names[0], "3")
    choose(page, names[0].replace("-importance", "-scale"), "local", "global")
    for name in names[1:]:
        choose(page, name, "0")


ANSWERS: dict[str, Callable[[Page], None]] = {
    "industry": lambda page: choose(page, "industry", "knowledge_services"),
    "start": lambda page: write(page, "start_year", "2004"),
    "persons": lambda page: [
        write(page, "employment_first", "38"),
        write(page, "employment_last", "45"),
    ],
    "turnover": lambda page: [
        money(page, "turnover_first", "4 100"),
        money(page, "turnover_last", "5,200"),
    ],
    "group": lambda page: choose(page, "in_group", "no"),
    "ownership": lambda page: [
        write(page, "foreign_share", "0"),
        choose(page, "legal_form", "limited"),
    ],
    "origin": lambda page: choose(page, "spin_off", "no"),
    "position": lambda page: choose(page, "position", "stage"),
    "anchoring": lambda page: choose(page, "anchored", "2"),
    "markets": lambda page: [
        choose(page, "markets", "local", "country"),
        choose(page, "largest_market", "country"),
    ],
    "sources-market": sources,
    "sources-science": sources,
    "sources-open": sources,
    "cooperated": lambda page: choose(page, "cooperated", "research"),
    "partner-suppliers": lambda page: choose(
        page, "cooperation.suppliers-scale", "local", "europe"
    ),
    "partner-competitors": lambda page: choose(page, "cooperation.competitors-scale", "none"),
    "products": lambda page: [choose(page, "new_good", "yes"), choose(page, "new_service", "no")],
    "novelty": lambda page: choose(page, "novelty", "3"),
    "turnover_newness": lambda page: [
        write(page, "turnover_newness-new_to_market", "10"),
        write(page, "turnover_newness-new_to_firm", "20"),
        write(page, "turnover_newness-unchanged", "70"),
    ],
    "processes": lambda page: choose(page, "process", "production"),
    "research": lambda page: [
        choose(page, "research_inside", "occasional"),
        choose(page, "research_bought", "none"),
    ],
    "research_effort": lambda page: write(page, "research_staff", "2.5"),
    "graduates": lambda page: write(page, "graduate_share", "40"),
    "closing": lambda page: write(page, "comment", "Ideas come from the people we hire."),
}


def admitted(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile(r"/firm/[0-9a-f-]{36}/$"))
    assert link.rsplit("/", 2)[1] not in page.url


def page_name(page: Page) -> str:
    found = re.search(r"/page/([^/?]+)/", page.url)
    return found.group(1) if found else ""


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.wait_for_load_state()


def go_through(page: Page, look: Callable[[Page, str], None]) -> list[str]:
    """Answer page after page until the questionnaire leads to the check of all answers."""
    walked: list[str] = []
    for _ in range(80):
        name = page_name(page)
        if not name:
            onward = page.get_by_role("link", name=re.compile("^(Start|Go on|Continue)"))
            if onward.count() == 0:
                expect(page.get_by_role("link", name=re.compile("^Check")).first).to_be_visible()
                return walked
            onward.first.click()
            page.wait_for_load_state()
            continue
        look(page, name)
        ANSWERS.get(name, lambda _: None)(page)
        walked.append(name)
        save(page)
    raise AssertionError(f"the questionnaire does not end: {walked}")


def submit(page: Page, address: str) -> None:
    page.goto(f"{address}check/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    write(page, "declarant", "Kari Nord")
    page.locator("[name='authorised']").check()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile(r"/receipt/$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_firm_answers_everything_and_keeps_a_receipt(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, scripts: bool, width: int
) -> None:
    page = visit(width=width, scripts=scripts)

    def look(page: Page, name: str) -> None:
        eyes.look(page, name, check=scripts)

    page.goto(link := demonstration.link_of_a_firm())
    look(page, "link")
    admitted(page, link)
    address = page.url
    look(page, "hub")
    walked = go_through(page, look)
    page.goto(f"{address}questions/")
    look(page, "questions")
    page.goto(f"{address}check/")
    look(page, "check")
    submit(page, address)
    look(page, "receipt")

    assert {"partner-suppliers", "novelty", "research_effort"} <= set(walked)
    assert {"head_office", "exports", "origin_place"} & set(walked) == set()
    expect(page.get_by_text(re.compile(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}")).first).to_be_visible()
    expect(page.get_by_text("Ideas come from the people we hire.")).to_be_visible()


def test_errors_are_told_twice_and_keep_what_was_typed(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    page = visit(width=390)
    admitted(page, demonstration.link_of_a_firm())
    page.goto(f"{page.url}page/persons/")

    write(page, "employment_first", "about forty")
    write(page, "employment_last", "45")
    save(page)

    eyes.look(page, "errors")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("[name='employment_first']")).to_have_value("about forty")
    expect(page.locator("[name='employment_last']")).to_have_value("45")
    page.locator(".error-summary a").first.click()
    expect(page.locator("[name='employment_first']")).to_be_focused()


def test_a_firm_leaves_and_resumes_from_another_browser_where_it_was(
    demonstration: Demonstration, visit: Visit
) -> None:
    link = demonstration.link_of_a_firm()
    office, home = visit(), visit(width=390)
    admitted(office, link)
    office.goto(f"{office.url}page/industry/")
    choose(office, "industry", "other_services")
    save(office)
    expect(office).to_have_url(re.compile("/page/start/$"))

    admitted(home, link)
    home.get_by_role("link", name=re.compile("^(Go on|Continue)")).first.click()

    expect(home).to_have_url(re.compile("/page/start/$"))
    home.go_back()
    home.goto(home.url.split("/page/")[0].rstrip("/") + "/page/industry/")
    expect(home.locator("[name='industry'][value='other_services']")).to_be_checked()


def test_two_people_saving_one_page_see_both_answers_and_lose_none(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    link = demonstration.link_of_a_firm()
    anna, bjorn = visit(), visit(width=390)
    for person in (anna, bjorn):
        admitted(person, link)
        person.goto(f"{person.url}page/start/")
    write(anna, "start_year", "1998")
    write(bjorn, "start_year", "2001")
    save(anna)
    save(bjorn)

    eyes.look(bjorn, "conflict")
    body = bjorn.locator("main").inner_text()
    assert "1998" in body
    assert "2001" in body


def test_a_page_is_answered_by_keyboard_alone(demonstration: Demonstration, visit: Visit) -> None:
    page = visit()
    admitted(page, demonstration.link_of_a_firm())
    page.goto(f"{page.url}page/group/")

    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "in_group":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).not_to_have_url(re.compile("/page/group/"))


def test_none_of_these_unticks_the_others(demonstration: Demonstration, visit: Visit) -> None:
    page = visit()
    admitted(page, demonstration.link_of_a_firm())
    page.goto(f"{page.url}page/cooperated/")
    choose(page, "cooperated", "research", "none")

    expect(page.locator("[name='cooperated'][value='research']")).not_to_be_checked()


def test_answers_typed_before_a_long_pause_survive_a_stale_session(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    link = demonstration.link_of_a_firm()
    page = visit()
    admitted(page, link)
    page.goto(f"{page.url}page/start/")
    write(page, "municipality", "Aldenborg harbour")
    page.context.clear_cookies()
    save(page)

    eyes.look(page, "pause")
    kept = page.content()
    assert "Aldenborg harbour" in kept
    assert "Aldenborg" not in page.url
