"""A roster as a table of its own: a row an entry, with what became of it since the wave before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from surveys.questionnaire.codebook import Asked, asked_items
from surveys.questionnaire.data_names import stata_names
from surveys.questionnaire.dependent_entries import ENTRY_FLAGS
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Roster
from surveys.questionnaire.routing import Route
from surveys.questionnaire.wide_form import WideColumn, columns_of
from surveys.questionnaire.wide_values import Value

_NOT_ASKED = ".a"
_NO_LIST = {"shown": "new", "not_shown": "not_shown"}
_OFF_THE_LIST = ("gone", "left_out")


@dataclass(frozen=True, slots=True)
class RosterTable:
    """The columns of a roster's table; the first four are about the entry itself."""

    roster: Roster
    columns: tuple[WideColumn, ...]


def roster_tables(instrument: Instrument) -> tuple[RosterTable, ...]:
    """A table for every roster, in order."""
    found = []
    for roster in (item for item in instrument.items if isinstance(item, Roster)):
        within = [each for each in asked_items(instrument) if each.roster is roster]
        columns = (*_about_entry(roster, within), *_of_items(roster, within))
        short = stata_names(column.name for column in columns)
        named = tuple(replace(each, stata_name=short[each.name]) for each in columns)
        found.append(RosterTable(roster, named))
    return tuple(found)


def roster_rows(
    table: RosterTable, firm: Route, values: Mapping[str, Value], flags: Mapping[str, str]
) -> tuple[tuple[Value, ...], ...]:
    """The entries of one firm, then those of the wave before that are not on its list.

    `values` are those of its row in the wide file; `flags` are what became of entries of the
    wave before, by ``roster/key``, with whether there were any, by ``roster``.
    """
    roster = table.roster
    came_back = {
        name.removeprefix(f"{roster.name}/"): flag
        for name, flag in flags.items()
        if name.startswith(f"{roster.name}/")
    }
    if roster.name not in firm.answers:
        return ()
    listed = firm.answers[roster.name]
    entries = listed if isinstance(listed, list) else []
    otherwise = _NO_LIST.get(flags.get(roster.name, ""), _NOT_ASKED)
    rows = []
    for number, entry in enumerate(entries, 1):
        key = str(entry.get("entry", ""))
        flag, last = came_back.get(key, otherwise), key if key in came_back else _NOT_ASKED
        said = [values[_wide_name(roster, number, each.name)] for each in table.columns[4:]]
        rows.append((key, number, flag, last, *said))
    keys = {row[0] for row in rows}
    blanks = [_NOT_ASKED] * len(table.columns[4:])
    return (
        *rows,
        *(
            (key, _NOT_ASKED, flag, key, *blanks)
            for key, flag in sorted(came_back.items())
            if flag in _OFF_THE_LIST and key not in keys
        ),
    )


def _about_entry(roster: Roster, within: list[Asked]) -> tuple[WideColumn, ...]:
    """Key, number, what became of it, and which it was; the name `entry` is no item's."""
    start, universe = f"{roster.name}.entry", str(within[0].universe) if within else "always"
    thing = f"{roster.thing[:1].upper()}{roster.thing[1:]}"
    missing = ((_NOT_ASKED, "Not asked"),)
    plain = WideColumn(
        start, "", f"{thing}: key, the same in every wave", "code", roster.name, universe
    )
    return (
        plain,
        replace(
            plain,
            name=f"{start}.number",
            label=f"{thing}: place on the list",
            type="number",
            missing=missing,
        ),
        replace(
            plain,
            name=f"{start}.prior",
            label=f"{thing}: what became of it since the wave before",
            codes=tuple(ENTRY_FLAGS.items()),
            missing=missing,
        ),
        replace(
            plain,
            name=f"{start}.last",
            label=f"{thing}: key of the entry of the wave before that it was",
            missing=missing,
        ),
    )


def _of_items(roster: Roster, within: list[Asked]) -> list[WideColumn]:
    """The columns of the wide file for one entry, without its number."""
    columns = [column for asked in within for column in columns_of(asked, 1)]
    start = f"{roster.name}.1."
    return [
        replace(
            each,
            name=f"{roster.name}.{each.name.removeprefix(start)}",
            label=each.label.partition(": ")[2],
            entry=0,
        )
        for each in columns
    ]


def _wide_name(roster: Roster, number: int, name: str) -> str:
    return f"{roster.name}.{number}.{name.removeprefix(f'{roster.name}.')}"
