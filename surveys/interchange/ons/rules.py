"""Rules of an eq schema (``when``) to truth functions."""

from collections.abc import Callable, Iterable
from typing import Any

from surveys.interchange.ons import atoms
from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.logic import FALSE, TRUE
from surveys.interchange.ons.sources import Answers, Beyond, Counted, Literal, Operand, operand

_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WRITTEN = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_DEEPEST_RULE = 30


def function_of(when: Any, where: str, scope: Scope, depth: int = 0) -> int:
    """The truth function of a rule; what cannot be asked is a variable of its own."""
    if when is None:
        return TRUE
    if not (isinstance(when, dict) and len(when) == 1) or depth > _DEEPEST_RULE:
        return _unreadable(when, where, scope)
    operator, arguments = next(iter(when.items()))
    listed = arguments if isinstance(arguments, list) else [arguments]
    logic = scope.logic
    if operator in ("and", "or"):
        functions = [function_of(each, where, scope, depth + 1) for each in listed]
        return logic.all_of(functions) if operator == "and" else logic.any_of(functions)
    if operator == "not" and len(listed) == 1:
        return logic.negation(function_of(listed[0], where, scope, depth + 1))
    if operator in _SETS and len(listed) == 2:
        return _SETS[operator](_operands(listed, where, scope), scope)
    if operator in _MIRRORED and len(listed) == 2:
        return _comparison(operator, _operands(listed, where, scope), where, scope)
    return _unreadable(when, where, scope)


def _unreadable(when: Any, where: str, scope: Scope) -> int:
    if isinstance(when, dict) and len(when) == 1 and isinstance(next(iter(when)), str):
        scope.notes.kept(f"a condition with “{next(iter(when))[:40]}”", where, "asked of all firms")
        return _beyond(str(when)[:200], scope)
    if isinstance(when, list):
        scope.notes.kept("a condition in an older form", where, "asked of all firms")
        return _beyond(str(when)[:200], scope)
    scope.notes.problem(
        "wrong_shape", where, "A condition cannot be read.", "Write one operator with arguments."
    )
    return FALSE


def _operands(listed: list[Any], where: str, scope: Scope) -> tuple[Operand, Operand]:
    return operand(listed[0], where, scope), operand(listed[1], where, scope)


def _beyond(what: str, scope: Scope) -> int:
    return scope.logic.variable(atoms.beyond(what))


def _any(functions: Iterable[int], scope: Scope) -> int:
    return scope.logic.any_of(list(functions))


def _chose(known: Known, values: Iterable[Any], scope: Scope) -> int:
    codes = [code for value in values if (code := known.code(value)) is not None]
    return scope.logic.variable(atoms.chose(known, codes)) if codes else FALSE


def _apart(operands: tuple[Operand, Operand]) -> tuple[Operand, list[Any] | None]:
    """What is read, and the values written out for it."""
    first, second = operands
    read, written = (second, first) if isinstance(first, Literal) else (first, second)
    if not isinstance(written, Literal):
        return read, None
    return read, written.value if isinstance(written.value, list) else [written.value]


def _some(operands: tuple[Operand, Operand], scope: Scope) -> int:
    read, values = _apart(operands)
    if not isinstance(read, Answers) or values is None:
        return _beyond(str(operands), scope)
    return _any((_equals(known, values, scope) for known in read.items), scope)


def _equals(known: Known, values: list[Any], scope: Scope) -> int:
    """One of the values is the answer, or among the answers."""
    if known.codes:
        return _chose(known, values, scope)
    return _any((_compared(known, "==", value, scope) for value in values), scope)


def _every(operands: tuple[Operand, Operand], scope: Scope) -> int:
    read, values = _apart(operands)
    if not isinstance(read, Answers) or values is None:
        return _beyond(str(operands), scope)
    return _any(
        (
            scope.logic.all_of([_chose(known, [value], scope) for value in values])
            for known in read.items
        ),
        scope,
    )


_SETS: dict[str, Callable[[tuple[Operand, Operand], Scope], int]] = {
    "in": _some,
    "any-in": _some,
    "all-in": _every,
}


def _comparison(operator: str, operands: tuple[Operand, Operand], where: str, scope: Scope) -> int:
    left, right = operands
    if isinstance(left, Beyond) or isinstance(right, Beyond):
        return _beyond(f"{operator} {operands}", scope)
    if operator == "!=":
        return scope.logic.negation(_comparison("==", operands, where, scope))
    if isinstance(left, Literal):
        if isinstance(right, Literal):
            return _unreadable({operator: []}, where, scope)
        return _comparison(_MIRRORED[operator], (right, left), where, scope)
    if isinstance(left, Counted):
        return _any((_counted(known, operator, right, scope) for known in left.items), scope)
    if isinstance(right, Literal):
        return _with_literal(left, operator, right.value, scope)
    if isinstance(right, Counted):
        return _beyond(f"{operator} {operands}", scope)
    return _any((_pair(a, operator, b, scope) for a in left.items for b in right.items), scope)


def _with_literal(left: Answers, operator: str, value: Any, scope: Scope) -> int:
    if value is None:
        given = _any((scope.logic.variable(atoms.answered(each)) for each in left.items), scope)
        return scope.logic.negation(given) if operator == "==" else FALSE
    return _any((_compared(known, operator, value, scope) for known in left.items), scope)


def _compared(known: Known, operator: str, value: Any, scope: Scope) -> int:
    """An answer against a value that the rule writes out."""
    if known.kind == "choice" and operator == "==":
        return _chose(known, [value], scope)
    written = None
    if known.kind in ("number", "money") and (number := _number(value)) is not None:
        written = atoms.number_literal(number)
    elif isinstance(value, str) and (
        known.kind == "date" or (known.kind == "text" and operator == "==")
    ):
        written = atoms.text_literal(value)
    if written is None:
        return _beyond(f"{known.item} {operator} {value!r}", scope)
    return scope.logic.variable(
        atoms.compared(known.item, _WRITTEN[operator], written, (known.item,))
    )


def _counted(known: Known, operator: str, right: Operand, scope: Scope) -> int:
    value = _number(right.value) if isinstance(right, Literal) else None
    if value is None or (written := atoms.number_literal(value)) is None:
        return _beyond(f"count {known.item} {operator} {right}", scope)
    logic = scope.logic
    holds = logic.variable(
        atoms.compared(f"count({known.item})", _WRITTEN[operator], written, (known.item,))
    )
    # Of a part of an item, a code is chosen alone or with others of the same part only.
    some = logic.variable(atoms.answered(known))
    if known.is_part:
        holds = logic.both(holds, some)
    none = {"==": value == 0, "<": value > 0, "<=": value >= 0, ">": value < 0, ">=": value <= 0}
    return logic.either(holds, logic.negation(some)) if none[operator] else holds


def _pair(left: Known, operator: str, right: Known, scope: Scope) -> int:
    numbers = {left.kind, right.kind} <= {"number", "money"}
    if not (numbers or left.kind == right.kind == "date"):
        return _beyond(f"{left.item} {operator} {right.item}", scope)
    return scope.logic.variable(
        atoms.compared(left.item, _WRITTEN[operator], right.item, (left.item, right.item))
    )


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
