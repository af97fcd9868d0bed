"""Finding the invitation behind a code or behind a browser that was admitted."""

from uuid import UUID

from django.db.models import QuerySet

from surveys.models import Invitation


def invitation_with_hash(code_hash: str) -> Invitation | None:
    """The invitation of that keyed hash, with its case, wave and response; one query."""
    return _invitations().filter(code_hash=code_hash).first()


def invitation_of_case(pk: int, case: UUID) -> Invitation | None:
    """The invitation of that key, if it belongs to the case; one query."""
    return _invitations().filter(pk=pk, case__public_id=case).first()


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related(
        "case__wave__survey", "case__wave__instrument", "case__response"
    ).defer("case__wave__instrument__document")
