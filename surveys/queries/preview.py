"""All questions of an instrument on one page, batteries as tables, for reading and printing."""

from dataclasses import dataclass, field

from surveys.queries.responses import Standing
from surveys.questionnaire.conditions import ALWAYS
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Year,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `how` says in words how it is answered."""

    label: str
    hint: str
    definition: str
    how: str
    options: tuple[str, ...]
    for_some: bool


@dataclass(slots=True)
class Battery:
    """The rows of one battery that stand together, with the codes of every facet."""

    name: str
    title: str
    columns: tuple["Columns", ...]
    for_some: bool
    rows: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one facet; `sign` is the box that is drawn in them."""

    label: str
    codes: tuple[str, ...]
    sign: str


@dataclass(frozen=True, slots=True)
class SectionPreview:
    title: str
    intro: str
    minutes: int
    blocks: tuple[Question | Battery, ...]


def all_questions(firm: Standing) -> tuple[SectionPreview, ...]:
    """The questions in the order of the instrument, whether or not they apply to the firm."""
    return tuple(
        SectionPreview(
            title=firm.fill(section.title),
            intro=firm.fill(section.intro),
            minutes=section.minutes,
            blocks=_blocks(section, firm),
        )
        for section in firm.instrument.sections
    )


def _blocks(section: Section, firm: Standing) -> tuple[Question | Battery, ...]:
    blocks: list[Question | Battery] = []
    for page in section.pages:
        for item in page.items:
            if not isinstance(item, BatteryRow):
                blocks.append(_question(item, page, firm))
                continue
            last = blocks[-1] if blocks else None
            if not isinstance(last, Battery) or last.name != item.battery:
                last = _battery(item, page, firm)
                blocks.append(last)
            last.rows.append(firm.fill(item.row.label))
    return tuple(blocks)


def _battery(row: BatteryRow, page: Page, firm: Standing) -> Battery:
    """The table of which the row is the first; dots stand where each row has its own name."""

    def of_any_row(text: str) -> str:
        return firm.fill(text.replace(row.row.label, "…"))

    columns = tuple(
        Columns(
            label=of_any_row(facet.label),
            codes=tuple(of_any_row(code.label) for code in facet.codes),
            sign="○" if facet.choose == "one" else "□",
        )
        for facet in row.facets
    )
    return Battery(row.battery, of_any_row(row.label), columns, page.universe != ALWAYS)


def _question(item: Item, page: Page, firm: Standing) -> Question:
    how, options = _answered(item)
    return Question(
        label=firm.fill(item.label),
        hint=firm.fill(item.hint),
        definition=firm.fill(item.definition),
        how=how,
        options=tuple(firm.fill(option) for option in options),
        for_some=page.universe != ALWAYS,
    )


def _answered(item: Item) -> tuple[str, tuple[str, ...]]:
    """How the item is answered, and its options."""
    match item:
        case SingleChoice():
            return "One answer", tuple(code.label for code in item.codes)
        case MultipleChoice():
            return "All that apply", tuple(code.label for code in item.codes)
        case Allocation():
            return f"Figures that add up to {item.total:g} {item.unit}", tuple(
                part.label for part in item.parts
            )
        case Money():
            return f"An amount in {item.currency}, or in thousands of it", ()
        case Share():
            return "A percentage", ()
        case Year():
            return "A year", ()
        case Number():
            return f"A number ({item.unit})" if item.unit else "A number", ()
        case _:
            return "In your own words", ()
