"""A browser that runs no scripts answers every question there is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from surveys.models import Case, Response
from surveys.queries.responses import standing
from surveys.questionnaire.playing import play
from tests.journeys.test_every_kind import SAID
from tests.journeys.ukis import innovator
from tests.journeys.walking import Pointer, Walk
from tests.surveys.firms import open_case

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EVERY_KIND = Path("surveys/instruments/every_kind.yaml")
PARTNERS = [
    {"entry": "k3f9", "name": "Nordlys", "type": "university", "since": 2014, "country": "DK"},
    {"entry": "k3f8", "name": "Fram", "type": "firm", "since": 1999},
]


def without_blanks(answers: Any) -> Any:
    """Answers without what was left blank and without the marks of entries, at any depth."""
    if isinstance(answers, dict):
        kept = {key: without_blanks(value) for key, value in answers.items() if key != "entry"}
        return {key: value for key, value in kept.items() if value is not None}
    return [without_blanks(each) for each in answers] if isinstance(answers, list) else answers


def handed_in(walk: Walk, answers: dict[str, Any]) -> Any:
    """Answer all and hand in; what is stored, without blanks."""
    walk.enter()
    walk.answer(answers)
    walk.hand_in()
    response = Response.objects.get(case=walk.case)
    assert response.submitted_at is not None
    return without_blanks(response.answers)


@pytest.fixture
def case(transactional_db: None) -> Case:
    return open_case(EVERY_KIND.read_text(encoding="utf-8"), firm_name="Nordlys AS")


def test_every_kind_of_question(live_server: Any, visit: Callable[..., Page], case: Case) -> None:
    firm = standing(case)
    said = SAID | {"partners": PARTNERS}
    played = play(firm.instrument, said, {}, firm.context)
    walk = Walk(
        Pointer(visit(width=390, scripts=False), scripts=False),
        live_server.url,
        case,
        firm.instrument,
    )

    stored = handed_in(walk, said)

    assert walk.pages == [each.page for each in played.pages]
    assert stored == without_blanks(played.stored)


@pytest.mark.shared_data
def test_the_uk_innovation_survey(
    live_server: Any, visit: Callable[..., Page], shared_data: Path
) -> None:
    script = innovator(shared_data / "ukis_2022_2024.json")
    hand = Pointer(visit(width=390, scripts=False), scripts=False)
    walk = Walk(hand, live_server.url, script.case, script.instrument)

    stored = handed_in(walk, dict(script.played.stored))

    assert walk.pages == [each.page for each in script.played.pages]
    assert stored == without_blanks(script.played.stored)
