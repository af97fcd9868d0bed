"""An authored document to an Instrument, or to all of its problems."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.authored_items import CodeLists, read_item_or_battery
from surveys.questionnaire.condition_language import ConditionError, parse_condition
from surveys.questionnaire.conditions import ALWAYS, AllOf, Always, Condition
from surveys.questionnaire.consistency import note_inconsistencies
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.items import Code, Item
from surveys.questionnaire.nodes import Ledger, Node
from surveys.questionnaire.problems import InstrumentErrors
from surveys.questionnaire.reading import read_document

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
    root = Node(dict(document), "instrument", Ledger())
    root.only(INSTRUMENT_KEYS)
    lists = _code_lists(root)
    sections = tuple(_section(node, lists) for node in root.nodes("sections", needed=True))
    instrument = Instrument(
        name=root.text("instrument", needed=True),
        version=root.text("version", needed=True),
        title=root.text("title", needed=True),
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
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _code_lists(root: Node) -> CodeLists:
    lists = root.data.get("codes", {})
    if not isinstance(lists, dict):
        root.note("wrong_shape", "codes is not a mapping.", "Write a name and its list of codes.")
        return {}
    holder = Node(lists, "codes", root.ledger)
    return {
        str(name): tuple(
            Code(
                node.code(),
                node.text("label", needed=True),
                node.text("definition"),
                node.flag("exclusive"),
            )
            for node in holder.nodes(str(name))
        )
        for name in lists
    }


def _section(node: Node, lists: CodeLists) -> Section:
    node.only(SECTION_KEYS)
    universe = _condition(node, "when")
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
        minutes=node.count("minutes", 0),
    )


def _pages(node: Node, lists: CodeLists, section_universe: Condition) -> tuple[Page, ...]:
    """The page that is authored; or, for a page that holds a battery, its pages."""
    node.only(PAGE_KEYS)
    universe = _both(section_universe, _condition(node, "when"))
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


def _edits_about(edits: tuple[Edit, ...], items: tuple[Item, ...]) -> tuple[Edit, ...]:
    names = {item.name for item in items}
    return tuple(edit for edit in edits if names & set(edit.items))


def _edit(node: Node) -> Edit:
    node.only(EDIT_KEYS)
    severity = node.text("severity", needed=True)
    if severity not in ("hard", "soft"):
        node.note("bad_severity", f"The severity is {severity!r}.", "Write hard or soft.")
    names = node.data.get("items", [])
    if not isinstance(names, list) or not names:
        node.note("missing_key", "items is missing.", "List the items that the edit is about.")
        names = []
    return Edit(
        name=node.name(),
        severity="hard" if severity == "hard" else "soft",
        fails_when=_condition(node, "when", needed=True),
        message=node.text("message", needed=True),
        items=tuple(str(name) for name in names),
    )


def _condition(node: Node, key: str, *, needed: bool = False) -> Condition:
    text = node.text(key, needed=needed)
    if not text:
        return ALWAYS
    try:
        return parse_condition(text)
    except ConditionError as error:
        node.note("bad_condition", f"The condition {text[:80]!r} is wrong: {error}.", "Correct it.")
        return ALWAYS


def _both(first: Condition, second: Condition) -> Condition:
    if isinstance(first, Always):
        return second
    return first if isinstance(second, Always) else AllOf((first, second))
