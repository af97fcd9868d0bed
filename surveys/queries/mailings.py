"""The letters of a step: how far their making is, and what became of their codes since."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from surveys.models import ContactStep, Mailing, Wave


@dataclass(frozen=True, slots=True)
class MailingProgress:
    """One mailing: letters made of those asked for, minutes left while it is being made.

    `left_out` are firms that needed none any more; `ended` letters hold a code that was revoked
    since, and had better not be posted.
    """

    mailing: Mailing
    made: int
    left_out: int
    ended: int
    minutes_left: int | None

    @property
    def done(self) -> int:
        return self.made + self.left_out

    @property
    def is_waiting(self) -> bool:
        return self.mailing.state == Mailing.State.WAITING


def mailings_of(step: ContactStep, at: datetime) -> tuple[MailingProgress, ...]:
    """The mailings of a step, oldest first, in one query."""
    printed = Q(attempts__state="printed")
    mailings = Mailing.objects.filter(step=step).annotate(
        n_made=Count("attempts", filter=printed),
        n_left_out=Count("attempts", filter=Q(attempts__state="skipped")),
        n_ended=Count("attempts", filter=printed & Q(attempts__invitation__revoked_at__lt=at)),
    )
    return tuple(
        MailingProgress(
            mailing=each,
            made=each.n_made,
            left_out=each.n_left_out,
            ended=each.n_ended,
            minutes_left=_minutes_left(each, each.n_made + each.n_left_out, at),
        )
        for each in mailings
    )


def ready_to_print(wave: Wave) -> frozenset[int]:
    """Keys of the steps of the wave with letters that are made and wait to be fetched."""
    ready = Mailing.objects.filter(step__wave=wave, state=Mailing.State.MADE).exclude(file="")
    return frozenset(ready.values_list("step", flat=True))


def _minutes_left(mailing: Mailing, done: int, at: datetime) -> int | None:
    """As fast as it went so far; at least one."""
    if mailing.begun_at is None or not done or mailing.state != Mailing.State.WAITING:
        return None
    taken = (at - mailing.begun_at).total_seconds()
    return max(1, round(taken / done * (mailing.total - done) / 60))
