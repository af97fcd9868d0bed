"""A kept query gives what its queryset gives, whatever it was asked before."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F, Model, Value
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from config.sessions import SessionStore
from surveys.models import Case, Invitation, Response
from surveys.queries.invitations import invitation_of_case, invitation_with_hash
from surveys.queries.kept import Given, KeptQuery
from tests.factories import make_response
from tests.surveys.firms import QUESTIONNAIRE, admitted, open_case


@pytest.fixture
def cases(db: None) -> list[Case]:
    made = [
        open_case(QUESTIONNAIRE.replace("every-kind", slug), slug=slug)
        for slug in ("north", "south")
    ]
    for case in made:
        admitted(case)
    return made


def columns(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_each_asking_gives_the_row_of_its_own_value(cases: list[Case]):
    kept = KeptQuery(
        lambda: Case.objects.select_related("wave__survey").filter(
            public_id=Given(Case, "public_id")
        )
    )
    for case in (*cases, *reversed(cases)):
        found = kept.one(public_id=case.public_id)
        expected = Case.objects.select_related("wave__survey").get(pk=case.pk)
        assert found is not None
        assert columns(found) == columns(expected)
        assert columns(found.wave) == columns(expected.wave)
        assert columns(found.wave.survey) == columns(expected.wave.survey)
    assert kept.one(public_id=uuid.uuid4()) is None


def test_related_rows_cost_no_query_and_what_is_annotated_is_there(
    cases: list[Case], django_assert_num_queries
):
    make_response(cases[0], answers={"new_good": "yes"})
    kept = KeptQuery(
        lambda: (
            Response.objects.select_related("case__wave")
            .annotate(twice=F("revision") * Value(2))
            .filter(case=Given(Response, "case"))
        )
    )
    for _ in range(2):
        with django_assert_num_queries(1):
            found = kept.one(case=cases[0].pk)
            assert found is not None
            assert found.case.wave.survey_id == cases[0].wave.survey_id
            assert found.answers == {"new_good": "yes"}
            assert found.twice == found.revision * 2


def test_several_values_go_to_their_places(cases: list[Case]):
    north, south = cases
    invitation = Invitation.objects.get(case=north)

    assert invitation_of_case(invitation.pk, north.public_id) == invitation
    assert invitation_of_case(invitation.pk, south.public_id) is None
    assert invitation_with_hash(invitation.code_hash) == invitation
    assert invitation_with_hash("x' OR '1'='1") is None


def test_what_was_written_since_is_seen(cases: list[Case]):
    invitation = Invitation.objects.get(case=cases[0])
    assert invitation_with_hash(invitation.code_hash).case.wave.is_open
    cases[0].wave.__class__.objects.update(state="closed")

    assert not invitation_with_hash(invitation.code_hash).case.wave.is_open


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_taken_within_a_transaction_only():
    case = open_case()
    kept = KeptQuery(
        lambda: Case.objects.select_for_update().only("pk").filter(pk=Given(Case, "pk"))
    )
    with transaction.atomic():
        assert kept.one(pk=case.pk) == case
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            kept.one(pk=case.pk)


def test_a_session_is_found_until_it_ends(db: None):
    store = SessionStore()
    store["admitted"] = {"a": 1}
    store.save()
    again = SessionStore(session_key=store.session_key)
    assert again["admitted"] == {"a": 1}

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    over = SessionStore(session_key=store.session_key)
    assert over.get("admitted") is None
    assert over.session_key is None
