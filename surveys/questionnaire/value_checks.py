"""Checks of answers that are one value: a code, some codes, a number, a date, a text."""

import math
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.answer_dates import date_text, is_date
from surveys.questionnaire.conditions import is_number
from surveys.questionnaire.fills import number_text
from surveys.questionnaire.items import (
    Code,
    Date,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Number,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.speech import say

LARGEST = 10**15
_OR_MORE = "Enter a number of {number} or more."
_NO_DATE = {
    "day": "Enter a day that is in the calendar.",
    "month": "Enter a month that is in the calendar.",
}
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one answer.

    `field` is a facet, ``facet.column``, a part, or ``entry.local`` within a roster, with
    the facet or part of the local answer behind a further dot; empty for the whole.
    """

    field: str
    message: str


def check_one_value(item: Item, value: Any) -> tuple[Fault, ...]:
    match item:
        case SingleChoice():
            return check_code(item.codes, value, "")
        case MultipleChoice():
            return check_codes(item.codes, value, "") or _most_codes(item, value)
        case Money():
            return _money(item, value)
        case Number() | Year() | Share():
            return _one_number(item, value)
        case Text():
            return _text(item, value)
        case Date():
            return _date(item, value)
        case Scale():
            return _scale(item, value)
        case Lookup():
            return _lookup(item, value)
        case _:
            return (Fault("", say("This kind of item is not known.")),)


def _most_codes(item: MultipleChoice, values: list[str]) -> tuple[Fault, ...]:
    if item.most is None or len(values) <= item.most:
        return ()
    return (
        Fault(
            "",
            say(
                "Choose at most {most} answers; you chose {chosen}.",
                most=item.most,
                chosen=len(values),
            ),
        ),
    )


def _date(item: Date, value: Any) -> tuple[Fault, ...]:
    if not isinstance(value, str):
        return (Fault("", say("Enter a date.")),)
    if value == "":
        return ()
    if not is_date(value, item.precision):
        return (Fault("", say(_NO_DATE[item.precision])),)
    if item.minimum and value < item.minimum:
        return (
            Fault("", say("Enter a date that is not before {date}.", date=date_text(item.minimum))),
        )
    if item.maximum and value > item.maximum:
        return (
            Fault("", say("Enter a date that is not after {date}.", date=date_text(item.maximum))),
        )
    return ()


def _scale(item: Scale, value: Any) -> tuple[Fault, ...]:
    whole = is_number(value) and value % 1 == 0  # also true of numbers past the largest float
    if whole and item.minimum <= value <= item.maximum:
        return ()
    return (
        Fault(
            "", say("Choose a point from {least} to {most}.", least=item.minimum, most=item.maximum)
        ),
    )


def _lookup(item: Lookup, value: Any) -> tuple[Fault, ...]:
    if isinstance(value, str) and (value == "" or value in item.codes):
        return ()
    return (Fault("", say("Choose an answer from the list.")),)


def _one_number(item: Number | Year | Share, value: Any) -> tuple[Fault, ...]:
    match item:
        case Number():
            return check_number(value, item.minimum, item.maximum, item.decimals, "")
        case Year():
            return check_number(value, item.minimum, item.maximum, 0, "", grouped=False)
        case Share():
            return check_number(value, 0, 100, item.decimals, "")


def check_code(codes: tuple[Code, ...], value: Any, field: str) -> tuple[Fault, ...]:
    if isinstance(value, str) and any(code.value == value for code in codes):
        return ()
    return (Fault(field, say("Choose one of the answers listed.")),)


def check_codes(codes: tuple[Code, ...], values: Any, field: str) -> tuple[Fault, ...]:
    known = {code.value: code for code in codes}
    if not isinstance(values, list) or not all(isinstance(v, str) and v in known for v in values):
        return (Fault(field, say("Choose from the answers listed.")),)
    if len(set(values)) != len(values):
        return (Fault(field, say("Choose each answer once.")),)
    exclusive = [known[value] for value in values if known[value].exclusive]
    if exclusive and len(values) > 1:
        return (
            Fault(
                field,
                say(
                    "Choose either “{label}” or the other answers, not both.",
                    label=exclusive[0].label,
                ),
            ),
        )
    return ()


def check_number(
    value: Any,
    minimum: float | None,
    maximum: float | None,
    decimals: int,
    field: str,
    *,
    grouped: bool = True,
) -> tuple[Fault, ...]:
    shown = number_text if grouped else str
    if not is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
        return (Fault(field, say("Enter a number.")),)
    least, most = minimum, LARGEST if maximum is None else min(maximum, LARGEST)
    if least is not None and value < least:
        return (Fault(field, say(_OR_MORE, number=shown(least))),)
    if value > most:
        return (Fault(field, say("Enter a number of {number} or less.", number=shown(most))),)
    if value < -LARGEST:
        return (Fault(field, say(_OR_MORE, number=shown(-LARGEST))),)
    return _decimals(value, decimals, field)


def _decimals(value: float, decimals: int, field: str) -> tuple[Fault, ...]:
    if decimals == 0 and not float(value).is_integer():
        return (Fault(field, say("Enter a whole number, without decimals.")),)
    shifted = value * 10**decimals
    if abs(shifted - round(shifted)) > max(ROUNDING, abs(shifted) * 1e-12):
        one = "Enter a number with at most 1 decimal."
        more = "Enter a number with at most {places} decimals."
        return (Fault(field, say(one if decimals == 1 else more, places=decimals)),)
    return ()


def _money(item: Money, value: Any) -> tuple[Fault, ...]:
    if not isinstance(value, dict) or set(value) != {"amount", "unit"}:
        return (Fault("", say("Enter an amount and say whether it is in thousands.")),)
    if value["unit"] not in ("units", "thousands"):
        return (Fault("unit", say("Say whether the amount is in thousands.")),)
    if value["amount"] is None:
        return ()
    return check_number(value["amount"], item.minimum, item.maximum, 0, "")


def _text(item: Text, value: Any) -> tuple[Fault, ...]:
    if not isinstance(value, str):
        return (Fault("", say("Enter a text.")),)
    if "\x00" in value:
        return (Fault("", say("Remove the characters that cannot be printed.")),)
    if len(value) > item.max_length:
        return (
            Fault(
                "",
                say(
                    "Shorten the text to {most} characters; it has {length}.",
                    most=number_text(item.max_length),
                    length=number_text(len(value)),
                ),
            ),
        )
    return ()
