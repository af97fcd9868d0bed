"""Making the letters of a mailing, batch by batch, as one PDF: each firm at most once a step.

Making a letter is drawing it and noting it: the part of the file, the state of its attempts
and the events of their cases are written in one transaction, so that a worker killed at any
moment leaves letters that are in the file and noted, or neither. The access codes of letters
that were begun and never drawn are ended when the next worker takes them up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from surveys.actions.calendar import codes_expire_at
from surveys.actions.code_batches import end_former_codes, issue_many, revoke_many
from surveys.actions.contact_events import event_of
from surveys.actions.held_works import MOST_ATTEMPTS
from surveys.actions.messages import Written, link_of, write
from surveys.models import (
    CaseEvent,
    ContactAttempt,
    ContactStep,
    Mailing,
    MailingPart,
)
from surveys.queries.contacts import Recipient, dry_run

BATCH = 50
_LEASE = timedelta(minutes=5)
_State = ContactAttempt.State
_BROKE_OFF = (
    "Making the letters broke off for a reason that is not in their words. The letters made so "
    "far were kept: try again, and tell the operator if it happens twice."
)
_GIVEN_UP = (
    "Three workers ended in the middle of making these letters. Those made so far were kept. "
    "Perhaps a letter needs more memory than the workers have: ask the operator, then go on."
)


class CannotBeMade(Exception):
    """The machine cannot make the file; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its words, where it goes, and the code it brings."""

    to: Recipient
    written: Written
    code: str
    link: str
    invitation: int


Draw = Callable[[ContactStep, Sequence[Letter]], bytes]
"""Letters as a PDF. Raises CannotBeMade."""
Join = Callable[[Sequence[IO[bytes]]], tuple[bytes, int]]
"""Parts as one PDF, and its number of pages."""


def make(
    *,
    mailing: int,
    draw: Draw,
    join: Join,
    now: Callable[[], datetime],
    goes_on: Callable[[], bool] = lambda: True,
) -> bool:
    """Make the letters of a mailing that waits, batch by batch. True once its file is there.

    `goes_on` is asked before each batch. Done twice, or by two workers at once, each letter is
    made once. Raises CannotBeMade, after it was noted.
    """
    held = _hold(mailing, now())
    if held is None:
        return False
    try:
        while goes_on():
            batch = _begin(held, now())
            if batch is None:
                _finish(held, join, now())
                return True
            if batch and not _keep(held, batch, draw(held.step, list(batch.values())), now()):
                return False
    except CannotBeMade as refused:
        _break_off(held, str(refused))
        raise
    except Exception:
        _break_off(held, _BROKE_OFF)
        raise
    Mailing.objects.filter(pk=held.pk).update(claimed_at=None, times_taken_up=0)
    return False


def waiting(at: datetime) -> tuple[int, ...]:
    """Mailings that wait for a worker and that none holds; what killed three is given up."""
    too_often = _free(at).filter(times_taken_up__gte=MOST_ATTEMPTS)
    too_often.update(state=Mailing.State.FAILED, message=_GIVEN_UP, claimed_at=None)
    return tuple(_free(at).values_list("pk", flat=True))


def _free(at: datetime) -> QuerySet[Mailing]:
    return Mailing.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=at - _LEASE) | Q(claimed_at__gt=at + _LEASE),
        state=Mailing.State.WAITING,
    )


def _hold(key: int, at: datetime) -> Mailing | None:
    """The mailing, held by this worker for a while; None if there is nothing to do."""
    free = _free(at).filter(pk=key, times_taken_up__lt=MOST_ATTEMPTS)
    if not free.update(claimed_at=at, times_taken_up=F("times_taken_up") + 1):
        return None
    Mailing.objects.filter(pk=key, begun_at=None).update(begun_at=at)
    steps = Mailing.objects.select_related("step__wave__survey", "step__wave__instrument")
    return steps.prefetch_related("step__templates").get(pk=key)


@transaction.atomic
def _begin(mailing: Mailing, at: datetime) -> dict[int, Letter] | None:
    """The next letters by the key of their attempt, with codes of their own; None at the end."""
    Mailing.objects.filter(pk=mailing.pk).update(claimed_at=at)
    mailing.step.wave.refresh_from_db(fields=["state", "frozen_at"])
    locks = ("self",) if connection.features.has_select_for_update_of else ()
    queued = ContactAttempt.objects.filter(mailing=mailing, state=_State.QUEUED)
    locked = queued.select_for_update(of=locks).select_related("case")
    attempts = list(locked.order_by("pk")[:BATCH])
    if not attempts:
        return None
    run = dry_run(mailing.step, only=[attempt.case_id for attempt in attempts])
    who = {each.case: each for each in run.who} if mailing.step.wave.is_open else {}
    why = {each.case: reason for each, reason in run.left_out}
    # Codes of a worker that ended before their letters were drawn.
    revoke_many(invitations=_codes_of(attempts), at=at)
    for attempt in attempts:
        if attempt.case_id not in who:
            _leave_out(attempt, why.get(attempt.case_id, "closed"))
    wanted = [attempt for attempt in attempts if attempt.case_id in who]
    return _with_codes(mailing.step, wanted, who, at)


def _leave_out(attempt: ContactAttempt, reason: str) -> None:
    """No letter any more; one that was in a file before stays a contact."""
    attempt.state = _State.PRINTED if attempt.sent_at else _State.SKIPPED
    attempt.outcome = "" if attempt.sent_at else reason
    attempt.save(update_fields=["state", "outcome"])


def _with_codes(
    step: ContactStep,
    attempts: Sequence[ContactAttempt],
    who: Mapping[int, Recipient],
    at: datetime,
) -> dict[int, Letter]:
    if not attempts:
        return {}
    cases = [attempt.case for attempt in attempts]
    until = codes_expire_at(step.wave, at)
    issued = issue_many(wave=step.wave, cases=cases, at=at, expires_at=until)
    letters = {}
    for attempt in attempts:
        new, to = issued[attempt.case_id], who[attempt.case_id]
        attempt.invitation = new.invitation
        written = write(step, to, code=new.code)
        letters[attempt.pk] = Letter(to, written, new.code, link_of(new.code), new.invitation.pk)
    ContactAttempt.objects.bulk_update(attempts, ["invitation"])
    return letters


def _keep(mailing: Mailing, batch: dict[int, Letter], pdf: bytes, at: datetime) -> bool:
    """Note the letters with their part of the file; False if another worker has begun them."""
    part = MailingPart(mailing=mailing, letters=len(batch))
    part.file.save(f"{uuid4().hex}.pdf", ContentFile(pdf), save=False)
    path = str(part.file.name)
    try:
        with transaction.atomic():
            _note(mailing, batch, at)
            part.save()
    except Exception as failure:
        part.file.storage.delete(path)
        if isinstance(failure, _Overtaken):
            return False
        raise
    return True


class _Overtaken(Exception):
    """A letter of the batch is not this worker's any more."""


