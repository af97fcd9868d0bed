"""Least and greatest values of eq answers: fixed ones as bounds, the others as edits."""

from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.sources import Answers, operand

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Side:
    key: str
    beyond: str
    words: str

    def comparator(self, is_exclusive: bool) -> str:
        """The comparison with the bound that holds where the answer is wrong."""
        return f"{self.beyond}=" if is_exclusive else self.beyond

    def message(self, is_exclusive: bool) -> str:
        return f"Enter a number that is {self.words} than" + (
            "" if is_exclusive else " or equal to"
        )


_SIDES = (_Side("minimum", "<", "more"), _Side("maximum", ">", "less"))


@dataclass(slots=True)
class Bounds:
    """Numbers for the keys ``minimum`` and ``maximum``, and edits for the rest."""

    fixed: dict[str, float | int] = field(default_factory=dict)
    edits: list[Document] = field(default_factory=list)


def number_bounds(answer: Part, item: str, reference: str, scope: Scope) -> Bounds:
    """The bounds of a number, as `minimum` and `maximum` of the answer give them."""
    bounds = Bounds()
    for side in _SIDES:
        bound = answer.part(side.key)
        if bound is None:
            continue
        value, is_exclusive = bound.get("value"), bound.flag("exclusive")
        message = side.message(is_exclusive)
        name = f"{item}_{side.key}"
        if isinstance(value, int | float) and not isinstance(value, bool):
            bounds.fixed[side.key] = value
            if is_exclusive:
                at_bound = f"{reference} = {_number(value)}"
                bounds.edits.append(_edit(name, at_bound, f"{message} {value}.", item))
        elif (other := _other(value, bound, scope)) is not None:
            beyond = f"{reference} {side.comparator(is_exclusive)} {other.item}"
            bounds.edits.append(_edit(name, beyond, f"{message} {{answer:{other.item}}}.", item))
        else:
            bound.kept(f"the {side.key} of a number, which depends on {str(value)[:80]}")
    return bounds


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _other(value: Any, bound: Part, scope: Scope) -> Known | None:
    """The number that an earlier answer sets as the bound; the first of its variants."""
    if not isinstance(value, dict) or "source" not in value:
        return None
    read = operand(value, bound.where, scope)
    if not isinstance(read, Answers):
        return None
    return next((each for each in read.items if each.kind in ("number", "money")), None)


def _edit(name: str, when: str, message: str, item: str) -> Document:
    return {
        "name": name[:60],
        "severity": "hard",
        "when": when,
        "message": f"{{answer:{item}}} cannot be. {message}",
        "items": [item],
    }
