"""Expressions of other programs, as one tree for all of them."""

from dataclasses import dataclass

LONGEST_EXPRESSION = 4_000
DEEPEST_EXPRESSION = 60


class Untranslatable(ValueError):
    """An expression, or a part of it, that has no counterpart; its text says why."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number or a truth written in the expression."""

    value: str | float | int | bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of literals, such as ``['a', 'b']``."""

    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A question, as the other program names it."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; `function` is in lower case."""

    function: str
    arguments: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """``and or not = != < <= > >= + - * /`` of one, two or more parts."""

    operator: str
    parts: tuple["Tree", ...]


Tree = Literal | Listed | Name | Call | Operation


def refuse_unwieldy(text: str) -> None:
    """Raise Untranslatable for a text that is too long or nested too deeply to be parsed."""
    if len(text) > LONGEST_EXPRESSION:
        raise Untranslatable(f"it is longer than {LONGEST_EXPRESSION} characters")
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_EXPRESSION:
        raise Untranslatable(f"its brackets are nested more than {DEEPEST_EXPRESSION} deep")


def refuse_nested(tree: Tree) -> None:
    """Raise Untranslatable for a tree whose signs nest too deeply, as in ``- - - - 1``."""
    level: list[Tree] = [tree]
    for _ in range(DEEPEST_EXPRESSION):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return
    raise too_nested()


def too_nested() -> Untranslatable:
    return Untranslatable(f"its parts are nested more than {DEEPEST_EXPRESSION} deep")


def _parts(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Operation(_, parts) | Call(_, parts) | Listed(parts):
            return parts
    return ()
