"""Groups of variables: sections, and in them batteries, multiple responses and rosters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from surveys.interchange.ddi.elements import branch, leaf
from surveys.interchange.ddi.spoken import Spoken
from surveys.questionnaire.items import Allocation, BatteryRow, Roster
from surveys.questionnaire.wide_form import WideColumn

_ANY_ROW = "…"


@dataclass(frozen=True, slots=True)
class _Place:
    """One step of the way from the section to a variable; `type` is a word of the standard."""

    type: str
    name: str


_Way = tuple[_Place, ...]


def group(parent: Element, said: Sequence[Spoken], identifiers: Mapping[str, str]) -> None:
    """A group names all its variables, also those of the groups that are within it."""
    members = _members(said[0])
    numbers = {way: f"G{number}" for number, way in enumerate(members, start=1)}
    for way, columns in members.items():
        inner = [numbers[each] for each in members if each[:-1] == way]
        made = branch(
            parent,
            "varGrp",
            ID=numbers[way],
            type=way[-1].type,
            var=" ".join(identifiers[column.name] for column in columns),
            varGrp=" ".join(inner),
            name=way[-1].name,
        )
        for each in said:
            column = each.columns[columns[0].name]
            leaf(made, "labl", _label(way[-1], column, each), each.language)


def _members(own: Spoken) -> dict[_Way, list[WideColumn]]:
    """The columns of every group, an outer group before those within it."""
    members: dict[_Way, list[WideColumn]] = {}
    for column in own.columns.values():
        way = _way(column, own)
        for steps in range(1, len(way) + 1):
            members.setdefault(way[:steps], []).append(column)
    return members


def _way(column: WideColumn, own: Spoken) -> _Way:
    asked = own.asked[column.item]
    way = [_Place("section", asked.section)]
    roster = asked.item if isinstance(asked.item, Roster) else asked.roster
    if roster:
        way.append(_Place("repetition", roster.name))
    if column.entry:
        way.append(_Place("subject", f"{asked.roster.name}.{column.entry}" if asked.roster else ""))
    if isinstance(asked.item, BatteryRow):
        way.append(_Place("grid", asked.item.battery))
    if isinstance(asked.item, Allocation):
        way.append(_Place("grid", column.name.removesuffix(f".{column.code}")))
    if column.type == "flag":
        way.append(_Place("multipleResp", column.name.removesuffix(f".{column.code}")))
    return tuple(way)


def _label(place: _Place, column: WideColumn, each: Spoken) -> str:
    item = each.item_of(column)
    match place.type:
        case "section":
            return _title(place.name, each)
        case "subject":
            return each.entry(column)
        case "grid" if isinstance(item, BatteryRow):
            return each.told(item.label.replace(item.row.label, _ANY_ROW))
        case "repetition":
            return each.told(item.label)
        case _:
            return each.question(column)


def _title(section: str, each: Spoken) -> str:
    titles = {own.name: own.title for own in each.instrument.sections}
    return each.told(titles[section])
