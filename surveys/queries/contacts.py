"""Who a step of the contact protocol is for, and why others are not; what became of each."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from surveys.fieldwork.protocols import Audience
from surveys.models import Case, ContactAttempt, ContactStep, Invitation, Wave
from surveys.queries import case_contacts
from surveys.queries.barred import Barred, barred, is_callable, phone_hash

REASONS: Mapping[str, str] = {
    "had_it": "Contacted by this step before",
    "submitted": "Has submitted",
    "not_submitted": "Has not submitted",
    "over": "Refused, not eligible or closed",
    "standing": "Is not where the step wants it",
    "stratum": "In another stratum",
    "priority": "Below the least priority, or without one",
    "do_not_contact": "Not to be contacted",
    "opt_out": "Opted out",
    "complaint": "Complained of an earlier message",
    "bounce": "Address did not work before",
    "no_address": "No address",
    "no_postal_address": "No postal address",
    "bad_address": "Address cannot be used",
    "no_phone": "No telephone number",
    "bad_phone": "Telephone number cannot be used",
}
"""Why a case is left out of a step, in the order in which it is asked."""

_OPEN = (Case.Disposition.NOT_STARTED, Case.Disposition.STARTED)
_DONE = (Case.Disposition.COMPLETE,)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A case as a contact needs it. The address is for the message only, never for a log.

    `corrected_at` is when this contact took another's place; None for the register's.
    """

    case: int
    public_id: str
    pseudonym: str
    firm: str
    person: str
    address: str
    language: str
    stratum: str
    enterprise: int | None
    postal: str = ""
    phone: str = ""
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """Exactly who would be contacted now, and who not and why (a key of REASONS)."""

    who: tuple[Recipient, ...]
    left_out: tuple[tuple[Recipient, str], ...]

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """(words, number of cases) for each reason that occurs."""
        counts = Counter(reason for _, reason in self.left_out)
        return tuple((REASONS[key], counts[key]) for key in REASONS if counts[key])


def address_hash(address: str) -> str:
    """What is kept of an address: HMAC-SHA-256 of its usual spelling, under the pepper."""
    key = settings.ACCESS_CODE_PEPPER.encode()
    spelled = b"e-mail:" + address.strip().casefold().encode()
    return hmac.new(key, spelled, hashlib.sha256).hexdigest()


def is_usable(address: str) -> bool:
    """Whether the address is one address, without a line break or anything else around it."""
    if any(ord(character) < 33 or ord(character) == 127 for character in address):
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def dry_run(step: ContactStep, *, only: Collection[int] | None = None) -> DryRun:
    """Who would be contacted by the step now, in three queries; `only` narrows it to cases.

    With `only`, those cases' own attempts by this step do not count as contacted before: it is
    asked again just before each message goes out.
    """
    cases = Case.objects.filter(wave=step.wave_id)
    if only is not None:
        cases = cases.filter(pk__in=only)
    reason_of = partial(
        _reason,
        step=step,
        audience=Audience.read(step.audience),
        barred=barred(step.wave),
        had=frozenset() if only is not None else _had(step),
    )
    who, left_out = [], []
    for row in _rows(cases):
        recipient = _recipient(row)
        reason = reason_of(row, recipient)
        if reason:
            left_out.append((recipient, reason))
        else:
            who.append(recipient)
    return DryRun(tuple(who), tuple(left_out))


def _rows(cases: QuerySet[Case]) -> Iterable[Mapping[str, Any]]:
    opened = Invitation.objects.filter(case=OuterRef("pk"), first_used_at__isnull=False)
    return (
        cases.annotate(is_opened=Exists(opened))
        .order_by("pk")
        .values(
            "pk", "public_id", "pseudonym", "firm_name", "disposition", "priority", "is_opened",
            "stratum__label", "response__pk", "response__submitted_at", "unit__address",
            "unit__language", "unit__enterprise", "unit__enterprise__do_not_contact_at",
            *case_contacts.COLUMNS,
        )
    )  # fmt: skip


def _recipient(row: Mapping[str, Any]) -> Recipient:
    contact = case_contacts.contact_from(row)
    return Recipient(
        case=row["pk"],
        public_id=str(row["public_id"]),
        pseudonym=row["pseudonym"],
        firm=row["firm_name"] or row["pseudonym"],
        person=contact.name,
        address=contact.email,
        language=row["unit__language"] or "",
        stratum=row["stratum__label"],
        enterprise=row["unit__enterprise"],
        postal=row["unit__address"] or "",
        phone=contact.phone,
        corrected_at=contact.corrected_at,
    )


def _had(step: ContactStep) -> frozenset[int]:
    return frozenset(ContactAttempt.objects.filter(step=step).values_list("case", flat=True))


