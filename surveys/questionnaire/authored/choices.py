"""Choices, lookups and allocations of an authored file."""

from collections.abc import Callable
from typing import Any

from surveys.questionnaire.authored.code_lists import read_lookup
from surveys.questionnaire.authored.codes import (
    PART_KEYS,
    AuthoredCodes,
    CodeLists,
    read_authored_codes,
    read_codes,
)
from surveys.questionnaire.conditions import Chose
from surveys.questionnaire.items import (
    Allocation,
    Item,
    Lookup,
    MultipleChoice,
    Number,
    SingleChoice,
    Text,
)
from surveys.questionnaire.nodes import Node

ReadChoice = Callable[[Node, CodeLists, dict[str, Any]], tuple[Item, ...]]
MOST_CHOSEN = 1000


def _single(node: Node, lists: CodeLists, common: dict[str, Any]) -> tuple[Item, ...]:
    authored = read_authored_codes(node, "codes", lists)
    return (
        SingleChoice(**common, codes=authored.codes),
        *_companions(common["name"], authored),
    )


def _multiple(node: Node, lists: CodeLists, common: dict[str, Any]) -> tuple[Item, ...]:
    authored = read_authored_codes(node, "codes", lists)
    most = None
    if node.data.get("most") is not None:
        most = node.whole("most", 1, least=1, most=MOST_CHOSEN)
    return (
        MultipleChoice(**common, codes=authored.codes, most=most),
        *_companions(common["name"], authored),
    )


def _companions(name: str, authored: AuthoredCodes) -> tuple[Item, ...]:
    """The text or number that goes with a code, asked of those who chose it."""
    return tuple(
        (Text if code.specify == "text" else Number)(
            name=f"{name}.{code.value}",
            label=authored.questions.get(code.value, code.label),
            universe=Chose(name, (code.value,)),
        )
        for code in authored.codes
        if code.specify
    )


def _lookup(node: Node, lists: CodeLists, common: dict[str, Any]) -> tuple[Item, ...]:
    return (Lookup(**common, codes=read_lookup(node, lists)),)


def _allocation(node: Node, lists: CodeLists, common: dict[str, Any]) -> tuple[Item, ...]:
    total = node.number("total", 100) or 0
    if total <= 0:
        node.note(
            "bad_number",
            f"total is {total}.",
            "Write a number above 0.",
            why="total",
            key="total",
            values=(total,),
        )
    total_of = node.text("total_of")
    if total_of and node.data.get("total") is not None:
        node.note(
            "bad_total",
            "There are two totals.",
            "Write total or total_of, not both.",
            why="two",
            key="total_of",
        )
    parts = read_codes(node, "parts", lists, allowed=PART_KEYS)
    if any(part.value == "missing" for part in parts):
        node.note(
            "bad_name",
            "A part cannot be called 'missing'.",
            "Give it another code.",
            why="reserved",
            key="parts",
            values=("missing",),
        )
    allocation = Allocation(
        **common,
        parts=parts,
        total=total,
        total_of=total_of,
        at_most=node.flag("at_most"),
        unit=node.text("unit") or ("" if total_of else "%"),
    )
    return (allocation,)


CHOICES: dict[str, ReadChoice] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "lookup": _lookup,
    "allocation": _allocation,
}
