"""Access codes for many cases at once, in as many queries as for one; and their rotation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from surveys.actions import access_codes
from surveys.actions.dispositions import settle_cases
from surveys.actions.freezing import refuse_frozen, refuse_frozen_case
from surveys.actions.invitations import NEVER_INVITED, issue
from surveys.models import AuditEvent, Case, CaseEvent, Invitation, User, Wave


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


@transaction.atomic
def rotate(
    *, case: Case, by: User | None, at: datetime, expires_at: datetime
) -> tuple[Invitation, str]:
    """A new access code in place of every earlier one, which end now. Raises WaveFrozen.

    What was answered stays; visits that began with an earlier code end with it.
    """
    refuse_frozen_case(case)
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
    ended = end_codes(cases=[case.pk], at=at)
    issued = issue(case=case, at=at, expires_at=expires_at)
    AuditEvent.objects.create(
        user=by,
        survey=case.wave.survey,
        action="access_rotated",
        at=at,
        detail={"wave": case.wave.slug, "case": case.pseudonym, "ended": ended},
    )
    return issued


def end_codes(*, cases: Collection[int], at: datetime) -> int:
    """End every code of those cases now; how many had not been ended before."""
    open_codes = Invitation.objects.filter(case__in=cases, revoked_at=None)
    return revoke_many(invitations=list(open_codes.values_list("pk", flat=True)), at=at)


def end_former_codes(
    *, corrected: Mapping[int, datetime], but: Collection[int], at: datetime
) -> int:
    """End the codes that went to whom a message has now gone to somebody else in place of.

    `corrected` is when the contact was, by the key of the case: codes that were issued before
    are the former person's, `but` those that the message itself brings, whatever the clocks of
    two machines say. What was answered with them is the case's and stays.
    """
    if not corrected:
        return 0
    open_codes = Invitation.objects.filter(case__in=corrected, revoked_at=None)
    former = [
        key
        for key, case, issued_at in open_codes.values_list("pk", "case", "issued_at")
        if key not in but and issued_at < corrected[case]
    ]
    return revoke_many(invitations=former, at=at)


def _note(kind: str, invitations: Sequence[Invitation], at: datetime) -> None:
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=each.case_id, kind=kind, at=at, detail={"hint": each.hint})
        for each in invitations
    )
