"""What an item measures: the picker of constructs, with a field for each dimension."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.forms.editor.lines import pairs_from, pairs_text, scalar
from surveys.forms.editor.places import entries_of
from surveys.forms.editor.tables import Column, Table
from surveys.questionnaire.constructs import CATALOGUE

EACH = "each answer"
"""Typed for the dimension that the answers, codes or parts of the item spread along."""

_AT = "at-"
_CODED = ("single_choice", "multiple_choice", "battery", "roster", "lookup")
_SPREADING = ("multiple_choice", "allocation", "battery")
_FACETED = ("battery", "roster")

_CONSTRUCTS = tuple(
    (name, f"{name.partition('.')[0].capitalize()}: {construct.label}")
    for name, construct in CATALOGUE.items()
)
_CONSTRUCT = Column(
    "construct", "Construct", "select", (("", "– none –"), *_CONSTRUCTS), wide=True, redraws=True
)
_FACET = Column("facet", "Which of the questions, by its name")
_VALUES = Column(
    "values",
    "What the codes count as",
    "area",
    hint="code = number, one a line",
    wide=True,
    read=pairs_text,
    write=pairs_from,
)
_OFF_ROUTE = Column("off_route", "If not asked, counts as", write=lambda text, _: scalar(text))


@dataclass(slots=True)
class BindingTable(Table):
    """Bindings of an item; which fields a row has depends on its construct."""

    kind: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def columns_of(self, line: Mapping[str, str]) -> tuple[Column, ...]:
        coordinates = tuple(self._coordinate(name, line) for name in _dimensions(line))
        faceted = self.kind in _FACETED or line.get("facet")
        coded = self.kind in _CODED or line.get("values")
        return (
            _CONSTRUCT,
            *coordinates,
            *((_FACET,) if faceted else ()),
            *((_VALUES,) if coded else ()),
            *((_OFF_ROUTE,) if line.get("construct") else ()),
        )

    def line_of(self, entry: Mapping[str, Any]) -> dict[str, str]:
        plain = (_CONSTRUCT, _FACET, _VALUES, _OFF_ROUTE)
        line = {column.key: column.shown(entry) for column in plain}
        return line | _coordinates_shown(entry)

    def is_blank(self, line: Mapping[str, str]) -> bool:
        return not any(value.strip() for key, value in line.items() if key != "was")

    def fill(self, entry: dict[str, Any], line: Mapping[str, str]) -> None:
        typed = {key: value.strip() for key, value in line.items() if key.startswith(_AT)}
        former = _coordinates_shown(entry)
        for column in self.columns_of(line):
            if not column.key.startswith(_AT):
                column.put(entry, line.get(column.key, "").replace("\r\n", "\n").strip())
        if {key: value for key, value in typed.items() if value} != former:
            _put_coordinates(entry, typed)

    def note(self, line: Mapping[str, str]) -> str:
        """What the chosen construct is, and the dimensions that are still to be given."""
        construct = CATALOGUE.get(line.get("construct", ""))
        if construct is None:
            return ""
        unit = f", in {construct.unit}" if construct.unit else ""
        said = f"{construct.name}: {construct.label} ({construct.measure}{unit})."
        lacking = [name for name in construct.dimensions if not line.get(_AT + name, "").strip()]
        return f"{said} Still to be given: {', '.join(lacking)}." if lacking else said

    def _coordinate(self, name: str, line: Mapping[str, str]) -> Column:
        construct = CATALOGUE.get(line.get("construct", ""))
        foreign = construct is not None and name not in construct.dimensions
        label = name.replace("_", " ").capitalize()
        return Column(
            _AT + name,
            f"{label}: no dimension of this construct, leave blank" if foreign else label,
            choices=self.sources,
            hint="A value" + "".join(f" or {value}" for value, _ in self.sources[:2]),
        )


def binding_table(node: Mapping[str, Any]) -> Table:
    return BindingTable(
        "bind",
        "What the answer measures",
        (_CONSTRUCT,),
        "construct",
        entries_of(node, "bind"),
        checks="Show the fields of the construct",
        kind=str(node.get("kind", "")),
        sources=tuple(_sources(node)),
    )


def _sources(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a coordinate may come from, beside a value that is written out."""
    kind = node.get("kind")
    if kind == "battery":
        yield "$row", "the row of the battery"
    if kind in _SPREADING:
        yield EACH, "one cell for each code, part or column"
    if kind == "roster":
        for page in (node, *_mappings(node.get("pages"))):
            for item in _mappings(page.get("items")):
                if item.get("kind") == "single_choice":
                    yield f"${item.get('name', '')}", str(item.get("label", ""))


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _dimensions(line: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the construct, then others that were typed for another one."""
    construct = CATALOGUE.get(line.get("construct", ""))
    own = construct.dimensions if construct else ()
    typed = (key.removeprefix(_AT) for key, value in line.items() if key.startswith(_AT) and value)
    return (*own, *(name for name in typed if name not in own))


def _coordinates_shown(entry: Mapping[str, Any]) -> dict[str, str]:
    at, spread = entry.get("at"), entry.get("spread")
    shown = {_AT + str(name): str(value) for name, value in _pairs(at)}
    return shown | ({_AT + str(spread): EACH} if spread else {})


def _pairs(at: Any) -> list[tuple[Any, Any]]:
    return list(at.items()) if isinstance(at, Mapping) else []


def _put_coordinates(entry: dict[str, Any], typed: Mapping[str, str]) -> None:
    given = {key.removeprefix(_AT): value for key, value in typed.items() if value}
    spread = [name for name, value in given.items() if value.casefold() == EACH]
    at = {name: scalar(value) for name, value in given.items() if name not in spread[:1]}
    for key, value in (("at", at), ("spread", spread[0] if spread else "")):
        if value:
            entry[key] = value
        else:
            entry.pop(key, None)
