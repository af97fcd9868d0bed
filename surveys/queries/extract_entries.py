"""Entries of bound rosters as columns in construct space, one row an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveys.models import Case, Wave
from surveys.questionnaire.binding_entries import BoundRoster, bound_rosters, entry_cells
from surveys.questionnaire.instrument import Instrument

ABOUT_ENTRY = ("unit", "wave", "entry")


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """What firms said of each thing that they named in one roster.

    `frame` has a row an entry, indexed by the pseudonym of its firm, with `unit` (the firm, the
    same in every wave of the survey), `wave`, `entry` (its key, the same in every wave) and a
    column for each bound answer; `firms` are those that were asked and named any or none, and
    `units` are the same firms in the same order.
    """

    roster: str
    firms: tuple[str, ...]
    units: tuple[str, ...]
    frame: pd.DataFrame


def rosters_of(instrument: Instrument | None) -> tuple[str, ...]:
    """Items whose entries `entries_of` reads."""
    bound = bound_rosters(instrument) if instrument is not None else ()
    return tuple(each.roster.name for each in bound)


def entries_of(
    wave: Wave,
    instrument: Instrument | None,
    given: Sequence[tuple[str, Mapping[str, Any]]],
) -> tuple[Entries, ...]:
    """The entries of every bound roster, by the order of the firms and then of the lists.

    `given` names each firm by its pseudonym, with what counts of its answers to `rosters_of`.
    """
    rosters = bound_rosters(instrument) if instrument is not None else ()
    units = _units(wave) if rosters else {}
    return tuple(_entries(wave, each, given, units) for each in rosters)


def _entries(
    wave: Wave,
    bound: BoundRoster,
    given: Sequence[tuple[str, Mapping[str, Any]]],
    units: dict[str, str],
) -> Entries:
    firms, of_firms, index, rows = [], [], [], []
    for pseudonym, answers in given:
        named = answers.get(bound.roster.name)
        if not isinstance(named, list):
            continue
        unit = units.get(pseudonym, f"{wave.slug}/{pseudonym}")
        firms.append(pseudonym)
        of_firms.append(unit)
        for entry in (each for each in named if isinstance(each, dict)):
            index.append(pseudonym)
            key = str(entry.get("entry", ""))
            rows.append([unit, wave.slug, key, *entry_cells(bound.columns, entry)])
    names = [*ABOUT_ENTRY, *(column.name for column in bound.columns)]
    frame = pd.DataFrame(rows, index=pd.Index(index, dtype=object), columns=names, dtype=object)
    numbers = {column.name: float for column in bound.columns if column.is_number}
    return Entries(bound.roster.name, tuple(firms), tuple(of_firms), frame.astype(numbers))


def _units(wave: Wave) -> dict[str, str]:
    """The firms of the wave by pseudonym: wave and pseudonym in which the survey first had each."""
    drawn = Case.objects.filter(wave=wave, unit__isnull=False)
    of_survey = Case.objects.filter(
        wave__survey=wave.survey_id, unit__register_id__in=drawn.values("unit__register_id")
    )
    first: dict[str, str] = {}
    for register_id, slug, pseudonym in of_survey.order_by(
        "wave__reference_last_year", "wave__slug"
    ).values_list("unit__register_id", "wave__slug", "pseudonym"):
        first.setdefault(register_id, f"{slug}/{pseudonym}")
    return {
        pseudonym: first[register_id]
        for pseudonym, register_id in drawn.values_list("pseudonym", "unit__register_id")
    }
