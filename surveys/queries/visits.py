"""What every page of a firm reads of its case, in one query.

Stratum and unit are read by the few questionnaires whose route rests on the frame, or that
follow another wave. Whether people are named and drafts wait is asked in plain SQL, which
costs a page nothing; as queries of their own, that nearly always find nothing, they would.
"""

from typing import Any, TypeVar

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from surveys.models import Case, Contributor, Invitation, PageDraft, Response
from surveys.queries.kept import Given, KeptQuery

_Admitted = TypeVar("_Admitted", Invitation, Contributor)

_PEOPLE = (
    f"EXISTS (SELECT 1 FROM {Contributor._meta.db_table} people"  # noqa: S608 -- names of ours
    f" WHERE people.case_id = {Case._meta.db_table}.id)"
)
_DRAFTS = (
    f"EXISTS (SELECT 1 FROM {PageDraft._meta.db_table} drafts"  # noqa: S608 -- names of ours
    f" WHERE drafts.response_id = {Response._meta.db_table}.id)"
)
_SEEN = "_seen"
_AGAIN = KeptQuery(
    lambda: (
        Response.objects.select_related("case__wave")
        .filter(case=Given(Response, "case"))
        .annotate(has_drafts=_drafts())
    )
)


def _drafts() -> RawSQL:
    return RawSQL(_DRAFTS, (), output_field=BooleanField())  # noqa: S611 -- no value is in it


def with_case(admitted: QuerySet[_Admitted]) -> QuerySet[_Admitted]:
    """Invitations or people of firms, with all that a page needs of their case."""
    return (
        admitted.select_related("case__wave__survey", "case__wave__instrument", "case__response")
        .defer("case__wave__instrument__document")
        .annotate(
            has_people=RawSQL(_PEOPLE, (), output_field=BooleanField()),  # noqa: S611 -- no value is in it
            has_drafts=_drafts(),
        )
    )


def only_one(admitted: KeptQuery[_Admitted], **values: Any) -> _Admitted | None:
    """The one that is found, its case knowing what was seen beside it; or None."""
    found: Any = admitted.one(**values)
    if found is not None:
        seen = {"people": found.has_people, "drafts": found.has_drafts}
        setattr(found.case, _SEEN, seen)
    return found  # type: ignore[no-any-return]


def takes_answers(case: Case) -> bool:
    """Whether firms answer now: while the field is open, or as a case reopened after it."""
    wave = case.wave
    if wave.is_open:
        return True
    # The close left no case waiting: one that waits was reopened since.
    waits = (Case.Disposition.STARTED, Case.Disposition.NOT_STARTED)
    return wave.closed_at is not None and case.disposition in waits


def may_have_people(case: Case) -> bool:
    """False if it was seen, as the page was opened, that nobody of the firm is named."""
    return bool(getattr(case, _SEEN, {}).get("people", True))


def may_have_drafts(case: Case) -> bool:
    """False if it was seen, as the page was opened, that nothing typed waits to be saved."""
    return bool(getattr(case, _SEEN, {}).get("drafts", True))


def response_again(case: Case) -> Response | None:
    """The response of the case and its wave as they stand now; what was seen, seen again."""
    response: Any = _AGAIN.one(case=case.pk)
    if response is not None:
        seen = getattr(case, _SEEN, {}) | {"drafts": response.has_drafts}
        setattr(response.case, _SEEN, seen)
    return response  # type: ignore[no-any-return]
