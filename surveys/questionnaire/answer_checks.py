"""Checks that every kind of item brings: what is wrong with one answer, and what to do."""

import re
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.conditions import is_blank, is_number, look_up, stated_missing
from surveys.questionnaire.fills import number_text
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Computed,
    Facet,
    Item,
    Note,
    Roster,
)
from surveys.questionnaire.speech import say
from surveys.questionnaire.value_checks import (
    LARGEST,
    ROUNDING,
    Fault,
    check_code,
    check_codes,
    check_number,
    check_one_value,
)

ENTRY_KEY = re.compile(r"[a-z0-9]{4,12}")
_STORED_AS_ONE = "Two {things} are stored as one. Remove one and add it again."
_TOO_MANY = "Enter at most {most} {things}; you entered {given}. Remove some."
_NAMELESS = "{called}: Give the {thing} a name."
_NO_ANSWERS: Mapping[str, Any] = {}


def check_value(
    item: Item, value: Any, answers: Mapping[str, Any] = _NO_ANSWERS
) -> tuple[Fault, ...]:
    """What is wrong with one answer, whatever JSON value it is. Blank is never wrong.

    `answers` are those that count beside it; an allocation may take its total from them.
    """
    if value is None:
        return ()
    if stated_missing(value):
        return _stated(item, value)
    match item:
        case Allocation():
            return _allocation(item, value, answers)
        case Roster():
            return _roster(item, value, answers)
        case BatteryRow():
            return _row(item, value)
        case Note() | Computed():
            return (Fault("", say("Nothing is entered here.")),)
        case _:
            return check_one_value(item, value)


def _stated(item: Item, value: Any) -> tuple[Fault, ...]:
    if stated_missing(value) in item.missing:
        return ()
    return (
        Fault("", say("This reason is not offered here. Answer the question, or leave it blank.")),
    )


def _allocation(item: Allocation, value: Any, answers: Mapping[str, Any]) -> tuple[Fault, ...]:
    names = {part.value for part in item.parts}
    if not isinstance(value, dict) or not set(value) <= names:
        return (Fault("", say("Enter a number for each part.")),)
    if is_blank(value):
        return ()
    blank = [part for part in item.parts if is_blank(value.get(part.value))]
    if blank:
        return tuple(
            Fault(part.value, say("Enter a number for “{part}”, or 0.", part=part.label))
            for part in blank
        )
    total = total_of(item, answers)
    faults = tuple(
        fault
        for part in item.parts
        for fault in check_number(value[part.value], 0, total, 2, part.value)
    )
    return faults or _sum(item, sum(value.values()), total)


def total_of(item: Allocation, answers: Mapping[str, Any]) -> float | None:
    """What the parts must sum to; None where the item that has the total is blank."""
    if not item.total_of:
        return item.total
    total = look_up(answers, item.total_of)
    return float(total) if is_number(total) and abs(total) <= LARGEST else None


def _sum(item: Allocation, found: float, total: float | None) -> tuple[Fault, ...]:
    if total is None or abs(found - total) <= ROUNDING or (item.at_most and found < total):
        return ()
    exact = "The parts must add up to {total}; they add up to {found}."
    bounded = "The parts may add up to at most {total}; they add up to {found}."
    return (
        Fault(
            "",
            say(
                bounded if item.at_most else exact,
                total=_amount(total, item.unit),
                found=_amount(round(found, 2), item.unit),
            ),
        ),
    )


def _amount(number: float, unit: str) -> str:
    return f"{number_text(number)} {unit}".strip()


def _row(item: BatteryRow, value: Any) -> tuple[Fault, ...]:
    facets = {facet.name: facet for facet in item.facets}
    if not isinstance(value, dict) or not set(value) <= set(facets):
        return (Fault("", say("Choose from the answers listed.")),)
    return tuple(
        fault
        for facet in item.facets
        for fault in _facet(facet, value.get(facet.name), value, item)
    )


