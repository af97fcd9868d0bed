"""The firm's pages in four languages: nobody objects to them at any width, light or dark."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from surveys.actions.instruments import publish_document
from surveys.models import Case
from surveys.queries.modules import library
from surveys.queries.responses import standing
from surveys.questionnaire.modules import compose
from tests.factories import NOON, make_response
from tests.journeys.every_kind import in_four_languages
from tests.journeys.spectacles import Spectacles
from tests.journeys.walking import Pointer, Walk, in_the_field

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "nb", "de", "it")
# A question of the instrument of every kind, in each language.
ASKED = {
    "en": "Who developed most of your new products or processes?",
    "nb": "Hvem utviklet det meste av de nye produktene eller prosessene?",
    "de": "Wer hat die meisten Ihrer neuen Produkte oder Prozesse entwickelt?",
    "it": "Chi ha sviluppato la maggior parte dei nuovi prodotti o processi?",
}
MODULES = (
    "a_firm",
    "b_market",
    "c_access",
    "c_cooperated",
    "c_mobility",
    "c_named_partners",
    "f_learning",
)

# A page of every kind of item that the core instrument has, and what puts them on the route.
CORE_PAGES = (
    "page/industry",
    "page/start",
    "page/turnover",
    "page/owners",
    "page/location_reason",
    "page/markets",
    "page/journey",
    "page/access-meeting",
    "page/hires_from",
    "page/ties",
    "page/ties/entry/k3f9/1",
    "page/ties/entry/k3f9/2",
    "page/outside_effort",
)
SAID = {
    "hires": 3,
    "days_near": 4,
    "days_far": 6,
    "ties": [{"entry": "k3f9", "name": "Nordlys"}, {"entry": "k3f8", "name": "Fram"}],
}
# Kinds that only the instrument of every kind has.
OTHER_PAGES = (
    "page/welcome",
    "page/innovated",
    "page/method",
    "page/dates",
    "page/sources",
    "page/visits-suppliers",
    "questions",
)
AROUND = ("", "check", "team")


@pytest.fixture
def core(transactional_db: None) -> Case:
    shipped = library()
    chosen = [shipped[name] for name in MODULES]
    document = compose("Core", "core", "1", chosen, library=shipped)
    return in_the_field(publish_document(document=document, by=None, at=NOON), "core", "Nord AS")


@pytest.fixture
def others(transactional_db: None) -> Case:
    published = publish_document(document=in_four_languages(), by=None, at=NOON)
    return in_the_field(published, "others", "Nordlys AS")


def admitted(live_server: Any, page: Page, case: Case, said: dict[str, Any]) -> str:
    """The address of the hub, once the firm of these answers has entered."""
    make_response(case, said)
    walk = Walk(Pointer(page), live_server.url, case, standing(case).instrument)
    walk.enter()
    return walk.hub


def spectacles(language: str) -> Spectacles:
    """Colours do not depend on the language; how long the words are does."""
    return Spectacles() if language == "en" else Spectacles((320, 1280), ("light",))


def speak(page: Page, hub: str, language: str) -> None:
    """Switch the language on the hub, as a firm does."""
    page.goto(hub)
    if page.locator("html").get_attribute("lang") != language:
        with page.expect_navigation():
            page.locator(f"button[name='_language'][value='{language}']").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def look_at(
    page: Page, hub: str, places: Sequence[str], through: Spectacles, language: str
) -> None:
    for place in places:
        answer = page.goto(f"{hub}{place}/" if place else hub)
        assert answer is not None, place
        assert (answer.status, page.url) == (200, f"{hub}{place}/" if place else hub)
        through.look(page, f"{place or 'hub'} in {language}")


def send_nonsense(page: Page, hub: str) -> None:
    """A page that comes back with an error at the field and a summary above."""
    page.goto(f"{hub}page/turnover/")
    page.locator("[name='turnover_first']").fill("much")
    with page.expect_navigation():
        page.locator("#page-form .btn-primary").click()
    expect(page.locator(".error-summary")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_objects_to_any_kind_of_item(
    live_server: Any, visit: Callable[..., Page], core: Case, others: Case, language: str
) -> None:
    through = spectacles(language)
    page = visit()
    hub = admitted(live_server, page, core, SAID)
    speak(page, hub, language)
    look_at(page, hub, (*AROUND, *CORE_PAGES), through, language)
    send_nonsense(page, hub)
    through.look(page, f"an error in {language}")
    page = visit()
    hub = admitted(live_server, page, others, {"visits.filter": ["suppliers"]})
    speak(page, hub, language)
    look_at(page, hub, OTHER_PAGES, through, language)
    page.goto(f"{hub}page/method/")
    expect(page.get_by_text(ASKED[language])).to_be_visible()

    assert not through.faults, "\n".join(through.faults)
    pages = len(AROUND) + len(CORE_PAGES) + len(OTHER_PAGES) + 1
    assert through.seen == pages * len(through.widths) * len(through.schemes)
