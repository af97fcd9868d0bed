"""Lists of codes, rows and parts of an authored file."""

from collections.abc import Iterable, Mapping

from surveys.questionnaire.items import Code
from surveys.questionnaire.nodes import Node

CodeLists = Mapping[str, tuple[Code, ...]]

CODE_KEYS = ("value", "label", "definition", "exclusive")
PART_KEYS = ("value", "label", "definition")
ROW_KEYS = ("value", "label", "definition", "title", "when")


def read_code_lists(root: Node) -> CodeLists:
    """The lists under ``codes`` of the file, which items share by name."""
    lists = root.data.get("codes") or {}
    if not isinstance(lists, dict):
        root.note("wrong_shape", "codes is not a mapping.", "Write a name and its list of codes.")
        return {}
    holder = Node(lists, "codes", root.ledger)
    return {name: _codes(holder, name, CODE_KEYS, least=1) for name in lists}


def read_codes(
    node: Node,
    key: str,
    lists: CodeLists,
    *,
    allowed: Iterable[str] = CODE_KEYS,
    least: int = 2,
) -> tuple[Code, ...]:
    """Codes written out, or the name of a shared list."""
    value = node.data.get(key)
    if not isinstance(value, str):
        return _codes(node, key, allowed, least=least)
    if value not in lists:
        node.note("unknown_codes", f"There is no list {value[:80]!r}.", "Define it under codes.")
        return ()
    return _enough(node, key, lists[value], least)


def _codes(node: Node, key: str, allowed: Iterable[str], *, least: int) -> tuple[Code, ...]:
    entries = node.nodes(key, needed=True)
    for entry in entries:
        entry.only(allowed)
    codes = tuple(
        Code(
            value=entry.code(),
            label=entry.text("label", needed=True),
            definition=entry.text("definition"),
            exclusive=entry.flag("exclusive"),
        )
        for entry in entries
    )
    values = [code.value for code in codes]
    for value in sorted({value for value in values if value and values.count(value) > 1}):
        node.note("duplicate_name", f"{value!r} stands twice in {key}.", "Give each its own code.")
    return _enough(node, key, codes, least) if entries else ()


def _enough(node: Node, key: str, codes: tuple[Code, ...], least: int) -> tuple[Code, ...]:
    if len(codes) < least:
        node.note("too_few_codes", f"{key} has {len(codes)} entry.", f"Give {least} or more.")
    return codes