def _facet(facet: Facet, answer: Any, row: dict[str, Any], item: BatteryRow) -> tuple[Fault, ...]:
    if is_blank(answer):
        return ()
    if not facet_applies(facet, row):
        return (
            Fault(
                facet.name,
                say(
                    "You chose an answer that does not go with “{label}”. Change one of the two.",
                    label=_chosen_label(facet, row, item),
                ),
            ),
        )
    if facet.choose == "number":
        return _numbers(facet, answer)
    if facet.choose == "one":
        return check_code(facet.codes, answer, facet.name)
    return check_codes(facet.codes, answer, facet.name)


def _numbers(facet: Facet, answer: Any) -> tuple[Fault, ...]:
    """One number, or one for some of the columns."""
    bounds = (facet.minimum, facet.maximum, facet.decimals)
    if not facet.codes:
        return check_number(answer, *bounds, facet.name)
    columns = {code.value for code in facet.codes}
    if not isinstance(answer, dict) or not set(answer) <= columns:
        return (Fault(facet.name, say("Enter a number for each column.")),)
    return tuple(
        fault
        for column, number in answer.items()
        if not is_blank(number)
        for fault in check_number(number, *bounds, f"{facet.name}.{column}")
    )


def facet_applies(facet: Facet, row: Mapping[str, Any]) -> bool:
    """Whether the earlier facet leaves this one open; a blank one does."""
    if facet.applies_when is None:
        return True
    other, codes = facet.applies_when
    answer = row.get(other)
    return is_blank(answer) or (isinstance(answer, str) and answer in codes)


def _chosen_label(facet: Facet, row: dict[str, Any], item: BatteryRow) -> str:
    other = facet.applies_when[0] if facet.applies_when else ""
    for each in item.facets:
        if each.name == other:
            return next((code.label for code in each.codes if code.value == row.get(other)), "")
    return ""


def _roster(item: Roster, value: Any, answers: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Entry by entry; each message names the entry."""
    if not isinstance(value, list) or not all(_is_entry(item, entry) for entry in value):
        return (Fault("", say("Enter the {things} one by one.", things=item.things)),)
    names = [entry["entry"] for entry in value]
    if len(set(names)) != len(names):
        return (Fault("", say(_STORED_AS_ONE, things=item.things)),)
    if len(value) > item.most:
        return (
            Fault(
                "",
                say(_TOO_MANY, most=item.most, things=item.things, given=len(value)),
            ),
        )
    return tuple(
        fault
        for place, entry in enumerate(value, 1)
        for fault in _entry(item, place, entry, answers)
    )


def _is_entry(item: Roster, entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("entry"), str):
        return False
    known = {"entry", *(local_name(item, each) for each in item.items)}
    return bool(ENTRY_KEY.fullmatch(entry["entry"])) and set(entry) <= known


def _entry(
    item: Roster, place: int, entry: dict[str, Any], answers: Mapping[str, Any]
) -> tuple[Fault, ...]:
    key, called = entry["entry"], entry_words(item, place, entry)
    first = local_name(item, item.items[0])
    faults = []
    if is_blank(entry.get(first)):
        faults.append(Fault(f"{key}.{first}", say(_NAMELESS, called=called, thing=item.thing)))
    within = {**answers, **{f"{item.name}.{local}": each for local, each in entry.items()}}
    for each in item.items:
        local = local_name(item, each)
        for fault in check_value(each, entry.get(local), within):
            place_of = f"{key}.{local}.{fault.field}".rstrip(".")
            faults.append(Fault(place_of, f"{called}: {fault.message}"))
    return tuple(faults)


def local_name(roster: Roster, item: Item) -> str:
    """The name of an item within its entry."""
    return item.name.removeprefix(f"{roster.name}.")


def entry_words(roster: Roster, place: int, entry: Mapping[str, Any]) -> str:
    """What an entry is called in messages: its name, or its number where it has none."""
    name = entry.get(local_name(roster, roster.items[0]))
    thing = roster.thing[:1].upper() + roster.thing[1:]
    return f"{thing} “{name}”" if isinstance(name, str) and name else f"{thing} {place}"
