"""Who belongs to a survey: adding people, changing their roles, removing them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.models import AuditEvent, Membership, Survey, User

MEMBER_ADDED, ROLE_CHANGED, MEMBER_REMOVED = "member_added", "role_changed", "member_removed"


class MemberRefused(Exception):
    """A change of the survey's people that cannot be made. The text says why, for a person."""


@transaction.atomic
def add_member(
    *, survey: Survey, username: str, role: str, by: User | None, at: datetime
) -> Membership:
    """Give the person with that user name a role in the survey.

    Raises MemberRefused if there is no such account, if it is disabled, or if the person is
    a member already.
    """
    _lock(survey)
    user = _account(username)
    present = Membership.objects.filter(survey=survey, user=user).first()
    if present is not None:
        raise MemberRefused(
            f"“{user}” is a member already: {present.get_role_display().lower()}. Change the role "
            "in the list."
        )
    member = Membership.objects.create(survey=survey, user=user, role=_known(role))
    _audit(member, MEMBER_ADDED, by, at, role=role)
    return member


@transaction.atomic
def change_role(*, member: Membership, role: str, by: User | None, at: datetime) -> Membership:
    """Give the member another role; the role they have already is no change.

    Raises MemberRefused if the survey would be left without an owner, or if the person was
    removed meanwhile.
    """
    member = _locked(member)
    before = member.role
    if _known(role) == before:
        return member
    _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    _audit(member, ROLE_CHANGED, by, at, before=before, after=role)
    return member


@transaction.atomic
def remove_member(*, member: Membership, by: User | None, at: datetime) -> None:
    """End the person's access to the survey; the account, and what it did, stay.

    Raises MemberRefused as `change_role` does.
    """
    member = _locked(member)
    _keep_an_owner(member)
    _audit(member, MEMBER_REMOVED, by, at, role=member.role)
    member.delete()


def _lock(survey: Survey) -> None:
    """One change of the survey's people at a time: two owners may not remove each other."""
    Survey.objects.select_for_update().get(pk=survey.pk)


def _locked(member: Membership) -> Membership:
    _lock(member.survey)
    found = Membership.objects.select_related("user", "survey").filter(pk=member.pk).first()
    if found is None:
        raise MemberRefused("The person was removed from the survey meanwhile.")
    return found


def _account(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise MemberRefused(
            f"There is no account “{username}”. Capital letters count; the operator makes accounts."
        )
    if not user.is_active:
        raise MemberRefused(f"The account “{username}” is disabled. The operator can enable it.")
    return user


def _known(role: str) -> str:
    if role not in Membership.Role.values:
        raise MemberRefused(
            f"“{role}” is not a role. Roles are: {', '.join(Membership.Role.values)}."
        )
    return role


def _keep_an_owner(member: Membership) -> None:
    """Refuse to take the last owner away who can log in."""
    owners = Membership.objects.filter(survey=member.survey, role=Membership.Role.OWNER)
    others = owners.filter(user__is_active=True).exclude(pk=member.pk)
    if member.role == Membership.Role.OWNER and not others.exists():
        raise MemberRefused(
            f"“{member.user}” is the last owner: without one nobody could look after the survey. "
            "Make somebody else an owner first."
        )


def _audit(member: Membership, action: str, by: User | None, at: datetime, **detail: Any) -> None:
    AuditEvent.objects.create(
        user=by,
        survey=member.survey,
        action=action,
        at=at,
        detail={"username": member.user.username, **detail},
    )
