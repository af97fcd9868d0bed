"""The columns of a table with a row a firm.

Which columns there are follows from the instrument alone, so that every variable is in
every file, even where no firm was routed to it. `wide_values` fills them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from surveys.questionnaire.codebook import (
    Asked,
    asked_items,
    code_list_of,
    is_companion,
    missing_codes,
    unit_of,
)
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.data_names import stata_names
from surveys.questionnaire.fills import neutral
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Date,
    Facet,
    Item,
    Lookup,
    MultipleChoice,
    Roster,
    Scale,
    SingleChoice,
    Text,
)

ColumnType = Literal["number", "code", "flag", "date", "text"]
_SPECIFY = ".specify"  # item.code is the column that says whether the code was chosen
_FLAG = (("0", "No"), ("1", "Yes"))


@dataclass(frozen=True, slots=True)
class WideColumn:
    """One column of the file with a row a firm.

    Attributes
    ----------
    type : number; code (a text out of `codes` or of the long list `code_list`); flag (1 the
        code was chosen, 0 not); date (ISO text); text
    facet, code : the facet and the code, column or part that the column stands for
    entry : number of the entry of a roster, from 1; 0 outside of one
    missing : codes that may stand instead of a value, with their labels
    """

    name: str
    stata_name: str
    label: str
    type: ColumnType
    item: str
    universe: str
    facet: str = ""
    code: str = ""
    entry: int = 0
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    code_list: str = ""
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What of an item is one column, before it has its full name.

    Only firms for which `offered` holds were offered the code that it stands for.
    """

    suffix: str
    label: str
    type: ColumnType
    facet: str = ""
    code: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    offered: Condition = ALWAYS


def wide_columns(instrument: Instrument) -> tuple[WideColumn, ...]:
    """Every column in the order of the items; a roster has those of `most` entries."""
    columns = [
        column
        for asked, entry in asked_with_entries(instrument)
        for column in columns_of(asked, entry)
    ]
    short = stata_names(column.name for column in columns)
    return tuple(replace(column, stata_name=short[column.name]) for column in columns)


def columns_of(asked: Asked, entry: int) -> Iterator[WideColumn]:
    """The columns of one item, of an entry where it is within one; without names for Stata."""
    for cell in cells_of(asked.item):
        yield WideColumn(
            name=column_name(asked, cell, entry),
            stata_name="",
            label=_label(asked, cell, entry),
            type=cell.type,
            item=asked.item.name,
            universe=str(asked.universe),
            facet=cell.facet,
            code=cell.code,
            entry=entry,
            unit=cell.unit or unit_of(asked.item),
            codes=cell.codes,
            code_list=code_list_of(asked.item),
            missing=missing_codes(asked.item),
        )


def asked_with_entries(instrument: Instrument) -> Iterator[tuple[Asked, int]]:
    """Items in order, those of a roster once for each entry that there may be."""
    within: list[Asked] = []
    for asked in asked_items(instrument):
        if asked.roster is not None:
            within.append(asked)
            continue
        yield from _once_an_entry(within)
        within = []
        yield asked, 0
    yield from _once_an_entry(within)


def _once_an_entry(within: list[Asked]) -> Iterator[tuple[Asked, int]]:
    roster = within[0].roster if within else None
    for entry in range(1, (roster.most if roster else 0) + 1):
        yield from ((asked, entry) for asked in within)


def column_name(asked: Asked, cell: Cell, entry: int) -> str:
    suffix = f"{cell.suffix}{_SPECIFY}" if is_companion(asked.item) else cell.suffix
    if asked.roster is None:
        return f"{asked.item.name}{suffix}"
    local = asked.item.name.removeprefix(f"{asked.roster.name}.")
    return f"{asked.roster.name}.{entry}.{local}{suffix}"


def _label(asked: Asked, cell: Cell, entry: int) -> str:
    text = neutral(f"{asked.item.label} {cell.label}".strip())
    if asked.roster is None:
        return text
    thing = asked.roster.thing
    return f"{thing[:1].upper()}{thing[1:]} {entry}: {text}"


def cells_of(item: Item) -> list[Cell]:
    match item:
        case MultipleChoice():
            return [_flag(code, "") for code in item.codes]
        case Allocation():
            return [
                Cell(
                    f".{part.value}",
                    part.label,
                    "number",
                    code=part.value,
                    offered=part.universe,
                )
                for part in item.parts
            ]
        case BatteryRow():
            return [cell for facet in item.facets for cell in _cells_of_facet(facet)]
        case Roster():
            return [Cell(".entries", f"(number of {item.things})", "number")]
        case _:
            return [_only_cell(item)]


def _only_cell(item: Item) -> Cell:
    match item:
        case SingleChoice():
            return Cell("", "", "code", codes=_labelled(item.codes))
        case Scale():
            return Cell(
                "", "", "number", codes=tuple((str(point), text) for point, text in item.points)
            )
        case Lookup():
            return Cell("", "", "code")
        case Date():
            return Cell("", "", "date")
        case Text():
            return Cell("", "", "text")
        case _:
            return Cell("", "", "number")


def _cells_of_facet(facet: Facet) -> list[Cell]:
    start, name = f".{facet.name}", facet.name
    if facet.choose == "many":
        return [_flag(code, name, facet.label) for code in facet.codes]
    if facet.choose == "one":
        return [Cell(start, facet.label, "code", name, codes=_labelled(facet.codes))]
    if not facet.codes:
        return [Cell(start, facet.label, "number", name, unit=facet.unit)]
    return [
        Cell(
            f"{start}.{column.value}",
            f"{facet.label} {column.label}",
            "number",
            name,
            column.value,
            unit=facet.unit,
            offered=column.universe,
        )
        for column in facet.codes
    ]


def _flag(code: Code, facet: str, label: str = "") -> Cell:
    start = f".{facet}" if facet else ""
    return Cell(
        f"{start}.{code.value}",
        f"{label} {code.label}".strip(),
        "flag",
        facet,
        code.value,
        _FLAG,
        offered=code.universe,
    )


def _labelled(codes: tuple[Code, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.label) for code in codes)