def _reason(
    row: Mapping[str, Any],
    to: Recipient,
    *,
    step: ContactStep,
    audience: Audience,
    barred: Barred,
    had: frozenset[int],
) -> str:
    """Why the case is left out; empty if it is not."""
    if row["pk"] in had:
        return "had_it"
    if reason := _not_there(row, audience):
        return reason
    if row["unit__enterprise__do_not_contact_at"]:
        return "do_not_contact"
    if (barred_for := barred.enterprises.get(row["unit__enterprise"])) is not None:
        return barred_for
    match step.channel:
        case "email":
            return _address_reason(to.address, barred)
        case "letter":
            return "" if to.postal.strip() else "no_postal_address"
        case "phone":
            return _phone_reason(to, barred)
    return ""


def _not_there(row: Mapping[str, Any], audience: Audience) -> str:
    has_submitted = row["response__submitted_at"] is not None
    if audience.standing == "submitted":
        if not has_submitted:
            return "not_submitted"
    elif has_submitted or row["disposition"] in _DONE:
        return "submitted"
    elif row["disposition"] not in _OPEN:
        return "over"
    elif not _stands(row, audience.standing):
        return "standing"
    if audience.strata and row["stratum__label"] not in audience.strata:
        return "stratum"
    least = audience.least_priority
    if least is not None and (row["priority"] is None or row["priority"] < least):
        return "priority"
    return ""


def _stands(row: Mapping[str, Any], standing: str) -> bool:
    has_begun = row["response__pk"] is not None
    match standing:
        case "not_opened":
            return not (row["is_opened"] or has_begun)
        case "opened":
            return bool(row["is_opened"]) or has_begun
        case "partial":
            return has_begun
    return True


def _address_reason(address: str, barred: Barred) -> str:
    if not address.strip():
        return "no_address"
    if not is_usable(address):
        return "bad_address"
    return barred.addresses.get(address_hash(address), "")


def _phone_reason(to: Recipient, barred: Barred) -> str:
    if to.enterprise is not None and (reason := barred.uncalled.get(to.enterprise)):
        return reason
    if not to.phone.strip():
        return "no_phone"
    if not is_callable(to.phone):
        return "bad_phone"
    return barred.addresses.get(phone_hash(to.phone), "")


def due_on(step: ContactStep) -> date:
    """The day of the step."""
    if step.on is not None:
        return step.on
    from_day = step.wave.field_start if step.day_from == "start" else step.wave.field_end
    return from_day + timedelta(days=step.offset_days)


def is_rolling(step: ContactStep) -> bool:
    """Whether the step goes on every day from its day: thanks, to who submitted since."""
    return step.kind == ContactStep.Kind.THANK_YOU


def steps_due(at: datetime, *, channel: str = "email") -> tuple[ContactStep, ...]:
    """Steps of a channel that are carried out by themselves at that moment.

    A step goes out on its own day and by no other: after an outage, or where the clock was
    wrong, a person decides whether it still should.
    """
    local = timezone.localtime(at)
    if local.hour < settings.CONTACTS_FROM_HOUR:
        return ()
    steps = (
        ContactStep.objects.filter(channel=channel, wave__state=Wave.State.OPEN)
        .select_related("wave__survey")
        .annotate(is_used=Exists(ContactAttempt.objects.filter(step=OuterRef("pk"))))
    )
    today = local.date()
    return tuple(
        step
        for step in steps
        if (
            due_on(step) <= today
            if is_rolling(step)
            else due_on(step) == today and not step.is_used
        )
    )


@dataclass(frozen=True, slots=True)
class StepCounts:
    """What became of the contacts of one step. `unknown` are among `failed`."""

    step: ContactStep
    on: date
    total: int
    waiting: int
    sent: int
    returned: int
    failed: int
    unknown: int
    skipped: int

    @property
    def is_used(self) -> bool:
        return self.total > 0


def steps_of(wave: Wave) -> tuple[StepCounts, ...]:
    """The protocol of the wave by date, with what became of it; two queries."""
    state = {
        "waiting": Q(attempts__state__in=["queued", "sending"]),
        "sent": Q(attempts__state__in=["sent", "delivered", "printed", "called"]),
        "returned": Q(attempts__state__in=["bounced", "complained"]),
        "failed": Q(attempts__state="failed"),
        "unknown": Q(attempts__state="failed", attempts__outcome="unknown"),
        "skipped": Q(attempts__state="skipped"),
    }
    steps = (
        ContactStep.objects.filter(wave=wave)
        .prefetch_related("templates")
        .annotate(
            total=Count("attempts"),
            **{f"n_{key}": Count("attempts", filter=which) for key, which in state.items()},
        )
    )
    found = []
    for step in steps:
        step.wave = wave
        numbers = {key: getattr(step, f"n_{key}") for key in state}
        found.append(StepCounts(step=step, on=due_on(step), total=step.total, **numbers))
    return tuple(sorted(found, key=lambda each: (each.on, each.step.position)))


def attempts_of(step: ContactStep, *, state: str = "") -> QuerySet[ContactAttempt]:
    attempts = ContactAttempt.objects.filter(step=step).select_related("case__stratum")
    if state:
        attempts = attempts.filter(state=state)
    return attempts.order_by("pk")
