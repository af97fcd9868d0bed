"""Every kind of item in a browser: looked at, answered with a script and without one."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from surveys.models import Case, Response
from surveys.views.gallery import STATES
from tests.factories import make_user
from tests.journeys.eyes import Eyes
from tests.surveys.firms import code_of, open_case

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DOCUMENT = Path("surveys/instruments/every_kind.yaml")
Visit = Callable[..., Page]


@pytest.fixture
def case(transactional_db: None) -> Case:
    return open_case(DOCUMENT.read_text(encoding="utf-8"), firm_name="Nordlys AS")


@pytest.fixture
def staff(live_server: Any, visit: Visit) -> Visit:
    """Open a browser of a person who is logged in."""
    user = make_user("ada")
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value

    def logged_in(**options: Any) -> Page:
        page = visit(**options)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return logged_in


def admitted(live_server: Any, page: Page, case: Case) -> str:
    """Enter the firm's code; the address of the hub."""
    page.goto(f"{live_server.url}/answer/{code_of(case)}/")
    page.locator("main button[type=submit], main .btn-primary").first.click()
    page.wait_for_url(re.compile("/firm/"))
    return f"{live_server.url}/firm/{case.public_id}/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nobody_objects_to_the_gallery(
    live_server: Any, staff: Visit, eyes: Eyes, width: int, scheme: str
) -> None:
    page = staff(width=width, color_scheme=scheme)
    for state in STATES:
        page.goto(f"{live_server.url}/research/gallery/{state}/")
        eyes.look(page, state)


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Save and continue|Continue without)")).click()


def at(page: Page, name: str) -> None:
    expect(page).to_have_url(re.compile(rf"/page/{name}/"))


def tick(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"[name='{name}'][value='{value}']").check()


def write(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"[name='{name.replace('__', '-')}']").fill(text)


def choices_and_figures(page: Page) -> None:
    at(page, "welcome")
    go_on(page)
    tick(page, "innovated", "yes")
    go_on(page)
    tick(page, "products", "goods", "other")
    page.locator("[name='products.other']").fill("Spare parts by subscription")
    go_on(page)
    at(page, "best")
    expect(page.locator("[name='best']")).to_have_count(2)
    tick(page, "best", "goods")
    go_on(page)
    tick(page, "method", "joint")
    write(page, joint_with="A university")
    go_on(page)
    page.goto(page.url.split("/firm/")[0] + page.url[page.url.index("/firm/") :] + "page/size/")
    write(page, employment="48", energy="12,5", turnover_home="4200", turnover_abroad="1 350 000")
    tick(page, "turnover_home-unit", "thousands")
    tick(page, "turnover_abroad-unit", "units")
    go_on(page)


def figures_played_back(page: Page) -> None:
    at(page, "turnover")
    expect(page.locator(".played-total")).to_contain_text("5\u2009550\u2009000 EUR")
    page.get_by_role("link", name=re.compile("Turnover abroad")).click()
    write(page, turnover_abroad="800")
    tick(page, "turnover_abroad-unit", "thousands")
    go_on(page)
    at(page, "turnover")
    expect(page.locator(".played-total")).to_contain_text("5\u2009000\u2009000 EUR")
    go_on(page)


def rest_of_figures(page: Page) -> None:
    at(page, "markets")
    write(page, markets__local="60", markets__country="40")
    go_on(page)
    at(page, "spending")
    write(page, spending__research="120000")
    go_on(page)
    write(page, graduates="12,5", founded="1987")
    go_on(page)
    write(page, launched__day="27", launched__month="3", launched__year="2024")
    write(page, next_launch__month="4", next_launch__year="2026")
    go_on(page)
    tick(page, "closeness", "3")
    go_on(page)


def partners(page: Page, *, scripts: bool) -> None:
    page.get_by_role("link", name="Add a partner").click()
    page.locator("[name='partners.name']").fill("University of Aldenborg")
    go_on(page)
    tick(page, "partners.type", "university")
    page.locator("[name='partners.since']").fill("2014")
    go_on(page)
    find(page, "partners.country", "denm", "Denmark", scripts=scripts)
    go_on(page)
    expect(page.locator(".roster-name")).to_have_text(["University of Aldenborg"])
    go_on(page)


def find(page: Page, name: str, typed: str, label: str, *, scripts: bool) -> None:
    """Choose a code of a long list, as one does with a script or without."""
    box = page.locator(f"[name='{name}']")
    if scripts:
        box.press_sequentially(typed)
        expect(page.get_by_role("option", name=label)).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value(label)
        return
    box.fill(typed)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("radio", name=label).check()


def network(page: Page, *, scripts: bool) -> None:
    at(page, "country")
    find(page, "country", "norw", "Norway", scripts=scripts)
    go_on(page)
    tick(page, "sources.clients-importance", "2")
    tick(page, "sources.clients-place", "local", "global")
    tick(page, "sources.fairs-importance", "0")
    go_on(page)
    tick(page, "visits.filter", "suppliers")
    go_on(page)
    at(page, "visits-suppliers")
    page.locator("[name='visits.suppliers-meetings-here']").fill("12")
    go_on(page)
    at(page, "partners")
    partners(page, scripts=scripts)


