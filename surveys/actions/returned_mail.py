"""What mail servers and providers tell of messages that were sent: one action for all of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from surveys.actions import suppressions
from surveys.actions.code_batches import revoke_many
from surveys.actions.contact_events import event_of
from surveys.actions.dispositions import settle
from surveys.actions.freezing import settled_for_ever
from surveys.models import Case, CaseEvent, ContactAttempt, MailReturn, Suppression
from surveys.queries.contacts import address_hash

Noted = Literal["noted", "seen", "of_no_message"]

_State = ContactAttempt.State
_Kind = MailReturn.Kind


@dataclass(frozen=True, slots=True)
class Returned:
    """One report. `source` and `own_id` tell it from others, so that it is noted once.

    `address` is for finding the message only where the source is trusted to name it; it is
    kept nowhere. `code` is a status or a word of the source, never its text.
    """

    kind: str
    source: str
    own_id: str
    message_id: str = ""
    address: str = ""
    code: str = ""


@transaction.atomic
def record(*, returned: Returned, at: datetime) -> Noted:
    """Note a report: the state of the contact, the history of its case, whom not to write to.

    Seen before, or of no message of this site, it changes nothing.
    """
    attempt = _attempt(returned)
    _, is_new = MailReturn.objects.get_or_create(
        key=_key(returned),
        defaults={"kind": returned.kind, "attempt": attempt, "code": returned.code[:30], "at": at},
    )
    if not is_new:
        return "seen"
    if attempt is None:
        return "of_no_message"
    case = Case.objects.select_for_update(of=("self",)).get(pk=attempt.case_id)
    attempt = ContactAttempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    attempt.case = case
    _suppress(returned.kind, attempt, at)
    if not Case.objects.filter(settled_for_ever(), pk=case.pk).exists():
        _write_event(returned, attempt, at)
    return "noted"


def _key(returned: Returned) -> str:
    return hashlib.sha256(f"{returned.source}\0{returned.own_id}".encode()).hexdigest()


def _attempt(returned: Returned) -> ContactAttempt | None:
    """The message that the report is of: by its identifier, else the last to that address."""
    if returned.message_id:
        named = returned.message_id.strip()
        named = named if named.startswith("<") else f"<{named}>"
        found = ContactAttempt.objects.filter(message_id=named).first()
        if found is not None:
            return found
    if not returned.address:
        return None
    hashed = address_hash(returned.address)
    sent = ContactAttempt.objects.filter(address_hash=hashed, channel="email")
    return sent.order_by("-claimed_at", "-pk").first()


def _suppress(kind: str, attempt: ContactAttempt, at: datetime) -> None:
    """Write to that address no more. A suppression stays, whatever comes later."""
    if kind == _Kind.OPT_OUT:
        suppressions.opt_out(attempt=attempt, at=at)
        return
    reasons = {_Kind.HARD: Suppression.Reason.BOUNCE, _Kind.COMPLAINT: Suppression.Reason.COMPLAINT}
    reason = reasons.get(_Kind(kind))
    if reason is None or not attempt.address_hash:
        return
    unit = attempt.case.unit
    Suppression.objects.get_or_create(
        survey=attempt.case.wave.survey,
        address_hash=attempt.address_hash,
        reason=reason,
        defaults={"enterprise_id": unit.enterprise_id if unit else None, "at": at},
    )


def _write_event(returned: Returned, attempt: ContactAttempt, at: datetime) -> None:
    match returned.kind:
        case _Kind.DELIVERED:
            _note_delivered(attempt, at)
        case _Kind.HARD if attempt.outcome != "hard":
            _move(attempt, _State.BOUNCED, "hard", returned.code)
            _end_unused_code(attempt, at)
            _event(attempt, "bounced", at)
            settle(case=attempt.case, at=at)
        case _Kind.SOFT if attempt.state in (_State.SENT, _State.SENDING):
            _move(attempt, _State.BOUNCED, "soft", returned.code)
            _event(attempt, "bounced_for_now", at)
        case _Kind.COMPLAINT if attempt.state != _State.COMPLAINED:
            _move(attempt, _State.COMPLAINED, "", returned.code)
            _event(attempt, "complained", at)


def _note_delivered(attempt: ContactAttempt, at: datetime) -> None:
    """It arrived, though nobody knew whether it was taken: then the firm was contacted."""
    if attempt.state == _State.SENT:
        _move(attempt, _State.DELIVERED, "", attempt.note)
    elif attempt.state == _State.SENDING or attempt.outcome == "unknown":
        _move(attempt, _State.DELIVERED, "", "")
        ContactAttempt.objects.filter(pk=attempt.pk).update(sent_at=at)
        if attempt.step is not None:
            invited = CaseEvent.objects.filter(case=attempt.case, kind="invited").exists()
            _event(attempt, event_of(attempt.step, was_invited=invited), at)


def _move(attempt: ContactAttempt, state: str, outcome: str, note: str) -> None:
    attempt.state, attempt.outcome, attempt.note = state, outcome, note
    attempt.save(update_fields=["state", "outcome", "note"])


def _end_unused_code(attempt: ContactAttempt, at: datetime) -> None:
    """The code of a message that reached nobody opens nothing, unless it has opened it."""
    invitation = attempt.invitation
    if invitation is not None and invitation.first_used_at is None:
        revoke_many(invitations=[invitation.pk], at=at)


def _event(attempt: ContactAttempt, kind: str, at: datetime) -> None:
    step = attempt.step
    detail = {"channel": attempt.get_channel_display()}
    if step is not None:
        detail["step"] = step.get_kind_display()
    CaseEvent.objects.create(case=attempt.case, kind=kind, at=at, detail=detail)
