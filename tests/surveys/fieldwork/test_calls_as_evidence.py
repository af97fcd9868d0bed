"""What calls, and a person's word after them, say of the disposition."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.fieldwork.histories import Recorded, settled
from surveys.fieldwork.paradata import describe

START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def came_to(*kinds: str) -> tuple[str, str]:
    """The word and the code that a history of events, a day apart, comes to."""
    events = [
        Recorded(kind, START + timedelta(days=day), _detail(kind))
        for day, kind in enumerate(("invited", *kinds))
    ]
    found = settled(events)
    return found.disposition, found.code


def _detail(kind: str) -> dict[str, str]:
    return {"after": "non_contact"} if kind == "disposition" else {}


def test_no_contact_noted_by_hand_has_the_code_that_the_close_gives_to_silence() -> None:
    assert came_to("field_closed") == ("non_contact", "2.20")
    assert came_to("disposition") == ("non_contact", "2.20")
    assert came_to("disposition", "field_closed") == ("non_contact", "2.20")


def test_a_firm_where_nobody_is_there_until_the_end_keeps_a_code_of_its_own() -> None:
    assert came_to("unavailable") == ("non_contact", "2.26")


@pytest.mark.parametrize("kind", ["phone_no_answer", "phone_busy", "phone_voicemail"])
def test_a_call_that_reached_nobody_leaves_the_case_open(kind: str) -> None:
    assert came_to(kind) == ("not_started", "2.20")


def test_calls_count_by_what_they_told() -> None:
    assert came_to("phone_busy", "phone_call_back") == ("not_started", "2.30")
    assert came_to("phone_wrong_number") == ("not_started", "3.90")
    assert came_to("phone_wrong_number", "contact_corrected") == ("not_started", "2.20")
    assert came_to("given_up", "reached_again") == ("not_started", "2.20")


def test_a_call_is_told_with_its_number_and_when_to_call_again() -> None:
    detail = {"call": 3, "call_back": "2026-11-24T10:00:00+01:00", "note": "desk", "by": "ines"}

    told = describe("phone_call_back", detail, {})

    assert told == "Called, to be called back on 24 Nov 2026, 10:00 (call 3, desk, ines)"
