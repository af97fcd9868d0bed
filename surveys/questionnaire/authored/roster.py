"""Rosters of an authored file: the same questions for each of several named things."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from surveys.questionnaire.authored.conditions import read_condition
from surveys.questionnaire.conditions import Chose
from surveys.questionnaire.items import EntryPage, Item, Roster, Text
from surveys.questionnaire.nodes import Node

ENTRY_PAGE_KEYS = ("title", "when", "items")
MOST_ENTRIES = 100
RESERVED_IN_ENTRIES = ("entry", "missing")

ReadItem = Callable[[Node], tuple[Item, ...]]


def read_roster(node: Node, common: dict[str, Any], read_item: ReadItem) -> Roster:
    """The roster; its items are called ``roster.local``."""
    roster = Roster(
        **common,
        thing=node.text("thing", needed=True),
        things=node.text("things", needed=True),
        pages=_pages(node, common["name"], read_item),
        most=node.whole("most", 10, least=1, most=MOST_ENTRIES),
    )
    _note_entries_without_name(node, roster)
    return roster


def _pages(node: Node, roster: str, read_item: ReadItem) -> tuple[EntryPage, ...]:
    if node.data.get("items") is not None:
        if node.data.get("pages") is not None:
            node.note(
                "bad_roster", "There are items and pages.", "Write one of the two.", why="both"
            )
        page = EntryPage(title="", items=_items(node, roster, read_item))
        return (page,)
    if node.data.get("pages") == []:
        node.note(
            "empty",
            "The roster has no pages.",
            "Add a page with an item, or write items.",
            why="roster",
            key="pages",
        )
    return tuple(_page(page, roster, read_item) for page in node.nodes("pages", needed=True))


def _page(node: Node, roster: str, read_item: ReadItem) -> EntryPage:
    node.only(ENTRY_PAGE_KEYS)
    return EntryPage(
        title=node.text("title", needed=True),
        items=_items(node, roster, read_item),
        universe=read_condition(node, "when"),
    )


def _items(node: Node, roster: str, read_item: ReadItem) -> tuple[Item, ...]:
    items = tuple(
        _in_roster(item, roster)
        for entry in node.nodes("items", needed=True)
        for item in _local(entry, read_item)
    )
    if node.data.get("items") == []:
        node.note(
            "empty",
            "The page has no items.",
            "Add an item, or drop the page.",
            why="page",
            key="items",
        )
    return items


def _local(node: Node, read_item: ReadItem) -> tuple[Item, ...]:
    if node.text("name") in RESERVED_IN_ENTRIES:
        node.note(
            "bad_name",
            f"An item of an entry cannot be called {node.text('name')!r}.",
            "Rename it.",
            why="reserved",
            key="name",
            values=(node.text("name"),),
        )
    return read_item(node)


def _in_roster(item: Item, roster: str) -> Item:
    """The item under its full name; what a code asks in addition follows its choice."""
    universe = item.universe
    if isinstance(universe, Chose) and item.name == f"{universe.reference}.{universe.codes[0]}":
        universe = replace(universe, reference=f"{roster}.{universe.reference}")
    return replace(item, name=f"{roster}.{item.name}", universe=universe)


def _note_entries_without_name(node: Node, roster: Roster) -> None:
    first = next(iter(roster.items), None)
    if first is None:  # what stands there instead of items is noted already
        return
    if not isinstance(first, Text) or roster.pages[0].items[:1] != (first,):
        node.note(
            "bad_roster",
            "The first item of an entry is no text, so that entries have no name.",
            "Begin with a text, such as the name of the partner.",
            why="no_name",
        )
    elif first.universe.reads or roster.pages[0].universe.reads:
        node.note(
            "bad_roster",
            "Not every entry is asked for its name.",
            "Take the condition away from the first item and its page.",
            why="unnamed",
        )
