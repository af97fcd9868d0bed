"""Access codes of cases: issued once, kept as a keyed hash, good until they end."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.crypto import constant_time_compare

from surveys.actions import access_codes
from surveys.models import Case, CaseEvent, Invitation
from surveys.queries.invitations import invitation_with_hash

Refusal = Literal["mistyped", "unknown", "revoked", "expired", "not_open", "closed"]


class AccessRefused(Exception):
    """The code does not open its questionnaire; `reason` says why."""

    def __init__(self, reason: Refusal, invitation: Invitation | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.invitation = invitation


@transaction.atomic
def issue(*, case: Case, at: datetime, expires_at: datetime) -> tuple[Invitation, str]:
    """Give the case an access code. The code itself is returned here and never again."""
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
    wave = invitation.case.wave
    response = getattr(invitation.case, "response", None)
    if wave.is_open or (response is not None and response.is_submitted):
        return
    raise AccessRefused("not_open" if wave.state == wave.State.DRAFT else "closed", invitation)


@transaction.atomic
def admit(*, code: str, at: datetime) -> Case:
    """Open the questionnaire of the code; the code stays good. Raises AccessRefused."""
    invitation = recognise(code=code, at=at)
    Invitation.objects.filter(pk=invitation.pk, first_used_at=None).update(first_used_at=at)
    CaseEvent.objects.create(
        case=invitation.case, kind="admitted", at=at, detail={"hint": invitation.hint}
    )
    return invitation.case
