"""Long lists of codes: those that a file brings along, and the one that a lookup names."""

import re
from collections import Counter

from surveys.questionnaire.authored.codes import CodeLists, FindCodeList
from surveys.questionnaire.code_lists import CodeList, ListedCode
from surveys.questionnaire.nodes import Node

LIST_KEYS = ("name", "version", "title", "codes")
LISTED_KEYS = ("value", "label", "parent", "words")
MOST_LISTED = 20_000
LISTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_NAMED = re.compile(r"([a-z][a-z0-9_-]{0,59})@([A-Za-z0-9][A-Za-z0-9._-]{0,19})")


def read_code_lists(root: Node) -> dict[tuple[str, str], CodeList]:
    """The lists under ``code_lists`` of the file, by name and version."""
    found: dict[tuple[str, str], CodeList] = {}
    for node in root.nodes("code_lists"):
        node.only(LIST_KEYS)
        listed = _list(node)
        if (listed.name, listed.version) in found:
            node.note(
                "duplicate_name",
                f"The list {listed.name}@{listed.version} stands twice.",
                "Give one of them another version.",
                why="list",
                values=(listed.name, listed.version),
            )
        found[listed.name, listed.version] = listed
    return found


def _list(node: Node) -> CodeList:
    entries = node.nodes("codes", needed=True)
    if len(entries) > MOST_LISTED:
        node.note(
            "too_large",
            f"The list has {len(entries)} codes.",
            f"A list may have {MOST_LISTED}.",
            why="list",
            values=(len(entries), MOST_LISTED),
        )
        entries = entries[:MOST_LISTED]
    codes = tuple(_listed(entry) for entry in entries)
    _note_repeated(node, codes)
    _note_orphans(node, codes)
    return CodeList(
        name=node.slug("name"),
        version=node.short_text("version", 20),
        title=node.text("title") or node.text("name"),
        codes=codes,
    )


def _listed(node: Node) -> ListedCode:
    node.only(LISTED_KEYS)
    value = node.text("value", needed=True)
    if value and not LISTED.fullmatch(value):
        node.note(
            "bad_name",
            f"{value[:80]!r} cannot be a code of a list.",
            "Use letters, digits, dots, hyphens and underscores, at most 40.",
            why="listed",
            values=(value,),
        )
    return ListedCode(
        value, node.text("label", needed=True), node.text("parent"), node.text("words")
    )


def _note_repeated(node: Node, codes: tuple[ListedCode, ...]) -> None:
    for value, times in Counter(code.value for code in codes).items():
        if value and times > 1:
            node.note(
                "duplicate_name",
                f"{value!r} stands twice.",
                "Give each its own code.",
                why="listed",
                values=(value,),
            )


def _note_orphans(node: Node, codes: tuple[ListedCode, ...]) -> None:
    known = {code.value for code in codes}
    for code in codes:
        if code.parent and code.parent not in known:
            node.note(
                "unknown_code",
                f"The code above {code.value!r}, {code.parent[:80]!r}, is not in the list.",
                "Name a code of the list, or leave parent out.",
                why="parent",
                values=(code.value, code.parent),
            )


def finder(own: dict[tuple[str, str], CodeList], others: FindCodeList | None) -> FindCodeList:
    """Lists of the file before those of the survey and of the platform."""

    def find(name: str, version: str) -> CodeList | None:
        if (name, version) in own:
            return own[name, version]
        return others(name, version) if others else None

    return find


def read_lookup(node: Node, lists: CodeLists) -> CodeList:
    """The list that ``codes: name@version`` names; an empty one, with a note, if there is none."""
    named = node.text("codes", needed=True)
    nothing = CodeList("", "", "", ())
    if not named:
        return nothing
    written = _NAMED.fullmatch(named)
    if not written:
        node.note(
            "wrong_shape",
            f"{named[:80]!r} names no code list.",
            "Write name@version, such as nace@2.1.",
            why="lookup",
            key="codes",
            values=(named,),
        )
        return nothing
    found = lists.find(written.group(1), written.group(2))
    if found is None:
        node.note(
            "unknown_list",
            f"There is no code list {named!r}.",
            "Bring it along under code_lists, upload it, or name one that is there.",
            key="codes",
            values=(named,),
        )
    return found or nothing
