"""An authored document to an Instrument, or to all of its problems."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.authored_codes import CodeLists, read_code_lists
from surveys.questionnaire.authored_conditions import read_condition
from surveys.questionnaire.authored_items import read_item_or_battery
from surveys.questionnaire.conditions import AllOf, Always, Condition
from surveys.questionnaire.consistency import note_inconsistencies
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.items import Item
from surveys.questionnaire.nodes import Ledger, Node
from surveys.questionnaire.problems import InstrumentErrors
from surveys.questionnaire.reading import plain, read_document

INSTRUMENT_KEYS = ("instrument", "version", "title", "language", "intro", "codes", "sections")
SECTION_KEYS = ("name", "title", "intro", "minutes", "when", "pages")
PAGE_KEYS = ("name", "title", "intro", "when", "items", "edits")
EDIT_KEYS = ("name", "severity", "when", "message", "items")


def compile_text(text: str) -> Instrument:
    """The instrument that an authored file defines.

    Raises
    ------
    InstrumentErrors
        With every problem found, each with code, place, message and remedy.
    """
    return compile_document(read_document(text))


def compile_document(document: Mapping[str, Any]) -> Instrument:
    """The same from plain data, such as a published instrument stores.

    Raises
    ------
    InstrumentErrors
        With every problem found.
    """
    document = plain(document)
    root = Node(document, "instrument", Ledger())
    root.only(INSTRUMENT_KEYS)
    lists = read_code_lists(root)
    sections = tuple(_section(node, lists) for node in root.nodes("sections", needed=True))
    instrument = Instrument(
        name=root.slug("instrument"),
        version=_version(root),
        title=root.short_text("title", 200),
        language=root.text("language") or "en",
        sections=sections,
        document=document,
        fingerprint=fingerprint(document),
        intro=root.text("intro"),
    )
    note_inconsistencies(instrument, root.ledger)
    if root.ledger.problems:
        raise InstrumentErrors(tuple(root.ledger.problems))
    return instrument


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document's canonical JSON, in hexadecimal."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _version(root: Node) -> str:
    if isinstance(root.data.get("version"), float):
        root.note("wrong_shape", "version is a number, which loses zeros.", "Put it in quotes.")
    return root.short_text("version", 20)


def _section(node: Node, lists: CodeLists) -> Section:
    node.only(SECTION_KEYS)
    universe = read_condition(node, "when")
    pages = tuple(
        page
        for page_node in node.nodes("pages", needed=True)
        for page in _pages(page_node, lists, universe)
    )
    if not pages:
        node.note("empty", "The section has no pages.", "Add a page, or drop the section.")
    return Section(
        name=node.name(),
        title=node.text("title", needed=True),
        pages=pages,
        intro=node.text("intro"),
        minutes=node.count("minutes", 0, most=600),
    )


def _pages(node: Node, lists: CodeLists, section_universe: Condition) -> tuple[Page, ...]:
    """The page that is authored; or, for a page that holds a battery, its pages."""
    node.only(PAGE_KEYS)
    universe = _both(section_universe, read_condition(node, "when"))
    edits = tuple(_edit(edit) for edit in node.nodes("edits"))
    groups = [read_item_or_battery(item, lists) for item in node.nodes("items", needed=True)]
    batteries = [group for group in groups if group.pages]
    if batteries and len(groups) > 1:
        node.note(
            "wrong_shape", "A battery shares its page.", "Give the battery a page of its own."
        )
    items = tuple(item for group in groups for item in group.items)
    if not items:
        node.note("empty", "The page has no items.", "Add an item, or drop the page.")
    page_name, title = node.name(), node.text("title", needed=True)
    if not batteries:
        return (Page(page_name, title, items, node.text("intro"), universe, edits),)
    _note_edits_about_nothing(node, edits, items)
    return tuple(
        Page(
            name=f"{page_name}-{sheet.name}",
            title=sheet.title or title,
            items=sheet.items,
            intro=node.text("intro") if number == 0 else "",
            universe=_both(universe, sheet.universe),
            edits=_edits_about(edits, sheet.items),
        )
        for number, sheet in enumerate(batteries[0].pages)
    )


def _note_edits_about_nothing(node: Node, edits: tuple[Edit, ...], items: tuple[Item, ...]) -> None:
    about = _edits_about(edits, items)
    for edit in edits:
        if edit.items and edit not in about:
            node.note(
                "unknown_item",
                f"The edit {edit.name!r} is about no item of this page.",
                "Name items of the page; a row of a battery is battery.row.",
            )


def _edits_about(edits: tuple[Edit, ...], items: tuple[Item, ...]) -> tuple[Edit, ...]:
    names = {item.name for item in items}
    return tuple(edit for edit in edits if names & set(edit.items))


def _edit(node: Node) -> Edit:
    node.only(EDIT_KEYS)
    severity = node.text("severity", needed=True)
    if severity not in ("hard", "soft", ""):
        node.note("bad_severity", f"The severity is {severity[:80]!r}.", "Write hard or soft.")
    return Edit(
        name=node.name(),
        severity="hard" if severity == "hard" else "soft",
        fails_when=read_condition(node, "when", needed=True),
        message=node.text("message", needed=True),
        items=node.words("items"),
    )


def _both(first: Condition, second: Condition) -> Condition:
    if isinstance(first, Always):
        return second
    return first if isinstance(second, Always) else AllOf((first, second))
