"""Earliest and latest dates of eq answers."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.sources import Answers, operand

Document = dict[str, Any]
_SIDES = (("minimum", "<", "on or after"), ("maximum", ">", "on or before"))


@dataclass(slots=True)
class DateBounds:
    fixed: dict[str, str] = field(default_factory=dict)
    edits: list[Document] = field(default_factory=list)


def date_bounds(
    answer: Part, item: str, reference: str, scope: Scope, precision: str
) -> DateBounds:
    """Days written out become bounds, those of earlier answers edits; the others are listed."""
    bounds = DateBounds()
    for side, comparator, words in _SIDES:
        bound = answer.part(side)
        if bound is None:
            continue
        value, offset = bound.get("value"), bound.part("offset_by")
        day = _day(value, offset)
        known = None if day or offset else _earlier(value, bound, scope)
        if day:
            bounds.fixed[side] = day.isoformat()[: 7 if precision == "month" else 10]
        elif known:
            bounds.edits.append(
                {
                    "name": f"{item}_{side}",
                    "severity": "hard",
                    "when": f"{reference} {comparator} {known.item}",
                    "message": (
                        f"{{answer:{item}}} cannot be. Enter a day {words} {{answer:{known.item}}}."
                    ),
                    "items": [item],
                }
            )
        else:
            bound.kept(f"the {side} of a date, which depends on {str(value)[:80]}")
    return bounds


def _day(value: Any, offset: Part | None) -> date | None:
    """The day that is written out, moved by the offset; None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value if len(value) > 7 else f"{value}-01")
        return day if offset is None else _moved(day, offset)
    except (ValueError, OverflowError):
        return None


def _moved(day: date, offset: Part) -> date:
    steps = {key: int(offset.number(key) or 0) for key in ("days", "months", "years")}
    months = day.year * 12 + day.month - 1 + steps["months"] + 12 * steps["years"]
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=steps["days"])


def _earlier(value: Any, bound: Part, scope: Scope) -> Known | None:
    if not isinstance(value, dict) or value.get("source") != "answers":
        return None
    read = operand(value, bound.where, scope)
    if not isinstance(read, Answers):
        return None
    return next((each for each in read.items if each.kind == "date"), None)
