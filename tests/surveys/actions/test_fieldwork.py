from datetime import timedelta

import pytest

from surveys.actions.fieldwork import MoveRefused, issue_codes, record_disposition
from surveys.actions.invitations import admit
from surveys.models import AuditEvent, Case, CaseEvent, Invitation, Survey, User, Wave
from tests.factories import NOON, make_case, make_instrument, make_stratum, make_wave

LATER = NOON + timedelta(days=30)


@pytest.fixture
def wave(survey: Survey) -> Wave:
    return make_wave(survey, state="open", instrument=make_instrument({}, fingerprint="f" * 64))


@pytest.fixture
def case(wave: Wave) -> Case:
    return make_case(wave, make_stratum(wave))


def test_a_refusal_is_recorded_with_its_source_and_who_took_it(case: Case, ben: User) -> None:
    record_disposition(case=case, disposition="refusal", note="phone call", by=ben, at=NOON)

    assert Case.objects.values_list("disposition", "disposition_at").get() == ("refusal", NOON)
    assert CaseEvent.objects.values_list("kind", "detail").get() == (
        "disposition",
        {"before": "not_started", "after": "refusal", "by": "ben", "note": "phone call"},
    )


@pytest.mark.parametrize("disposition", ["complete", "partial", "started", "asleep"])
def test_what_only_answers_can_decide_is_not_recorded_by_hand(
    case: Case, ben: User, disposition: str
) -> None:
    with pytest.raises(MoveRefused):
        record_disposition(case=case, disposition=disposition, by=ben, at=NOON)

    assert Case.objects.get().disposition == "not_started"


def test_a_complete_case_is_not_made_a_refusal(case: Case, ben: User) -> None:
    Case.objects.update(disposition="complete")

    with pytest.raises(MoveRefused, match="“Complete” cannot be set to “Refusal”"):
        record_disposition(case=case, disposition="refusal", by=ben, at=NOON)


def test_a_closed_field_takes_no_more_dispositions(case: Case, ben: User) -> None:
    Wave.objects.update(state="closed")

    with pytest.raises(MoveRefused, match="not open"):
        record_disposition(case=case, disposition="refusal", by=ben, at=NOON)


def test_every_case_gets_a_code_that_opens_its_questionnaire(wave: Wave, ben: User) -> None:
    stratum = make_stratum(wave)
    cases = [make_case(wave, stratum, name) for name in ("A", "B")]

    issued = issue_codes(wave=wave, cases=cases, expires_at=LATER, by=ben, at=NOON)

    assert [admit(code=each.code, at=NOON) for each in issued] == cases
    assert len({each.code for each in issued}) == 2


def test_issuing_codes_is_audited_without_the_codes(wave: Wave, case: Case, ben: User) -> None:
    issue_codes(wave=wave, cases=[case], expires_at=LATER, by=ben, at=NOON)

    assert AuditEvent.objects.values_list("user", "action", "detail").get() == (
        ben.pk, "codes_issued", {"wave": "2025", "number": 1},
    )  # fmt: skip
    assert Invitation.objects.get().expires_at == LATER
