"""What the fieldwork manager records about cases, and the codes for the letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from surveys.actions import invitations
from surveys.fieldwork.dispositions import may_move
from surveys.models import AuditEvent, Case, CaseEvent, User, Wave

RECORDABLE = (
    Case.Disposition.NOT_STARTED,
    Case.Disposition.REFUSAL,
    Case.Disposition.NON_CONTACT,
    Case.Disposition.NOT_ELIGIBLE,
)


class MoveRefused(Exception):
    """The case cannot take the disposition; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new access code and the firm whose letter it belongs in."""

    case: Case
    code: str


@transaction.atomic
def record_disposition(
    *, case: Case, disposition: str, note: str = "", by: User, at: datetime
) -> Case:
    """Note by hand what became of a case: refusal, no contact, not eligible, or waiting again.

    Raises MoveRefused if the wave is not open, if the firm's own answers decide the
    disposition, or if the move is not allowed.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("wave").get(pk=case.pk)
    before = case.disposition
    if not case.wave.is_open:
        raise MoveRefused("The field is not open: dispositions are recorded while it is.")
    if disposition not in RECORDABLE or not may_move(before, disposition):
        raise MoveRefused(
            f"A case that is “{case.get_disposition_display()}” cannot be set to "
            f"“{dict(Case.Disposition.choices).get(disposition, disposition)}” by hand."
        )
    case.disposition, case.disposition_at = disposition, at
    case.save(update_fields=["disposition", "disposition_at"])
    detail = {"before": before, "after": disposition, "by": by.get_username(), "note": note}
    CaseEvent.objects.create(case=case, kind="disposition", at=at, detail=detail)
    return case


@transaction.atomic
def issue_codes(
    *, wave: Wave, cases: Iterable[Case], expires_at: datetime, by: User | None, at: datetime
) -> tuple[IssuedCode, ...]:
    """A new access code for every case, all or none. The codes are returned here only."""
    issued = tuple(
        IssuedCode(case, invitations.issue(case=case, at=at, expires_at=expires_at)[1])
        for case in cases
    )
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="codes_issued",
        at=at,
        detail={"wave": wave.slug, "number": len(issued)},
    )
    return issued
