"""The codebook: every variable with its label, universe, codes, missing codes and construct."""

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.questionnaire.authored.conditions import both
from surveys.questionnaire.conditions import Chose, Condition
from surveys.questionnaire.data_names import stata_names
from surveys.questionnaire.fills import neutral
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Roster,
    Scale,
    SingleChoice,
)

# Why a value is not there, as Stata's extended missing values.
MISSING_CODES: dict[str, tuple[str, str]] = {
    "not_asked": (".a", "Not asked"),
    "skipped": (".b", "Skipped"),
    "dont_know": (".c", "Don't know"),
    "refused": (".d", "Refused"),
    "not_applicable": (".e", "Not applicable"),
}
# A page that was never reached was not answered either, although it might have been.
MISSING_OF_STATE = {state: code for state, (code, _) in MISSING_CODES.items()} | {
    "not_reached": ".b"
}
# What stands in a file instead of a text that it must not hold.
WITHHELD = (".z", "Withheld: words of the firm")
_ALWAYS_POSSIBLE = ("not_asked", "skipped")


@dataclass(frozen=True, slots=True)
class CodebookVariable:
    """One variable of the data file.

    `label` speaks of "the firm" and "the reference period" where the page names them;
    `universe` is the condition of its page and of its item together, in the language of
    conditions; ``always`` where every firm is asked.

    Attributes
    ----------
    missing : codes of the reasons why a value may not be there, with their labels
    variable : its name in the survey that the item comes from
    item : the item that it is a part of
    code_list : ``name@version`` of the long list that its values are from
    stata_name : its name in a file for Stata
    """

    name: str
    label: str
    kind: str
    universe: str
    section: str
    page: str
    codes: tuple[tuple[str, str], ...] = ()
    constructs: tuple[str, ...] = ()
    unit: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    variable: str = ""
    item: str = ""
    code_list: str = ""
    stata_name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with where it is asked, and of whom; `roster` is the one that it is within."""

    item: Item
    section: str
    page: str
    universe: Condition
    roster: Roster | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What of an item is one variable: a facet of a row, a column of it, a part, or all."""

    suffix: str = ""
    label: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    facet: str = ""
    variable: str = ""


def codebook(instrument: Instrument) -> tuple[CodebookVariable, ...]:
    """Every variable in order; a battery gives one for each row and facet."""
    variables = [
        (asked, part, f"{asked.item.name}{part.suffix}")
        for asked in asked_items(instrument)
        for part in _parts(asked.item)
    ]
    short = stata_names(name for _, _, name in variables)
    return tuple(_variable(asked, part, name, short[name]) for asked, part, name in variables)


def asked_items(instrument: Instrument) -> Iterator[Asked]:
    """Every item that has an answer, those of the entries of a roster after the roster."""
    for section in instrument.sections:
        for page in section.pages:
            for item in page.items:
                if isinstance(item, Note):
                    continue
                universe = both(page.universe, item.universe)
                yield Asked(item, section.name, page.name, universe)
                if isinstance(item, Roster):
                    yield from _asked_of_entries(item, section.name, page.name, universe)


def _asked_of_entries(
    roster: Roster, section: str, page: str, universe: Condition
) -> Iterator[Asked]:
    for entry_page in roster.pages:
        on_page = both(universe, entry_page.universe)
        for item in entry_page.items:
            if not isinstance(item, Note):
                yield Asked(item, section, page, both(on_page, item.universe), roster)


def kind_of(item: Item) -> str:
    """The kind as authors write it."""
    name = type(item).__name__
    if name == "BatteryRow":
        return "battery"
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def is_companion(item: Item) -> bool:
    """Whether it is the text or number that a code with `specify` brings."""
    asked = item.universe
    return isinstance(asked, Chose) and item.name in (
        f"{asked.reference}.{code}" for code in asked.codes
    )


def missing_codes(item: Item) -> tuple[tuple[str, str], ...]:
    """Codes, with labels, of the reasons why there may be no answer to the item."""
    return tuple(
        MISSING_CODES[state]
        for state in MISSING_CODES
        if state in _ALWAYS_POSSIBLE or state in item.missing
    )


def _variable(asked: Asked, part: _Part, name: str, short: str) -> CodebookVariable:
    item = asked.item
    return CodebookVariable(
        name=name,
        label=neutral(f"{item.label} {part.label}".strip()),
        kind=kind_of(item),
        universe=str(asked.universe),
        section=asked.section,
        page=asked.page,
        codes=part.codes,
        constructs=_constructs(item, part.facet),
        unit=part.unit or unit_of(item),
        missing=missing_codes(item),
        variable=part.variable or item.variable,
        item=item.name,
        code_list=code_list_of(item),
        stata_name=short,
    )


def _parts(item: Item) -> list[_Part]:
    match item:
        case BatteryRow():
            return [part for facet in item.facets for part in _parts_of_facet(facet)]
        case Allocation():
            return [
                _Part(f".{part.value}", part.label, variable=part.variable) for part in item.parts
            ]
        case SingleChoice() | MultipleChoice():
            return [_Part(codes=_labelled(item.codes))]
        case Scale():
            return [_Part(codes=tuple((str(point), label) for point, label in item.points))]
        case _:
            return [_Part()]


def _parts_of_facet(facet: Facet) -> list[_Part]:
    if facet.choose != "number":
        return [_Part(f".{facet.name}", facet.label, _labelled(facet.codes), facet=facet.name)]
    if not facet.codes:
        return [_Part(f".{facet.name}", facet.label, unit=facet.unit, facet=facet.name)]
    return [
        _Part(
            f".{facet.name}.{column.value}",
            f"{facet.label} {column.label}",
            unit=facet.unit,
            facet=facet.name,
            variable=column.variable,
        )
        for column in facet.codes
    ]


def _labelled(codes: tuple[Code, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.label) for code in codes)


def unit_of(item: Item) -> str:
    """Currency, unit or per cent; empty for answers that have none."""
    if isinstance(item, Money):
        return item.currency
    if kind_of(item) == "share":
        return "%"
    return str(getattr(item, "unit", ""))


def code_list_of(item: Item) -> str:
    return f"{item.codes.name}@{item.codes.version}" if isinstance(item, Lookup) else ""


def _constructs(item: Item, facet: str) -> tuple[str, ...]:
    """Each construct once, in the order of the bindings."""
    bindings = [each for each in item.bindings if each.facet == facet or isinstance(item, Roster)]
    return tuple(dict.fromkeys(each.construct for each in bindings))
