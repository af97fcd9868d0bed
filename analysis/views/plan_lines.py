"""On which line of a plan's text a problem lies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from analysis.refusals import Refusal
from analysis.specification.plan_text import composed
from analysis.specification.problems import PlanProblem, PlanRefusal

_LINE_IN_MESSAGE = re.compile(r"\bat line (\d+)")
_KEY_IN_MESSAGE = re.compile(r"^(?:The key )?'?(\w+)'? is\b")
_WORD_IN_MESSAGE = re.compile(r"“([^”]+)”")

Node = yaml.nodes.Node


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A problem of a plan with the line of the text it is about, where that is known."""

    code: str
    where: str
    message: str
    remedy: str
    line: int | None


def placed_problems(problems: Iterable[PlanProblem], source: str) -> tuple[PlacedProblem, ...]:
    problems = tuple(problems)
    root = composed(source) if problems else None
    return tuple(
        PlacedProblem(
            problem.code,
            problem.where,
            problem.message,
            problem.remedy,
            _line_of(problem, root, source.splitlines()),
        )
        for problem in problems
    )


def problems_of(refusal: Refusal) -> tuple[PlanProblem, ...]:
    """All the problems of a refused plan; a text that is not YAML at all has one."""
    if isinstance(refusal, PlanRefusal):
        return refusal.problems
    return (PlanProblem(refusal.code, "plan", refusal.message, refusal.remedy),)


def _line_of(problem: PlanProblem, root: Node | None, lines: list[str]) -> int | None:
    """The line the message names; else that of the key or word it is about; else the place's."""
    told = _LINE_IN_MESSAGE.search(problem.message)
    if told:
        return int(told[1])
    place = _place(problem.where, root)
    key = _KEY_IN_MESSAGE.match(problem.message)
    if key:
        # What a model does not say itself it takes from the plan.
        for node in (place, root):
            line = _line_of_key(node, key[1])
            if line:
                return line
    start = _line(place) if place is not root else None
    word = _WORD_IN_MESSAGE.search(problem.message)
    return (_line_with(word[1], lines, start or 1) if word else None) or start


def _place(where: str, root: Node | None) -> Node | None:
    """The node that a place such as ``ladder > step All`` or ``scales > near`` names."""
    node = root
    for part in where.split(" > "):
        name = re.sub(r"^(model|step) ", "", part)
        found = _named(root, name) if name != part else _value(node, part)
        node = found or node
    return node


def _named(root: Node | None, name: str) -> Node | None:
    """The model or step of that name; models of a ladder of outcomes are ``outcome: step``."""
    entries = [*_items(_value(root, "models")), *_items(_value(_value(root, "ladder"), "steps"))]
    for wanted in (name, name.split(": ", 1)[-1]):
        for place, entry in enumerate(entries, start=1):
            given = _value(entry, "name")
            if wanted in (getattr(given, "value", None), str(place) if given is None else None):
                return entry
    return None


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _value(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _line_of_key(node: Node | None, key: str) -> int | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((_line(name) for name, _ in pairs if name.value == key), None)


def _line(node: Node | None) -> int | None:
    return None if node is None else node.start_mark.line + 1


def _line_with(word: str, lines: list[str], start: int) -> int | None:
    found = (place for place in range(start, len(lines) + 1) if word in lines[place - 1])
    return next(found, None)
