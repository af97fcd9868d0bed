from datetime import timedelta
from typing import Any

import pytest

from surveys.actions import responses
from surveys.actions.responses import Decision
from surveys.models import AuditEvent, Case, CaseEvent, PageVersion, Response, User, Wave
from tests.factories import NOON, make_response
from tests.surveys.firms import open_case

LATER = NOON + timedelta(hours=1)
COMPLETE: dict[str, Any] = {
    "new_good": "no",
    "employment": 12,
    "employment_first": 10,
    "turnover": {"amount": 2500000, "unit": "units"},
    "activity": ["none"],
    "sources.fairs": None,
    "start_year": 1987,
    "graduate_share": None,
    "comment": None,
}


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


def save(
    case: Case, page: str, answers: dict[str, Any], built_on: int = 0, **more: Any
) -> Response:
    return responses.save_page(
        case=case, page=page, answers=answers, built_on=built_on, **({"at": NOON} | more)
    )


def test_beginning_marks_the_case_as_started_once(case: Case):
    first = responses.begin(case=case, at=NOON)
    second = responses.begin(case=case, at=LATER)

    assert first == second
    case.refresh_from_db()
    assert (case.disposition, case.disposition_at) == ("started", NOON)
    assert list(CaseEvent.objects.values_list("kind", flat=True)) == ["begun"]


def test_a_refusal_that_answers_after_all_has_started(case: Case):
    Case.objects.update(disposition="refusal")

    responses.begin(case=case, at=NOON)

    case.refresh_from_db()
    assert case.disposition == "started"


def test_a_firm_that_is_not_eligible_stays_so(case: Case):
    detail = {"before": "not_started", "after": "not_eligible"}
    CaseEvent.objects.create(case=case, kind="disposition", at=NOON, detail=detail)

    save(case, "new_good", {"new_good": "yes"})

    case.refresh_from_db()
    assert case.disposition == "not_eligible"


def test_saving_a_page_keeps_answers_revision_and_version(case: Case):
    save(case, "new_good", {"new_good": "yes"})
    response = save(case, "size", {"employment": 3}, built_on=1, at=LATER)

    assert response.answers == {
        "new_good": "yes",
        "employment": 3,
        "employment_first": None,
        "turnover": None,
    }
    assert (response.revision, response.saved_at) == (2, LATER)
    assert response.page_revisions == {"new_good": 1, "size": 2}
    assert list(PageVersion.objects.values_list("page", "revision", "answers")) == [
        ("new_good", 1, {"new_good": "yes"}),
        ("size", 2, {"employment": 3, "employment_first": None, "turnover": None}),
    ]


def test_paradata_hold_no_answer(case: Case):
    save(case, "last", {"comment": "canary", "start_year": 1999})

    events = list(CaseEvent.objects.values_list("kind", "detail"))
    assert events == [
        ("begun", {}),
        ("page_saved", {"page": "last", "revision": 1, "edits": {}, "share": 0.2222}),
    ]


def test_the_same_answers_sent_twice_are_written_once(case: Case):
    save(case, "new_good", {"new_good": "yes"})
    response = save(case, "new_good", {"new_good": "yes"}, at=LATER)

    assert (response.revision, response.saved_at) == (1, NOON)
    assert PageVersion.objects.count() == 1


def test_a_page_that_someone_else_saved_is_not_overwritten(case: Case):
    save(case, "new_good", {"new_good": "yes"})

    with pytest.raises(responses.PageConflict) as conflict:
        save(case, "new_good", {"new_good": "no"})

    assert conflict.value.saved == {"new_good": "yes"}
    assert conflict.value.revision == 1
    assert Response.objects.get().answers == {"new_good": "yes"}


def test_two_people_on_different_pages_do_not_collide(case: Case):
    save(case, "new_good", {"new_good": "yes"}, built_on=0)
    response = save(case, "last", {"comment": "Fine"}, built_on=0)

    assert response.answers["new_good"] == "yes"
    assert response.answers["comment"] == "Fine"


def test_a_conflict_is_settled_by_building_on_what_was_shown(case: Case):
    save(case, "new_good", {"new_good": "yes"})

    response = save(case, "new_good", {"new_good": "no"}, built_on=1)

    assert response.answers == {"new_good": "no"}


def test_answers_left_off_the_route_are_kept_and_count_again(case: Case):
    save(case, "new_good", {"new_good": "yes"})
    save(case, "turnover_newness", {"turnover_newness": {"new": 30, "unchanged": 70}}, 1)
    save(case, "new_good", {"new_good": "no"}, 2)

    with pytest.raises(responses.OffRoute):
        save(case, "turnover_newness", {"turnover_newness": None}, 3)

    kept = Response.objects.get().answers
    assert kept["turnover_newness"] == {"new": 30, "unchanged": 70}


def test_a_page_that_does_not_exist_is_off_the_route(case: Case):
    with pytest.raises(responses.OffRoute):
        save(case, "nowhere", {})


