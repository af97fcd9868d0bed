"""The page of a survey's people, and the commands that do the same."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from surveys.models import AuditEvent, Membership, Survey, User
from surveys.permissions import RULES
from tests.factories import make_member, make_user

PAGE = "/research/knowledge/people/"


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def role_of(username: str) -> str | None:
    members = Membership.objects.filter(survey__slug="knowledge", user__username=username)
    return members.values_list("role", flat=True).first()


def member_address(name: str, user: User) -> str:
    key = Membership.objects.get(user=user).pk
    return reverse(f"surveys:{name}", args=["knowledge", key])


def test_every_member_sees_who_does_what_and_only_owners_the_forms(client: Client, ada, ben):
    client.force_login(ben)

    page = client.get(PAGE).content.decode()

    assert [word in page for word in ("ada", "Fieldwork manager", "Add a person", "Remove")] == [
        True, True, False, False
    ]  # fmt: skip
    assert all(rule.words in page for rule in RULES.values())


def test_the_table_of_rights_says_what_the_predicates_say(as_ada: Client):
    rights = as_ada.get(PAGE).context["rights"]

    told = {right.words: right.roles for right in rights}

    everyone = (True,) * 6
    owner_only = (True, *(False,) * 5)
    assert told[RULES["view_survey"].words] == everyone
    assert told[RULES["manage_people"].words] == told[RULES["review_answers"].words] == owner_only
    assert told[RULES["analyse"].words] == (True, False, False, False, True, False)


def test_the_page_reads_as_much_for_one_member_as_for_many(
    as_ada: Client, survey: Survey, django_assert_num_queries
):
    as_ada.get(PAGE)
    with django_assert_num_queries(7):
        as_ada.get(PAGE)
    for number in range(3):
        make_member(make_user(f"more-{number}"), survey, "viewer")
    with django_assert_num_queries(7):
        as_ada.get(PAGE)


def test_an_owner_adds_a_person_and_the_page_says_so(as_ada: Client, survey: Survey):
    make_user("vera")

    page = as_ada.post(PAGE, {"username": " vera ", "role": "viewer"}, follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert "vera is a viewer of this survey now." in page.content.decode()
    assert "vera added as viewer" in page.content.decode()
    assert role_of("vera") == "viewer"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"username": "", "role": "viewer"}, "Type the user name of the person to add."),
        ({"username": "eve", "role": ""}, "Choose a role: the table below says"),
        ({"username": "eve", "role": "king"}, "Choose one of the roles."),
        ({"username": "nobody", "role": "viewer"}, "There is no account “nobody”."),
        ({"username": "ada", "role": "viewer"}, "“ada” is a member already: owner."),
        ({"username": "e\x00ve", "role": "viewer"}, "Null characters are not allowed."),
        ({"username": "<b>x</b>", "role": "viewer"}, "“&lt;b&gt;x&lt;/b&gt;”"),
    ],
)
def test_what_cannot_be_added_is_said_at_the_field_and_kept(
    as_ada: Client, eve: User, typed: dict[str, str], says: str
):
    page = as_ada.post(PAGE, typed)

    assert page.status_code == 422
    assert says in page.content.decode()
    assert page.context["form"].data["username"] == typed["username"]
    assert not AuditEvent.objects.exists()


def test_an_owner_changes_a_role(as_ada: Client, ben: User):
    page = as_ada.post(member_address("role", ben), {"role": "interviewer"}, follow=True)

    assert "ben is an interviewer now." in page.content.decode()
    assert role_of("ben") == "interviewer"


def test_a_role_that_is_none_changes_nothing(as_ada: Client, ben: User):
    page = as_ada.post(member_address("role", ben), {"role": "king"}, follow=True)

    assert "ben keeps the role: choose one of the list." in page.content.decode()
    assert role_of("ben") == "fieldwork_manager"


def test_an_owner_removes_a_person_who_then_finds_the_survey_no_more(as_ada: Client, ben: User):
    as_ada.post(member_address("remove_member", ben))

    theirs = Client()
    theirs.force_login(ben)
    assert role_of("ben") is None
    assert theirs.get("/research/knowledge/").status_code == 404


@pytest.mark.parametrize(("name", "typed"), [("role", {"role": "viewer"}), ("remove_member", {})])
def test_the_last_owner_is_kept_with_a_sentence(as_ada: Client, ada: User, name: str, typed):
    page = as_ada.post(member_address(name, ada), typed, follow=True)

    assert "“ada” is the last owner" in page.content.decode()
    assert role_of("ada") == "owner"


def test_who_ends_the_own_membership_is_led_to_the_list_of_surveys(
    as_ada: Client, ada: User, survey: Survey
):
    make_member(make_user("otto"), survey)

    answer = as_ada.post(member_address("remove_member", ada))

    assert answer.url == "/research/"


@pytest.mark.parametrize("role", [role for role in Membership.Role.values if role != "owner"])
def test_nobody_but_an_owner_changes_anything(client: Client, survey: Survey, ada: User, role: str):
    person = make_user("someone")
    make_member(person, survey, role)
    make_user("friend")
    client.force_login(person)

    answers = [
        client.post(PAGE, {"username": "friend", "role": "owner"}),
        client.post(member_address("role", person), {"role": "owner"}),
        client.post(member_address("remove_member", ada)),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (role_of("friend"), role_of("someone"), role_of("ada")) == (None, role, "owner")


def test_a_member_of_another_survey_is_not_found_under_ones_own(as_ada: Client, eve: User):
    for name in ("role", "remove_member"):
        assert as_ada.post(member_address(name, eve), {"role": "viewer"}).status_code == 404

    assert Membership.objects.get(user=eve).role == "owner"


def printed(capsys, *command: str) -> dict:
    call_command(*command)
    return json.loads(capsys.readouterr().out)


def test_members_are_listed_with_what_they_may_do(capsys, ada: User, ben: User):
    told = printed(capsys, "list_members", "--survey", "knowledge")

    assert [(each["username"], each["role"]) for each in told["members"]] == [
        ("ada", "owner"),
        ("ben", "fieldwork_manager"),
    ]
    assert told["members"][1]["may"] == [
        "view_survey", "see_firms", "record_calls", "manage_fieldwork"
    ]  # fmt: skip


def test_a_command_adds_changes_and_removes(capsys, ada: User):
    make_user("vera")
    vera = ("set_member", "--survey", "knowledge", "--user", "vera")

    told = [
        printed(capsys, *vera, *rest)
        for rest in (("--role", "viewer"), ("--role", "analyst"), ("--remove",))
    ]

    assert [(each["before"], each["role"]) for each in told] == [
        (None, "viewer"),
        ("viewer", "analyst"),
        ("analyst", None),
    ]
    assert list(AuditEvent.objects.values_list("action", "user")) == [
        ("member_added", None),
        ("role_changed", None),
        ("member_removed", None),
    ]


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        (("--survey", "nowhere", "--user", "ada", "--remove"), "There is no survey “nowhere”."),
        (("--survey", "knowledge", "--user", "x", "--remove"), "“x” is not a member"),
        (("--survey", "knowledge", "--user", "x", "--role", "viewer"), "There is no account “x”."),
        (("--survey", "knowledge", "--user", "ada", "--remove"), "the last owner"),
        (("--survey", "knowledge", "--user", "ada", "--role", "king"), "invalid choice: 'king'"),
        (("--survey", "knowledge", "--user", "ada"), "--role --remove is required"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(ada: User, rest, says: str):
    with pytest.raises(CommandError, match=says):
        call_command("set_member", *rest)

    assert role_of("ada") == "owner"
