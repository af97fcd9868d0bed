"""The table of surveys/permissions.py, cell by cell."""

import pytest
from django.contrib.auth.models import AnonymousUser

from surveys import permissions
from surveys.models import Membership, Survey, User
from tests.factories import make_member, make_user

MAY = {
    "researcher": {"view_survey", "see_firms", "manage_fieldwork", "publish", "import", "analyse"},
    "fieldwork_manager": {"view_survey", "see_firms", "manage_fieldwork"},
    "analyst": {"view_survey", "analyse"},
}
EVERYTHING = MAY["researcher"]


def allowed(user: User | AnonymousUser, survey: Survey) -> set[str]:
    return {name for name in EVERYTHING if getattr(permissions, f"may_{name}")(user, survey)}


@pytest.mark.parametrize("role", Membership.Role.values)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str, survey: Survey) -> None:
    person = make_user("someone")
    make_member(person, survey, role)

    assert allowed(person, survey) == MAY[role]


def test_a_person_of_another_survey_may_do_nothing(eve: User, survey: Survey) -> None:
    assert allowed(eve, survey) == set()


def test_who_is_not_logged_in_may_do_nothing(survey: Survey) -> None:
    assert allowed(AnonymousUser(), survey) == set()


def test_the_operator_may_do_everything(survey: Survey) -> None:
    operator = make_user("operator", is_superuser=True)

    assert allowed(operator, survey) == EVERYTHING


def test_a_disabled_account_may_do_nothing(ada: User, survey: Survey) -> None:
    ada.is_active = False

    assert allowed(ada, survey) == set()


def test_a_role_in_one_survey_says_nothing_about_another(ada: User, eve: User) -> None:
    other = Survey.objects.get(slug="other")

    assert allowed(ada, other) == set()