def test_answers_of_another_page_are_refused(case: Case):
    with pytest.raises(ValueError, match="employment"):
        save(case, "new_good", {"new_good": "yes", "employment": 3})

    assert not Response.objects.exists()


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_wave_that_is_not_open_takes_no_answers_and_keeps_those_it_has(case: Case, state: str):
    save(case, "new_good", {"new_good": "yes"})
    Wave.objects.update(state=state)

    with pytest.raises(responses.WaveClosed):
        save(case, "new_good", {"new_good": "no"}, 1)
    with pytest.raises(responses.WaveClosed):
        responses.submit(case=case, at=NOON)

    assert Response.objects.get().answers == {"new_good": "yes"}


def test_nothing_is_begun_in_a_closed_wave(case: Case):
    Wave.objects.update(state="closed")

    with pytest.raises(responses.WaveClosed):
        save(case, "new_good", {"new_good": "yes"})

    assert not Response.objects.exists()


def test_decisions_on_soft_edits_are_kept_with_their_reason(case: Case):
    decision = Decision("turnover_without_staff", "You told us …", kept=True, reason="A holding.")
    answers = {"employment": 0, "turnover": {"amount": 1, "unit": "units"}}

    response = save(case, "size", answers, decisions=[decision])

    assert response.edit_decisions == {
        "turnover_without_staff": {
            "message": "You told us …",
            "kept": True,
            "reason": "A holding.",
            "at": NOON.isoformat(),
        }
    }
    assert CaseEvent.objects.get(kind="page_saved").detail["edits"] == {
        "turnover_without_staff": True
    }


def test_submitting_gives_a_reference_and_completes_the_case(case: Case):
    make_response(case, COMPLETE)

    response = responses.submit(case=case, at=LATER)

    assert response.submitted_at == LATER
    assert len(response.reference) == 11
    assert response.reference.startswith("M-")
    case.refresh_from_db()
    assert (case.disposition, case.disposition_at) == ("complete", LATER)


def test_submitting_twice_is_submitting_once(case: Case):
    make_response(case, COMPLETE)
    first = responses.submit(case=case, at=NOON)

    second = responses.submit(case=case, at=LATER)

    assert (second.submitted_at, second.reference) == (NOON, first.reference)
    assert CaseEvent.objects.filter(kind="submitted").count() == 1


def test_a_submitted_response_is_read_only(case: Case):
    make_response(case, COMPLETE)
    responses.submit(case=case, at=NOON)

    with pytest.raises(responses.AlreadySubmitted):
        save(case, "new_good", {"new_good": "yes"}, 1)

    assert Response.objects.get().answers == COMPLETE


def problems_of_submitting(case: Case) -> list[tuple[str, str]]:
    with pytest.raises(responses.StillFailing) as failing:
        responses.submit(case=case, at=NOON)
    assert not Response.objects.get().is_submitted
    return [(problem.page, problem.item) for problem in failing.value.problems]


def test_a_questionnaire_that_was_not_gone_through_is_not_submitted(case: Case):
    make_response(case, {"new_good": "yes"})

    assert problems_of_submitting(case) == [
        ("turnover_newness", ""),
        ("size", ""),
        ("activity", ""),
        ("sources-fairs", ""),
        ("last", ""),
    ]


def test_submission_checks_every_answer_again(case: Case):
    make_response(case, COMPLETE | {"start_year": 9999, "activity": ["none", "research"]})

    assert ("last", "start_year") in problems_of_submitting(case)
    assert ("activity", "activity") in problems_of_submitting(case)


def test_submission_listens_to_hard_edits_again(case: Case):
    make_response(case, COMPLETE | {"employment": 50_000, "employment_first": 1})

    assert problems_of_submitting(case) == [("size", "employment")]


def test_answers_off_the_route_do_not_hinder_submission(case: Case):
    make_response(case, COMPLETE | {"turnover_newness": {"new": 1, "unchanged": 1}})

    assert responses.submit(case=case, at=NOON).is_submitted


def test_reopening_is_audited_and_keeps_the_reference(case: Case, ada: User):
    make_response(case, COMPLETE)
    reference = responses.submit(case=case, at=NOON).reference

    reopened = responses.reopen(case=case, by=ada, at=LATER)

    assert not reopened.is_submitted
    case.refresh_from_db()
    assert case.disposition == "started"
    assert AuditEvent.objects.values_list("user", "action", "at").get() == (
        ada.pk,
        "response_reopened",
        LATER,
    )
    assert responses.submit(case=case, at=LATER).reference == reference


def test_what_was_not_submitted_cannot_be_reopened(case: Case, ada: User):
    with pytest.raises(responses.NotSubmitted):
        responses.reopen(case=case, by=ada, at=NOON)


def test_saving_a_page_takes_few_queries(case: Case, django_assert_num_queries):
    save(case, "new_good", {"new_good": "yes"})

    # Savepoint, lock, response with its wave; update, version, event, and the release.
    with django_assert_num_queries(7):
        save(case, "last", {"comment": "Fine"}, 1)
