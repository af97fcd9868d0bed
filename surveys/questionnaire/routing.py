"""The route: the pages that apply to a firm, and the answers that count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.questionnaire.conditions import Verdict, is_blank
from surveys.questionnaire.instrument import Instrument, Page, Section
from surveys.questionnaire.items import Item

Status = Literal["not_started", "in_progress", "completed", "not_applicable"]
Missing = Literal["answered", "skipped", "not_asked", "not_reached"]


@dataclass(frozen=True, slots=True)
class Route:
    """Pages that apply, in order, and the saved answers of their items.

    `open_items` are the items left blank, and those of pages that an answer to one of
    these could yet bring onto the route. Every other item without an answer is not asked.
    """

    pages: tuple[Page, ...]
    answers: dict[str, Any]
    open_items: frozenset[str] = frozenset()

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
    open_items: set[str] = set()
    for page in instrument.pages:
        names = [item.name for item in page.items]
        verdict = page.universe.weigh(counting, open_items)
        if verdict is Verdict.YES:
            pages.append(page)
            counting |= {name: answers[name] for name in names if name in answers}
            open_items |= {name for name in names if is_blank(answers.get(name))}
        elif verdict is Verdict.OPEN:
            open_items |= set(names)
    return Route(tuple(pages), counting, frozenset(open_items))


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
    """Why there is, or is not, an answer.

    ``skipped`` is an item shown and left blank; ``not_reached`` one whose page was never
    saved, or rests on a question that is still blank; ``not_asked`` one off the route.
    """
    if item.name in route.answers:
        return "skipped" if is_blank(route.answers[item.name]) else "answered"
    return "not_reached" if item.name in route.open_items else "not_asked"
