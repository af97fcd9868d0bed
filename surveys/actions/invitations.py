"""Access codes of cases: issued once, kept as a keyed hash, good until they end."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.crypto import constant_time_compare

from surveys.actions import access_codes
from surveys.actions.dispositions import settle
from surveys.actions.freezing import refuse_frozen_case
from surveys.fieldwork.codes import final
from surveys.models import Case, CaseEvent, Contributor, Invitation
from surveys.queries.invitations import invitation_with_hash
from surveys.queries.visits import takes_answers

Refusal = Literal[
    "mistyped", "unknown", "revoked", "expired", "withdrawn", "link_over", "not_open", "closed"
]


NEVER_INVITED = final("not_sent").code


class AccessRefused(Exception):
    """The code does not open its questionnaire; `reason` says why.

    `invitation` is what the code named: an access code, or the link of a colleague.
    """

    def __init__(self, reason: Refusal, invitation: Invitation | Contributor | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.invitation = invitation


@transaction.atomic
def issue(*, case: Case, at: datetime, expires_at: datetime) -> tuple[Invitation, str]:
    """Give the case an access code. The code itself is returned here and never again.

    Raises WaveFrozen.
    """
    refuse_frozen_case(case)
    code = access_codes.new_code()
    invitation = Invitation.objects.create(
        case=case,
        code_hash=access_codes.keyed_hash(code),
        hint=code[:4],
        issued_at=at,
        expires_at=expires_at,
    )
    CaseEvent.objects.create(
        case=case, kind="access_issued", at=at, detail={"hint": invitation.hint}
    )
    if case.final_code in ("", NEVER_INVITED):
        settle(case=case, at=at)
    return invitation, access_codes.grouped(code)


@transaction.atomic
def revoke(*, invitation: Invitation, at: datetime) -> bool:
    """End the code now. False if it had been ended before."""
    open_invitation = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    if not open_invitation.update(revoked_at=at):
        return False
    invitation.revoked_at = at
    CaseEvent.objects.create(
        case=invitation.case, kind="access_revoked", at=at, detail={"hint": invitation.hint}
    )
    return True


def recognise(*, code: str, at: datetime) -> Invitation:
    """The invitation that a typed code opens; changes nothing.

    A code of a submitted response opens its receipt, also after the wave has closed.
    Raises AccessRefused.
    """
    try:
        code_hash = access_codes.keyed_hash(access_codes.normalised(code))
    except access_codes.MistypedCode:
        raise AccessRefused("mistyped") from None
    invitation = invitation_with_hash(code_hash)
    if invitation is None or not constant_time_compare(invitation.code_hash, code_hash):
        raise AccessRefused("unknown")
    still_good(invitation=invitation, at=at)
    return invitation


def still_good(*, invitation: Invitation, at: datetime) -> None:
    """Raise AccessRefused if the invitation does not open its questionnaire at that moment."""
    if invitation.revoked_at is not None:
        raise AccessRefused("revoked", invitation)
    if invitation.expires_at <= at:
        raise AccessRefused("expired", invitation)
    takes_visitors(invitation)


def takes_visitors(admitted: Invitation | Contributor) -> None:
    """Raise AccessRefused if the questionnaire is not there to be answered, or to be read."""
    wave = admitted.case.wave
    response = getattr(admitted.case, "response", None)
    if takes_answers(admitted.case) or (response is not None and response.is_submitted):
        return
    raise AccessRefused("not_open" if wave.state == wave.State.DRAFT else "closed", admitted)


@transaction.atomic
def admit(*, code: str, at: datetime) -> Case:
    """Open the questionnaire of the code; the code stays good. Raises AccessRefused."""
    invitation = recognise(code=code, at=at)
    unused = Invitation.objects.filter(pk=invitation.pk, first_used_at=None)
    is_first = unused.update(first_used_at=at)
    CaseEvent.objects.create(
        case=invitation.case, kind="admitted", at=at, detail={"hint": invitation.hint}
    )
    if is_first:
        Case.objects.select_for_update().only("pk").get(pk=invitation.case.pk)
        settle(case=invitation.case, at=at)
    return invitation.case
