"""The UK Innovation Survey 2022-2024, imported and answered in Chromium from link to receipt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from surveys.models import Response
from surveys.questionnaire.items import Note
from tests.journeys.eyes import Eyes
from tests.journeys.ukis import Script, innovator, sections_on_the_hub
from tests.journeys.walking import Pointer, Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.django_db(transaction=True),
]

# One page of every look: they are photographed and shown to axe-core on the way.
LOOKED_AT = {
    "introduction": "interstitial",
    "new_or_improved_processes": "mutually exclusive",
    "expenditure_on_internal_research_and_development": "money",
    "total_turnover_percentage_from_products": "percentages",
    "importance_of_direct_innovation_costs": "single choice",
    "additional_information": "text",
    "questionnaire_completion_time": "numbers",
    "hub": "hub",
    "check": "check",
    "receipt": "receipt",
}


class Looking(Pointer):
    """A pointer that looks at the first page of each kind, on a desktop and on a phone."""

    def __init__(self, page: Page, eyes: Eyes) -> None:
        super().__init__(page)
        self.eyes = eyes

    def arrive(self, place: str) -> None:
        name = LOOKED_AT.get(place)
        if name is None or f"{name} 1280" in self.eyes.seen:
            return
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.eyes.look(self.page, f"{name} {width}")


@pytest.fixture
def script(shared_data: Path) -> Script:
    return innovator(shared_data / "ukis_2022_2024.json")


def sheet(page: Page) -> dict[str, list[tuple[str, str]]]:
    """The sections of the page that checks all: question and answer of every line."""
    found: list[tuple[str, list[tuple[str, str]]]] = page.locator(".sheet-section").evaluate_all(
        "sections => sections.map(section => [section.querySelector('h2').textContent,"
        " [...section.querySelectorAll('.answer')].map(line =>"
        " [line.querySelector('dt').textContent, line.querySelector('dd').innerText])])"
    )
    return dict(found)


def test_an_innovator_answers_every_page_to_the_receipt(
    live_server: Any, visit: Callable[..., Page], eyes: Eyes, script: Script
) -> None:
    page = visit()
    walk = Walk(Looking(page, eyes), live_server.url, script.case, script.instrument)
    walk.enter()
    walk.answer(script.played.stored)

    assert walk.pages == [each.page for each in script.played.pages]
    assert len(walk.pages) == 129
    everything_is_on_the_page_that_checks_all(page, script)
    the_hub_fills_up_in_the_order_of_the_route(walk, script)
    walk.hand_in()
    response = Response.objects.get(case=script.case)
    assert response.submitted_at is not None
    assert {k: v for k, v in response.answers.items() if v is not None} == script.played.stored
    assert response.reference in page.locator(".receipt").inner_text()


def everything_is_on_the_page_that_checks_all(page: Page, script: Script) -> None:
    lines = sheet(page)
    asked = [
        item
        for played in script.played.pages
        for item in script.instrument.page(played.page).items
        if not isinstance(item, Note)
    ]
    assert list(lines) == sections_on_the_hub(script)
    assert sum(len(each) for each in lines.values()) == len(asked)
    assert "Not provided" not in [answer for each in lines.values() for _, answer in each]


def the_hub_fills_up_in_the_order_of_the_route(walk: Walk, script: Script) -> None:
    """First the sections that open it, alone; then all, one more of them completed each time."""
    first, second, *others = walk.hubs
    opening = [each.title for each in script.instrument.sections if each.opens]
    assert first == [(title, "not_started") for title in opening]
    assert second == list(zip(opening, ("completed", "not_started"), strict=True))
    assert walk.summaries == ["business_process_innovation"]
    listed = sections_on_the_hub(script)
    assert len(others) == len(listed)
    for done, seen in enumerate(others, start=1):
        assert [title for title, _ in seen] == listed
        assert [status for _, status in seen[:done]] == ["completed"] * done
        assert {status for _, status in seen[done:]} <= {"not_started", "not_applicable"}
