"""Finding the invitation behind a code or behind a browser that was admitted."""

from uuid import UUID

from surveys.models import Case, Invitation
from surveys.queries.kept import Given, KeptQuery
from surveys.queries.visits import only_one, with_case

_OF_HASH = KeptQuery(
    lambda: with_case(Invitation.objects.filter(code_hash=Given(Invitation, "code_hash")))
)
_OF_CASE = KeptQuery(
    lambda: with_case(
        Invitation.objects.filter(
            pk=Given(Invitation, "pk"), case__public_id=Given(Case, "public_id")
        )
    )
)


def invitation_with_hash(code_hash: str) -> Invitation | None:
    """The invitation of that keyed hash, with its case, wave and response; one query."""
    return only_one(_OF_HASH, code_hash=code_hash)


def invitation_of_case(pk: int, case: UUID) -> Invitation | None:
    """The invitation of that key, if it belongs to the case; one query."""
    return only_one(_OF_CASE, pk=pk, public_id=case)
