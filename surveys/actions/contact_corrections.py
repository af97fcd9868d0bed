"""Whom to reach about a case, corrected by the firm itself or by a person of the institute.

A correction is of the firm, in every wave. Names, addresses and numbers stand with it alone:
neither the history nor the audit repeats them. The codes of who was written to before end as
soon as a message goes to the new contact, or at once if that person has left the firm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.code_batches import end_codes
from surveys.actions.dispositions import settle
from surveys.models import (
    AuditEvent,
    Case,
    CaseEvent,
    CorrectedContact,
    PhoneListing,
    User,
    Wave,
)
from surveys.queries.barred import is_callable
from surveys.queries.case_contacts import contact_of, register_hash_of
from surveys.queries.contacts import is_usable

THE_FIRM = "the firm"
_LONGEST_NAME = 120
# What a call came to that a new contact makes good.
_MADE_GOOD = ("wrong_number", "wrong_contact")


class CorrectionRefused(Exception):
    """The contact cannot be kept; `problems` are sentences by field, '' for the whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class GivenContact:
    """The right person, and how to reach them: by e-mail, by telephone, or both.

    `former_has_left` says that whoever was written to before is not with the firm any more.
    """

    name: str
    email: str = ""
    phone: str = ""
    former_has_left: bool = False


@transaction.atomic
def correct_contact(
    *, case: Case, contact: GivenContact, by: User | None, at: datetime
) -> CorrectedContact:
    """Reach the firm by that contact from now on; `by` None: the firm said so itself.

    It counts as a whole, in place of the register's, in this wave and every later one. The
    same contact given twice is kept once. Raises CorrectionRefused.
    """
    case = _open_case(case)
    if problems := _problems(contact):
        raise CorrectionRefused(problems)
    if contact.former_has_left:
        end_codes(cases=_answering(case), at=at)
    now = contact_of(case)
    if now.corrected_at and (now.name, now.email, now.phone) == _fields(contact):
        return CorrectedContact.objects.get(**_whose(case))
    kept, _ = CorrectedContact.objects.update_or_create(
        **_whose(case),
        defaults={
            "name": contact.name,
            "email": contact.email,
            "phone": contact.phone,
            "register_hash": register_hash_of(case),
            "given_at": at,
            "given_in": case.wave,
            "by": by,
        },
    )
    listing = PhoneListing.objects.filter(case__in=_answering(case), last_outcome__in=_MADE_GOOD)
    listing.update(ended_at=None, call_at=None)
    _record(case, "contact_corrected", by, at)
    return kept


@transaction.atomic
def say_wrong_person(*, case: Case, at: datetime) -> None:
    """Keep that the firm's contact is not the right person, and does not know who is.

    Raises CorrectionRefused.
    """
    _record(_open_case(case), "wrong_contact", None, at)


def _open_case(case: Case) -> Case:
    locked = Case.objects.select_for_update(of=("self",)).select_related("wave__survey", "unit")
    case = locked.get(pk=case.pk)
    if not case.wave.is_open:
        raise CorrectionRefused({"": "The field is not open: contacts are corrected while it is."})
    return case


def _whose(case: Case) -> dict[str, Any]:
    """The firm of the case; the case itself where the firm is not known over waves."""
    if case.unit is not None and case.unit.enterprise_id is not None:
        return {"enterprise_id": case.unit.enterprise_id}
    return {"case": case}


def _answering(case: Case) -> list[int]:
    """The cases of the firm in waves whose field is open, that one among them."""
    if case.unit is None or case.unit.enterprise_id is None:
        return [case.pk]
    of_firm = Case.objects.filter(
        unit__enterprise=case.unit.enterprise_id, wave__state=Wave.State.OPEN
    )
    return list(of_firm.order_by("pk").values_list("pk", flat=True))


def _fields(contact: GivenContact) -> tuple[str, str, str]:
    return contact.name, contact.email, contact.phone


def _problems(contact: GivenContact) -> dict[str, str]:
    problems = {}
    if not contact.name.strip():
        problems["name"] = "Give the name of the right person."
    elif len(contact.name) > _LONGEST_NAME or not contact.name.isprintable():
        problems["name"] = f"Give the name on one line of at most {_LONGEST_NAME} characters."
    if contact.email and not is_usable(contact.email):
        problems["email"] = "That is no e-mail address. Give one like name@firm.example."
    if contact.phone and not is_callable(contact.phone):
        problems["phone"] = "That is no telephone number. Give one like +47 22 00 00 00."
    if not contact.email and not contact.phone:
        problems["email"] = "Give an e-mail address or a telephone number."
    return problems


def _record(case: Case, kind: str, by: User | None, at: datetime) -> None:
    detail = {"by": by.get_username() if by else THE_FIRM}
    CaseEvent.objects.create(case=case, kind=kind, at=at, detail=detail, by=by)
    if by is not None:
        AuditEvent.objects.create(
            user=by,
            survey=case.wave.survey,
            action=kind,
            at=at,
            detail={"wave": case.wave.slug, "case": case.pseudonym},
        )
    settle(case=case, at=at)
