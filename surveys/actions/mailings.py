"""Letters of a contact step: asking for them, for a file made anew, and forgetting the file."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from surveys.actions.calendar import day_begins
from surveys.actions.code_batches import revoke_many
from surveys.actions.freezing import refuse_frozen
from surveys.actions.messages import public_address
from surveys.actions.sending import NotOpen
from surveys.models import AuditEvent, ContactAttempt, ContactStep, Mailing, User
from surveys.queries.contacts import dry_run, is_rolling, steps_due

_State = ContactAttempt.State


class NotALetter(Exception):
    """The step does not go by letter."""


class NobodyToWriteTo(Exception):
    """Everyone the step is for had its letter, or has no postal address."""


class NotAsked(Exception):
    """The mailing is in another state than that asks for."""


@transaction.atomic
def ask(*, step: ContactStep, by: User | None, at: datetime) -> Mailing:
    """Let letters be made for everyone the step is for now and who had none by it.

    Raises NotOpen, NotALetter, NobodyToWriteTo, NoPublicAddress.
    """
    return _ask(step, by=by, at=at, by_itself=False)


def ask_what_is_due(*, at: datetime) -> list[Mailing]:
    """Let the letters of the steps be made whose day it is, for somebody to print.

    Two clocks at once ask for no letter twice. Thanks, which go on every day, become one file
    a day.
    """
    if not settings.PUBLIC_URL:
        return []
    asked = []
    for step in steps_due(at, channel="letter"):
        # Closed or removed since; or nobody is left to write to.
        with suppress(NotOpen, NobodyToWriteTo, ContactStep.DoesNotExist), transaction.atomic():
            asked.append(_ask(step, by=None, at=at, by_itself=True))
    return asked


def _ask(step: ContactStep, *, by: User | None, at: datetime, by_itself: bool) -> Mailing:
    locked = ContactStep.objects.select_for_update(of=("self",)).select_related("wave__survey")
    step = locked.get(pk=step.pk)
    if step.channel != ContactStep.Channel.LETTER:
        raise NotALetter
    if not step.wave.is_open:
        raise NotOpen
    public_address("/")
    # Of two clocks that found the step due the second finds it done: it waited for the lock.
    if by_itself and _is_done(step, at):
        raise NobodyToWriteTo
    who = dry_run(step).who
    if not who:
        raise NobodyToWriteTo
    mailing = Mailing.objects.create(step=step, total=len(who), asked_at=at, by=by)
    ContactAttempt.objects.bulk_create(
        (
            ContactAttempt(
                case_id=each.case,
                step=step,
                channel=step.channel,
                mailing=mailing,
                queued_at=at,
                by=by,
            )
            for each in who
        ),
        batch_size=2_000,
        ignore_conflicts=True,
    )
    _audit(mailing, "letters_asked", by, at)
    return mailing


def _is_done(step: ContactStep, at: datetime) -> bool:
    if not is_rolling(step):
        return ContactAttempt.objects.filter(step=step).exists()
    today = day_begins(timezone.localdate(at))
    return Mailing.objects.filter(step=step, asked_at__gte=today).exists()


@transaction.atomic
def make_again(*, mailing: Mailing, by: User | None, at: datetime) -> None:
    """Make the file anew: new codes, those of the letters made before end.

    For a file that was lost, or a mailing that broke off. A firm's contact by the step stays
    one. Raises NotAsked, NotOpen, WaveFrozen.
    """
    refuse_frozen(mailing.step.wave)
    held = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if held.state == Mailing.State.WAITING:
        raise NotAsked
    if not mailing.step.wave.is_open:
        raise NotOpen
    if held.state != Mailing.State.FAILED:
        _end_codes(held, at)
        ContactAttempt.objects.filter(mailing=held, state=_State.PRINTED).update(
            state=_State.QUEUED
        )
        _drop_files(held)
    held.state, held.message, held.claimed_at = Mailing.State.WAITING, "", None
    held.times_taken_up = 0
    held.save()
    _audit(held, "letters_asked_again", by, at)


@transaction.atomic
def forget(*, mailing: Mailing, by: User | None, at: datetime) -> None:
    """Delete the file: the letters are out. Their codes stay good. Raises NotAsked."""
    held = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if held.state != Mailing.State.MADE:
        raise NotAsked
    _drop_files(held)
    held.state = Mailing.State.FORGOTTEN
    held.save()
    _audit(held, "letters_forgotten", by, at)


def _end_codes(mailing: Mailing, at: datetime) -> None:
    of_letters = ContactAttempt.objects.filter(mailing=mailing, invitation__isnull=False)
    codes = of_letters.values_list("invitation", flat=True)
    revoke_many(invitations=[code for code in codes if code is not None], at=at)


def _drop_files(mailing: Mailing) -> None:
    """Forget the file once the transaction holds."""
    if mailing.file:
        transaction.on_commit(partial(mailing.file.storage.delete, str(mailing.file.name)))
    mailing.file, mailing.pages = "", 0


def _audit(mailing: Mailing, action: str, by: User | None, at: datetime) -> None:
    step = mailing.step
    AuditEvent.objects.create(
        user=by,
        survey=step.wave.survey,
        action=action,
        at=at,
        detail={"wave": step.wave.slug, "step": step.pk, "number": mailing.total},
    )
