"""The e-mails that a worker has reserved: their codes, handing each over, what became of it.

What can be done for many at once is done before: who still wants one, and their access codes.
Then each message goes in two short transactions. The first makes it this worker's own and is
committed before the mail server hears of it; it succeeds for one worker only, and only while
the code that the message brings is the one that was last made for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from surveys.actions.calendar import codes_expire_at
from surveys.actions.code_batches import Issued, end_former_codes, issue_many, revoke_many
from surveys.actions.contact_events import event_of
from surveys.actions.mail_server import Handed, MailServer
from surveys.actions.messages import message, new_message_id, write
from surveys.actions.returned_mail import Returned, record
from surveys.models import CaseEvent, ContactAttempt, ContactStep, MailReturn
from surveys.queries.contacts import Recipient, address_hash, dry_run

_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 480))
_State = ContactAttempt.State


@dataclass
class Sent:
    """What a round of sending came to."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    later: int = 0
    skipped: int = 0

    @property
    def handled(self) -> int:
        return self.sent + self.failed + self.unknown + self.later + self.skipped


@dataclass(frozen=True, slots=True)
class Ready:
    """One e-mail that can go: its attempt, its receiver, the code made for it."""

    attempt: ContactAttempt
    step: ContactStep
    to: Recipient
    new: Issued
    was_invited: bool


@transaction.atomic
def prepared(
    *, step: ContactStep, attempts: Sequence[int], at: datetime, told: Sent
) -> list[Ready]:
    """Look at each firm once more, and make codes for those that still get the e-mail.

    A code that was made before, by a worker that ended, opens nothing from now on.
    """
    locks = ("self",) if connection.features.has_select_for_update_of else ()
    waiting = ContactAttempt.objects.filter(pk__in=attempts, state=_State.QUEUED)
    held = list(waiting.select_for_update(of=locks).select_related("case").order_by("pk"))
    run = dry_run(step, only=[attempt.case_id for attempt in held])
    who = {each.case: each for each in run.who} if step.wave.is_open else {}
    why = {each.case: reason for each, reason in run.left_out}
    wanted = [attempt for attempt in held if attempt.case_id in who]
    for attempt in held:
        if attempt.case_id not in who:
            told.skipped += _skip(attempt, why.get(attempt.case_id, "closed"))
    revoke_many(invitations=_codes_of(held), at=at)
    return _with_codes(step, wanted, who, at)


def _with_codes(
    step: ContactStep, attempts: list[ContactAttempt], who: dict[int, Recipient], at: datetime
) -> list[Ready]:
    cases = [attempt.case for attempt in attempts]
    until = codes_expire_at(step.wave, at)
    issued = issue_many(wave=step.wave, cases=cases, at=at, expires_at=until)
    events = CaseEvent.objects.filter(case__in=cases, kind="invited")
    invited = set(events.values_list("case", flat=True))
    for attempt in attempts:
        attempt.invitation = issued[attempt.case_id].invitation
    ContactAttempt.objects.bulk_update(attempts, ["invitation"])
    return [
        Ready(each, step, who[each.case_id], issued[each.case_id], each.case_id in invited)
        for each in attempts
    ]


def handed_over(ready: Ready, server: MailServer, now: Callable[[], datetime], told: Sent) -> bool:
    """Send one. False if the server answers nobody, so that the others had better wait."""
    message_id = new_message_id()
    email = message(
        write(ready.step, ready.to, code=ready.new.code),
        to=ready.to.address,
        wave=ready.step.wave,
        message_id=message_id,
        attempt=ready.attempt.pk,
    )
    if not _begin(ready, message_id, now()):
        return True
    handed = server.hand_over(email)
    _note(ready, handed, now(), told)
    return handed.fate in ("sent", "refused", "no_such_address", "later")


