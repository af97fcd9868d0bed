"""The command that lists background work and tells the workers of what waits."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from surveys.actions import held_works, mailings
from surveys.models import Survey, WeightingRequest
from tests.factories import NOON
from tests.surveys.actions.test_held_works import everything_asked, files_apart  # noqa: F401
from tests.surveys.actions.test_mailings import a_step
from tests.surveys.actions.test_sending import make_firms
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(survey: Survey, monkeypatch: Any) -> list[str]:
    """Work of every kind, one of it in hand, and what the workers are told of."""
    asked = everything_asked(survey)
    held_works.take(WeightingRequest, asked[WeightingRequest])
    wave = open_wave(survey, "letters")
    for case in make_firms(wave, ["x"]):
        case.unit.address = "Road 1"
        case.unit.save()
    mailings.ask(step=a_step(wave), by=None, at=NOON)
    names: list[str] = []
    monkeypatch.setattr("config.workers.tell", lambda task, _key: names.append(task.name) or True)
    return names


def listed(*options: str) -> str:
    out = StringIO()
    call_command("sweep_works", *options, stdout=out)
    return out.getvalue()


def test_what_waits_is_listed_and_announced(told: list[str]) -> None:
    found = json.loads(listed())

    assert found["announced"] == len(told) == 4
    assert {
        (each["work"], each["wave"], each["state"], each["begun"]) for each in found["works"]
    } == {
        ("sample plan", "drawn", "waiting", 0),
        ("weights", "closed", "working", 1),
        ("fieldwork figures", "open", "waiting", 0),
        ("list", "", "waiting", 0),
        ("letters", "letters", "waiting", 0),
    }


def test_a_check_tells_nobody_and_gives_a_table(told: list[str]) -> None:
    rows = list(csv.DictReader(StringIO(listed("--check", "--format", "csv"))))

    assert told == []
    assert len(rows) == 5
    assert {row["survey"] for row in rows} == {"knowledge"}
    assert {row["asked_at"] for row in rows} == {NOON.isoformat(timespec="seconds")}
