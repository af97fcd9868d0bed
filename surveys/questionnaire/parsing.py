"""An authored document to an Instrument, or to all of its problems."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from surveys.questionnaire import translations
from surveys.questionnaire.authored.battery import Sheet
from surveys.questionnaire.authored.code_lists import finder, read_code_lists
from surveys.questionnaire.authored.codes import CodeLists, FindCodeList, read_shared_codes
from surveys.questionnaire.authored.conditions import both, read_condition
from surveys.questionnaire.authored.items import read_item
from surveys.questionnaire.conditions import Condition
from surveys.questionnaire.consistency import note_inconsistencies
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.items import Item
from surveys.questionnaire.nodes import Ledger, Node
from surveys.questionnaire.problems import About, InstrumentErrors
from surveys.questionnaire.reading import plain, read_document
from surveys.questionnaire.speech import Speech, in_english, speaking

INSTRUMENT_KEYS = (
    "instrument", "version", "title", "language", "languages", "intro", "codes", "code_lists",
    "sections", "translations",
)  # fmt: skip
SECTION_KEYS = (
    "name", "title", "intro", "minutes", "opens", "on_hub", "summary", "when", "pages",
)  # fmt: skip
PAGE_KEYS = ("name", "title", "intro", "when", "items", "edits")
EDIT_KEYS = ("name", "severity", "when", "message", "items")


def compile_text(
    text: str,
    *,
    language: str = "",
    code_lists: FindCodeList | None = None,
    speech_of: Callable[[str], Speech] = in_english,
) -> Instrument:
    """The instrument that an authored file defines.

    Raises
    ------
    InstrumentErrors
        With every problem found, each with code, place, message and remedy.
    """
    return compile_document(
        read_document(text), language=language, code_lists=code_lists, speech_of=speech_of
    )


def compile_document(
    document: Mapping[str, Any],
    *,
    language: str = "",
    code_lists: FindCodeList | None = None,
    speech_of: Callable[[str], Speech] = in_english,
) -> Instrument:
    """The same from plain data, such as a published instrument stores.

    `language` is the one of the texts, of those that the document has; that of its author
    if empty. `code_lists` finds, by name and version, a list that the document does not
    bring along. `speech_of` gives, for a language, the words of what the author leaves to
    the platform, such as "please specify"; these do not depend on who is spoken to meanwhile.

    Raises
    ------
    InstrumentErrors
        With every problem found.
    """
    document = plain(document)
    ledger = Ledger(list(translations.problems(document)))
    spoken = _language(document, language, ledger)
    with speaking(speech_of(spoken)):
        instrument = _instrument(document, spoken, code_lists, ledger)
    note_inconsistencies(instrument, ledger)
    if ledger.problems:
        raise InstrumentErrors(tuple(ledger.problems))
    return instrument


def _language(document: Mapping[str, Any], wanted: str, ledger: Ledger) -> str:
    known = translations.languages_of(document)
    if wanted and wanted not in known:
        ledger.note(
            "unknown_language",
            "languages",
            f"The file has no language {wanted[:20]!r}.",
            f"Choose from {', '.join(known)}.",
            About("file", "languages", (wanted[:20],)),
        )
        return known[0]
    return wanted or known[0]


def _instrument(
    document: dict[str, Any], language: str, code_lists: FindCodeList | None, ledger: Ledger
) -> Instrument:
    languages = translations.languages_of(document)
    foreign = language != languages[0]
    data = translations.translate(document, language) if foreign else document
    root = Node(data, "instrument", ledger)
    root.only(INSTRUMENT_KEYS)
    root.text("language")
    lists = CodeLists(read_shared_codes(root), finder(read_code_lists(root), code_lists))
    sections = tuple(_section(node, lists) for node in root.nodes("sections", needed=True))
    if root.data.get("sections") == []:
        root.note(
            "empty",
            "The file has no sections.",
            "Add a section with a page.",
            why="instrument",
            key="sections",
        )
    return Instrument(
        name=root.slug("instrument"),
        version=_version(root),
        title=root.short_text("title", 200),
        language=language,
        sections=sections,
        document=document,
        fingerprint=fingerprint(document),
        intro=root.text("intro"),
        languages=languages,
    )


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document's canonical JSON, in hexadecimal."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _version(root: Node) -> str:
    if isinstance(root.data.get("version"), float):
        root.note(
            "wrong_shape",
            "version is a number, which loses zeros.",
            "Put it in quotes.",
            why="version",
            key="version",
        )
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
        node.note(
            "empty",
            "The section has no pages.",
            "Add a page, or drop the section.",
            why="section",
            key="pages",
        )
    return Section(
        name=node.name(),
        title=node.text("title", needed=True),
        pages=pages,
        intro=node.text("intro"),
        minutes=node.count("minutes", 0, most=600),
        opens=node.flag("opens"),
        on_hub=node.flag("on_hub", default=True),
        summary=node.flag("summary"),
        universe=universe,
    )


def _pages(node: Node, lists: CodeLists, section_universe: Condition) -> tuple[Page, ...]:
    """The page that is authored; or, for a page that holds a battery, its pages."""
    node.only(PAGE_KEYS)
    groups = [read_item(item, lists) for item in node.nodes("items", needed=True)]
    if len(groups) > 1 and any(group.alone for group in groups):
        node.note(
            "wrong_shape",
            "A battery or roster shares its page.",
            "Give the battery or roster a page of its own.",
            why="shares_page",
            key="items",
        )
    items = tuple(item for group in groups for item in group.items)
    if not items:
        node.note(
            "empty",
            "The page has no items.",
            "Add an item, or drop the page.",
            why="page",
            key="items",
        )
    page = Page(
        name=node.name(),
        title=node.text("title", needed=True),
        items=items,
        intro=node.text("intro"),
        universe=both(section_universe, read_condition(node, "when")),
        edits=tuple(_edit(edit) for edit in node.nodes("edits")),
    )
    sheets = next((group.pages for group in groups if group.pages), ())
    if not sheets:
        return (page,)
    _note_edits_about_nothing(node, page.edits, items)
    return tuple(_sheet(page, sheet, first=place == 0) for place, sheet in enumerate(sheets))


def _sheet(page: Page, sheet: Sheet, *, first: bool) -> Page:
    """One page of a battery. The intro stands on the first."""
    return Page(
        name=f"{page.name}-{sheet.name}" if sheet.name else page.name,
        title=sheet.title or page.title,
        items=sheet.items,
        intro=page.intro if first else "",
        universe=both(page.universe, sheet.universe),
        edits=_edits_about(page.edits, sheet.items),
    )


def _note_edits_about_nothing(node: Node, edits: tuple[Edit, ...], items: tuple[Item, ...]) -> None:
    about = _edits_about(edits, items)
    for edit in edits:
        if edit.items and edit not in about:
            node.note(
                "unknown_item",
                f"The edit {edit.name!r} is about no item of this page.",
                "Name items of the page; a row of a battery is battery.row.",
                why="edit_of_nothing",
                key="edits",
                values=(edit.name,),
            )


def _edits_about(edits: tuple[Edit, ...], items: tuple[Item, ...]) -> tuple[Edit, ...]:
    names = {item.name for item in items}
    return tuple(edit for edit in edits if names & set(edit.items))


def _edit(node: Node) -> Edit:
    node.only(EDIT_KEYS)
    severity = node.text("severity", needed=True)
    if severity not in ("hard", "soft", ""):
        node.note(
            "bad_severity",
            f"The severity is {severity[:80]!r}.",
            "Write hard or soft.",
            key="severity",
            values=(severity,),
        )
    return Edit(
        name=node.name(),
        severity="hard" if severity == "hard" else "soft",
        fails_when=read_condition(node, "when", needed=True),
        message=node.text("message", needed=True),
        items=node.words("items"),
    )