@transaction.atomic
def release(*, attempts: Sequence[int], unsent: Iterable[Ready], at: datetime) -> None:
    """Let other workers have what was reserved and did not go, with codes of their own."""
    waiting = ContactAttempt.objects.filter(pk__in=attempts, state=_State.QUEUED)
    still = set(waiting.select_for_update().order_by("pk").values_list("pk", "invitation"))
    codes = [
        each.new.invitation.pk
        for each in unsent
        if (each.attempt.pk, each.new.invitation.pk) in still
    ]
    revoke_many(invitations=codes, at=at)
    waiting.update(claimed_at=None)


def _begin(ready: Ready, message_id: str, at: datetime) -> bool:
    """Make the attempt this worker's own. False if another has it.

    This update is what makes it at most once: of any number of workers it succeeds for one.
    """
    waiting = ContactAttempt.objects.filter(
        pk=ready.attempt.pk, state=_State.QUEUED, invitation=ready.new.invitation
    )
    begun = waiting.update(
        state=_State.SENDING,
        claimed_at=at,
        message_id=message_id,
        address_hash=address_hash(ready.to.address),
    )
    return bool(begun)


@transaction.atomic
def _note(ready: Ready, handed: Handed, at: datetime, told: Sent) -> None:
    """Write down what became of an attempt that this worker had begun."""
    attempt = ready.attempt
    begun = ContactAttempt.objects.filter(
        Q(state=_State.SENDING) | Q(state=_State.FAILED, outcome="unknown"), pk=attempt.pk
    )
    if handed.fate == "sent":
        begun.update(state=_State.SENT, sent_at=at, outcome="")
        _note_event(ready, at)
        if ready.to.corrected_at is not None:
            corrected = {attempt.case_id: ready.to.corrected_at}
            end_former_codes(corrected=corrected, but=[ready.new.invitation.pk], at=at)
        told.sent += 1
    elif handed.fate == "unknown":
        begun.update(state=_State.FAILED, outcome="unknown", note=handed.code)
        told.unknown += 1
    elif handed.fate == "no_such_address":
        begun.update(state=_State.FAILED, outcome="refused", note=handed.code)
        _note_dead(ready, handed, at)
        told.failed += 1
    elif handed.fate == "refused" or (handed.fate == "later" and attempt.tries >= len(_BACK_OFF)):
        begun.update(state=_State.FAILED, outcome="refused", note=handed.code)
        _end_code(ready, at)
        told.failed += 1
    else:
        # Where no server answers it is no fault of this message: that is no try of its own.
        tries = attempt.tries + (handed.fate == "later")
        not_before = at + _BACK_OFF[min(attempt.tries, len(_BACK_OFF) - 1)]
        begun.update(
            state=_State.QUEUED,
            claimed_at=None,
            not_before=not_before,
            tries=tries,
            note=handed.code,
        )
        _end_code(ready, at)
        told.later += 1


def _note_dead(ready: Ready, handed: Handed, at: datetime) -> None:
    """The address takes nothing, now or later: the same as a report that says so."""
    attempt = ContactAttempt.objects.get(pk=ready.attempt.pk)
    told = Returned(
        kind=MailReturn.Kind.HARD,
        source="the mail server",
        own_id=attempt.message_id,
        message_id=attempt.message_id,
        code=handed.code,
    )
    record(returned=told, at=at)


def _note_event(ready: Ready, at: datetime) -> None:
    step = ready.step
    detail = {"step": step.get_kind_display(), "channel": step.get_channel_display()}
    kind = event_of(step, was_invited=ready.was_invited)
    CaseEvent.objects.create(case_id=ready.attempt.case_id, kind=kind, at=at, detail=detail)


def _skip(attempt: ContactAttempt, reason: str) -> int:
    waiting = ContactAttempt.objects.filter(pk=attempt.pk, state=_State.QUEUED)
    return waiting.update(state=_State.SKIPPED, outcome=reason)


def _end_code(ready: Ready, at: datetime) -> None:
    """The code of a message that certainly reached nobody opens nothing."""
    revoke_many(invitations=[ready.new.invitation.pk], at=at)


def _codes_of(attempts: Iterable[ContactAttempt]) -> list[int]:
    return [each.invitation_id for each in attempts if each.invitation_id is not None]
