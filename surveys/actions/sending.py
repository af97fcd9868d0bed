"""Sending what the contact protocol asks for: at most once a case and step, whatever happens.

An attempt goes from queued to sending in a committed step of its own before the mail server
hears of it, and only the worker that made that step hands it over. A worker that dies
after that leaves the attempt "sending": nobody can know whether the server had it. It is
never offered again; after a while it is told to a person as failed, fate unknown.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from surveys.actions.freezing import refuse_frozen
from surveys.actions.mail_server import MailServer
from surveys.actions.messages import public_address
from surveys.actions.sending_batches import Sent, handed_over, prepared, release
from surveys.actions.sending_pace import give_back, take_of_the_minute
from surveys.models import AuditEvent, ContactAttempt, ContactStep, User, Wave
from surveys.queries.contacts import address_hash, dry_run, is_rolling, steps_due
from surveys.queries.sending import RESERVED_FOR

BATCH = 100
_LEASE = RESERVED_FOR
UNKNOWN_AFTER = timedelta(minutes=15)

_State = ContactAttempt.State
logger = logging.getLogger(__name__)


class NotOpen(Exception):
    """The field of the wave is not open: a link would open nothing."""


class NoMailServer(Exception):
    """EMAIL_URL is not set: messages, with addresses and codes, would be printed to the log."""


class OnlyByEmail(Exception):
    """The step goes by letter or telephone: there is nothing to send."""


@transaction.atomic
def queue(*, step: ContactStep, by: User | None, at: datetime) -> int:
    """Put everyone the step is for now in the queue; whoever was is not again. How many.

    All or nobody: a worker killed here leaves no half of a mailing. Raises NotOpen,
    OnlyByEmail, NoPublicAddress, NoMailServer.
    """
    return _queue(step, by=by, at=at, by_itself=False)


def _queue(step: ContactStep, *, by: User | None, at: datetime, by_itself: bool) -> int:
    locked = ContactStep.objects.select_for_update(of=("self",)).select_related("wave__survey")
    step = locked.get(pk=step.pk)
    if not step.wave.is_open:
        raise NotOpen
    if step.channel != ContactStep.Channel.EMAIL:
        raise OnlyByEmail
    public_address("/")
    if not _has_mail_server():
        raise NoMailServer
    # Of two clocks that found the step due the second finds it used: it waited for the lock.
    if by_itself and not is_rolling(step) and ContactAttempt.objects.filter(step=step).exists():
        return 0
    attempts = [
        ContactAttempt(
            case_id=recipient.case,
            step=step,
            channel=step.channel,
            queued_at=at,
            address_hash=address_hash(recipient.address),
            by=by,
        )
        for recipient in dry_run(step).who
    ]
    ContactAttempt.objects.bulk_create(attempts, batch_size=2_000, ignore_conflicts=True)
    if attempts:
        detail = {"wave": step.wave.slug, "step": step.pk, "number": len(attempts)}
        AuditEvent.objects.create(
            user=by, survey=step.wave.survey, action="contacts_queued", at=at, detail=detail
        )
    return len(attempts)


def queue_what_is_due(*, at: datetime) -> int:
    """Queue the steps whose day it is. Two clocks at once queue nothing twice."""
    if not settings.PUBLIC_URL or not _has_mail_server():
        return 0
    queued = 0
    for step in steps_due(at):
        # Closed or removed since it was found due.
        with suppress(NotOpen, ContactStep.DoesNotExist), transaction.atomic():
            queued += _queue(step, by=None, at=at, by_itself=True)
    return queued


def _has_mail_server() -> bool:
    return not (settings.PRODUCTION and settings.EMAIL_BACKEND.endswith(".console.EmailBackend"))


@transaction.atomic
def withdraw(*, step: ContactStep, by: User | None, at: datetime) -> int:
    """Take out of the queue what has not gone yet. How many; they count as skipped.

    Raises WaveFrozen: what waits then is passed over by itself.
    """
    refuse_frozen(step.wave)
    waiting = ContactAttempt.objects.filter(step=step, state=_State.QUEUED)
    number = waiting.update(state=_State.SKIPPED, outcome="withdrawn", claimed_at=None)
    detail = {"wave": step.wave.slug, "step": step.pk, "number": number}
    AuditEvent.objects.create(
        user=by, survey=step.wave.survey, action="contacts_withdrawn", at=at, detail=detail
    )
    return number


def send_waiting(
    *, seconds: float, now: Callable[[], datetime] = timezone.now, wave: Wave | None = None
) -> Sent:
    """Send what waits, batch by batch, until nothing is left, the minute is full, or time is up."""
    told = Sent()
    end = time.monotonic() + seconds
    with MailServer() as server:
        while time.monotonic() < end and _free(now(), wave).exists():
            if not server.is_there():
                told.later += _free(now(), wave).count()
                break
            granted = take_of_the_minute(now(), BATCH)
            claimed = _claim(now(), granted, wave) if granted else []
            if granted > len(claimed):
                give_back(now(), granted - len(claimed))
            if not claimed or not _send_batch(claimed, server, now, told, end):
                break
    return told


@transaction.atomic
def settle_lost(*, at: datetime) -> int:
    """Say of attempts whose worker died in the middle that nobody knows. How many."""
    lost = ContactAttempt.objects.filter(
        state=_State.SENDING, claimed_at__lt=at - UNKNOWN_AFTER
    ).update(state=_State.FAILED, outcome="unknown")
    if lost:
        logger.warning("%d e-mails were being sent when their worker ended; fate unknown", lost)
    return lost


def _free(at: datetime, wave: Wave | None) -> QuerySet[ContactAttempt]:
    """E-mails that wait, are due, and that no worker has reserved."""
    free = ContactAttempt.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=at - _LEASE) | Q(claimed_at__gt=at + _LEASE),
        Q(not_before=None) | Q(not_before__lte=at),
        state=_State.QUEUED,
        channel=ContactStep.Channel.EMAIL,
    )
    return free if wave is None else free.filter(case__wave=wave)


@transaction.atomic
def _claim(at: datetime, most: int, wave: Wave | None) -> list[int]:
    """Reserve attempts for this worker for a while, so that others look elsewhere.

    Those that were put off come last: a message on which a round ends must not stand before
    others that were never offered.

    A reservation is for speed only. Should two workers hold one attempt, after a jump of the
    clock, `_begin` still lets only one of them send it.
    """
    skips = connection.features.has_select_for_update_skip_locked
    locked = _free(at, wave).select_for_update(skip_locked=skips, of=("self",) if skips else ())
    in_turn = locked.order_by(F("not_before").asc(nulls_first=True), "queued_at", "pk")
    keys = [attempt.pk for attempt in in_turn.only("pk")[:most]]
    ContactAttempt.objects.filter(pk__in=keys).update(claimed_at=at)
    return keys


def _send_batch(
    keys: list[int], server: MailServer, now: Callable[[], datetime], told: Sent, end: float
) -> bool:
    """Send what was reserved, in that order. False if the server takes nothing more for now."""
    turn = {key: place for place, key in enumerate(keys)}
    attempts = ContactAttempt.objects.filter(pk__in=keys, state=_State.QUEUED)
    steps: dict[int, list[int]] = {}
    for key, step in sorted(attempts.values_list("pk", "step"), key=lambda row: turn[row[0]]):
        if step is not None:
            steps.setdefault(step, []).append(key)
    for step, of_step in steps.items():
        made = prepared(step=_step(step), attempts=of_step, at=now(), told=told)
        ready = sorted(made, key=lambda each: turn[each.attempt.pk])
        for place, each in enumerate(ready):
            if time.monotonic() > end or not handed_over(each, server, now, told):
                release(attempts=keys, unsent=ready[place:], at=now())
                return False
    return True


def _step(key: int) -> ContactStep:
    found = ContactStep.objects.select_related("wave__survey", "wave__instrument")
    return found.prefetch_related("templates").get(pk=key)
