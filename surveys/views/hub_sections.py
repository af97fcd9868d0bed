"""What the hub shows: which sections, how each stands, and where to go on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse

from surveys.models import Contributor
from surveys.queries.contributors import delegated_sections, visible_sections
from surveys.queries.responses import Standing
from surveys.questionnaire import ALWAYS, SectionStatus
from surveys.questionnaire.instrument import Page
from surveys.views.firm import page_url


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One line of the hub; the link leads to the first page that is not done.

    `people` are colleagues who were given the section; `sign` is the address at which it is
    signed off, empty where there is nothing to sign. `looks_again` says that a number which
    was confirmed in it has changed.
    """

    title: str
    status: str
    minutes: int
    done: int
    pages: int
    url: str
    people: tuple[str, ...]
    is_signed: bool
    sign: str
    looks_again: bool


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the button of the hub leads: its address and the section; empty when all is done."""

    url: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The sections that the person sees now, and those that follow when these are completed."""

    statuses: tuple[SectionStatus, ...]
    following: tuple[SectionStatus, ...] = ()

    @property
    def minutes(self) -> int:
        """How long all sections take that apply so far, those that follow among them."""
        return sum(each.section.minutes for each in self.statuses + self.following if each.pages)

    @property
    def depends(self) -> bool:
        """Whether answers decide which sections follow."""
        return any(each.section.universe != ALWAYS for each in self.following)


def shown_sections(firm: Standing, colleague: Contributor | None) -> Shown:
    """Sections that open the questionnaire come alone until they are completed."""
    names = visible_sections(colleague, firm.instrument)
    statuses = [each for each in firm.sections if each.section.name in names]
    listed = tuple(each for each in statuses if each.section.on_hub)
    opening = tuple(each for each in statuses if each.section.opens and each.pages)
    if any(each.status != "completed" for each in opening):
        return Shown(opening, tuple(each for each in listed if each not in opening))
    return Shown(listed)


def section_lines(
    firm: Standing, statuses: Sequence[SectionStatus], colleague: Contributor | None
) -> list[SectionLine]:
    delegated = {each.name: each for each in delegated_sections(firm)}
    lines = []
    for status in statuses:
        given = delegated.get(status.section.name)
        is_done = bool(status.pages) and status.done == len(status.pages)
        sign = reverse("surveys:finish", args=[firm.case.public_id, status.section.name])
        lines.append(
            SectionLine(
                title=firm.fill(status.section.title),
                status=status.status,
                minutes=status.section.minutes,
                done=status.done,
                pages=len(status.pages),
                url=_url(firm, status),
                people=given.people if given and colleague is None else (),
                is_signed=given is not None and given.signed,
                sign=sign if given is not None and is_done else "",
                looks_again=any(page.name in firm.to_confirm for page in status.pages),
            )
        )
    return lines


def onward(
    firm: Standing, statuses: Sequence[SectionStatus], colleague: Contributor | None
) -> Onward:
    """The next thing to do among the person's sections: a page, or a summary not yet seen."""
    following = _first_open_page(firm, _names(firm, statuses, colleague))
    if following is not None:
        section = firm.instrument.section_of(following.name)
        return Onward(page_url(firm, following.name), firm.fill(section.title))
    for status in statuses:
        if status.pages and status.status == "in_progress":
            return Onward(_url(firm, status), firm.fill(status.section.title))
    return Onward()


def _names(
    firm: Standing, statuses: Sequence[SectionStatus], colleague: Contributor | None
) -> Collection[str]:
    """Sections to go on with: those that are shown, and those the hub does not list."""
    shown = {status.section.name for status in statuses}
    if any(each.section.opens and each.status != "completed" for each in statuses):
        return shown
    visible = visible_sections(colleague, firm.instrument)
    return shown | {each.name for each in firm.instrument.sections if each.name in visible}


def _first_open_page(firm: Standing, sections: Collection[str]) -> Page | None:
    for page in firm.route.pages:
        if page.name not in firm.saved and firm.instrument.section_of(page.name).name in sections:
            return page
    return None


def _url(firm: Standing, status: SectionStatus) -> str:
    """The first page that is not done; of a finished section its summary, or its first page."""
    unsaved = tuple(page for page in status.pages if page.name not in firm.saved)
    if status.pages and not unsaved and status.section.summary:
        return reverse("surveys:section", args=[firm.case.public_id, status.section.name])
    goes_to = (unsaved or status.pages)[:1]
    return page_url(firm, goes_to[0].name) if goes_to else ""
