"""The codebook: every variable with its label, universe, codes and construct."""

from dataclasses import dataclass

from surveys.questionnaire.fills import neutral
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Item,
    MultipleChoice,
    SingleChoice,
)


@dataclass(frozen=True, slots=True)
class CodebookVariable:
    """One variable of the data file.

    `label` speaks of "the firm" and "the reference period" where the page names them;
    `universe` is the condition of its page in the language of conditions; ``always`` where
    every firm is asked.
    """

    name: str
    label: str
    kind: str
    universe: str
    section: str
    page: str
    codes: tuple[tuple[str, str], ...] = ()
    constructs: tuple[str, ...] = ()


def codebook(instrument: Instrument) -> tuple[CodebookVariable, ...]:
    """Every variable in order; a battery gives one for each row and facet."""
    return tuple(
        variable
        for section in instrument.sections
        for page in section.pages
        for item in page.items
        for variable in _variables(item, page, section.name)
    )


def kind_of(item: Item) -> str:
    """The kind as authors write it."""
    name = type(item).__name__
    if name == "BatteryRow":
        return "battery"
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def _variables(item: Item, page: Page, section: str) -> list[CodebookVariable]:
    return [
        CodebookVariable(
            name=name,
            label=neutral(label),
            kind=kind_of(item),
            universe=str(page.universe),
            section=section,
            page=page.name,
            codes=tuple((code.value, code.label) for code in codes),
            constructs=_constructs(item, facet),
        )
        for name, label, codes, facet in _columns(item)
    ]


def _columns(item: Item) -> list[tuple[str, str, tuple[Code, ...], str]]:
    """Name, label and codes of every variable of an item, and the facet it stands for."""
    match item:
        case BatteryRow():
            return [
                (
                    f"{item.name}.{each.name}",
                    f"{item.label} {each.label}",
                    each.codes,
                    each.name,
                )
                for each in item.facets
            ]
        case Allocation():
            return [
                (f"{item.name}.{part.value}", f"{item.label} {part.label}", (), "")
                for part in item.parts
            ]
        case SingleChoice() | MultipleChoice():
            return [(item.name, item.label, item.codes, "")]
        case _:
            return [(item.name, item.label, (), "")]


def _constructs(item: Item, facet: str) -> tuple[str, ...]:
    """Each construct once, in the order of the bindings."""
    return tuple(dict.fromkeys(each.construct for each in item.bindings if each.facet == facet))
