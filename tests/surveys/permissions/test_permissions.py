"""The table of surveys/permissions.py, cell by cell."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from surveys import permissions
from surveys.models import Case, ContactAttempt, Membership, Survey, User
from tests.factories import NOON, make_case, make_member, make_stratum, make_user, make_wave

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = {
    "view_survey", "view_tables", "see_frame", "see_firms", "record_calls", "manage_fieldwork",
    "review_answers", "design", "publish", "import", "analyse", "plan_waves",
    "describe_survey", "manage_people", "set_output_rules", "decide_outputs",
}  # fmt: skip
MAY = {
    "owner": EVERYTHING,
    "methodologist": {
        "view_survey",
        "view_tables",
        "see_frame",
        "design",
        "publish",
        "import",
        "plan_waves",
    },
    "fieldwork_manager": {"view_survey", "see_firms", "record_calls", "manage_fieldwork"},
    "interviewer": {"view_survey", "record_calls"},
    "analyst": {"view_survey", "view_tables", "analyse", "decide_outputs"},
    "viewer": {"view_survey", "view_tables"},
}
MADE_OF_OTHERS = {"fill_in", "see_case", "list_cases"}
OF_NO_SURVEY = {"make_surveys"}
NAMES_OF_FIRMS = {"see_frame", "see_firms"}
ANSWERS = {"review_answers", "analyse"}


def allowed(user: User | AnonymousUser, survey: Survey) -> set[str]:
    return {name for name in EVERYTHING if getattr(permissions, f"may_{name}")(user, survey)}


def member(survey: Survey, role: str) -> User:
    person = make_user(f"a-{role}")
    make_member(person, survey, role)
    return person


def test_every_predicate_about_a_survey_is_in_the_tables() -> None:
    predicates = {name[4:] for name in vars(permissions) if name.startswith("may_")}

    assert set(permissions.RULES) == predicates - MADE_OF_OTHERS - OF_NO_SURVEY == EVERYTHING
    assert set(MAY) == set(Membership.Role.values)


@pytest.mark.parametrize("role", Membership.Role.values)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str, survey: Survey) -> None:
    assert allowed(member(survey, role), survey) == MAY[role]


def test_the_table_in_the_docstring_is_the_one_that_holds() -> None:
    rows = re.findall(r"^(\w+)((?: +(?:yes|no)){6})$", permissions.__doc__ or "", re.MULTILINE)

    told = {
        role: {name for name, cells in rows if cells.split()[place] == "yes"}
        for place, role in enumerate(Membership.Role.values)
    }

    assert told == MAY
    assert len(rows) == len(EVERYTHING)


def test_nobody_but_the_owner_sees_names_of_firms_and_answers() -> None:
    both = [role for role, may in MAY.items() if may & NAMES_OF_FIRMS and may & ANSWERS]

    assert both == ["owner"]


@pytest.fixture
def on_the_phone_list(survey: Survey) -> Case:
    wave = make_wave(survey)
    case = make_case(wave, make_stratum(wave))
    ContactAttempt.objects.create(case=case, channel="phone", queued_at=NOON)
    return case


@pytest.fixture
def not_on_it(on_the_phone_list: Case) -> Case:
    case = make_case(on_the_phone_list.wave, on_the_phone_list.stratum, "F0002")
    ContactAttempt.objects.create(case=case, channel="email", queued_at=NOON - timedelta(days=1))
    return case


@pytest.mark.parametrize(
    ("role", "listed", "other"),
    [
        ("owner", True, True),
        ("fieldwork_manager", True, True),
        ("interviewer", True, False),
        ("methodologist", False, False),
        ("analyst", False, False),
        ("viewer", False, False),
    ],
)
def test_an_interviewer_sees_the_cases_of_the_phone_list_only(
    role: str, listed: bool, other: bool, survey: Survey, on_the_phone_list: Case, not_on_it: Case
) -> None:
    person = member(survey, role)

    seen = [permissions.may_see_case(person, each) for each in (on_the_phone_list, not_on_it)]

    assert seen == [listed, other]


def test_a_case_is_seen_by_nobody_of_another_survey(eve: User, on_the_phone_list: Case) -> None:
    assert not permissions.may_see_case(eve, on_the_phone_list)


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


def test_the_page_of_the_documentation_has_the_same_table() -> None:
    page = (ROOT / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.endswith("|")]

    told = {cells[0]: [cell == "yes" for cell in cells[1:]] for cells in rows[2:]}

    assert rows[0][-6:] == [role.label.lower() for role in Membership.Role]
    assert told == {
        rule.words: [role in rule.roles for role in Membership.Role]
        for rule in permissions.RULES.values()
    }