def _note(mailing: Mailing, batch: dict[int, Letter], at: datetime) -> None:
    locked = ContactAttempt.objects.select_for_update().filter(
        pk__in=batch, mailing=mailing, state=_State.QUEUED
    )
    attempts = [each for each in locked if each.invitation_id == batch[each.pk].invitation]
    if len(attempts) != len(batch):
        raise _Overtaken
    first = [each for each in attempts if each.sent_at is None]
    cases = [each.case_id for each in first]
    invited = set(
        CaseEvent.objects.filter(case__in=cases, kind="invited").values_list("case", flat=True)
    )
    step = mailing.step
    detail = {"step": step.get_kind_display(), "channel": step.get_channel_display()}
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case_id=case, kind=event_of(step, was_invited=case in invited), at=at, detail=detail
        )
        for case in cases
    )
    ContactAttempt.objects.filter(pk__in=batch).update(state=_State.PRINTED, sent_at=at)
    Mailing.objects.filter(pk=mailing.pk).update(times_taken_up=0)
    to = [letter.to for letter in batch.values()]
    corrected = {each.case: each.corrected_at for each in to if each.corrected_at is not None}
    brought = [letter.invitation for letter in batch.values()]
    end_former_codes(corrected=corrected, but=brought, at=at)


def _finish(mailing: Mailing, join: Join, at: datetime) -> None:
    """Join the parts; the mailing is made. Without any letter there is no file."""
    parts = list(mailing.parts.order_by("pk"))
    with ExitStack() as opened:
        files = [opened.enter_context(part.file.open("rb")) for part in parts]
        whole, pages = join(files) if files else (b"", 0)
    if whole:
        mailing.file.save(f"{uuid4().hex}.pdf", ContentFile(whole), save=False)
    mailing.state, mailing.made_at, mailing.pages = Mailing.State.MADE, at, pages
    mailing.claimed_at = None
    with transaction.atomic():
        mailing.save()
        mailing.parts.all().delete()
    for part in parts:
        part.file.storage.delete(str(part.file.name))


def _break_off(mailing: Mailing, message: str) -> None:
    Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.WAITING).update(
        state=Mailing.State.FAILED, message=message, claimed_at=None
    )


def _codes_of(attempts: Iterable[ContactAttempt]) -> list[int]:
    return [each.invitation_id for each in attempts if each.invitation_id is not None]
