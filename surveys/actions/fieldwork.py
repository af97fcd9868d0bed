"""What the fieldwork manager records about cases, and the codes for the letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from surveys.actions import invitations
from surveys.actions.dispositions import settle
from surveys.actions.freezing import refuse_frozen
from surveys.fieldwork.dispositions import may_move
from surveys.models import AuditEvent, Case, CaseEvent, User, Wave

RECORDABLE = (
    Case.Disposition.NOT_STARTED,
    Case.Disposition.REFUSAL,
    Case.Disposition.NON_CONTACT,
    Case.Disposition.NOT_ELIGIBLE,
)


OUTCOMES: Mapping[str, str] = {
    "refused": "Refused to take part",
    "refusal_withdrawn": "Takes back a refusal",
    "phone_promised": "Reached, promised to answer",
    "phone_reached": "Reached, nothing promised",
    "phone_no_answer": "Called, no answer",
    "unavailable": "Nobody there until the field closes",
    "unable": "Reached, not able to answer",
    "language_barrier": "Reached, no language in common",
    "reached_again": "Can be reached after all",
    "wrong_contact": "The contact does not belong to the firm",
    "contact_corrected": "The contact was corrected",
    "out_of_business": "Out of business",
    "merged": "Merged into another firm",
    "out_of_scope": "Outside the population",
    "duplicate": "Listed twice on the frame",
    "not_eligible": "Not eligible for another reason",
    "found_eligible": "Eligible after all",
}
"""What a person may note of a case, by the kind of event, in the words of its page."""


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
    detail = {"before": before, "after": disposition, "by": by.get_username(), "note": note}
    CaseEvent.objects.create(case=case, kind="disposition", at=at, detail=detail, by=by)
    settle(case=case, at=at)
    return case


@transaction.atomic
def record_outcome(*, case: Case, outcome: str, note: str = "", by: User, at: datetime) -> Case:
    """Note what was learnt of a case; its disposition follows by the table of precedence.

    What is noted last need not decide: an answer stands above a call that nobody took up.
    Raises MoveRefused if the field is not open or there is no such outcome.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("wave").get(pk=case.pk)
    if not case.wave.is_open:
        raise MoveRefused("The field is not open: outcomes are recorded while it is.")
    if outcome not in OUTCOMES:
        raise MoveRefused(f"“{outcome}” is no outcome that can be recorded.")
    detail = {"by": by.get_username()} | ({"note": note} if note else {})
    CaseEvent.objects.create(case=case, kind=outcome, at=at, detail=detail, by=by)
    settle(case=case, at=at)
    return case


@transaction.atomic
def issue_codes(
    *, wave: Wave, cases: Iterable[Case], expires_at: datetime, by: User | None, at: datetime
) -> tuple[IssuedCode, ...]:
    """A new access code for every case, all or none. The codes are returned here only.

    Raises WaveFrozen.
    """
    refuse_frozen(wave)
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
