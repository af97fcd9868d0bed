"""One case as the fieldwork manager sees it: never an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from surveys.fieldwork.paradata import describe
from surveys.models import Case, CaseEvent, ContactAttempt, Invitation, Wave
from surveys.queries.languages import language_name


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a case, told."""

    at: datetime
    sentence: str


def visible_cases(wave: Wave) -> QuerySet[Case]:
    """Cases of the wave with what their page shows; the answers are not read."""
    return (
        Case.objects.filter(wave=wave)
        .select_related("wave__survey", "stratum", "unit", "response")
        .defer("response__answers", "response__edit_decisions")
    )


def invitations_of(case: Case) -> QuerySet[Invitation]:
    return Invitation.objects.filter(case=case)


def former_codes(
    invitations: Iterable[Invitation], corrected_at: datetime | None, at: datetime
) -> int:
    """How many codes still open the questionnaire that went to whom the contact replaced."""
    if corrected_at is None:
        return 0
    return sum(
        each.revoked_at is None and each.issued_at < corrected_at and each.expires_at > at
        for each in invitations
    )


def attempts_of(case: Case) -> QuerySet[ContactAttempt]:
    """Contacts with the case, oldest first, each with its step; no address is among them."""
    attempts = ContactAttempt.objects.filter(case=case).select_related("step")
    return attempts.defer("message_id", "address_hash").order_by("queued_at", "pk")


def timeline(case: Case) -> tuple[Happening, ...]:
    """Everything that happened to the case, newest first."""
    words = dict(Case.Disposition.choices)
    events = CaseEvent.objects.filter(case=case).order_by("-at", "-pk")
    return tuple(Happening(each.at, describe(each.kind, _named(each), words)) for each in events)


def _named(event: CaseEvent) -> Mapping[str, Any]:
    """The details of the event, a language by its name."""
    detail: dict[str, Any] = event.detail
    chosen = detail.get("language")
    return detail | {"language": language_name(str(chosen))} if chosen else detail
