"""Lists of codes, rows and parts of an authored file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from surveys.questionnaire.authored.conditions import read_condition
from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.items import Code
from surveys.questionnaire.nodes import Node
from surveys.questionnaire.speech import say

FindCodeList = Callable[[str, str], CodeList | None]

PART_KEYS = ("value", "label", "definition", "when", "variable")
CODE_KEYS = (*PART_KEYS, "exclusive", "specify", "specify_label")
ROW_KEYS = (*PART_KEYS, "title")
COLUMN_KEYS = (*PART_KEYS, "exclusive")
SPECIFY = ("text", "number")
LONGEST_VARIABLE = 60


@dataclass(frozen=True, slots=True)
class AuthoredCodes:
    """Codes, and by value the question that a code with `specify` brings."""

    codes: tuple[Code, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeLists:
    """What items take codes from: the short lists of the file, and long ones by name."""

    shared: Mapping[str, AuthoredCodes]
    find: FindCodeList


def read_shared_codes(root: Node) -> dict[str, AuthoredCodes]:
    """The lists under ``codes`` of the file, which items share by name."""
    lists = root.mapping("codes")
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
    """Codes written out, or the name of a shared list, whose codes may say what is allowed."""
    codes = read_authored_codes(node, key, lists, allowed=allowed, least=least).codes
    for code in codes:
        if "specify" not in allowed and code.specify:
            node.note(
                "wrong_shape",
                f"The code {code.value!r} has specify, which only a code of a choice can have.",
                "Use another list here, or drop specify.",
                why="specify",
                key=key,
                values=(code.value,),
            )
    return codes


def read_authored_codes(
    node: Node,
    key: str,
    lists: CodeLists,
    *,
    allowed: Iterable[str] = CODE_KEYS,
    least: int = 2,
) -> AuthoredCodes:
    value = node.data.get(key)
    if not isinstance(value, str):
        return _codes(node, key, allowed, least=least)
    if value not in lists.shared:
        node.note(
            "unknown_codes",
            f"There is no list {value[:80]!r}.",
            "Define it under codes.",
            key=key,
            values=(value,),
        )
        return AuthoredCodes()
    return _enough(node, key, lists.shared[value], least)


def _codes(node: Node, key: str, allowed: Iterable[str], *, least: int) -> AuthoredCodes:
    entries = node.nodes(key, needed=True)
    known = tuple(allowed)
    for entry in entries:
        entry.only(known)
    codes = tuple(_code(entry) for entry in entries)
    values = [code.value for code in codes]
    for value in sorted({value for value in values if value and values.count(value) > 1}):
        node.note(
            "duplicate_name",
            f"{value!r} stands twice in {key}.",
            "Give each its own code.",
            why="code",
            key=key,
            values=(value,),
        )
    questions = {
        code.value: entry.text("specify_label") or say("{label}: please specify", label=code.label)
        for code, entry in zip(codes, entries, strict=True)
        if code.specify
    }
    if not entries and node.data.get(key) != []:
        return AuthoredCodes()  # what stands there instead is noted already
    return _enough(node, key, AuthoredCodes(codes, questions), least)


def _code(node: Node) -> Code:
    return Code(
        value=node.code(),
        label=node.text("label", needed=True),
        definition=node.text("definition"),
        exclusive=node.flag("exclusive"),
        specify=_specify(node),
        universe=read_condition(node, "when"),
        variable=read_variable(node),
    )


def _specify(node: Node) -> Literal["", "text", "number"]:
    match node.one_of("specify", SPECIFY):
        case "text":
            return "text"
        case "number":
            return "number"
        case _:
            return ""


def read_variable(node: Node) -> str:
    """The name of a variable in the survey that it comes from: any text, not too long."""
    name = node.text("variable")
    if len(name) > LONGEST_VARIABLE:
        node.note(
            "wrong_shape",
            f"variable has {len(name)} characters.",
            f"Use {LONGEST_VARIABLE} or fewer.",
            why="too_long",
            key="variable",
            values=(len(name), LONGEST_VARIABLE),
        )
    return name


def _enough(node: Node, key: str, authored: AuthoredCodes, least: int) -> AuthoredCodes:
    if len(authored.codes) < least:
        node.note(
            "too_few_codes",
            f"{key} has {len(authored.codes)} entry.",
            f"Give {least} or more.",
            key=key,
            values=(len(authored.codes), least),
        )
    return authored
