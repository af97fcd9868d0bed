"""Entries of rosters in construct space: what each single entry says of each construct.

The cells of a firm count entries and average over them; here every entry keeps what it said,
so that pairs of answers (where a tie began, where the partner is now) are not lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.binding_rosters import number_in
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Roster

_LOCAL = "$"


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """What an answer of an entry measures.

    `name` is ``networking.partners[scale]`` for the answer that stands for a dimension of a
    construct, and the construct itself, ``tie.social``, for a number. `local` is the item.
    """

    name: str
    local: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class BoundRoster:
    """A roster that measures constructs, with the columns of its entries."""

    roster: Roster
    columns: tuple[EntryColumn, ...]


def bound_rosters(instrument: Instrument) -> tuple[BoundRoster, ...]:
    """Every roster that is bound to constructs, in order."""
    rosters = [item for item in instrument.items if isinstance(item, Roster)]
    return tuple(BoundRoster(each, _columns(each)) for each in rosters if each.bindings)


def entry_cells(columns: tuple[EntryColumn, ...], entry: Mapping[str, Any]) -> list[Any]:
    """Floats of numbers, codes of choices, None for missing; one for each column."""
    return [
        number_in(entry.get(each.local)) if each.is_number else _code(entry.get(each.local))
        for each in columns
    ]


def _columns(roster: Roster) -> tuple[EntryColumn, ...]:
    found = []
    for binding in roster.bindings:
        if binding.facet:
            found.append(EntryColumn(binding.construct, binding.facet, is_number=True))
            continue
        found += [
            EntryColumn(f"{binding.construct}[{dimension}]", value[1:], is_number=False)
            for dimension, value in binding.at
            if value.startswith(_LOCAL)
        ]
    return tuple({column.name: column for column in found}.values())


def _code(answer: Any) -> str | None:
    """The code chosen; a stated reason for a blank is a blank."""
    return answer if isinstance(answer, str) and answer else None
