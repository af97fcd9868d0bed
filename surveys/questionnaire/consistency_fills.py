"""Checks of texts: which fills stand in them, and what those may quote."""

import re
from collections.abc import Iterator

from surveys.questionnaire.condition_kinds import LAST
from surveys.questionnaire.condition_places import Place
from surveys.questionnaire.fills import FILL, SIMPLE_FILLS
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Item,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    SingleChoice,
)
from surveys.questionnaire.nodes import Ledger
from surveys.questionnaire.problems import About

_IN_BRACES = re.compile(r"\{[^{}]*\}?|\}")
_ANSWER = "answer:"


def note_fills(text: str, place: Place) -> None:
    """Note every fill of the text that is not known or quotes what is not asked before."""
    if "{" not in text and "}" not in text:
        return
    for braces in _IN_BRACES.findall(text):
        written = FILL.fullmatch(braces)
        name = written.group(1) if written else ""
        if name.startswith(_ANSWER):
            _note_quoted(name.removeprefix(_ANSWER), place)
        elif name not in SIMPLE_FILLS:
            known = ", ".join(f"{{{name}}}" for name in SIMPLE_FILLS)
            place.note(
                "unknown_fill",
                f"{braces[:80]} is not a fill.",
                f"Use {known}, {{answer:item}} or {{answer:last.item}}.",
                braces,
                why="fill",
                key="",
            )


def _note_quoted(name: str, place: Place) -> None:
    """Note a quotation of what is not there, has no answer, or is not known where it stands."""
    if name.startswith(LAST):
        _note_quoted_of_last(name, place)
    elif _exists(name, name, place) and name not in place.asked:
        place.note(
            "reads_ahead",
            f"{{answer:{name}}} quotes an item that is asked on this page or later.",
            "Quote items of earlier pages only.",
            f"{{answer:{name}}}",
            why="fill",
            key="",
        )


def _note_quoted_of_last(name: str, place: Place) -> None:
    item = name.removeprefix(LAST)
    rosters = (each.name for each in place.items.values() if isinstance(each, Roster))
    if any(item == roster or item.startswith(f"{roster}.") for roster in rosters):
        place.mismatch(
            f"{{answer:{name}}} quotes a roster of the last wave, which texts cannot.",
            "Quote an item outside of rosters.",
            f"{{answer:{name}}}",
            why="roster",
        )
    else:
        _exists(name, item, place)


def _exists(name: str, item: str, place: Place) -> bool:
    """Whether the item is there and has an answer; it is noted if not."""
    found = place.items.get(item)
    if found is None:
        quoted = f"{{answer:{name}}}"
        message = f"{quoted} names no item."
        place.note("unknown_item", message, "Correct the name.", quoted, why="fill", key="")
    elif isinstance(found, Note):
        quoted = f"{{answer:{name}}}"
        remedy = "Quote an item that has an answer."
        place.mismatch(f"{quoted} quotes a note.", remedy, quoted, why="note")
    return found is not None and not isinstance(found, Note)


def texts_of_page(page: Page) -> Iterator[str]:
    """The texts of a page in which fills are filled in; those within a roster stand apart."""
    yield from (page.title, page.intro)
    for item in page.items:
        yield from texts_of_item(item)


def texts_of_item(item: Item) -> Iterator[str]:
    yield from (item.label, item.hint, item.definition, item.period)
    if isinstance(item, BatteryRow):
        yield from (facet.label for facet in item.facets)
    yield from (code.definition for code in codes_in(item))


def codes_in(item: Item) -> Iterator[Code]:
    """Every code, column or part that is written in the item."""
    if isinstance(item, BatteryRow):
        for facet in item.facets:
            yield from facet.codes
    elif isinstance(item, Allocation):
        yield from item.parts
    elif isinstance(item, SingleChoice | MultipleChoice):
        yield from item.codes


def note_braces_in_labels(item: Item, ledger: Ledger) -> None:
    """Labels of codes and units stand in receipts and codebooks, where nothing is filled in."""
    labels = [(code.value, code.label) for code in codes_in(item)]
    if isinstance(item, Scale):
        labels += [(str(point), label) for point, label in item.points]
    elif isinstance(item, Roster):
        labels += [("thing", item.thing), ("things", item.things)]
        for inner in item.items:
            note_braces_in_labels(inner, ledger)
    labels += [("unit", unit) for unit in _units(item)]
    for value, label in labels:
        if _IN_BRACES.search(label):
            ledger.note(
                "unknown_fill",
                f"item {item.name} > {value}",
                f"{label[:80]!r} holds a fill.",
                "Write units, and labels of codes, rows, parts, points and things, without fills.",
                About("label", value if value in ("unit", "thing", "things") else "", (label,)),
            )


def _units(item: Item) -> tuple[str, ...]:
    if isinstance(item, BatteryRow):
        return tuple(facet.unit for facet in item.facets)
    return (item.unit,) if isinstance(item, Number | Computed | Allocation) else ()
