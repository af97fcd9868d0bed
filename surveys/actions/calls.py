"""The phone list: who is on it, who calls whom, and what came of each call."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from surveys.actions.calendar import day_begins
from surveys.actions.dispositions import settle
from surveys.fieldwork.calls import COMPLETED, FOR_GOOD, NEEDS_A_MOMENT, OUTCOMES, CallOutcome
from surveys.models import (
    AuditEvent,
    Case,
    CaseEvent,
    ContactAttempt,
    ContactStep,
    PhoneListing,
    Response,
    Suppression,
    User,
    Wave,
)
from surveys.queries.barred import phone_hash
from surveys.queries.case_contacts import contact_of
from surveys.queries.contacts import dry_run, steps_due

_State = ContactAttempt.State
_PHONE = ContactStep.Channel.PHONE
_AT_ONCE = 2_000
# Clocks of a person and of the server differ a little.
_SLACK = timedelta(minutes=2)


class CallRefused(Exception):
    """The call cannot be noted; `field` and `reason` say why, for the form and the command."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class NotOpen(Exception):
    """The field of the wave is not open: nobody is called."""


class NotByPhone(Exception):
    """The step does not go by telephone."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a person notes it: what came of it, when it was, and when to call again."""

    outcome: str
    called_at: datetime
    call_back: datetime | None = None
    note: str = ""


@transaction.atomic
def list_firms(*, step: ContactStep, by: User | None, at: datetime) -> int:
    """Put everyone the step is for now on the phone list; whoever it put there is not again.

    How many. A firm that a call had ended with is called again. Raises NotOpen, NotByPhone.
    """
    locked = ContactStep.objects.select_for_update(of=("self",)).select_related("wave__survey")
    step = locked.get(pk=step.pk)
    if not step.wave.is_open:
        raise NotOpen
    if step.channel != _PHONE:
        raise NotByPhone
    cases = [recipient.case for recipient in dry_run(step).who]
    _write_listings(step, cases, by, at)
    if cases:
        detail = {"wave": step.wave.slug, "step": step.pk, "number": len(cases)}
        _audit(step.wave, "phone_list_made", by, at, detail)
    return len(cases)


def list_what_is_due(*, at: datetime) -> int:
    """Carry out the steps by telephone whose day it is. Two clocks at once list nobody twice."""
    listed = 0
    for step in steps_due(at, channel="phone"):
        with suppress(NotOpen, ContactStep.DoesNotExist):  # closed or removed since
            listed += list_firms(step=step, by=None, at=at)
    return listed


