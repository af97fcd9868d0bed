"""Conditions of an authored file."""

from functools import lru_cache

from surveys.questionnaire.condition_language import ConditionError, parse_condition
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.nodes import Node

_parsed = lru_cache(maxsize=1000)(parse_condition)  # frozen values, so they may be shared


def read_condition(node: Node, key: str, *, needed: bool = False) -> Condition:
    """The condition under the key; without one, always."""
    text = node.text(key, needed=needed)
    if not text:
        return ALWAYS
    try:
        return _parsed(text)
    except ConditionError as error:
        node.note(
            "bad_condition",
            f"The condition {text[:80]!r} is wrong: {error}.",
            "Correct it; see the language of conditions in the reference.",
        )
        return ALWAYS
