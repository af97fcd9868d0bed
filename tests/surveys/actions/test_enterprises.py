from datetime import date
from typing import Any

import pytest

from surveys.actions.enterprises import EventRefused, record_event, successor_of
from surveys.models import AuditEvent, EnterpriseEvent, Survey, User
from tests.factories import NOON, make_enterprise, make_survey

pytestmark = pytest.mark.django_db


def record(survey: Survey, **changes: Any) -> EnterpriseEvent:
    plain = {
        "kind": "closed",
        "on": date(2026, 5, 1),
        "successor": None,
        "note": "",
        "by": None,
        "at": NOON,
    }
    firm = changes.pop("enterprise", None) or make_enterprise(survey)
    return record_event(enterprise=firm, **plain | changes)


def test_an_event_is_kept_with_who_and_when(survey: Survey, ada: User) -> None:
    heir = make_enterprise(survey, "R-2")

    event = record(survey, kind="merged", successor=heir, note="By phone", by=ada)

    assert (event.successor, event.by, event.note) == (heir, ada, "By phone")
    assert AuditEvent.objects.get().detail == {
        "enterprise": event.enterprise_id,
        "kind": "merged",
        "on": "2026-05-01",
    }


def test_an_event_that_cannot_be_is_refused_by_field(survey: Survey) -> None:
    firm = make_enterprise(survey, "R-9")
    stranger = make_enterprise(make_survey("other"), "R-3")
    for field, changes in (
        ("on", {"on": date(2027, 1, 1)}),
        ("successor", {"kind": "merged"}),
        ("successor", {"kind": "renamed", "successor": stranger}),
        ("successor", {"kind": "merged", "successor": stranger}),
        ("successor", {"kind": "merged", "successor": firm}),
    ):
        with pytest.raises(EventRefused) as refused:
            record(survey, enterprise=firm, **changes)
        assert refused.value.field == field
    assert not EnterpriseEvent.objects.exists()


def test_a_successor_is_found_within_the_survey_only(survey: Survey) -> None:
    make_enterprise(make_survey("other"), "R-3")
    firm = make_enterprise(survey, "R-2")

    assert successor_of(survey=survey, register_id="R-2") == firm
    assert successor_of(survey=survey, register_id="") is None
    with pytest.raises(EventRefused):
        successor_of(survey=survey, register_id="R-3")


def test_two_firms_do_not_merge_into_each_other(survey: Survey) -> None:
    first, second = make_enterprise(survey, "R-1"), make_enterprise(survey, "R-2")
    record(survey, enterprise=first, kind="merged", successor=second)

    with pytest.raises(EventRefused, match="merged into this one"):
        record(survey, enterprise=second, kind="merged", successor=first)

    assert record(survey, enterprise=first, kind="closed", successor=second).successor == second