def _write_listings(
    step: ContactStep, cases: Collection[int], by: User | None, at: datetime
) -> None:
    ContactAttempt.objects.bulk_create(
        [
            ContactAttempt(case_id=case, step=step, channel=_PHONE, queued_at=at, by=by)
            for case in cases
        ],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    PhoneListing.objects.bulk_create(
        [PhoneListing(case_id=case, listed_at=at) for case in cases],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    ended = PhoneListing.objects.filter(case__contact_attempts__step=step, ended_at__isnull=False)
    ended.filter(case__contact_attempts__queued_at=at).update(ended_at=None, call_at=None)
    CaseEvent.objects.bulk_create(
        [CaseEvent(case_id=case, kind="phone_listed", at=at, by=by) for case in cases],
        batch_size=_AT_ONCE,
    )


@transaction.atomic
def record_call(*, case: Case, call: Call, by: User, at: datetime) -> PhoneListing:
    """Note a call and what came of it; the disposition follows by the table of precedence.

    The same call noted twice is kept once. Raises CallRefused.
    """
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("wave__survey").get(pk=case.pk)
    )
    listing = _listing(case)
    outcome = _checked(case, call, at)
    same = CaseEvent.objects.filter(case=case, kind=outcome.kind, at=call.called_at, by=by)
    if same.exists():
        return listing
    listing.calls += 1
    _write_event(listing, outcome, call, by)
    if call.outcome == FOR_GOOD:
        _bar(case, by, at)
    _note(listing, outcome, call, at)
    settle(case=case, at=at)
    return listing


def completed_by_telephone(*, case: Case, by: User, at: datetime) -> None:
    """Note that the firm gave its answers in a call, as a person has just handed them in."""
    outcome = OUTCOMES[COMPLETED]
    call = Call(COMPLETED, called_at=at)
    listing = PhoneListing.objects.filter(case=case).first()
    if listing is None:
        detail = {"by": by.get_username()}
        CaseEvent.objects.create(case=case, kind=outcome.kind, at=at, detail=detail, by=by)
        return
    listing.calls += 1
    _write_event(listing, outcome, call, by)
    _note(listing, outcome, call, at)


def _listing(case: Case) -> PhoneListing:
    on_it = ContactAttempt.objects.filter(case=case, channel=_PHONE).exclude(state=_State.SKIPPED)
    listing = PhoneListing.objects.select_for_update().filter(case=case).first()
    if listing is None or not on_it.exists():
        raise CallRefused("outcome", "The firm is not on the phone list.")
    return listing


def _checked(case: Case, call: Call, at: datetime) -> CallOutcome:
    """What came of the call, if it can have happened so. Raises CallRefused."""
    if not case.wave.is_open:
        raise CallRefused("outcome", "The field is not open: calls are noted while it is.")
    outcome = OUTCOMES.get(call.outcome)
    if outcome is None:
        raise CallRefused("outcome", f"“{call.outcome}” is none of: {', '.join(OUTCOMES)}.")
    if call.called_at > at + _SLACK:
        raise CallRefused("called_at", "The call lies in the future. Give when it was made.")
    if call.called_at < day_begins(case.wave.field_start):
        raise CallRefused("called_at", "The call lies before the field opened.")
    _check_call_back(case, call, outcome, at)
    if call.outcome == COMPLETED and not _has_submitted(case):
        raise CallRefused(
            "outcome",
            "Nothing was handed in yet. Fill in the questionnaire for the firm first.",
        )
    return outcome


def _check_call_back(case: Case, call: Call, outcome: CallOutcome, at: datetime) -> None:
    if call.call_back is None:
        if call.outcome == NEEDS_A_MOMENT:
            raise CallRefused("call_back", "Give the date and time at which to call back.")
        return
    if outcome.ends:
        raise CallRefused("call_back", "After this outcome nobody calls again. Leave it blank.")
    if call.call_back <= at:
        raise CallRefused("call_back", "The moment to call back has passed. Give a later one.")
    if call.call_back >= day_begins(case.wave.field_end + timedelta(days=1)):
        last = f"{case.wave.field_end:%-d %b %Y}"
        raise CallRefused("call_back", f"The field ends on {last}. Call back before.")


def _has_submitted(case: Case) -> bool:
    return Response.objects.filter(case=case, submitted_at__isnull=False).exists()


def _write_event(listing: PhoneListing, outcome: CallOutcome, call: Call, by: User) -> None:
    detail = {"call": listing.calls, "by": by.get_username()}
    if call.note:
        detail["note"] = call.note
    if call.call_back is not None:
        detail["call_back"] = timezone.localtime(call.call_back).isoformat()
    CaseEvent.objects.create(
        case=listing.case, kind=outcome.kind, at=call.called_at, detail=detail, by=by
    )


def _note(listing: PhoneListing, outcome: CallOutcome, call: Call, at: datetime) -> None:
    """Keep with the listing what its latest call came to."""
    earlier = listing.last_called_at is not None and listing.last_called_at > call.called_at
    if not earlier:
        again = call.called_at + outcome.again_after if outcome.again_after else None
        listing.last_outcome = call.outcome
        listing.last_called_at = call.called_at
        listing.call_at = call.call_back or again
        listing.ended_at = at if outcome.ends else None
    listing.save()
    attempts = ContactAttempt.objects.filter(case=listing.case, channel=_PHONE)
    attempts.exclude(state=_State.SKIPPED).update(
        state=_State.CALLED, outcome=listing.last_outcome, sent_at=listing.last_called_at
    )


def _bar(case: Case, by: User, at: datetime) -> None:
    """Honour for ever that the firm is not to be contacted, by any channel."""
    common = {"survey": case.wave.survey, "reason": Suppression.Reason.DO_NOT_CONTACT}
    enterprise = case.unit.enterprise_id if case.unit else None
    if enterprise is not None:
        Suppression.objects.get_or_create(
            **common, enterprise_id=enterprise, address_hash="", defaults={"at": at}
        )
    if phone := contact_of(case).phone:
        Suppression.objects.get_or_create(
            **common,
            address_hash=phone_hash(phone),
            defaults={"enterprise_id": enterprise, "at": at},
        )
    detail = {"by": by.get_username()}
    CaseEvent.objects.create(case=case, kind="not_to_be_contacted", at=at, detail=detail, by=by)


def _audit(
    wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, object]
) -> None:
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=detail)
