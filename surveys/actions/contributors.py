"""Several people of one firm: inviting a colleague, admitting, withdrawing, handing over.

The responsible person holds the access code. Everybody else has a link of their own, known
by its keyed hash as access codes are. Names and addresses stay in the table of contributors:
events say what was shared, never with whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare

from surveys.actions import access_codes, invitations
from surveys.actions.freezing import WaveFrozen, refuse_frozen_case
from surveys.actions.invitations import AccessRefused
from surveys.models import Case, CaseEvent, Contributor, Invitation
from surveys.queries.contributors import contributor_with_hash, responsible_of
from surveys.queries.instruments import compiled

LINK_LASTS = timedelta(hours=72)
_LETTERS_AN_HOUR = 10
_LETTERS_A_DAY = 30
_MOST_PEOPLE = 50
_SENT = ("colleague_invited", "colleague_reminded", "receipt_sent")


class TooManyLetters(Exception):
    """The firm has had so many e-mails sent that it must wait."""


class TooManyPeople(Exception):
    """The firm has invited as many people as it may."""


class NotInvited(Exception):
    """The person is not one who can be sent a link, or was withdrawn before."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an e-mail address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Invited:
    """A person with the link that was made for them, which is told here and never again."""

    contributor: Contributor
    code: str


@transaction.atomic
def introduce(*, case: Case, person: Person, at: datetime) -> Contributor:
    """Say who the responsible person is; said again, name and address are corrected.

    Raises WaveFrozen.
    """
    refuse_frozen_case(case)
    _lock(case)
    holder = responsible_of(case)
    if holder is not None:
        holder.name, holder.email = person.name, person.email
        holder.save(update_fields=["name", "email"])
        return holder
    return Contributor.objects.create(
        case=case,
        role=Contributor.Role.WHOLE,
        name=person.name,
        email=person.email,
        link_hash=access_codes.keyed_hash(access_codes.new_code()),  # nobody knows this one
        invited_at=at,
        expires_at=at,
        accepted_at=at,
    )


@transaction.atomic
def invite(
    *,
    case: Case,
    by: Contributor,
    person: Person,
    role: str,
    sections: Sequence[str] = (),
    at: datetime,
) -> Invited:
    """Make a person a link that is good for 72 hours; sending it is left to the caller.

    `sections` counts for the role of a section only, and is refused with a ValueError if
    the instrument has none of that name. Raises TooManyLetters, TooManyPeople, WaveFrozen.
    """
    refuse_frozen_case(case)
    _lock(case)
    letters_left(case=case, at=at)
    if Contributor.objects.filter(case=case).count() >= _MOST_PEOPLE:
        raise TooManyPeople
    given = _sections(case, sections) if role == Contributor.Role.SECTION else []
    code = access_codes.new_code()
    contributor = Contributor.objects.create(
        case=case,
        role=role,
        name=person.name,
        email=person.email,
        sections=given,
        link_hash=access_codes.keyed_hash(code),
        invited_by=by,
        invited_at=at,
        expires_at=at + LINK_LASTS,
    )
    detail = {"role": role, "sections": given}
    CaseEvent.objects.create(case=case, kind="colleague_invited", at=at, detail=detail)
    return Invited(contributor, access_codes.grouped(code))


@transaction.atomic
def renew(*, contributor: Contributor, at: datetime) -> Invited:
    """Make the person a new link; the old one ends.

    Raises NotInvited, TooManyLetters, WaveFrozen.
    """
    refuse_frozen_case(contributor.case)
    _lock(contributor.case)
    letters_left(case=contributor.case, at=at)
    code = access_codes.new_code()
    open_link = Contributor.objects.filter(
        pk=contributor.pk, revoked_at=None, invited_by__isnull=False
    )
    if not open_link.update(link_hash=access_codes.keyed_hash(code), expires_at=at + LINK_LASTS):
        raise NotInvited
    contributor.refresh_from_db()
    _note(contributor, "colleague_reminded", at)
    return Invited(contributor, access_codes.grouped(code))


@transaction.atomic
def withdraw(*, contributor: Contributor, at: datetime) -> bool:
    """End the person's access now; what they saved stays. False if it had ended before."""
    still_there = Contributor.objects.filter(pk=contributor.pk, revoked_at=None)
    if not still_there.update(revoked_at=at):
        return False
    _note(contributor, "colleague_withdrawn", at)
    return True


