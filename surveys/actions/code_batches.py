"""Access codes for many cases at once, in a number of queries that does not grow with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from surveys.actions import access_codes
from surveys.actions.dispositions import settle_cases
from surveys.actions.freezing import refuse_frozen
from surveys.actions.invitations import NEVER_INVITED
from surveys.models import Case, CaseEvent, Invitation, Wave


@dataclass(frozen=True, slots=True)
class Issued:
    """A new code: its invitation, and the code itself, which is kept nowhere."""

    invitation: Invitation
    code: str


@transaction.atomic
def issue_many(
    *, wave: Wave, cases: Sequence[Case], at: datetime, expires_at: datetime
) -> Mapping[int, Issued]:
    """A new access code for every case of the wave, by the key of the case.

    Raises WaveFrozen.
    """
    if not cases:
        return {}
    refuse_frozen(wave)
    codes = {case.pk: access_codes.new_code() for case in cases}
    made = Invitation.objects.bulk_create(
        Invitation(
            case=case,
            code_hash=access_codes.keyed_hash(codes[case.pk]),
            hint=codes[case.pk][:4],
            issued_at=at,
            expires_at=expires_at,
        )
        for case in cases
    )
    _note("access_issued", made, at)
    never = [case.pk for case in cases if case.final_code in ("", NEVER_INVITED)]
    if never:
        settle_cases(wave=wave, at=at, cases=never)
    return {
        invitation.case_id: Issued(invitation, access_codes.grouped(codes[invitation.case_id]))
        for invitation in made
    }


@transaction.atomic
def revoke_many(*, invitations: Collection[int], at: datetime) -> int:
    """End those codes now; how many had not been ended before."""
    still_good = Invitation.objects.filter(pk__in=invitations, revoked_at=None)
    ended = list(still_good.select_for_update().order_by("pk"))
    Invitation.objects.filter(pk__in=[each.pk for each in ended]).update(revoked_at=at)
    _note("access_revoked", ended, at)
    return len(ended)


def _note(kind: str, invitations: Sequence[Invitation], at: datetime) -> None:
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=each.case_id, kind=kind, at=at, detail={"hint": each.hint})
        for each in invitations
    )
