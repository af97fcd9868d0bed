"""Whom to reach about a case: what the register says, or what was corrected since."""

from dataclasses import dataclass
from datetime import datetime

from surveys.models import Case, CorrectedContact


@dataclass(frozen=True, slots=True)
class CaseContact:
    """A person and how to reach them; of a register's contact `corrected_at` is None.

    `by` is who of the institute corrected it; empty where the firm did.
    """

    name: str
    email: str
    phone: str
    corrected_at: datetime | None = None
    by: str = ""


def contact_of(case: Case) -> CaseContact:
    """The contact that counts now. A corrected one counts as a whole."""
    found = CorrectedContact.objects.select_related("by").filter(case=case).first()
    if found is not None:
        by = found.by.get_username() if found.by else ""
        return CaseContact(found.name, found.email, found.phone, found.given_at, by)
    unit = case.unit
    if unit is None:
        return CaseContact("", "", "")
    return CaseContact(unit.contact_name, unit.email, unit.phone)
