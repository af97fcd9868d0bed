"""What happened lately in a wave: what became of firms one by one, and how many are writing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.fieldwork.paradata import MILESTONES, describe
from surveys.models import Case, CaseEvent, Response, Wave

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Milestone:
    """An event that says what became of a case, told."""

    at: datetime
    sentence: str
    case: Case


def milestones(wave: Wave, limit: int = 8) -> tuple[Milestone, ...]:
    """The newest milestones of the wave's cases, newest first.

    Those of a frozen wave are looked for before it froze only: what came in other waves since
    need not be read.
    """
    words = dict(Case.Disposition.choices)
    events = CaseEvent.objects.filter(case__wave=wave, kind__in=MILESTONES)
    if wave.frozen_at is not None:
        events = events.filter(at__lte=wave.frozen_at)
    newest = events.select_related("case").order_by("-at", "-pk")[:limit]
    return tuple(
        Milestone(event.at, describe(event.kind, event.detail, words), event.case)
        for event in newest
    )


def writing_lately(wave: Wave, at: datetime) -> int:
    """How many firms saved a page in the 24 hours before that moment."""
    return Response.objects.filter(case__wave=wave, saved_at__gt=at - LATELY).count()