SAID = {
    "innovated": "yes",
    "products": ["goods", "other"],
    "products.other": "Spare parts by subscription",
    "best": "goods",
    "method": "joint",
    "method.persons": None,
    "joint_with": "A university",
    "employment": 48,
    "energy": 12.5,
    "turnover_home": {"amount": 4200000, "unit": "thousands"},
    "turnover_abroad": {"amount": 800000, "unit": "thousands"},
    "markets": {"local": 60, "region": 0, "country": 40, "europe": 0, "global": 0},
    "spending": {"research": 120000, "design": 0},
    "graduates": 12.5,
    "founded": 1987,
    "launched": "2024-03-27",
    "next_launch": "2026-04",
    "closeness": 3,
    "country": "NO",
    "sources.clients": {"importance": "2", "place": ["local", "global"]},
    "sources.fairs": {"importance": "0", "place": None},
    "visits.filter": ["suppliers"],
    "visits.suppliers": {"meetings": {"here": 12}},
    "slogan": "Cold places",
    "comment": None,
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_kind_is_answered_and_handed_in(
    live_server: Any, visit: Visit, case: Case, scripts: bool
) -> None:
    page = visit(width=390, scripts=scripts)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/welcome/")
    choices_and_figures(page)
    figures_played_back(page)
    rest_of_figures(page)
    page.goto(f"{hub}page/country/")
    network(page, scripts=scripts)
    page.goto(f"{hub}page/words/")
    write(page, slogan="Cold places")
    go_on(page)
    page.goto(f"{hub}check/")
    write(page, declarant="Kari Nord")
    page.locator("[name='authorised']").check()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile("/receipt/$"))

    said = Response.objects.get(case=case).answers
    (partner,) = said.pop("partners")
    partner.pop("entry")
    assert partner == {
        "name": "University of Aldenborg",
        "type": "university",
        "type.other": None,
        "since": 2014,
        "country": "DK",
    }
    assert said == SAID


def test_what_does_not_apply_is_folded_away_and_comes_back(
    live_server: Any, visit: Visit, case: Case
) -> None:
    page = visit(width=390)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/method/")
    whom, how_many = page.locator("[name='joint_with']"), page.locator("[name='method.persons']")
    expect(whom).to_be_hidden()
    expect(how_many).to_be_hidden()

    tick(page, "method", "joint")
    expect(whom).to_be_visible()
    whom.fill("A university")
    tick(page, "method", "persons")
    expect(whom).to_be_hidden()
    expect(how_many).to_be_visible()
    tick(page, "method", "others")

    expect(whom).to_have_value("A university")
    expect(how_many).to_be_hidden()


def test_without_a_script_everything_on_a_page_can_be_answered(
    live_server: Any, visit: Visit, case: Case
) -> None:
    page = visit(width=390, scripts=False)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/method/")

    expect(page.locator("[name='joint_with']")).to_be_visible()
    expect(page.locator("[name='method.persons']")).to_be_visible()


def test_what_the_survey_will_ask_about_is_said_before_the_page_is_sent(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes
) -> None:
    page = visit()
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/size/")
    said = page.locator("[data-live-edits]")
    expect(said).to_be_hidden()

    write(page, employment="0", turnover_home="500")
    tick(page, "turnover_home-unit", "units")
    expect(said).to_contain_text("You told us of turnover, but of no staff.")
    eyes.look(page, "said")
    write(page, employment="3")
    page.locator("[name='energy']").focus()
    expect(said).to_be_hidden()


def test_a_reason_and_an_answer_take_each_other_away(
    live_server: Any, visit: Visit, case: Case
) -> None:
    page = visit(width=390)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/innovated/")

    tick(page, "innovated", "yes")
    tick(page, "innovated-no-answer", "refused")
    expect(page.locator("[name='innovated'][value='yes']")).not_to_be_checked()
    tick(page, "innovated", "no")
    expect(page.locator("[name='innovated-no-answer'][value='refused']")).not_to_be_checked()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_list_is_searched_by_keyboard(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/country/")
    box = page.get_by_role("combobox")

    box.press_sequentially("land")
    expect(page.get_by_role("option")).to_have_count(5)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    eyes.look(page, "open")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("atlantis")
    expect(page.get_by_role("status").first).to_contain_text("Nothing in the list fits")
    box.fill("swe")
    expect(page.get_by_role("option", name="Sweden")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(".lookup-chosen")).to_contain_text("Chosen: Sweden SE")
    go_on(page)

    assert Response.objects.get(case=case).answers == {"country": "SE"}


@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_objects_to_the_pages_of_a_roster(
    live_server: Any, visit: Visit, case: Case, eyes: Eyes, width: int
) -> None:
    page = visit(width=width)
    hub = admitted(live_server, page, case)
    page.goto(f"{hub}page/partners/")
    eyes.look(page, "empty")
    page.get_by_role("link", name="Add a partner").click()
    page.locator("[name='partners.name']").fill("Sintra Instruments")
    go_on(page)
    eyes.look(page, "entry")
    page.goto(f"{hub}page/partners/")
    go_on(page)
    eyes.look(page, "unfinished")
    page.get_by_role("link", name="Remove Sintra Instruments").click()
    eyes.look(page, "remove")
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".roster-entry")).to_have_count(0)
    page.goto(f"{hub}page/country/")
    page.locator("[name='country']").fill("xyz")
    go_on(page)
    eyes.look(page, "no-match")
    page.goto(f"{hub}page/turnover/")
    eyes.look(page, "played-back")
