"""Conditions and expressions of an authored file."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from surveys.questionnaire.condition_language import (
    ConditionError,
    parse_condition,
    parse_expression,
)
from surveys.questionnaire.conditions import (
    ALWAYS,
    AllOf,
    Always,
    Condition,
    Literally,
    Operand,
)
from surveys.questionnaire.nodes import Node

_KEPT = 5000
_parsed = lru_cache(_KEPT)(parse_condition)  # frozen values, so they may be shared
_calculated = lru_cache(_KEPT)(parse_expression)
_Read = TypeVar("_Read")


def read_condition(node: Node, key: str, *, needed: bool = False) -> Condition:
    """The condition under the key; without one, always."""
    text = node.text(key, needed=needed)
    otherwise: Condition = ALWAYS
    return _read(node, key, _parsed, otherwise) if text else otherwise


def read_expression(node: Node, key: str) -> Operand:
    """The expression under the key; 0, with a note, where there is none."""
    text = node.text(key, needed=True)
    nothing: Operand = Literally(0)
    return _read(node, key, _calculated, nothing) if text else nothing


def both(first: Condition, second: Condition) -> Condition:
    """Both conditions, as one and without needless brackets."""
    if isinstance(first, Always):
        return second
    return first if isinstance(second, Always) else AllOf((first, second))


def _read(node: Node, key: str, parse: Callable[[str], _Read], instead: _Read) -> _Read:
    text = node.text(key)
    try:
        return parse(text)
    except ConditionError as error:
        node.note(
            "bad_condition",
            f"The condition {text[:80]!r} is wrong: {error}.",
            "Correct it; see the language of conditions in the reference.",
            key=key,
            values=(text, error),
        )
        return instead
