"""Items of an authored file that take one value: numbers, dates, scales, texts and notes."""

import re
from collections.abc import Callable
from typing import Any, Literal

from surveys.questionnaire.answer_dates import is_date
from surveys.questionnaire.authored.conditions import read_expression
from surveys.questionnaire.items import (
    Computed,
    Date,
    Item,
    Money,
    Note,
    Number,
    Scale,
    Share,
    Text,
    Year,
)
from surveys.questionnaire.nodes import Node

ReadEntry = Callable[[Node, dict[str, Any]], Item]

PRECISIONS = ("day", "month")
MOST_DECIMALS = 9
LONGEST_ANSWER = 20_000
LONGEST_SCALE = 100
SCALE_BOUND = 1000


def read_bounds(
    node: Node, low: float | None, high: float | None
) -> tuple[float | None, float | None]:
    minimum, maximum = node.number("minimum", low), node.number("maximum", high)
    _note_order(node, minimum, maximum)
    return minimum, maximum


def _note_order(node: Node, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and maximum is not None and minimum > maximum:
        node.note(
            "bad_number",
            "minimum is above maximum.",
            "Put the bounds in order.",
            why="order",
            key="minimum",
        )


def read_decimals(node: Node) -> int:
    return node.count("decimals", 0, most=MOST_DECIMALS)


def _number(node: Node, common: dict[str, Any]) -> Item:
    minimum, maximum = read_bounds(node, None, None)
    return Number(
        **common,
        minimum=minimum,
        maximum=maximum,
        decimals=read_decimals(node),
        unit=node.text("unit"),
    )


def _money(node: Node, common: dict[str, Any]) -> Item:
    minimum, maximum = read_bounds(node, 0, None)
    return Money(
        **common, minimum=minimum, maximum=maximum, currency=node.text("currency") or "EUR"
    )


def _share(node: Node, common: dict[str, Any]) -> Item:
    return Share(**common, decimals=read_decimals(node))


def _year(node: Node, common: dict[str, Any]) -> Item:
    first = node.count("minimum", 1500, most=9999)
    last = node.count("maximum", 2100, most=9999)
    _note_order(node, first, last)
    return Year(**common, minimum=first, maximum=last)


def _text(node: Node, common: dict[str, Any]) -> Item:
    long = node.flag("long")
    longest = node.count("max_length", 2000 if long else 200, most=LONGEST_ANSWER)
    return Text(**common, long=long, max_length=longest)


def _date(node: Node, common: dict[str, Any]) -> Item:
    precision: Literal["day", "month"] = (
        "month" if node.one_of("precision", PRECISIONS, "day") == "month" else "day"
    )
    minimum, maximum = (_bound(node, key, precision) for key in ("minimum", "maximum"))
    if minimum and maximum and minimum > maximum:
        node.note(
            "bad_date",
            "minimum is after maximum.",
            "Put the bounds in order.",
            why="order",
            key="minimum",
        )
    return Date(**common, precision=precision, minimum=minimum, maximum=maximum)


def _bound(node: Node, key: str, precision: str) -> str:
    value = node.text(key)
    if value and not is_date(value, precision):
        example = "2024-03" if precision == "month" else "2024-03-31"
        node.note(
            "bad_date",
            f"{key} is {value[:80]!r}, which is no {precision}.",
            f"Write {example}.",
            why="no_date",
            key=key,
            values=(value, example),
        )
        return ""
    return value


def _scale(node: Node, common: dict[str, Any]) -> Item:
    low = node.whole("minimum", 0, least=-SCALE_BOUND, most=SCALE_BOUND)
    high = node.whole("maximum", 4, least=-SCALE_BOUND, most=SCALE_BOUND)
    if not 0 < high - low <= LONGEST_SCALE:
        node.note(
            "bad_number",
            f"The scale runs from {low} to {high}.",
            f"Let it run upwards, over at most {LONGEST_SCALE} steps.",
            why="scale",
            key="maximum",
            values=(low, high, LONGEST_SCALE),
        )
    return Scale(**common, minimum=low, maximum=high, points=_points(node, low, high))


def _points(node: Node, low: int, high: int) -> tuple[tuple[int, str], ...]:
    """Labels of the points; the two ends have one, because a number alone says nothing."""
    texts = node.mapping("points")
    holder = Node(texts, f"{node.where} > points", node.ledger)
    points: dict[int, str] = {}
    for key in texts:
        if not re.fullmatch(r"-?[0-9]{1,4}", key) or not low <= int(key) <= high:
            holder.note(
                "bad_points",
                f"{key[:80]!r} is no point of the scale.",
                f"Write numbers from {low} to {high}.",
                why="no_point",
                values=(key, low, high),
            )
        else:
            points[int(key)] = holder.text(key, needed=True)
    for end in (low, high):
        if end not in points:
            node.note(
                "bad_points",
                f"The point {end} has no label.",
                "Label both ends of the scale.",
                why="end",
                key="points",
                values=(end,),
            )
    return tuple(sorted(points.items()))


def _note(_: Node, common: dict[str, Any]) -> Item:
    return Note(**common)


def _computed(node: Node, common: dict[str, Any]) -> Item:
    return Computed(
        **common,
        expression=read_expression(node, "expression"),
        decimals=read_decimals(node),
        unit=node.text("unit"),
    )


ENTRIES: dict[str, ReadEntry] = {
    "number": _number,
    "money": _money,
    "share": _share,
    "year": _year,
    "date": _date,
    "scale": _scale,
    "text": _text,
    "note": _note,
    "computed": _computed,
}
