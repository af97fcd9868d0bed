"""What the operator can look at, and what nobody can."""

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from surveys.models import Membership, Survey, User
from tests.factories import make_response, make_user
from tests.surveys.views.world import case_with_code, open_wave

READ_ONLY = [
    model
    for model in admin.site._registry
    if model._meta.app_label == "surveys" and model is not User
]


@pytest.fixture
def operator(db: None) -> User:
    return make_user("operator", is_superuser=True, is_staff=True)


@pytest.mark.parametrize("model", READ_ONLY)
def test_the_operator_changes_nothing_past_the_actions(model, operator: User) -> None:
    request = RequestFactory().get("/operator/")
    request.user = operator
    view = admin.site._registry[model]

    assert view.has_view_permission(request)
    assert not view.has_add_permission(request)
    assert not view.has_change_permission(request)
    assert not view.has_delete_permission(request)


def test_the_operator_makes_a_person_a_member_of_a_survey(operator: User, survey: Survey) -> None:
    client = Client()
    client.force_login(operator)
    person = make_user("dora")

    page = client.get(f"/operator/surveys/user/{person.pk}/change/")

    assert page.status_code == 200
    assert (
        "memberships-0-role" in page.content.decode()
        or "memberships-TOTAL" in page.content.decode()
    )
    assert not Membership.objects.exists()


def test_answers_and_hashes_of_codes_are_not_shown(operator: User, survey: Survey) -> None:
    client = Client()
    client.force_login(operator)
    case, invitation = case_with_code(open_wave(survey))
    response = make_response(case, {"employment_last": 4711})

    seen = [
        client.get(f"/operator/surveys/{name}/{key}/change/").content.decode()
        for name, key in (("response", response.pk), ("invitation", invitation.pk))
    ]

    assert "4711" not in seen[0]
    assert invitation.code_hash not in seen[1]
    assert invitation.hint in seen[1]


def test_who_is_not_the_operator_has_no_support_views(ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get("/operator/surveys/case/").status_code == 302
