"""What the rules of an eq schema read: answers, lists, totals, and what is known of a firm."""

from dataclasses import dataclass
from typing import Any

from surveys.interchange.ons.known import Known, Scope

_OF_THE_FRAME = {
    "employees": "frame.employees",
    "employment": "frame.employees",
    "region": "frame.region",
    "industry": "frame.industry",
    "size_class": "frame.size_class",
}


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclass(frozen=True, slots=True)
class Answers:
    """The items that hold an answer; none where eq would read it before it is given."""

    items: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many codes or entries; eq counts a blank as none."""

    items: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """Something that conditions cannot read."""

    what: str


Operand = Literal | Answers | Counted | Beyond


def operand(value: Any, where: str, scope: Scope) -> Operand:
    """One side of a comparison."""
    if isinstance(value, list) or not isinstance(value, dict):
        return Literal(value)
    if "source" in value:
        return source(value, where, scope)
    if "count" in value:
        counted = value["count"]
        first = counted[0] if isinstance(counted, list) and counted else counted
        inner = operand(first, where, scope)
        return Counted(inner.items) if isinstance(inner, Answers) else _not(value, where, scope)
    if "date" in value:
        return _date(value["date"], where, scope)
    return _not(value, where, scope)


def source(value: dict[str, Any], where: str, scope: Scope) -> Operand:
    identifier = value.get("identifier")
    name = identifier if isinstance(identifier, str) else ""
    match value.get("source"):
        case "answers":
            return _answers(name, value, where, scope)
        case "list" if value.get("selector") == "count" and name in scope.lists:
            return Counted((Known(scope.lists[name].name, "choices"),))
        case "calculated_summary" | "grand_calculated_summary" if name in scope.totals:
            return Answers((Known(scope.totals[name], "number"),))
        case "metadata" | "supplementary_data" if name in _OF_THE_FRAME:
            item = _OF_THE_FRAME[name]
            return Answers((Known(item, "number" if item.endswith("employees") else "text"),))
    return _not(value, where, scope)


def _answers(name: str, value: dict[str, Any], where: str, scope: Scope) -> Operand:
    if name not in scope.section_of_answer:
        scope.notes.problem(
            "unknown_target",
            where,
            f"A rule reads the answer {name[:80]!r}, which is not there.",
            "Correct the identifier.",
        )
        return Beyond(name)
    items = scope.answers.get(name)
    if items is None and scope.section_of_answer[name] == scope.section:
        scope.notes.kept("a rule that reads a later answer", where, "the answer counts as blank")
        return Answers(())
    if not items or value.get("selector") or not all(map(scope.is_readable, items)):
        return _not(value, where, scope)
    return Answers(tuple(items))


def _date(value: Any, where: str, scope: Scope) -> Operand:
    """``{"date": [what, {"days": -7}]}``: without an offset, and a day written out."""
    parts = value if isinstance(value, list) else [value]
    what = parts[0] if parts else None
    if len(parts) > 1 or what == "now":
        return _not({"date": what}, where, scope)
    return operand(what, where, scope)


def _not(value: dict[str, Any], where: str, scope: Scope) -> Beyond:
    kind = value.get("source") or next(iter(value), "nothing")
    what = f"{str(kind)[:40]} {str(value.get('identifier') or value.get('selector') or '')[:60]}"
    scope.notes.kept(
        f"a condition on {what.strip()}", where, "asked whether or not that part is true"
    )
    return Beyond(what)
