"""Who may do what in a survey: every rule of access, as a predicate.

The operator (a superuser) may do everything. A person without a membership of the survey
may not even learn that it exists: views answer 404 (`may_view_survey`). A member whose role
does not cover an action is told so (403).

================== ========== ================= =======
may                researcher fieldwork manager analyst
================== ========== ================= =======
view the survey    yes        yes               yes
see firms' names   yes        yes               no
manage fieldwork   yes        yes               no
publish, import    yes        no                no
analyse, download  yes        no                yes
================== ========== ================= =======

No role but the researcher's sees both the names of firms and their answers.
"""

from django.contrib.auth.models import AnonymousUser

from surveys.models import Membership, Survey, User

Person = User | AnonymousUser

_Role = Membership.Role


def role_in(user: Person, survey: Survey) -> str | None:
    """The person's role in the survey; None for who is not a member."""
    if not isinstance(user, User):
        return None
    return (
        Membership.objects.filter(user=user, survey=survey).values_list("role", flat=True).first()
    )


def _holds(user: Person, survey: Survey, *roles: str) -> bool:
    if not user.is_active:
        return False
    return user.is_superuser or role_in(user, survey) in roles


def may_view_survey(user: Person, survey: Survey) -> bool:
    return _holds(user, survey, *_Role.values)


def may_see_firms(user: Person, survey: Survey) -> bool:
    """Names and access codes of firms: for who must reach them."""
    return _holds(user, survey, _Role.RESEARCHER, _Role.FIELDWORK_MANAGER)


def may_manage_fieldwork(user: Person, survey: Survey) -> bool:
    """Open and close the field, issue codes, record dispositions, reopen responses."""
    return _holds(user, survey, _Role.RESEARCHER, _Role.FIELDWORK_MANAGER)


def may_publish(user: Person, survey: Survey) -> bool:
    return _holds(user, survey, _Role.RESEARCHER)


def may_import(user: Person, survey: Survey) -> bool:
    return _holds(user, survey, _Role.RESEARCHER)


def may_analyse(user: Person, survey: Survey) -> bool:
    """Write and run plans, and download pseudonymous answers."""
    return _holds(user, survey, _Role.RESEARCHER, _Role.ANALYST)
