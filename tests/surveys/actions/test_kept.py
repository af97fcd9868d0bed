"""A kept statement writes what Django would write."""

import pytest

from surveys.actions.kept import KeptInsert, KeptUpdate
from surveys.models import Case, CaseEvent, PageVersion, Response
from tests.factories import NOON, make_response
from tests.surveys.firms import open_case

DETAIL = {"page": "size", "count": 3, "text": "50 % of “it”", "nothing": None}


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


def test_rows_are_inserted_with_every_column(case: Case):
    response = make_response(case)
    KeptInsert(CaseEvent).write(CaseEvent(case=case, kind="page_saved", at=NOON, detail=DETAIL))
    kept = KeptInsert(PageVersion)
    for revision in (7, 8):
        kept.write(
            PageVersion(
                response=response, page="size", revision=revision, answers=DETAIL, saved_at=NOON
            )
        )

    event = CaseEvent.objects.get(kind="page_saved")
    assert (event.case, event.at, event.detail) == (case, NOON, DETAIL)
    versions = PageVersion.objects.filter(response=response, contributor=None)
    assert [each.revision for each in versions] == [7, 8]
    assert {each.pk for each in versions}.isdisjoint({None})
    assert all((each.answers, each.saved_at) == (DETAIL, NOON) for each in versions)


def test_the_columns_named_are_written_and_no_others(case: Case):
    response = make_response(case, answers={"new_good": "no"})
    response.answers, response.language, response.reference = DETAIL, "nb", "not to be written"

    KeptUpdate(Response, ("answers", "language")).write(response)

    again = Response.objects.get(pk=response.pk)
    assert (again.answers, again.language, again.reference) == (DETAIL, "nb", "")


def test_a_row_that_is_gone_is_told(case: Case):
    response = make_response(case)
    Response.objects.all().delete()
    response.pk = 10**6

    with pytest.raises(Response.DoesNotExist):
        KeptUpdate(Response, ("language",)).write(response)
