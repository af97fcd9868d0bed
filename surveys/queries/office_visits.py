"""A visit to a firm's pages by a person of the institute, who fills in what the firm says."""

from dataclasses import dataclass
from uuid import UUID

from surveys.models import Case, User


@dataclass(frozen=True, slots=True)
class OfficeVisit:
    """Who fills in for which firm."""

    case: Case
    user: User


def office_visit(case: UUID, user: User) -> OfficeVisit | None:
    """The visit of the person to the case, read with all that its pages need."""
    cases = Case.objects.select_related("wave__survey", "wave__instrument", "response")
    found = cases.defer("wave__instrument__document").filter(public_id=case).first()
    return OfficeVisit(found, user) if found is not None else None
