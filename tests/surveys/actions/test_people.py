import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from surveys.actions.people import MemberRefused, add_member, change_role, remove_member
from surveys.models import AuditEvent, Membership, Survey, User
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db


def member_of(survey: Survey, username: str) -> Membership:
    return Membership.objects.get(survey=survey, user__username=username)


def test_a_person_with_an_account_is_added_and_it_is_kept_who_did_it(survey: Survey, ada: User):
    mara = make_user("mara")

    add_member(survey=survey, username="mara", role="methodologist", by=ada, at=NOON)

    assert member_of(survey, "mara").user == mara
    assert AuditEvent.objects.values_list("user", "survey", "action", "at", "detail").get() == (
        ada.pk, survey.pk, "member_added", NOON, {"username": "mara", "role": "methodologist"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("username", "role", "says"),
    [
        ("nobody", "viewer", "There is no account “nobody”."),
        ("Ben", "viewer", "There is no account “Ben”. Capital letters count"),
        ("gone", "viewer", "is disabled"),
        ("ben", "viewer", "is a member already: fieldwork manager"),
        ("eve", "researcher", "“researcher” is not a role. Roles are: owner, methodologist,"),
    ],
)
def test_who_cannot_be_added_is_told_why_and_nothing_changes(
    survey: Survey, ada: User, ben: User, eve: User, username: str, role: str, says: str
):
    make_user("gone", is_active=False)
    before = Membership.objects.count()

    with pytest.raises(MemberRefused, match=says.replace(".", r"\.")):
        add_member(survey=survey, username=username, role=role, by=ada, at=NOON)

    assert (Membership.objects.count(), AuditEvent.objects.count()) == (before, 0)


def test_a_role_is_changed_and_the_former_one_kept_in_the_record(
    survey: Survey, ada: User, ben: User
):
    change_role(member=member_of(survey, "ben"), role="analyst", by=ada, at=NOON)

    assert member_of(survey, "ben").role == "analyst"
    assert AuditEvent.objects.get().detail == {
        "username": "ben", "before": "fieldwork_manager", "after": "analyst"
    }  # fmt: skip


def test_the_role_that_somebody_has_is_no_change(survey: Survey, ada: User):
    change_role(member=member_of(survey, "ada"), role="owner", by=ada, at=NOON)

    assert not AuditEvent.objects.exists()


def test_a_person_is_removed_and_the_account_stays(survey: Survey, ada: User, ben: User):
    remove_member(member=member_of(survey, "ben"), by=ada, at=NOON)

    assert not Membership.objects.filter(user=ben).exists()
    assert User.objects.filter(username="ben").exists()
    assert AuditEvent.objects.get().detail == {"username": "ben", "role": "fieldwork_manager"}


@pytest.mark.parametrize("other_owner", ["none", "disabled", "of another survey"])
@pytest.mark.parametrize("deed", [partial(change_role, role="viewer"), remove_member])
def test_the_last_owner_who_can_log_in_stays(
    survey: Survey, ada: User, eve: User, deed: Callable[..., None], other_owner: str
):
    if other_owner == "disabled":
        make_member(make_user("gone", is_active=False), survey)
    member = member_of(survey, "ada")

    with pytest.raises(MemberRefused, match="“ada” is the last owner"):
        deed(member=member, by=ada, at=NOON)

    assert member_of(survey, "ada").role == "owner"


def test_an_owner_may_go_once_there_is_another(survey: Survey, ada: User, ben: User):
    change_role(member=member_of(survey, "ben"), role="owner", by=ada, at=NOON)

    remove_member(member=member_of(survey, "ada"), by=ada, at=NOON)

    assert list(survey.memberships.values_list("user__username", "role")) == [("ben", "owner")]


def test_who_was_removed_meanwhile_is_told_of(survey: Survey, ada: User, ben: User):
    member = member_of(survey, "ben")
    Membership.objects.filter(pk=member.pk).delete()

    with pytest.raises(MemberRefused, match="removed from the survey meanwhile"):
        change_role(member=member, role="viewer", by=ada, at=NOON)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one(survey: Survey, ada: User):
    make_member(make_user("otto"), survey)
    members = [member_of(survey, name) for name in ("ada", "otto")]
    ready = threading.Barrier(2)
    refused = []

    def remove(member: Membership) -> None:
        ready.wait()
        try:
            remove_member(member=member, by=None, at=NOON)
        except MemberRefused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (survey.memberships.count(), len(refused)) == (1, 1)
