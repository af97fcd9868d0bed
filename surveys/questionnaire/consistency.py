"""Checks over the whole instrument: names, fills, conditions, edits and bindings."""

from collections import Counter
from collections.abc import Iterator

from surveys.questionnaire.binding_checks import note_bindings
from surveys.questionnaire.condition_checks import note_condition
from surveys.questionnaire.condition_places import Place
from surveys.questionnaire.conditions import ALWAYS, Compares, Literally, Operand
from surveys.questionnaire.consistency_fills import (
    codes_in,
    note_braces_in_labels,
    note_fills,
    texts_of_item,
    texts_of_page,
)
from surveys.questionnaire.instrument import Edit, Instrument, Page
from surveys.questionnaire.items import (
    Allocation,
    Computed,
    EntryPage,
    Item,
    Money,
    Number,
    Roster,
    Scale,
    Share,
)
from surveys.questionnaire.nodes import Ledger
from surveys.questionnaire.problems import About

_WITH_A_NUMBER = (Number, Money, Share, Scale, Computed)


def note_inconsistencies(instrument: Instrument, ledger: Ledger) -> None:
    """Note everything that only the whole instrument can tell."""
    _note_repeated_names(instrument, ledger)
    items = {item.name: item for item in instrument.items}
    asked: set[str] = set()
    note_fills(instrument.intro, Place("intro", items, asked, ledger))
    for section in instrument.sections:
        note_fills(
            f"{section.title} {section.intro}",
            Place(f"section {section.name}", items, asked, ledger),
        )
        for page in section.pages:
            _note_page(page, Place(f"page {page.name}", items, asked, ledger))
            asked |= {item.name for item in page.items}
            for edit in page.edits:
                at = f"page {page.name} > {edit.name}"
                _note_edit(edit, page, Place(at, items, asked, ledger))
    for item in instrument.items:
        note_braces_in_labels(item, ledger)
    note_bindings(instrument, ledger)


def _note_repeated_names(instrument: Instrument, ledger: Ledger) -> None:
    groups = {
        "section": [section.name for section in instrument.sections],
        "page": [page.name for page in instrument.pages],
        "item": list(_names(instrument)),
    }
    for page in instrument.pages:
        groups[f"page {page.name} > edit"] = [edit.name for edit in page.edits]
    for kind, names in groups.items():
        for name, times in sorted(Counter(names).items()):
            if name and times > 1:
                about = About(kind.rpartition(" ")[2], "name", (name,))
                ledger.note(
                    "duplicate_name",
                    f"{kind} {name}",
                    f"{name!r} is used twice.",
                    "Rename one.",
                    about,
                )


def _names(instrument: Instrument) -> Iterator[str]:
    """Names of all items, those of the entries of rosters among them."""
    for item in instrument.items:
        yield item.name
        if isinstance(item, Roster):
            yield from (inner.name for inner in item.items)


def _note_page(page: Page, place: Place) -> None:
    """The page reads earlier pages; its items and their codes also the items above them."""
    note_condition(page.universe, place)
    for text in texts_of_page(page):
        note_fills(text, place)
    above = set(place.asked)
    for item in page.items:
        _note_item(item, Place(f"item {item.name}", place.items, above, place.ledger))
        above.add(item.name)


def _note_item(item: Item, place: Place) -> None:
    note_condition(item.universe, place)
    for code in codes_in(item):
        if code.universe is not ALWAYS:
            note_condition(code.universe, _at(place, code.value))
    if isinstance(item, Computed):
        note_expression(item.expression, place)
    elif isinstance(item, Allocation):
        _note_total(item, place)
    elif isinstance(item, Roster):
        _note_entries(item, place)


def _at(place: Place, part: str) -> Place:
    return Place(f"{place.where} > {part}", place.items, place.asked, place.ledger)


def note_expression(expression: Operand, place: Place) -> None:
    """An expression is checked as the comparison with a number that it could stand in."""
    note_condition(Compares(expression, "=", Literally(0)), place)


def _note_total(item: Allocation, place: Place) -> None:
    if not item.total_of:
        return
    total = place.items.get(item.total_of)
    if total is None or item.total_of not in place.asked:
        place.note(
            "bad_total",
            f"{item.total_of[:80]!r} is no item that is asked before.",
            "Name an item above, or of an earlier page.",
            item.total_of,
            why="not_before",
            key="total_of",
        )
    elif not isinstance(total, _WITH_A_NUMBER):
        place.note(
            "bad_total",
            f"{item.total_of!r} has no number.",
            "Name an item with a number.",
            item.total_of,
            why="without_number",
            key="total_of",
        )


def _note_entries(roster: Roster, place: Place) -> None:
    """Within an entry, its items are read under their full names, in their order."""
    items = {**place.items, **{item.name: item for item in roster.items}}
    above = set(place.asked)
    for page in roster.pages:
        where = f"item {roster.name} > {page.title or 'items'}"
        note_condition(page.universe, Place(where, items, above, place.ledger))
        _note_texts(page, Place(where, items, frozenset(above), place.ledger))
        for item in page.items:
            _note_item(item, Place(f"item {item.name}", items, above, place.ledger))
            above.add(item.name)


def _note_texts(page: EntryPage, place: Place) -> None:
    note_fills(page.title, place)
    for item in page.items:
        for text in texts_of_item(item):
            note_fills(text, place)


def _note_edit(edit: Edit, page: Page, place: Place) -> None:
    note_condition(edit.fails_when, place)
    note_fills(edit.message, place)
    own = {item.name for item in page.items}
    for name in edit.items:
        if name not in own:
            place.note(
                "unknown_item",
                f"{name[:80]!r} is not on this page.",
                "Name items of the page.",
                name,
                why="edit",
                key="items",
            )
