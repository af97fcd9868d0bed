"""Checks over the whole instrument: names, fills, conditions, edits and bindings."""

import re
from collections.abc import Iterator

from surveys.questionnaire.binding_checks import note_bindings
from surveys.questionnaire.condition_checks import Place, note_condition
from surveys.questionnaire.fills import FILL, SIMPLE_FILLS
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Item,
    MultipleChoice,
    SingleChoice,
)
from surveys.questionnaire.nodes import Ledger

_IN_BRACES = re.compile(r"\{[^{}]*\}?|\}")
_ANSWER = "answer:"


def note_inconsistencies(instrument: Instrument, ledger: Ledger) -> None:
    """Note everything that only the whole instrument can tell."""
    _note_repeated_names(instrument, ledger)
    items = {item.name: item for item in instrument.items}
    asked: set[str] = set()
    _note_fills(instrument.intro, Place("intro", items, asked, ledger))
    for section in instrument.sections:
        _note_fills(f"{section.title} {section.intro}", _at_section(section, items, asked, ledger))
        for page in section.pages:
            place = Place(f"page {page.name}", items, asked, ledger)
            note_condition(page.universe, place)
            for text in _filled_texts(page):
                _note_fills(text, place)
            asked |= {item.name for item in page.items}
            for edit in page.edits:
                _note_edit(edit, page, Place(f"{place.where} > {edit.name}", items, asked, ledger))
    _note_braces_in_labels(instrument, ledger)
    note_bindings(instrument, ledger)


def _at_section(section: Section, items: dict[str, Item], asked: set[str], ledger: Ledger) -> Place:
    return Place(f"section {section.name}", items, asked, ledger)


def _note_repeated_names(instrument: Instrument, ledger: Ledger) -> None:
    groups = {
        "section": [section.name for section in instrument.sections],
        "page": [page.name for page in instrument.pages],
        "item": [item.name for item in instrument.items],
    }
    for page in instrument.pages:
        groups[f"page {page.name} > edit"] = [edit.name for edit in page.edits]
    for kind, names in groups.items():
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            ledger.note(
                "duplicate_name", f"{kind} {name}", f"{name!r} is used twice.", "Rename one."
            )


def _filled_texts(page: Page) -> Iterator[str]:
    """The texts of a page in which fills are filled in."""
    yield from (page.title, page.intro)
    for item in page.items:
        yield from (item.label, item.hint, item.definition)
        if isinstance(item, BatteryRow):
            yield from (facet.label for facet in item.facets)
        yield from (code.definition for code in _codes(item))


def _codes(item: Item) -> Iterator[Code]:
    if isinstance(item, BatteryRow):
        for facet in item.facets:
            yield from facet.codes
    elif isinstance(item, Allocation):
        yield from item.parts
    elif isinstance(item, SingleChoice | MultipleChoice):
        yield from item.codes


def _note_braces_in_labels(instrument: Instrument, ledger: Ledger) -> None:
    """Labels of codes stand in messages, receipts and codebooks, where nothing is filled in."""
    for item in instrument.items:
        for code in _codes(item):
            if _IN_BRACES.search(code.label):
                ledger.note(
                    "unknown_fill",
                    f"item {item.name} > {code.value}",
                    f"The label {code.label[:80]!r} holds a fill.",
                    "Write the label of a code, row or part without fills.",
                )


def _note_edit(edit: Edit, page: Page, place: Place) -> None:
    note_condition(edit.fails_when, place)
    _note_fills(edit.message, place)
    own = {item.name for item in page.items}
    for name in edit.items:
        if name not in own:
            place.note(
                "unknown_item", f"{name[:80]!r} is not on this page.", "Name items of the page."
            )


def _note_fills(text: str, place: Place) -> None:
    for braces in _IN_BRACES.findall(text):
        written = FILL.fullmatch(braces)
        name = written.group(1) if written else ""
        if name.startswith(_ANSWER):
            _note_quoted(name.removeprefix(_ANSWER), place)
        elif name not in SIMPLE_FILLS:
            known = ", ".join(f"{{{name}}}" for name in SIMPLE_FILLS)
            place.note(
                "unknown_fill", f"{braces[:80]} is not a fill.", f"Use {known} or {{answer:item}}."
            )


def _note_quoted(name: str, place: Place) -> None:
    if name not in place.items:
        place.note("unknown_item", f"{{answer:{name}}} names no item.", "Correct the name.")
    elif name not in place.asked:
        place.note(
            "reads_ahead",
            f"{{answer:{name}}} quotes an item that is asked on this page or later.",
            "Quote items of earlier pages only.",
        )
