"""The route: the pages that apply to a firm, and the answers that count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.questionnaire.instrument import Instrument, Page, Section
from surveys.questionnaire.items import Item

Status = Literal["not_started", "in_progress", "completed", "not_applicable"]
Missing = Literal["answered", "skipped", "not_asked", "not_reached"]


@dataclass(frozen=True, slots=True)
class Route:
    """Pages that apply, in order, and the saved answers of their items."""

    pages: tuple[Page, ...]
    answers: dict[str, Any]

    def holds(self, name: str) -> bool:
        return any(page.name == name for page in self.pages)

    def page_after(self, name: str) -> Page | None:
        """The next page; None after the last one or from a page off the route."""
        return self._neighbour(name, 1)

    def page_before(self, name: str) -> Page | None:
        return self._neighbour(name, -1)

    def _neighbour(self, name: str, step: int) -> Page | None:
        names = [page.name for page in self.pages]
        if name not in names:
            return None
        place = names.index(name) + step
        return self.pages[place] if 0 <= place < len(names) else None


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """How far a firm has come with one section."""

    section: Section
    status: Status
    pages: tuple[Page, ...]
    done: int


def route(instrument: Instrument, answers: Mapping[str, Any]) -> Route:
    """The route that saved answers imply.

    One pass suffices because a universe reads earlier pages only, which `parsing` checks.
    Answers off the route stay saved and do not count.
    """
    pages: list[Page] = []
    counting: dict[str, Any] = {}
    for page in instrument.pages:
        if page.universe.holds(counting):
            pages.append(page)
            counting |= {
                item.name: answers[item.name] for item in page.items if item.name in answers
            }
    return Route(tuple(pages), counting)


def section_statuses(
    instrument: Instrument, route: Route, saved_pages: Collection[str]
) -> tuple[SectionStatus, ...]:
    """The status of every section, in order. A section with no page on the route does not apply."""
    return tuple(_status(section, route, saved_pages) for section in instrument.sections)


def _status(section: Section, route: Route, saved_pages: Collection[str]) -> SectionStatus:
    pages = tuple(page for page in section.pages if route.holds(page.name))
    done = sum(page.name in saved_pages for page in pages)
    status: Status = "in_progress"
    if not pages:
        status = "not_applicable"
    elif done == 0:
        status = "not_started"
    elif done == len(pages):
        status = "completed"
    return SectionStatus(section, status, pages, done)


def missing_state(item: Item, route: Route) -> Missing:
    """Why there is, or is not, an answer: answered, skipped, not asked, not reached."""
    if not any(item in page.items for page in route.pages):
        return "not_asked"
    if item.name not in route.answers:
        return "not_reached"
    return "skipped" if route.answers[item.name] in (None, "", [], {}) else "answered"
