"""The phone list of a wave: whom to call now, whom later, and how far each caller is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from surveys.fieldwork.calls import OUTCOMES
from surveys.models import (
    Case,
    ContactAttempt,
    ContactStep,
    Membership,
    PhoneListing,
    Suppression,
    User,
    Wave,
)
from surveys.permissions import RULES
from surveys.queries.barred import ASKED_FOR_SILENCE
from surveys.queries.case_contacts import CONTACT, contact_in

STATES: Mapping[str, str] = {
    "now": "To call now",
    "later": "To call later",
    "ended": "Nothing left to call about",
    "all": "All firms of the list",
}
NOBODY = "nobody"

_OPEN = (Case.Disposition.NOT_STARTED, Case.Disposition.STARTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One firm of the list, as its page and the command show it."""

    public_id: str
    pseudonym: str
    firm: str
    person: str
    phone: str
    stratum: str
    state: str
    calls: int
    outcome: str
    called_at: datetime | None
    call_at: datetime | None
    assigned_to: str


@dataclass(frozen=True, slots=True)
class CallerProgress:
    """What one caller was given, and what became of it; `caller` is empty for nobody."""

    caller: str
    firms: int
    now: int
    later: int
    ended: int
    calls: int
    complete: int
    refused: int


@dataclass(frozen=True, slots=True)
class Tally:
    now: int
    later: int
    ended: int


def listed(wave: Wave, at: datetime) -> QuerySet[PhoneListing]:
    """The phone list, each with its `standing` at that moment: now, later or ended.

    A firm that answered, refused or is not to be contacted has nothing left to be called
    about, whatever its last call came to.
    """
    on_it = ContactAttempt.objects.filter(
        case=OuterRef("case"), channel=ContactStep.Channel.PHONE
    ).exclude(state=ContactAttempt.State.SKIPPED)
    return (
        PhoneListing.objects.filter(Exists(on_it), case__wave=wave)
        .annotate(
            standing=Choose(
                When(_ended(wave), then=Value("ended")),
                When(call_at__gt=at, then=Value("later")),
                default=Value("now"),
            )
        )
        .select_related("case__stratum", *(f"case__{each}" for each in CONTACT), "assigned_to")
    )


def _ended(wave: Wave) -> Q:
    silenced = Suppression.objects.filter(
        survey=wave.survey_id,
        enterprise=OuterRef("case__unit__enterprise"),
        reason__in=ASKED_FOR_SILENCE,
    )
    return (
        Q(ended_at__isnull=False)
        | ~Q(case__disposition__in=_OPEN)
        | Q(case__response__submitted_at__isnull=False)
        | Q(case__unit__enterprise__do_not_contact_at__isnull=False)
        | Q(Exists(silenced))
    )


def phone_list(
    wave: Wave, at: datetime, *, state: str = "all", caller: str = "", search: str = ""
) -> QuerySet[PhoneListing]:
    """The list narrowed and in the order of calling: appointments, then whom nobody has called.

    `caller` is a username, or `NOBODY` for firms that were given to nobody.
    """
    found = listed(wave, at)
    if state != "all":
        found = found.filter(standing=state)
    if caller == NOBODY:
        found = found.filter(assigned_to=None)
    elif caller:
        found = found.filter(assigned_to__username=caller)
    if search:
        found = found.filter(
            Q(case__firm_name__icontains=search) | Q(case__unit__register_id=search)
        )
    waits_since = Coalesce(F("call_at"), F("last_called_at"), F("listed_at"))
    return found.alias(waits_since=waits_since).order_by("-standing", "waits_since", "pk")


def line_of(listing: PhoneListing) -> Line:
    case = listing.case
    contact = contact_in(case)
    outcome = OUTCOMES.get(listing.last_outcome)
    return Line(
        public_id=str(case.public_id),
        pseudonym=case.pseudonym,
        firm=str(case),
        person=contact.name,
        phone=contact.phone,
        stratum=case.stratum.label,
        state=listing.standing,  # type: ignore[attr-defined]
        calls=listing.calls,
        outcome=outcome.words if outcome else "",
        called_at=listing.last_called_at,
        call_at=listing.call_at,
        assigned_to=listing.assigned_to.get_username() if listing.assigned_to else "",
    )


def tally(wave: Wave, at: datetime) -> Tally:
    counts = dict(listed(wave, at).values_list("standing").annotate(Count("pk")).order_by())
    return Tally(*(counts.get(name, 0) for name in ("now", "later", "ended")))


def progress(wave: Wave, at: datetime) -> tuple[CallerProgress, ...]:
    """One row a caller, by name, then what nobody was given; one query."""
    rows = (
        listed(wave, at)
        .values("assigned_to__username")
        .annotate(
            firms=Count("pk"),
            now=Count("pk", filter=Q(standing="now")),
            later=Count("pk", filter=Q(standing="later")),
            ended=Count("pk", filter=Q(standing="ended")),
            n_calls=Sum("calls"),
            complete=Count("pk", filter=Q(case__disposition=Case.Disposition.COMPLETE)),
            refused=Count("pk", filter=Q(case__disposition=Case.Disposition.REFUSAL)),
        )
        .order_by("assigned_to__username")
    )
    found = [
        CallerProgress(
            row["assigned_to__username"] or "", row["firms"], row["now"], row["later"],
            row["ended"], row["n_calls"] or 0, row["complete"], row["refused"],
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.caller == "", each.caller)))


def callers_of(wave: Wave) -> tuple[Membership, ...]:
    """Members who may call for the survey, each with its person; interviewers first."""
    members = Membership.objects.filter(
        survey=wave.survey_id, role__in=RULES["record_calls"].roles, user__is_active=True
    )
    found = members.select_related("user").order_by("user__username")
    return tuple(sorted(found, key=lambda each: each.role != Membership.Role.INTERVIEWER))


def has_own(wave: Wave, person: User) -> bool:
    """Whether firms of the list were given to the person."""
    return PhoneListing.objects.filter(case__wave=wave, assigned_to=person).exists()


def listing_of(case: Case, at: datetime) -> PhoneListing | None:
    """The case's place on the list, with its standing; None if it is not on it."""
    return listed(case.wave, at).filter(case=case).first()
