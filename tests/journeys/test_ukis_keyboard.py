"""The UK Innovation Survey answered without a mouse, and how many keys that takes."""

import json
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from surveys.models import Response
from tests.journeys.conftest import ARTEFACTS
from tests.journeys.keyboard import Keys
from tests.journeys.ukis import innovator
from tests.journeys.walking import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.django_db(transaction=True),
]

# From the top of a page to its first answer: past the way to the content, the way back and
# what is meant by the question.
MOST_TABS_TO_AN_ANSWER = 4
# Typing and choosing the answers, and finding them and the button with Tab.
MOST_KEYS_A_PAGE = 12


def test_the_whole_survey_is_answered_by_keyboard_alone(
    live_server: Any, visit: Callable[..., Page], shared_data: Path
) -> None:
    script = innovator(shared_data / "ukis_2022_2024.json")
    # Otherwise a page glides to what has the focus, and is still gliding when it is looked at.
    keys = Keys(visit(reduced_motion="reduce"))
    walk = Walk(keys, live_server.url, script.case, script.instrument)
    walk.enter()
    walk.answer(script.played.stored)
    walk.hand_in()

    assert not keys.faults, "\n".join(keys.faults)
    assert walk.pages == [page.page for page in script.played.pages]
    answers = Response.objects.get(case=script.case).answers
    assert {k: v for k, v in answers.items() if v is not None} == script.played.stored
    tabs = [keys.first_field[page] for page in walk.pages if page in keys.first_field]
    measured = {
        "pages": len(walk.pages),
        "keys": keys.pressed,
        "keys_per_page": round(keys.pressed / len(walk.pages), 1),
        "tabs_to_the_first_answer_median": statistics.median(tabs),
        "tabs_to_the_first_answer_most": max(tabs),
    }
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    (ARTEFACTS / "ukis-keyboard.json").write_text(json.dumps(measured, indent=2) + "\n")
    assert measured["tabs_to_the_first_answer_most"] <= MOST_TABS_TO_AN_ANSWER
    assert measured["keys_per_page"] <= MOST_KEYS_A_PAGE
