"""One eq answer to the items that take it."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.ons.bounds import number_bounds
from surveys.interchange.ons.dates import date_bounds
from surveys.interchange.ons.known import AnswerKind, Known, Scope
from surveys.interchange.ons.options import NOT_TICKED, Option, known_of, options_of
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]

LONGEST_ANSWER = 20_000
MOST_DECIMALS = 6
_ADDRESS = ("line1", "line2", "town", "postcode")
_ADDRESS_WORDS = ("Address line 1", "Address line 2", "Town or city", "Postcode")


@dataclass(slots=True)
class Asked:
    """Items of a page with their edits; `known` are those that hold the answer."""

    items: list[Document] = field(default_factory=list)
    edits: list[Document] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """An answer with what its item is to be called and to say."""

    answer: Part
    name: str
    label: str
    hint: str
    scope: Scope

    @property
    def reference(self) -> str:
        return self.scope.reference(self.name)

    def item(self, kind: str, **keys: Any) -> Document:
        given = {key: value for key, value in keys.items() if value not in (None, "", [])}
        head = {"name": self.name, "kind": kind, "label": self.label, "hint": self.hint}
        variable = self.answer.word("q_code")[:60]
        whole = {**head, **given, "variable": variable}
        return {key: value for key, value in whole.items() if value not in ("", None)}

    def known(self, kind: AnswerKind) -> Known:
        return Known(self.reference, kind, roster=self.scope.roster)


def read_answer(request: Request) -> Asked:
    """The items for the answer; a text where its type is not known."""
    answer = request.answer
    kind = answer.word("type", needed=True)
    reader = _READERS.get(kind)
    if reader is None:
        answer.kept(f"an answer of the type {kind[:40]}", "a text")
        reader = _text
    asked = reader(request)
    if answer.flag("mandatory") and asked.items:
        for item in asked.items[:1]:
            item["required"] = "hard"
    for key in ("default", "voluntary"):
        if answer.get(key):
            answer.kept(f"“{key}” of an answer")
    validation = answer.part("validation")
    if validation is not None and validation.get("messages"):
        answer.kept("own wording of error messages", "the wording of the platform")
    return asked


def _choice(request: Request) -> Asked:
    options = options_of(request.answer, request.scope)
    return _one_of(request, options)


def _one_of(request: Request, options: list[Option]) -> Asked:
    codes = [option.document for option in options]
    if len(codes) == 1:
        codes.append(dict(NOT_TICKED))
    known = known_of(options, request.known("choice"))
    return Asked([request.item("single_choice", codes=codes)], known=[known])


def _choices(request: Request) -> Asked:
    options = options_of(request.answer, request.scope)
    if len(options) == 1:
        request.answer.kept("one box to tick", "a question with two codes, the second for No")
        return _one_of(request, options)
    item = request.item("multiple_choice", codes=[option.document for option in options])
    return Asked([item], known=[known_of(options, request.known("choices"))])


def _number(request: Request) -> Asked:
    bounds = number_bounds(request.answer, request.name, request.reference, request.scope)
    item = request.item(
        "number",
        decimals=_decimals(request.answer) or None,
        unit=_unit(request.answer),
        **{"minimum": 0, **bounds.fixed},
    )
    return Asked([item], bounds.edits, [request.known("number")])


def _decimals(answer: Part) -> int:
    places = answer.number("decimal_places") or 0
    if places > MOST_DECIMALS:
        answer.kept(f"{places} decimal places", f"{MOST_DECIMALS} decimal places")
    return int(min(max(places, 0), MOST_DECIMALS))


def _unit(answer: Part) -> str:
    """``length-square-kilometer`` is ``square kilometer``; ``duration-year`` is ``year``."""
    unit = answer.word("unit")
    answer.get("unit_length")
    return re.sub(r"^[a-z]+-", "", unit.lower()).replace("-", " ")[:40]


def _percentage(request: Request) -> Asked:
    bounds = number_bounds(request.answer, request.name, request.reference, request.scope)
    decimals = _decimals(request.answer)
    known = [request.known("number")]
    if bounds.fixed.get("minimum", 0) == 0 and bounds.fixed.get("maximum", 100) == 100:
        item = request.item("share", decimals=decimals or None)
    else:
        fixed = {"minimum": 0, **bounds.fixed}
        item = request.item("number", decimals=decimals or None, unit="%", **fixed)
    return Asked([item], bounds.edits, known)


def _money(request: Request) -> Asked:
    answer = request.answer
    bounds = number_bounds(answer, request.name, request.reference, request.scope)
    if _decimals(answer):
        answer.kept("an amount with decimal places", "an amount in whole units of the currency")
    fixed = {
        "minimum": math.ceil(bounds.fixed.get("minimum", 0)),
        **({"maximum": math.floor(bounds.fixed["maximum"])} if "maximum" in bounds.fixed else {}),
    }
    currency = answer.word("currency")[:10] or "GBP"
    item = request.item("money", currency=currency, **fixed)
    return Asked([item], bounds.edits, [request.known("money")])


def _text(request: Request) -> Asked:
    return _text_of(request, long=False)


def _text_area(request: Request) -> Asked:
    return _text_of(request, long=True)


def _text_of(request: Request, *, long: bool) -> Asked:
    longest = int(request.answer.number("max_length") or (2000 if long else 200))
    kept = min(max(longest, 1), LONGEST_ANSWER)
    item = request.item("text", long="yes" if long else "", max_length=kept)
    if request.answer.get("suggestions") or request.answer.get("suggestions_url"):
        request.answer.kept("suggestions while the firm types", "a text typed in full")
    return Asked([item], known=[request.known("text")])


def _day(request: Request) -> Asked:
    return _dated(request, "day")


def _month(request: Request) -> Asked:
    return _dated(request, "month")


def _dated(request: Request, precision: str) -> Asked:
    bounds = date_bounds(request.answer, request.name, request.reference, request.scope, precision)
    item = request.item("date", precision="month" if precision == "month" else "", **bounds.fixed)
    return Asked([item], bounds.edits, [request.known("date")])


def _year(request: Request) -> Asked:
    for side in ("minimum", "maximum"):
        if request.answer.get(side):
            request.answer.kept(f"the {side} of a year")
    return Asked([request.item("year")], known=[request.known("number")])


def _part_of(request: Request, part: str, label: str) -> Request:
    name = request.scope.item_name(f"{request.name} {part}")
    return Request(request.answer, name, label, request.hint, request.scope)


def _duration(request: Request) -> Asked:
    """A number for each unit, the first of which stands for the answer in rules."""
    units = request.answer.get("units")
    listed = units if isinstance(units, list) else []
    words = [str(unit) for unit in listed if unit in ("years", "months")]
    asked = Asked()
    for unit in words or ["years"]:
        part = _part_of(request, unit, f"{request.label} ({unit})")
        asked.known = asked.known or [part.known("several")]
        limits = {"maximum": 11} if unit == "months" and len(words) > 1 else {}
        asked.items.append(part.item("number", unit=unit, minimum=0, **limits))
    request.answer.kept("a duration as one answer", "a number for each of its units")
    return asked


def _address(request: Request) -> Asked:
    asked = Asked()
    for line, words in zip(_ADDRESS, _ADDRESS_WORDS, strict=True):
        part = _part_of(request, line, words)
        asked.known = asked.known or [part.known("several")]
        asked.items.append(part.item("text"))
    if request.answer.get("lookup_options"):
        request.answer.kept("looking up an address", "four texts typed in full")
    request.answer.kept("an address as one answer", "a text for each of its lines")
    return asked


_READERS: dict[str, Callable[[Request], Asked]] = {
    "Radio": _choice,
    "Dropdown": _choice,
    "Relationship": _choice,
    "Checkbox": _choices,
    "Number": _number,
    "Unit": _number,
    "Percentage": _percentage,
    "Currency": _money,
    "TextField": _text,
    "MobileNumber": _text,
    "TextArea": _text_area,
    "Date": _day,
    "MonthYearDate": _month,
    "YearDate": _year,
    "Duration": _duration,
    "Address": _address,
}


def answer_label(answer: Part, scope: Scope) -> str:
    return text_of(answer.get("label"), answer.where, scope)
