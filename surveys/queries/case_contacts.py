"""Whom to reach about a case: what the register says, or what was corrected since.

A correction is of the firm, and holds in every wave. The firm's own word stands against the
register's until a newer version of the list names somebody new: neither whom it named when
the contact was corrected, nor who took their place.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from surveys.models import Case, CorrectedContact

CONTACT = (
    "unit__frame",
    "unit__enterprise__corrected_contact__by",
    "unit__enterprise__corrected_contact__given_in",
    "corrected_contact__by",
    "corrected_contact__given_in",
)
"""What `contact_in` needs to have been read with a case."""

_CORRECTIONS = ("unit__enterprise__corrected_contact", "corrected_contact")
_OF_UNIT = ("unit__contact_name", "unit__email", "unit__phone")
COLUMNS = (
    *_OF_UNIT,
    "unit__frame__made_at",
    *(
        f"{correction}__{field}"
        for correction in _CORRECTIONS
        for field in ("name", "email", "phone", "given_at", "register_hash")
    ),
)
"""What `contact_from` needs of a row of values."""


@dataclass(frozen=True, slots=True)
class CaseContact:
    """A person and how to reach them; of a register's contact `corrected_at` is None.

    `by` is who of the institute corrected it, empty where the firm did; `wave` is the one in
    which that was. `is_overtaken` says that a correction gave way to a newer list.
    """

    name: str
    email: str
    phone: str
    corrected_at: datetime | None = None
    by: str = ""
    wave: str = ""
    is_overtaken: bool = False


def contact_of(case: Case) -> CaseContact:
    """The contact that counts now, read anew."""
    return contact_in(Case.objects.select_related(*CONTACT).get(pk=case.pk))


def contact_in(case: Case) -> CaseContact:
    """The contact that counts, of a case that was read with `CONTACT`."""
    unit = case.unit
    of_unit = (unit.contact_name, unit.email, unit.phone) if unit else ("", "", "")
    found = _correction_in(case)
    if found is None:
        return CaseContact(*of_unit)
    if unit and _has_learnt(of_unit, unit.frame.made_at, _as_row(found)):
        return CaseContact(*of_unit, is_overtaken=True)
    return CaseContact(
        found.name,
        found.email,
        found.phone,
        found.given_at,
        found.by.get_username() if found.by else "",
        found.given_in.title if found.given_in else "",
    )


def contact_from(row: Mapping[str, Any]) -> CaseContact:
    """The contact that counts, of a row with `COLUMNS`; by whom is not told."""
    name, email, phone = (row[column] or "" for column in _OF_UNIT)
    of_unit = (name, email, phone)
    for correction in _CORRECTIONS:
        if row[f"{correction}__given_at"] is None:
            continue
        found = {field: row[f"{correction}__{field}"] for field in _FIELDS}
        made_at = row["unit__frame__made_at"]
        if made_at is not None and _has_learnt(of_unit, made_at, found):
            return CaseContact(*of_unit, is_overtaken=True)
        return CaseContact(found["name"], found["email"], found["phone"], found["given_at"])
    return CaseContact(*of_unit)


def contact_hash(name: str, email: str, phone: str) -> str:
    """What is kept of a contact that was replaced: the same however it was spaced or cased."""
    key = settings.ACCESS_CODE_PEPPER.encode()
    spelled = "\n".join(" ".join(part.split()).casefold() for part in (name, email, phone))
    return hmac.new(key, b"contact:" + spelled.encode(), hashlib.sha256).hexdigest()


def register_hash_of(case: Case) -> str:
    """The hash of what the register says of the case's firm; empty without a register."""
    unit = case.unit
    return contact_hash(unit.contact_name, unit.email, unit.phone) if unit else ""


_FIELDS = ("name", "email", "phone", "given_at", "register_hash")


def _correction_in(case: Case) -> CorrectedContact | None:
    enterprise = case.unit.enterprise if case.unit else None
    of_firm: CorrectedContact | None = getattr(enterprise, "corrected_contact", None)
    return of_firm or getattr(case, "corrected_contact", None)


def _as_row(found: CorrectedContact) -> dict[str, Any]:
    return {field: getattr(found, field) for field in _FIELDS}


def _has_learnt(
    of_unit: tuple[str, str, str], made_at: datetime, correction: Mapping[str, Any]
) -> bool:
    """Whether the list is newer than the correction and names somebody new."""
    if made_at <= correction["given_at"] or not (of_unit[1].strip() or of_unit[2].strip()):
        return False
    given = contact_hash(*(correction[field] for field in ("name", "email", "phone")))
    return contact_hash(*of_unit) not in (correction["register_hash"], given)
