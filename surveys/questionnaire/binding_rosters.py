"""Bindings of rosters: entries counted by what was chosen in them, and means over entries.

``at: {partner: $type, scale: $scale}`` counts the entries by their answers to the single
choices `type` and `scale`; with `facet: visits` the cell is the mean of that number over them.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from surveys.questionnaire.conditions import is_blank, is_number
from surveys.questionnaire.constructs import Construct
from surveys.questionnaire.items import (
    Binding,
    Date,
    Item,
    Money,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Year,
)

_LOCAL = "$"
_WITH_A_NUMBER = (Number, Scale, Share, Year, Date, Money)


class Misfit(NamedTuple):
    """Why a binding does not fit: which kind of misfit, a sentence, and what that names."""

    why: str
    message: str
    values: tuple[str, ...] = ()


def misfit_of_dimensions(given: list[str], construct: Construct) -> Misfit | None:
    if sorted(given) == sorted(construct.dimensions):
        return None
    had, wanted = (", ".join(names) or "none" for names in (given, construct.dimensions))
    message = f"The coordinates are {had}; the construct has {wanted}."
    return Misfit("dimensions", message, (had, wanted))


def misfit_of_roster(item: Roster, binding: Binding, construct: Construct) -> Misfit | None:
    """What does not fit; None if all does."""
    if binding.spread or binding.values:
        message = "A roster counts its entries; it has neither spread nor values."
        return Misfit("roster_counts", message)
    if construct.measure != "number":
        message = f"A roster gives numbers; the construct is {construct.measure}."
        return Misfit("roster_numbers", message, (construct.measure,))
    if misfit := misfit_of_dimensions([name for name, _ in binding.at], construct):
        return misfit
    for dimension, value in binding.at:
        if value.startswith(_LOCAL) and not isinstance(_local(item, value), SingleChoice):
            message = f"{dimension} needs a single choice of the entries, such as $type."
            return Misfit("roster_choice", message, (dimension,))
    if binding.facet and not isinstance(_named(item, binding.facet), _WITH_A_NUMBER):
        message = f"{binding.facet[:80]!r} is no item of the entries with a number."
        return Misfit("roster_facet", message, (binding.facet,))
    return None


def cells_of_roster(item: Roster, binding: Binding) -> Iterator[dict[str, str]]:
    """Coordinates of every cell: all combinations of the codes of the choices named."""
    choices = [(dimension, _codes(item, value)) for dimension, value in binding.at]
    for values in product(*(codes for _, codes in choices)):
        yield dict(zip((dimension for dimension, _ in choices), values, strict=True))


def _codes(item: Roster, value: str) -> tuple[str, ...]:
    local = _local(item, value)
    if not isinstance(local, SingleChoice):
        return (value,)
    return tuple(code.value for code in local.codes if not code.exclusive)


def value_of_roster(binding: Binding, at: Mapping[str, str], entries: Any) -> float | None:
    """How many entries are in the cell, or the mean over them; None without an entry to mean."""
    if not isinstance(entries, list):
        return None
    rows = [entry for entry in entries if isinstance(entry, dict)]
    for dimension, value in binding.at:
        if value.startswith(_LOCAL):
            rows = [row for row in rows if row.get(value[1:]) == at[dimension]]
    if not binding.facet:
        return float(len(rows))
    numbers = [number for row in rows if (number := number_in(row.get(binding.facet))) is not None]
    return sum(numbers) / len(numbers) if numbers else None


def number_in(answer: Any) -> float | None:
    """The number in an answer; of a date the year, of money the amount."""
    if isinstance(answer, dict):
        answer = answer.get("amount")
    if is_blank(answer):
        return None
    if isinstance(answer, str):
        return float(answer[:4]) if answer[:4].isascii() and answer[:4].isdigit() else None
    return float(answer) if is_number(answer) and abs(answer) < 1e300 else None


def _local(item: Roster, value: str) -> Item | None:
    return _named(item, value.removeprefix(_LOCAL)) if value.startswith(_LOCAL) else None


def _named(item: Roster, local: str) -> Item | None:
    name = f"{item.name}.{local}"
    return next((each for each in item.items if each.name == name), None)
