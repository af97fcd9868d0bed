"""The codebook: every variable with its label, universe, codes and construct."""

from dataclasses import dataclass

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
    common = {
        "kind": kind_of(item),
        "universe": str(page.universe),
        "section": section,
        "page": page.name,
    }
    constructs = tuple(dict.fromkeys(binding.construct for binding in item.bindings))
    if isinstance(item, BatteryRow):
        return [
            CodebookVariable(
                name=f"{item.name}.{facet.name}",
                label=f"{item.label} {facet.label}".strip(),
                codes=_pairs(facet.codes),
                constructs=tuple(
                    dict.fromkeys(b.construct for b in item.bindings if b.facet == facet.name)
                ),
                **common,
            )
            for facet in item.facets
        ]
    if isinstance(item, Allocation):
        return [
            CodebookVariable(
                name=f"{item.name}.{part.value}",
                label=f"{item.label} {part.label}",
                constructs=constructs,
                **common,
            )
            for part in item.parts
        ]
    codes = item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
    return [
        CodebookVariable(
            name=item.name, label=item.label, codes=_pairs(codes), constructs=constructs, **common
        )
    ]


def _pairs(codes: tuple[Code, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.value, code.label) for code in codes)
