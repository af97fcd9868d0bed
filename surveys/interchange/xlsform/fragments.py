"""Native cells as keys of the document: what a survey row says without the extra columns."""

import re
from collections.abc import Collection
from typing import Any

from surveys.interchange.expressions.tree import Call, Literal, Name, Operation, Tree
from surveys.interchange.expressions.xpath import ITSELF
from surveys.interchange.foreign.names import plain_name
from surveys.interchange.foreign.reading import Pending, Reading
from surveys.interchange.foreign.texts import with_quotes
from surveys.interchange.xlsform.cells import Cells
from surveys.interchange.xlsform.native import OWN_CODES

QUESTION = re.compile(r"\$\{\s*(?:last-saved#)?([A-Za-z_][\w.\-]*)\s*\}")
KINDS = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "text": "text",
    "string": "text",
    "date": "date",
    "note": "note",
    "calculate": "computed",
    "range": "scale",
}
DECIMALS = 2
MOST_POINTS = 20
_YES = ("yes", "true", "true()", "1")
_NO = ("", "no", "false", "false()", "0")
_RANGE = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")


def text(cells: Cells, column: str) -> str:
    return with_quotes(cells.get(column, ""), QUESTION)


def put_texts(node: dict[str, Any], cells: Cells, keys: dict[str, str]) -> None:
    """Texts of the row: `keys` says under which key each column goes."""
    for column, key in keys.items():
        value = text(cells, column)
        if value:
            node[key] = value


def put_when(node: dict[str, Any], cells: Cells, reading: Reading, where: str) -> None:
    if cells.get("relevant"):
        node["when"] = [reading.pending(cells["relevant"], where)]


def item_node(cells: Cells, reading: Reading, where: str, prefix: str = "") -> dict[str, Any]:
    """The keys of a question of any type but those that bring codes or hold others."""
    node: dict[str, Any] = {"name": plain_name(cells.get("name", "").removeprefix(prefix))}
    put_texts(node, cells, {"label": "label", "hint": "hint", "guidance_hint": "definition"})
    put_when(node, cells, reading, where)
    type_, _, rest = cells.get("type", "").partition(" ")
    if type_ in KINDS:
        node["kind"] = KINDS[type_]
    elif type_ in ("select_one", "select_multiple"):
        node["kind"] = "single_choice" if type_ == "select_one" else "multiple_choice"
        list_name = rest.split(" ")[0]
        if list_name and list_name != cells.get("name", "") + OWN_CODES:
            node["codes"] = list_name
    elif type_ == "select_one_from_file":
        node["kind"] = "lookup"
    _put_kind(node, cells, type_, reading, where)
    if cells.get("required", "").strip().lower() in _YES:
        node["required"] = "hard"
    return node


def _put_kind(node: dict[str, Any], cells: Cells, type_: str, reading: Reading, where: str) -> None:
    appearance = cells.get("appearance", "").split()
    if type_ == "decimal":
        node["decimals"] = DECIMALS
    elif type_ in ("text", "string") and "multiline" in appearance:
        node["long"] = "yes"
    elif type_ == "date" and "month-year" in appearance:
        node["precision"] = "month"
    elif type_ == "calculate":
        expression = reading.pending(cells.get("calculation", ""), where)
        node["expression"] = Pending(
            expression.text, where, expression.tree, expression.reason, "left out"
        )
    elif type_ == "range":
        _put_range(node, cells)
    if node.get("kind") in ("number", "date", "multiple_choice"):
        put_bounds(node, cells, reading)


def _put_range(node: dict[str, Any], cells: Cells) -> None:
    """A scale of whole numbers, or a number within the bounds where there are many points."""
    given = {key: float(value) for key, value in _RANGE.findall(cells.get("parameters", ""))}
    ends = given.get("start", 1.0), given.get("end", 10.0)
    first, last, step = min(ends), max(ends), given.get("step", 1.0)
    node["minimum"], node["maximum"] = _whole(first), _whole(last)
    is_whole = first.is_integer() and last.is_integer() and step.is_integer()
    if step == 1 and is_whole and first < last <= first + MOST_POINTS:
        node["points"] = {str(int(end)): str(int(end)) for end in (first, last)}
    else:
        node["kind"] = "number"
        if not is_whole:
            node["decimals"] = DECIMALS


def put_bounds(node: dict[str, Any], cells: Cells, reading: Reading) -> bool:
    """Take bounds out of the constraint. False if it says more than bounds."""
    cell = cells.get("constraint", "")
    if not cell:
        return True
    pending = reading.pending(cell, "")
    found = [_bound(part) for part in _conjuncts(pending.tree)]
    bounds = {key: value for key, value in found if key}
    allowed: Collection[str] = {
        "number": ("minimum", "maximum"),
        "date": ("minimum", "maximum"),
        "multiple_choice": ("most",),
    }[node["kind"]]
    if len(bounds) < len(found) or not set(bounds) <= set(allowed):
        return False
    is_date = node["kind"] == "date"
    if any(isinstance(value, str) != is_date for value in bounds.values()):
        return False
    node.update(bounds)
    return True


def _conjuncts(tree: Tree | None) -> tuple[Tree | None, ...]:
    return tree.parts if isinstance(tree, Operation) and tree.operator == "and" else (tree,)


def _bound(tree: Tree | None) -> tuple[str, Any]:
    """``. >= 0`` as a bound; an empty key for anything else."""
    match tree:
        case Operation(">=", (Name(name), right)) if name == ITSELF:
            return "minimum", _literal(right)
        case Operation("<=", (Name(name), right)) if name == ITSELF:
            return "maximum", _literal(right)
        case Operation("<=", (Call("count-selected", (Name(name),)), Literal(int() as most))):
            return ("most", most) if name == ITSELF else ("", None)
    return "", None


def _literal(tree: Tree) -> Any:
    match tree:
        case Literal(bool()):
            return ""
        case Literal(int() | float() as number):
            return number
        case Call("date", (Literal(str() as day),)):
            return day
    return ""


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def is_expression(required: str) -> bool:
    """Whether `required` depends on answers, which the language has no words for."""
    return required.strip().lower() not in (*_YES, *_NO)
