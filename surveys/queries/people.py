"""The people of a survey, what each role may do, and what was changed of either."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, QuerySet, Value, When

from surveys.models import AuditEvent, Membership, Survey
from surveys.permissions import RULES

_LATEST = 10
_SENTENCES = {
    "member_added": "{username} added as {role}",
    "role_changed": "{username}: {before} became {after}",
    "member_removed": "{username} removed, was {role}",
}
_LABELS = {role.value: role.label.lower() for role in Membership.Role}


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that may be done, and for each role in the order of the roles whether it may."""

    words: str
    roles: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the people of a survey, told. `by` is empty for a command."""

    at: datetime
    sentence: str
    by: str


def members_of(survey: Survey) -> QuerySet[Membership]:
    """Members in the order of their roles, then by name."""
    order = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(Membership.Role.values)),
        default=Value(len(Membership.Role.values)),
    )
    members = Membership.objects.filter(survey=survey).select_related("user")
    return members.order_by(order, "user__username")


def member_named(survey: Survey, username: str) -> Membership | None:
    members = Membership.objects.filter(survey=survey, user__username=username)
    return members.select_related("survey", "user").first()


def rights() -> tuple[Right, ...]:
    """The table of what each role may do, as the predicates hold it."""
    roles = Membership.Role.values
    return tuple(
        Right(rule.words, tuple(role in rule.roles for role in roles)) for rule in RULES.values()
    )


def rights_of(role: str) -> tuple[str, ...]:
    """Names of what the role may do."""
    return tuple(name for name, rule in RULES.items() if role in rule.roles)


def latest_changes(survey: Survey) -> tuple[Change, ...]:
    """The last changes of the survey's people, newest first."""
    events = AuditEvent.objects.filter(survey=survey, action__in=_SENTENCES)
    newest = events.select_related("user").order_by("-at", "-pk")[:_LATEST]
    return tuple(_told(event) for event in newest)


def _told(event: AuditEvent) -> Change:
    words = {key: _LABELS.get(value, value) for key, value in event.detail.items()}
    words["username"] = event.detail["username"]
    sentence = _SENTENCES[event.action].format_map(words)
    return Change(event.at, sentence, event.user.username if event.user else "")
