"""Two people of one firm at the same moment, on the database that is configured.

SQLite in memory has one connection only; there the test takes a database in a file.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from surveys.actions import responses
from surveys.models import Case, CaseEvent, PageVersion, Response
from tests.factories import NOON
from tests.surveys.actions.test_responses import COMPLETE
from tests.surveys.firms import open_case

PEOPLE = 6


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared_database(tmp_path: Path) -> Iterator[None]:
    """A database that threads see alike."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, settings = connections["default"], connections.settings["default"]
    with sqlite3.connect(tmp_path / "shared.sqlite3") as copy:
        in_memory.connection.backup(copy)
    copy.close()
    connections.settings["default"] = settings | {"NAME": str(tmp_path / "shared.sqlite3")}
    del connections["default"]
    yield
    connections["default"].close()
    connections.settings["default"] = settings
    connections["default"] = in_memory


def at_once(action: Callable[[int], object], people: int = PEOPLE) -> list[str]:
    """What became of the action done by so many people at once: 'done' or the error's name."""
    gate = threading.Barrier(people)
    outcomes: list[str] = []

    def person(number: int) -> None:
        gate.wait()
        try:
            action(number)
            outcomes.append("done")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def save(case: Case, page: str, answers: dict[str, Any]) -> Response:
    case = Case.objects.select_related("wave").get(pk=case.pk)
    return responses.save_page(case=case, page=page, answers=answers, built_on=0, at=NOON)


def test_of_people_who_save_one_page_one_wins_and_the_others_are_told(shared_database: None):
    case = open_case()

    outcomes = at_once(lambda number: save(case, "last", {"comment": f"Person {number}"}))

    assert outcomes == ["PageConflict"] * (PEOPLE - 1) + ["done"]
    response = Response.objects.get()
    assert response.revision == 1
    assert PageVersion.objects.get().answers["comment"] == response.answers["comment"]
    assert CaseEvent.objects.filter(kind="begun").count() == 1


def test_people_on_different_pages_lose_nothing(shared_database: None):
    case = open_case()
    pages = [
        ("new_good", {"new_good": "no"}),
        ("size", {"employment": 5}),
        ("activity", {"activity": ["none"]}),
        ("last", {"comment": "Fine"}),
    ]

    outcomes = at_once(lambda number: save(case, *pages[number]), people=len(pages))

    assert outcomes == ["done"] * len(pages)
    response = Response.objects.get()
    assert response.revision == len(pages)
    for _, answers in pages:
        assert response.answers.items() >= answers.items()
    assert sorted(response.page_revisions.values()) == [1, 2, 3, 4]


def test_a_double_click_is_one_save(shared_database: None):
    case = open_case()

    outcomes = at_once(lambda _: save(case, "last", {"comment": "Fine"}))

    assert outcomes == ["done"] * PEOPLE
    assert PageVersion.objects.count() == 1


def test_submitting_at_once_gives_one_reference(shared_database: None):
    case = open_case()
    Response.objects.create(case=case, answers=COMPLETE, begun_at=NOON)

    outcomes = at_once(lambda _: responses.submit(case=case, at=NOON))

    assert outcomes == ["done"] * PEOPLE
    assert CaseEvent.objects.filter(kind="submitted").count() == 1
