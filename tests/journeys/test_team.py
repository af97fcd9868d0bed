"""Three people of one firm answer together, and no answer is lost."""

import re
from collections.abc import Callable
from email import message_from_string, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_firm import admitted, choose, page_name, save, write

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
LINK = re.compile(r"http://\S+/answer/[0-9A-Z-]+/")


def invite(page: Page, hub: str, name: str, *sections: str) -> None:
    """Invite a colleague to some sections, or to the whole if none is named."""
    page.goto(f"{hub}team/invite/")
    write(page, "name", name)
    write(page, "email", f"{name.split()[0].lower()}@firm.example")
    if not page.locator("[name='own_name']").input_value():
        write(page, "own_name", "Kari Nord")
        write(page, "own_email", "kari@firm.example")
    choose(page, "role", "section" if sections else "whole")
    for section in sections:
        page.get_by_label(section, exact=True).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The e-mail has been sent.")).to_be_visible()


def newest_link(demonstration: Demonstration) -> str:
    """The link of the e-mail that was written last."""
    files = sorted((demonstration.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime)
    letter = files[-1].read_text(encoding="utf-8").partition("-" * 79)[0]
    found = LINK.findall(message_from_string(letter, policy=policy.default).get_content())
    assert found, letter
    return str(found[-1])


def accepted(page: Page, link: str) -> str:
    """Accept a colleague's link; the address of the sections."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile(r"/firm/[0-9a-f-]{36}/$"))
    return page.url


def through_own_sections(page: Page) -> list[str]:
    """Answer until nothing is left among the person's sections."""
    walked = []
    for _ in range(60):
        name = page_name(page)
        if name:
            walked.append(name)
            save(page)
            continue
        onward = page.get_by_role("link", name=re.compile("^(Start with|Continue with)"))
        if onward.count() == 0:
            return walked
        onward.first.click()
        page.wait_for_load_state()
    raise AssertionError(f"the sections do not end: {walked}")


def test_three_people_of_a_firm_answer_together(
    demonstration: Demonstration, visit: Visit, eyes: Eyes
) -> None:
    kari, per, ola = visit(), visit(width=390), visit()
    admitted(kari, demonstration.link_of_a_firm())
    hub = kari.url
    titles = kari.locator(".section-title a").all_inner_texts()
    first, last = titles[0].strip(), titles[-1].strip()

    kari.goto(f"{hub}team/")
    eyes.look(kari, "team-alone")
    kari.goto(f"{hub}team/invite/")
    eyes.look(kari, "invite")
    invite(kari, hub, "Per Vik", first)
    per_link = newest_link(demonstration)
    invite(kari, hub, "Ola Berg")
    ola_link = newest_link(demonstration)
    eyes.look(kari, "team")

    per.goto(per_link)
    eyes.look(per, "colleague-link")
    accepted(per, per_link)
    accepted(ola, ola_link)
    eyes.look(per, "colleague-hub")
    assert last not in per.locator("main").inner_text()

    per.goto(f"{hub}page/industry/")
    choose(per, "industry", "other_services")
    save(per)
    ola.goto(f"{hub}page/closing/")
    write(ola, "comment", "Typed by Ola.")
    save(ola)
    kari.goto(f"{hub}page/persons/")
    write(kari, "employment_last", "45")
    save(kari)
    per.goto(hub)
    through_own_sections(per)
    per.get_by_role("button", name=re.compile("^I have finished this section")).click()
    eyes.look(per, "signed-off")

    kari.goto(hub)
    eyes.look(kari, "hub")
    go_through_blank(kari)
    kari.goto(f"{hub}check/")
    eyes.look(kari, "check")
    sheet = kari.locator("main").inner_text()
    for told in ("Typed by Ola.", "45", "Per Vik", "Ola Berg", "Kari Nord"):
        assert told in sheet, told
    kari.get_by_role("button", name="Submit").click()
    eyes.look(kari, "no-declaration")
    kari.locator("[name='authorised']").check()
    kari.get_by_role("button", name="Submit").click()
    expect(kari).to_have_url(re.compile(r"/receipt/$"))
    eyes.look(kari, "receipt")
    with kari.expect_download() as copy:
        kari.get_by_role("link", name="Copy of your answers (PDF)").click()
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF-")


def go_through_blank(page: Page) -> None:
    """Go through what is left without answering: blanks are answers, too."""
    for _ in range(80):
        if page_name(page):
            save(page)
            continue
        onward = page.get_by_role("link", name=re.compile("^(Start with|Continue with)"))
        if onward.count() == 0:
            return
        onward.first.click()
        page.wait_for_load_state()
    raise AssertionError("the questionnaire does not end")


def test_a_section_is_answered_in_a_spreadsheet_page(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, tmp_path: Path
) -> None:
    page = visit(width=390)
    admitted(page, demonstration.link_of_a_firm())
    hub = page.url
    page.goto(f"{hub}offline/")
    eyes.look(page, "offline")
    with page.expect_download() as sheet:
        page.get_by_role("link", name=re.compile("XLSX")).first.click()
    sheet.value.save_as(tmp_path / "section.xlsx")
    page.locator("#id_file").set_input_files(tmp_path / "section.xlsx")
    page.get_by_role("button", name="Upload and check").click()
    eyes.look(page, "offline-blank")
    page.goto(f"{hub}questions/")
    eyes.look(page, "questions")
