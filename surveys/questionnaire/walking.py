"""The way through an instrument: which items apply, one by one, and the answers that count."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from surveys.questionnaire.conditions import (
    ALWAYS,
    Condition,
    Verdict,
    is_blank,
    without_answers,
)
from surveys.questionnaire.expressions import round_half_away
from surveys.questionnaire.instrument import Page, Same
from surveys.questionnaire.items import Computed, EntryPage, Item, Note, Roster
from surveys.questionnaire.lookups import finite

Entry = Mapping[str, Any]

_ENTRY = "entry"
_INSTRUMENTS_AT_HAND = 64


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """What routing needs of an item. No universe: always; special: not simply answered."""

    name: str
    universe: Condition | None
    special: Item | None


@dataclass(frozen=True, slots=True)
class PagePlan:
    page: Page
    universe: Condition | None
    items: tuple[ItemPlan, ...]
    may_open: AbstractSet[str]


@lru_cache(maxsize=_INSTRUMENTS_AT_HAND)
def plan_of(same: Same) -> tuple[PagePlan, ...]:
    """What routing needs of every page, made once."""
    return tuple(
        PagePlan(
            page,
            _unless_always(page.universe),
            tuple(item_plan(item) for item in page.items),
            frozenset(item.name for item in page.items if not isinstance(item, Note)),
        )
        for page in same.instrument.pages
    )


def item_plan(item: Item) -> ItemPlan:
    special = item if isinstance(item, Note | Computed | Roster) else None
    return ItemPlan(item.name, _unless_always(item.universe), special)


def _unless_always(condition: Condition) -> Condition | None:
    return None if condition is ALWAYS else condition


class Walk:
    """What is gathered on the way through an instrument, page by page and item by item."""

    __slots__ = ("answers", "asked", "counting", "open_items", "pages", "scope")

    def __init__(self, answers: Mapping[str, Any], scope: MutableMapping[str, Any]) -> None:
        """`scope` holds what is known already; it is added to."""
        self.answers = answers
        self.pages: list[Page] = []
        self.counting: dict[str, Any] = {}
        self.scope = scope
        self.open_items: set[str] = set()
        self.asked: list[str] = []

    def enter(self, plan: PagePlan) -> None:
        verdict = Verdict.YES
        if plan.universe is not None:
            verdict = plan.universe.weigh(self.scope, self.open_items)
        if verdict is Verdict.YES:
            asked = len(self.asked)
            for each in plan.items:
                self.ask(each)
            # A page none of whose items applies would be an empty page.
            if len(self.asked) > asked:
                self.pages.append(plan.page)
        elif verdict is Verdict.OPEN:
            self.open_items.update(plan.may_open)

    def ask(self, plan: ItemPlan) -> None:
        name = plan.name
        if plan.universe is not None:
            verdict = plan.universe.weigh(self.scope, self.open_items)
            if verdict is not Verdict.YES:
                if verdict is Verdict.OPEN and not isinstance(plan.special, Note):
                    self.open_items.add(name)
                return
        self.asked.append(name)
        if plan.special is not None:
            self.ask_special(plan.special)
            return
        answer = self.answers.get(name)
        if type(answer) is str and answer:
            # Most answers of most instruments are a code.
            self.counting[name] = self.scope[name] = answer
            return
        if answer == []:
            answer = None  # no tick at all; only the list of a roster may be empty
        if answer is not None or name in self.answers:
            self.counting[name] = self.scope[name] = answer
        if is_blank(answer):
            self.open_items.add(name)

    def ask_special(self, item: Item) -> None:
        if isinstance(item, Computed):
            self.compute(item)
        elif isinstance(item, Roster):
            self.count_entries(item)

    def compute(self, item: Computed) -> None:
        value = computed_value(item, self.scope)
        if value is not None:
            self.counting[item.name] = self.scope[item.name] = value
        elif without_answers(item.expression.reads, self.scope, self.open_items) is Verdict.OPEN:
            self.open_items.add(item.name)

    def count_entries(self, roster: Roster) -> None:
        entries = self.answers.get(roster.name)
        if isinstance(entries, list):
            entries = [_counting_entry(roster, entry, self.scope) for entry in entries]
        if entries is not None or roster.name in self.answers:
            self.counting[roster.name] = self.scope[roster.name] = entries
        # An empty list is an answer: there are none.
        if is_blank(entries) and not isinstance(entries, list):
            self.open_items.add(roster.name)


def computed_value(item: Computed, answers: Mapping[str, Any]) -> float | int | None:
    """The value of the item, to its decimals; None for want of an answer or beyond all bounds."""
    number = finite(item.expression.value(answers))
    if number is None:
        return None
    rounded = round_half_away(number, item.decimals)
    return rounded if item.decimals else int(rounded)


def entry_answers(roster: Roster, entry: Entry) -> dict[str, Any]:
    """The answers of one entry under the names by which conditions read them."""
    return {f"{roster.name}.{local}": value for local, value in entry.items() if local != _ENTRY}


def walk_entry(
    roster: Roster, entry: Entry, scope: MutableMapping[str, Any]
) -> tuple[tuple[EntryPage, ...], dict[str, Any]]:
    """Pages of the entry with the items that apply, and the answers of these by full name."""
    # Within an entry the roster itself says nothing, or a blank would be read in other entries.
    walk = Walk(entry_answers(roster, entry), ChainMap({roster.name: None}, scope))
    pages: list[EntryPage] = []
    for page in roster.pages:
        if not page.universe.holds(walk.scope):
            continue
        for item in page.items:
            walk.ask(item_plan(item))
        applies = set(walk.asked)
        items = tuple(item for item in page.items if item.name in applies)
        if items:
            pages.append(replace(page, items=items))
    return tuple(pages), walk.counting


def _counting_entry(roster: Roster, entry: Any, scope: MutableMapping[str, Any]) -> Any:
    """The entry without answers of items that do not apply in it, and with computed values."""
    if not isinstance(entry, dict):
        return entry
    _, counting = walk_entry(roster, entry, scope)
    named = {_ENTRY: entry[_ENTRY]} if _ENTRY in entry else {}
    return named | {
        name.removeprefix(f"{roster.name}."): answer for name, answer in counting.items()
    }