def recognise(*, code: str, at: datetime) -> Contributor:
    """The person of a link; changes nothing. Raises AccessRefused."""
    try:
        link_hash = access_codes.keyed_hash(access_codes.normalised(code))
    except access_codes.MistypedCode:
        raise AccessRefused("mistyped") from None
    found = contributor_with_hash(link_hash)
    if found is None or not constant_time_compare(found.link_hash, link_hash):
        raise AccessRefused("unknown")
    if found.revoked_at is None and found.expires_at <= at:
        raise AccessRefused("link_over", found)
    still_good(contributor=found)
    return found


def recognise_any(*, code: str, at: datetime) -> Invitation | Contributor:
    """The access code, or the person of a link; changes nothing. Raises AccessRefused."""
    try:
        return invitations.recognise(code=code, at=at)
    except AccessRefused as refusal:
        if refusal.reason != "unknown":
            raise
        return recognise(code=code, at=at)


def still_good(*, contributor: Contributor) -> None:
    """Raise AccessRefused if the person may not be there now.

    The 72 hours are those of the link: a visit that began within them goes on.
    """
    if contributor.revoked_at is not None:
        raise AccessRefused("withdrawn", contributor)
    invitations.takes_visitors(contributor)


@transaction.atomic
def accept(*, code: str, at: datetime) -> tuple[Contributor, Invitation | None, str]:
    """Admit the person of the link. Raises AccessRefused.

    A successor takes over: every access code of the firm ends and a new one is made, whose
    invitation and code are returned; for everybody else they are None and empty.
    """
    contributor = recognise(code=code, at=at)
    try:
        refuse_frozen_case(contributor.case)
    except WaveFrozen:
        raise AccessRefused("closed", contributor) from None
    _lock(contributor.case)
    if contributor.role == Contributor.Role.SUCCESSOR:
        return _take_over(contributor, at)
    first = Contributor.objects.filter(pk=contributor.pk, accepted_at=None)
    if first.update(accepted_at=at):
        contributor.accepted_at = at
        _note(contributor, "colleague_accepted", at)
    return contributor, None, ""


def _take_over(contributor: Contributor, at: datetime) -> tuple[Contributor, Invitation, str]:
    """End the former person's access and give the successor a code; the link ends, too."""
    case = contributor.case
    codes = list(Invitation.objects.filter(case=case, revoked_at=None))
    expires_at = max((each.expires_at for each in codes), default=at + timedelta(days=90))
    former = responsible_of(case)
    for each in codes:
        invitations.revoke(invitation=each, at=at)
    if former is not None and former.pk != contributor.pk:
        Contributor.objects.filter(pk=former.pk).update(revoked_at=at)
    contributor.accepted_at = contributor.expires_at = at
    contributor.save(update_fields=["accepted_at", "expires_at"])
    _note(contributor, "responsibility_transferred", at)
    invitation, code = invitations.issue(case=case, at=at, expires_at=expires_at)
    return contributor, invitation, code


def letters_left(*, case: Case, at: datetime) -> int:
    """How many e-mails the firm may still cause within the hour. Raises TooManyLetters."""
    sent = CaseEvent.objects.filter(case=case, kind__in=_SENT)
    lately = sent.filter(at__gt=at - timedelta(hours=1)).count()
    today = sent.filter(at__gt=at - timedelta(days=1)).count()
    if lately >= _LETTERS_AN_HOUR or today >= _LETTERS_A_DAY:
        raise TooManyLetters
    return _LETTERS_AN_HOUR - lately


def _sections(case: Case, sections: Sequence[str]) -> list[str]:
    if case.wave.instrument is None:
        raise ValueError("The wave has no questionnaire")
    names = [section.name for section in compiled(case.wave.instrument).sections]
    foreign = set(sections) - set(names)
    if foreign or not sections:
        raise ValueError(f"Not sections of the questionnaire: {', '.join(sorted(foreign))}")
    return [name for name in names if name in sections]


def _note(contributor: Contributor, kind: str, at: datetime) -> None:
    detail = {"role": contributor.role, "sections": contributor.sections}
    CaseEvent.objects.create(case=contributor.case, kind=kind, at=at, detail=detail)


def _lock(case: Case) -> None:
    """Nobody else changes the firm's people, or its answers, meanwhile."""
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
