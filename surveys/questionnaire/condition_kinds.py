"""What a reference in a condition points to, and what kind of value it has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Date,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.lookups import prefixes

Kind = Literal[
    "code",
    "codes",
    "number",
    "share",
    "money",
    "year",
    "scale",
    "date",
    "month",
    "text",
    "compound",
    "entries",
]

NUMERIC: frozenset[Kind] = frozenset({"number", "share", "money", "year", "scale"})
DATES: frozenset[Kind] = frozenset({"date", "month"})
WORDS: frozenset[Kind] = frozenset({"code", "text"})
MANIFOLD: frozenset[Kind] = frozenset({"codes", "compound", "entries"})

NAMED: Mapping[Kind, str] = {
    "code": "a code",
    "codes": "several codes",
    "number": "a number",
    "share": "a share",
    "money": "an amount of money",
    "year": "a year",
    "scale": "a point of a scale",
    "date": "a day",
    "month": "a month",
    "text": "a text",
    "compound": "an answer of several parts",
    "entries": "the entries of a roster",
}

LAST = "last."
FRAME: Mapping[str, Kind] = {
    "frame.size_class": "text",
    "frame.industry": "text",
    "frame.region": "text",
    "frame.employees": "number",
}

_SIMPLE: Mapping[type[Item], Kind] = {
    SingleChoice: "code",
    MultipleChoice: "codes",
    Lookup: "code",
    Number: "number",
    Computed: "number",
    Money: "money",
    Share: "share",
    Year: "year",
    Scale: "scale",
    Text: "text",
    Allocation: "compound",
    BatteryRow: "compound",
    Roster: "entries",
}
_DATE_LENGTHS: Mapping[Kind, int] = {"date": 10, "month": 7}


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points to.

    Attributes
    ----------
    item : the item; None for an attribute of the frame
    codes : its codes, where it has some; `listed` is the list of a look-up
    several : whether there is a value for every entry of a roster
    earlier_wave : whether it is the answer of the wave before
    """

    item: Item | None
    kind: Kind
    codes: tuple[Code, ...] = ()
    listed: CodeList | None = None
    several: bool = False
    earlier_wave: bool = False


def target_of(reference: str, items: Mapping[str, Item]) -> Target | None:
    """The item, part, facet, item of a roster or attribute of the frame; None if there is none."""
    if reference in FRAME:
        return Target(None, FRAME[reference])
    if reference.startswith(LAST):
        target = _asked(reference.removeprefix(LAST), items)
        return replace(target, earlier_wave=True) if target else None
    return _asked(reference, items)


def _asked(reference: str, items: Mapping[str, Item]) -> Target | None:
    for holder in prefixes(reference):
        if holder in items:
            return _within(items[holder], reference[len(holder) + 1 :])
    return None


def _within(item: Item, rest: str) -> Target | None:
    if not rest:
        return _whole(item)
    match item:
        case Allocation():
            return _part(item, rest)
        case BatteryRow():
            return _facet(item, rest)
        case Roster():
            return _local(item, rest)
        case _:
            return None


def _whole(item: Item) -> Target | None:
    if isinstance(item, Note):
        return None
    if isinstance(item, Date):
        return Target(item, "date" if item.precision == "day" else "month")
    codes = item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
    listed = item.codes if isinstance(item, Lookup) else None
    return Target(item, _SIMPLE.get(type(item), "number"), codes, listed)


def _part(item: Allocation, part: str) -> Target | None:
    if part not in {code.value for code in item.parts}:
        return None
    return Target(item, "share" if item.unit == "%" else "number")


def _facet(item: BatteryRow, rest: str) -> Target | None:
    name, _, column = rest.partition(".")
    for facet in item.facets:
        if facet.name == name:
            return _column(item, facet, column)
    return None


def _column(item: BatteryRow, facet: Facet, column: str) -> Target | None:
    if facet.choose == "number":
        if column:
            known = column in {code.value for code in facet.codes}
            return Target(item, "number") if known else None
        return Target(item, "compound" if facet.codes else "number")
    if column:
        return None
    return Target(item, "code" if facet.choose == "one" else "codes", facet.codes)


def _local(roster: Roster, rest: str) -> Target | None:
    """From outside, an item of a roster is that of every entry, and is asked with the roster."""
    inner = _asked(f"{roster.name}.{rest}", {item.name: item for item in roster.items})
    return replace(inner, item=roster, several=True) if inner else None


def is_date(text: str, kind: Kind) -> bool:
    """Whether the text is a day (``date``) or a ``month`` of the calendar, as ISO 8601 has it."""
    if len(text) != _DATE_LENGTHS.get(kind) or not text.isascii():
        return False
    try:
        date.fromisoformat(text if kind == "date" else f"{text}-01")
    except ValueError:
        return False
    return True
