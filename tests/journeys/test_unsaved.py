"""What a firm types before it saves, in a browser: kept, warned of, and spoken in its language."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Case, CaseEvent, PageDraft, Response
from tests.factories import make_survey
from tests.journeys.eyes import Eyes
from tests.surveys.firms import code_of, open_case
from tests.surveys.views.test_languages import TEXT
from tests.surveys.views.test_prior import panel_case

# A page that types and a page that is left ask at the same time, which the one connection
# that SQLite in memory shares between threads cannot serve.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]


@pytest.fixture
def case(transactional_db: None) -> Case:
    return open_case(TEXT)


def enter(live_server: Any, page: Page, case: Case) -> str:
    page.goto(f"{live_server.url}/answer/{code_of(case)}/")
    page.locator("main .btn-primary").first.click()
    page.wait_for_url(re.compile("/firm/"))
    return f"{live_server.url}/firm/{case.public_id}/page/size/"


def test_what_is_typed_is_kept_without_saving(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes
) -> None:
    page = visit(width=390)
    address = enter(live_server, page, case)
    page.goto(address)
    page.fill("#id_persons", "12 or so")
    expect(page.locator("[data-draft-state]")).to_contain_text("Kept at")

    other = visit(width=1280)
    enter(live_server, other, case)
    expect(other.get_by_text("that is not saved yet")).to_be_visible()
    eyes.look(other, "hub-with-a-draft")
    other.get_by_role("link", name="Go back to it").click()
    expect(other.locator("#id_persons")).to_have_value("12 or so")
    eyes.look(other, "page-with-a-draft")
    other.get_by_role("button", name="Discard it").click()
    expect(other.locator("#id_persons")).to_have_value("")


def test_leaving_the_page_keeps_the_last_word_and_tells_of_the_visit(
    live_server: Any, visit: Visit, case: Case
) -> None:
    page = visit(width=1280)
    address = enter(live_server, page, case)
    page.goto(address)
    page.fill("#id_persons", "77")
    page.goto(f"{live_server.url}/firm/{case.public_id}/questions/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_timeout(500)

    assert PageDraft.objects.get().typed == {"persons": ["77"]}
    event = CaseEvent.objects.get(kind="page_left")
    assert event.detail["how"] == "left"
    assert "77" not in str(event.detail)


def test_the_end_of_the_visit_is_announced_and_put_off(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes, settings: Any
) -> None:
    settings.VISIT_IDLE_MINUTES = 3
    page = visit(width=390)
    page.clock.install()
    address = enter(live_server, page, case)
    page.goto(address)
    page.fill("#id_persons", "5")
    page.clock.fast_forward("01:30")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_name("Are you still there?")
    expect(page.get_by_role("button", name="Stay")).to_be_focused()
    eyes.look(page, "time-out")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.locator("#id_persons").input_value() == "5"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_language_changes_under_what_is_typed(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    address = enter(live_server, page, case)
    page.goto(address)
    page.fill("#id_persons", "9000")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#id_persons")).to_have_value("9000")
    eyes.look(page, f"german-{width}")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.get_by_role("alert")).to_contain_text("höchstens")
    eyes.look(page, f"german-error-{width}")
    page.goto(f"{live_server.url}/firm/{case.public_id}/")
    eyes.look(page, f"german-hub-{width}")


def test_without_a_script_the_language_changes_too(
    live_server: Any, visit: Visit, case: Case
) -> None:
    page = visit(width=390, scripts=False)
    address = enter(live_server, page, case)
    page.goto(address)
    expect(page.get_by_text("this visit ends at")).to_be_visible()
    page.fill("#id_persons", "9000")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("#id_persons")).to_have_value("9000")
    expect(page.get_by_role("button", name="Speichern und weiter")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_last_waves_answer_is_confirmed_or_changed(
    live_server: Any, visit: Visit, transactional_db: None, eyes: Eyes, width: int
) -> None:
    case = panel_case(make_survey("panel"))
    page = visit(width=width)
    address = enter(live_server, page, case)
    page.goto(address)
    expect(page.get_by_text(re.compile("You told us in .*: 34 persons"))).to_be_visible()
    expect(page.locator("#id_filled")).to_have_value("2")
    expect(page.locator("#id_asked")).to_be_hidden()
    eyes.look(page, f"last-wave-{width}")
    page.get_by_label("Change it").check()
    expect(page.locator("#id_asked")).to_be_visible()
    page.get_by_label("Yes", exact=True).check()
    expect(page.locator("#id_asked")).to_be_hidden()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(re.compile(r"/firm/[^/]+/$"))

    assert Response.objects.get(case=case).answers["asked"] == 7
