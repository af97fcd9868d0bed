"""The people of a firm who answer together: who they are and how far their part has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy

from surveys.models import Case, Contributor, PageVersion
from surveys.queries.kept import Given, KeptQuery
from surveys.queries.responses import Standing
from surveys.queries.visits import may_have_people, only_one, with_case
from surveys.questionnaire.instrument import Instrument

WHOLE_ANSWER = ""
"""The key of `Response.sign_offs` under which the declaration on all answers is kept."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as the team page lists them; `state` is one of `STATES`."""

    person: Contributor
    state: str
    sections: tuple[str, ...]
    may_resend: bool
    may_revoke: bool


@dataclass(frozen=True, slots=True)
class DelegatedSection:
    """A section that was given to colleagues, with what its sign-off says."""

    name: str
    title: str
    people: tuple[str, ...]
    signed: bool


STATES = {
    "responsible": gettext_lazy("Responsible person"),
    "waiting": gettext_lazy("Has not opened the link yet"),
    "accepted": gettext_lazy("Has opened the link"),
    "expired": gettext_lazy("The link has run out"),
    "revoked": gettext_lazy("Withdrawn"),
}

_OF_LINK = KeptQuery(
    lambda: with_case(Contributor.objects.filter(link_hash=Given(Contributor, "link_hash")))
)
_OF_CASE = KeptQuery(
    lambda: with_case(
        Contributor.objects.filter(
            pk=Given(Contributor, "pk"), case__public_id=Given(Case, "public_id")
        )
    )
)


def contributor_with_hash(link_hash: str) -> Contributor | None:
    """The person of that link, with case, wave and response; one query."""
    return only_one(_OF_LINK, link_hash=link_hash)


def contributor_of_case(pk: int, case: UUID) -> Contributor | None:
    """The person of that key, if of the case; one query."""
    return only_one(_OF_CASE, pk=pk, public_id=case)


def responsible_of(case: Case) -> Contributor | None:
    """Who holds the access code, once a name was given.

    It is the successor who accepted last, or else the person whom nobody invited.
    """
    successor, first = Contributor.Role.SUCCESSOR, Q(invited_by=None, role=Contributor.Role.WHOLE)
    people = Contributor.objects.filter(
        Q(role=successor) | first, case=case, revoked_at=None, accepted_at__isnull=False
    )
    return max(people, key=lambda each: (each.role == successor, each.accepted_at), default=None)


def people_of(case: Case, instrument: Instrument, at: datetime) -> tuple[PersonLine, ...]:
    """Everybody who was ever invited, in that order, the responsible person first."""
    responsible = responsible_of(case)
    titles = {section.name: section.title for section in instrument.sections}
    lines = [
        _line(person, responsible, titles, at) for person in Contributor.objects.filter(case=case)
    ]
    return tuple(sorted(lines, key=lambda line: line.state != "responsible"))


def _line(
    person: Contributor, responsible: Contributor | None, titles: Mapping[str, str], at: datetime
) -> PersonLine:
    state = _state(person, at)
    if responsible is not None and person.pk == responsible.pk:
        state = "responsible"
    is_out = state in {"responsible", "revoked"}
    return PersonLine(
        person=person,
        state=state,
        sections=tuple(titles[name] for name in person.sections if name in titles),
        may_resend=not is_out,
        may_revoke=not is_out,
    )


def _state(person: Contributor, at: datetime) -> str:
    if person.revoked_at is not None:
        return "revoked"
    if person.accepted_at is not None:
        return "accepted"
    return "expired" if person.expires_at <= at else "waiting"


def visible_sections(person: Contributor | None, instrument: Instrument) -> Collection[str]:
    """Names of the sections that the person sees; the holder of the code sees all."""
    names = frozenset(section.name for section in instrument.sections)
    if person is None or person.role != Contributor.Role.SECTION:
        return names
    return names & frozenset(person.sections)


def delegated_sections(firm: Standing) -> tuple[DelegatedSection, ...]:
    """Sections on the route that colleagues were given, in order."""
    if not may_have_people(firm.case):
        return ()
    people = tuple(
        Contributor.objects.filter(case=firm.case, role=Contributor.Role.SECTION, revoked_at=None)
    )
    signed = firm.response.sign_offs if firm.response else {}
    return tuple(
        DelegatedSection(
            name=status.section.name,
            title=firm.fill(status.section.title),
            people=names,
            signed=status.section.name in signed and status.done == len(status.pages),
        )
        for status in firm.sections
        if status.pages
        and (names := tuple(str(each) for each in people if status.section.name in each.sections))
    )


def open_sections(firm: Standing) -> tuple[str, ...]:
    """Names of the sections that colleagues were given and did not sign off."""
    return tuple(each.name for each in delegated_sections(firm) if not each.signed)


def who_answered(firm: Standing) -> Mapping[str, str]:
    """By page, the person who saved it last; pages of unnamed people are left out."""
    if firm.response is None:
        return {}
    versions = (
        PageVersion.objects.filter(response=firm.response, contributor__isnull=False)
        .select_related("contributor")
        .only("page", "revision", "contributor__name", "contributor__email")
        .order_by("revision")
    )
    last = {version.page.partition("/")[0]: version for version in versions}
    return {
        page: str(version.contributor)
        for page, version in last.items()
        if version.revision >= firm.response.page_revisions.get(page, 0)
    }
