"""E-mails of a step that wait longer than a moment, and why: for the page that follows them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from surveys.models import ContactAttempt, ContactStep

RESERVED_FOR = timedelta(minutes=5)
"""How long a worker keeps e-mails that it reserved from the others."""
_HEARD_WITHIN = timedelta(seconds=90)
# A living worker gives back what it did not send before the next minute's round.


@dataclass(frozen=True, slots=True)
class HeldUp:
    """E-mails that wait: since when (of reserved ones), until when, and the server's last code."""

    number: int
    since: datetime | None
    until: datetime
    code: str = ""


def reserved_by_the_silent(step: ContactStep, at: datetime) -> HeldUp | None:
    """E-mails reserved by a worker that has not been heard of since; others send them later."""
    reserved = ContactAttempt.objects.filter(
        step=step, state=ContactAttempt.State.QUEUED, channel=ContactStep.Channel.EMAIL
    ).filter(claimed_at__lt=at - _HEARD_WITHIN, claimed_at__gte=at - RESERVED_FOR)
    found = reserved.aggregate(number=Count("pk"), since=Min("claimed_at"), last=Max("claimed_at"))
    if not found["number"]:
        return None
    return HeldUp(found["number"], found["since"], found["last"] + RESERVED_FOR)


def postponed(step: ContactStep, at: datetime) -> HeldUp | None:
    """E-mails that the mail server did not take; they are offered again, the first at `until`."""
    waiting = ContactAttempt.objects.filter(
        step=step, state=ContactAttempt.State.QUEUED, channel=ContactStep.Channel.EMAIL
    )
    last = waiting.filter(~Q(note=""), not_before__gt=at).order_by("-not_before").first()
    if last is None:
        return None
    found = waiting.filter(not_before__gt=at).aggregate(number=Count("pk"), until=Min("not_before"))
    return HeldUp(found["number"], None, found["until"], last.note)
