"""The route: the pages and items that apply to a firm, and the answers that count."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from surveys.questionnaire.conditions import is_blank, stated_missing
from surveys.questionnaire.instrument import Instrument, Page, Same, Section
from surveys.questionnaire.items import (
    EntryPage,
    Item,
    Roster,
)
from surveys.questionnaire.walking import Entry, Walk, entry_answers, plan_of, walk_entry

__all__ = [
    "Missing",
    "Route",
    "SectionStatus",
    "Status",
    "entry_answers",
    "entry_route",
    "missing_state",
    "route",
    "section_statuses",
]

Status = Literal["not_started", "in_progress", "completed", "not_applicable"]
Missing = Literal[
    "answered",
    "skipped",
    "not_asked",
    "not_reached",
    "dont_know",
    "refused",
    "not_applicable",
]

_NOTHING_KNOWN: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Route:
    """Pages that apply, in order, and the saved answers of their items.

    Attributes
    ----------
    answers : saved answers that count, and the values of computed items
    open_items : items left blank, and those that an answer to one of these could yet bring
        onto the route. Every other item without an answer is not asked.
    asked : items that apply, notes and computed ones among them
    known : what was known of the firm beside its answers: ``last.item``, ``frame.attribute``
    """

    pages: tuple[Page, ...]
    answers: dict[str, Any]
    open_items: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    known: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, name: str) -> bool:
        return any(page.name == name for page in self.pages)

    def items_of(self, page: Page) -> tuple[Item, ...]:
        """The items of the page that apply."""
        return tuple(item for item in page.items if item.name in self.asked)

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


def route(
    instrument: Instrument,
    answers: Mapping[str, Any],
    known: Mapping[str, Any] | None = None,
) -> Route:
    """The route that saved answers imply.

    One pass suffices because a universe reads earlier items only, which `parsing` checks.
    Answers off the route stay saved and do not count; those of computed items never do.
    """
    walk = Walk(answers, dict(known or _NOTHING_KNOWN))
    for plan in plan_of(Same(instrument)):
        walk.enter(plan)
    return Route(
        tuple(walk.pages),
        walk.counting,
        frozenset(walk.open_items),
        frozenset(walk.asked),
        dict(known or _NOTHING_KNOWN),
    )


def entry_route(
    roster: Roster,
    entry: Entry,
    answers: Mapping[str, Any],
    known: Mapping[str, Any] | None = None,
) -> tuple[EntryPage, ...]:
    """The pages of one entry with their items that apply; pages without any are left out.

    `answers` are those that count outside of the entry.
    """
    pages, _ = walk_entry(roster, entry, {**(known or _NOTHING_KNOWN), **answers})
    return pages


def section_statuses(
    instrument: Instrument, route: Route, saved_pages: Collection[str]
) -> tuple[SectionStatus, ...]:
    """The status of every section, in order. A section with no page on the route does not apply."""
    on_route = {page.name for page in route.pages}
    return tuple(_status(section, on_route, saved_pages) for section in instrument.sections)


def _status(
    section: Section, on_route: AbstractSet[str], saved_pages: Collection[str]
) -> SectionStatus:
    pages = tuple(page for page in section.pages if page.name in on_route)
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

    ``skipped`` is an item shown and left blank without a reason; ``not_reached`` one whose
    page was never saved, or that rests on a question that is still blank; ``not_asked`` one
    off the route. ``dont_know``, ``refused`` and ``not_applicable`` are the firm's own words.
    """
    if item.name in route.answers:
        answer = route.answers[item.name]
        if reason := stated_missing(answer):
            return cast(Missing, reason)
        says_none = isinstance(item, Roster) and isinstance(answer, list)
        return "skipped" if is_blank(answer) and not says_none else "answered"
    return "not_reached" if item.name in route.open_items else "not_asked"
