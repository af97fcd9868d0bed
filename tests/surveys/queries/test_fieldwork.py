from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.fieldwork.rates import Outcomes
from surveys.models import CaseEvent, Invitation, Response, Survey, Wave
from surveys.queries import fieldwork
from surveys.queries.latest import milestones, writing_lately
from tests.factories import (
    NOON,
    make_case,
    make_response,
    make_stratum,
    make_survey,
    make_wave,
)


@pytest.fixture
def wave(survey: Survey) -> Wave:
    """Two strata: 2 complete and 1 without a reply of weight 10; 1 refusal of weight 2."""
    wave = make_wave(survey)
    small, large = make_stratum(wave, "small"), make_stratum(wave, "large", population=4, drawn=2)
    for number, disposition in enumerate(["complete", "complete", "not_started"]):
        make_case(wave, small, f"S{number}", disposition=disposition)
    make_case(wave, large, "L0", disposition="refusal", design_weight=2.0)
    make_stratum(wave, "untouched", population=7, drawn=0)
    return wave


def test_cases_are_counted_by_stratum_and_disposition(wave: Wave) -> None:
    counted = fieldwork.tally(wave)

    assert [(each.label, dict(each.counts)) for each in counted.strata] == [
        ("large", {"refusal": 1}),
        ("small", {"complete": 2, "not_started": 1}),
        ("untouched", {}),
    ]
    assert counted.cases == 4
    assert counted.number("complete") == 2


def test_design_weights_are_summed_beside_the_counts(wave: Wave) -> None:
    counted = fieldwork.tally(wave)

    assert counted.outcomes == Outcomes(complete=2, non_contact=1, refusal=1)
    assert counted.weighted_outcomes == Outcomes(complete=20, non_contact=10, refusal=2)


def test_cases_of_another_wave_are_not_counted(wave: Wave) -> None:
    other = make_wave(make_survey("other"))
    make_case(other, make_stratum(other), "X", disposition="complete")

    assert fieldwork.tally(wave).cases == 4


def test_a_tally_is_one_statement_however_many_strata(wave: Wave) -> None:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        fieldwork.tally(wave)

    assert len(caught) == 1


def test_submissions_are_counted_by_day(wave: Wave) -> None:
    first, second, *_ = wave.cases.order_by("pk")
    make_response(first, submitted_at=NOON, reference="A")
    make_response(second, submitted_at=NOON - timedelta(days=2), reference="B")

    assert fieldwork.submissions_by_day(wave) == (
        (date(2026, 11, 19), 1),
        (date(2026, 11, 21), 1),
    )


def test_a_response_that_is_not_submitted_is_not_counted(wave: Wave) -> None:
    make_response(wave.cases.first())

    assert fieldwork.submissions_by_day(wave) == ()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["L0", "S0", "S1", "S2"]),
        ({"disposition": "complete"}, ["S0", "S1"]),
        ({"stratum": "large"}, ["L0"]),
        ({"search": "firm s1"}, ["S1"]),
        ({"sort": "-firm"}, ["S2", "S1", "S0", "L0"]),
        ({"sort": "password"}, ["L0", "S0", "S1", "S2"]),
    ],
)
def test_cases_are_filtered_and_sorted(wave: Wave, filters, found) -> None:
    cases = fieldwork.cases_of(wave, **filters)

    assert [case.pseudonym for case in cases] == found


def test_the_newest_event_comes_first_and_is_told(wave: Wave) -> None:
    case = wave.cases.first()
    CaseEvent.objects.create(case=case, kind="begun", at=NOON)
    CaseEvent.objects.create(case=case, kind="submitted", at=NOON + timedelta(hours=1))

    told = [event.sentence for event in milestones(wave)]

    assert told == ["Submitted", "Questionnaire begun"]


def test_the_sweep_at_closing_does_not_crowd_out_what_people_did(wave: Wave) -> None:
    case = wave.cases.first()
    swept = {"before": "started", "after": "partial"}
    CaseEvent.objects.create(case=case, kind="field_closed", at=NOON, detail=swept)
    recorded = {"before": "not_started", "after": "refusal", "by": "ben"}
    CaseEvent.objects.create(case=case, kind="disposition", at=NOON, detail=recorded)

    told = [event.sentence for event in milestones(wave)]

    assert told == ["Disposition No reply yet → Refusal (ben)"]


def test_pages_codes_and_mailings_do_not_crowd_out_what_became_of_firms(wave: Wave) -> None:
    case = wave.cases.first()
    CaseEvent.objects.create(case=case, kind="refused", at=NOON)
    for kind in ("page_saved", "page_left", "admitted", "access_issued", "reminded"):
        for minutes in range(9):
            CaseEvent.objects.create(case=case, kind=kind, at=NOON + timedelta(minutes=minutes))

    assert [event.sentence for event in milestones(wave)] == ["Refused"]


def test_firms_that_saved_a_page_lately_are_counted_once(wave: Wave) -> None:
    first, second, third, _ = wave.cases.order_by("pk")
    for case, hours in ((first, 1), (second, 23), (third, 25)):
        Response.objects.filter(case=case).delete()
        make_response(case, saved_at=NOON - timedelta(hours=hours))

    assert writing_lately(wave, NOON) == 2


def invite(case, **fields) -> Invitation:
    plain = {"hint": "ABCD", "issued_at": NOON, "expires_at": NOON + timedelta(days=30)}
    return Invitation.objects.create(case=case, code_hash=uuid4().hex, **plain | fields)


def test_only_cases_that_may_still_answer_and_have_no_code_are_invited(wave: Wave) -> None:
    assert [case.pseudonym for case in fieldwork.cases_to_invite(wave)] == ["S2"]

    invite(wave.cases.get(pseudonym="S2"))

    assert list(fieldwork.cases_to_invite(wave)) == []
    assert [each.pseudonym for each in fieldwork.cases_to_invite(wave, even_with_code=True)] == [
        "S2"
    ]


def test_a_case_whose_code_was_revoked_is_invited_again(wave: Wave) -> None:
    invite(wave.cases.get(pseudonym="S2"), revoked_at=NOON)

    assert [case.pseudonym for case in fieldwork.cases_to_invite(wave)] == ["S2"]


def test_codes_are_counted_by_what_became_of_them(wave: Wave) -> None:
    case = wave.cases.first()
    invite(case, first_used_at=NOON)
    invite(case, revoked_at=NOON)
    invite(
        case,
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        issued_at=datetime(2025, 1, 1, tzinfo=UTC),
    )

    assert fieldwork.code_counts(wave, NOON) == fieldwork.CodeCounts(
        issued=3, live=1, used=1, revoked=1
    )
