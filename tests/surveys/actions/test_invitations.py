from datetime import timedelta

import pytest

from surveys.actions import invitations
from surveys.actions.access_codes import new_code
from surveys.actions.invitations import AccessRefused
from surveys.models import Case, CaseEvent, Invitation, Wave
from tests.factories import NOON, make_response
from tests.surveys.firms import open_case

MONTH = timedelta(days=30)


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


def refusal_of(code: str, at=NOON) -> str:
    with pytest.raises(AccessRefused) as refused:
        invitations.admit(code=code, at=at)
    return refused.value.reason


def test_an_issued_code_admits_and_stays_good(case: Case):
    invitation, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)

    assert invitations.admit(code=code, at=NOON) == case
    assert invitations.admit(code=code.lower(), at=NOON + timedelta(days=1)) == case
    invitation.refresh_from_db()
    assert invitation.first_used_at == NOON


def test_nothing_stored_tells_the_code(case: Case):
    invitation, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)
    plain = code.replace("-", "")

    assert invitation.hint == plain[:4]
    stored = str(Invitation.objects.values().get()) + str(list(CaseEvent.objects.values()))
    assert plain not in stored
    assert plain[4:12] not in stored


def test_recognising_a_code_changes_nothing(case: Case):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)
    before = (list(Invitation.objects.values()), CaseEvent.objects.count())

    invitations.recognise(code=code, at=NOON)

    assert (list(Invitation.objects.values()), CaseEvent.objects.count()) == before


def test_a_code_that_was_never_issued_is_unknown(case: Case):
    assert refusal_of(new_code()) == "unknown"


def test_a_typing_mistake_is_told_apart_from_an_unknown_code(case: Case):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)

    assert refusal_of(code[:-1] + ("0" if code[-1] != "0" else "2")) == "mistyped"


def test_a_code_ends_at_its_moment(case: Case):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)

    assert refusal_of(code, at=NOON + MONTH) == "expired"
    assert invitations.admit(code=code, at=NOON + MONTH - timedelta(seconds=1)) == case


def test_a_revoked_code_admits_nobody_and_is_revoked_once(case: Case):
    invitation, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)

    assert invitations.revoke(invitation=invitation, at=NOON)
    assert not invitations.revoke(invitation=invitation, at=NOON)
    assert refusal_of(code) == "revoked"


@pytest.mark.parametrize(("state", "reason"), [("draft", "not_open"), ("closed", "closed")])
def test_a_wave_that_is_not_open_takes_nobody_in(case: Case, state: str, reason: str):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)
    Wave.objects.update(state=state)

    assert refusal_of(code) == reason


def test_after_closing_the_code_of_a_submitted_response_still_opens_its_receipt(case: Case):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + MONTH)
    make_response(case, submitted_at=NOON, reference="M-7K3F-92QX")
    Wave.objects.update(state="closed")

    assert invitations.admit(code=code, at=NOON) == case
