"""All questions of an instrument in order, for reading and for paper.

Batteries are tables, rosters numbered blanks, and every question that some firms are not
asked says who is: ``Only if question 5 is “Yes”``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from surveys.queries.preview_answers import Way, way_of
from surveys.queries.preview_conditions import Numbered, in_words
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.instrument import Instrument, Section
from surveys.questionnaire.items import BatteryRow, Computed, Facet, Item, Note, Roster
from surveys.questionnaire.speech import say

Fill = Callable[[str], str]

_MOST_BLANKS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `only_if` is empty where every firm is asked."""

    number: int
    label: str
    hint: str
    definition: str
    way: Way
    only_if: str
    kind: str = "question"


@dataclass(frozen=True, slots=True)
class Remark:
    """A text without a question, or a number that is worked out from others."""

    label: str
    hint: str
    only_if: str
    kind: str = "remark"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one facet; `sign` is the box that is drawn in them, or empty."""

    label: str
    codes: tuple[str, ...]
    sign: str


@dataclass(slots=True)
class Battery:
    """The rows of one battery that stand together, with the codes of every facet."""

    number: int
    name: str
    title: str
    hint: str
    columns: tuple[Columns, ...]
    only_if: str
    rows: list[str] = field(default_factory=list)
    kind: str = "battery"


@dataclass(frozen=True, slots=True)
class Listing:
    """A roster: the same questions for each of several things, with some numbered blanks."""

    number: int
    label: str
    hint: str
    thing: str
    things: str
    most: int
    blanks: tuple[int, ...]
    blocks: tuple["Block", ...]
    only_if: str
    kind: str = "roster"


Block = Question | Remark | Battery | Listing


@dataclass(frozen=True, slots=True)
class SectionPreview:
    title: str
    intro: str
    minutes: int
    only_if: str
    blocks: tuple[Block, ...]


def all_questions(instrument: Instrument, fill: Fill) -> tuple[SectionPreview, ...]:
    """The questions in the order of the instrument, whether or not they apply to a firm.

    `fill` writes the texts that are left open, such as the name of the firm.
    """
    drawing = _Drawing(fill)
    return tuple(
        SectionPreview(
            title=fill(section.title),
            intro=fill(section.intro),
            minutes=section.minutes,
            only_if=drawing.only_if(section.universe),
            blocks=_blocks(section, drawing),
        )
        for section in instrument.sections
    )


class _Drawing:
    """Numbers questions as they are drawn; conditions name those before them."""

    def __init__(self, fill: Fill) -> None:
        self.fill = fill
        self.numbered = Numbered()
        self.last = 0

    def number(self, item: Item) -> int:
        self.last += 1
        self.numbered.add(item, self.last)
        return self.last

    def only_if(self, *conditions: Condition) -> str:
        words = [
            in_words(each, self.numbered) for each in dict.fromkeys(conditions) if each != ALWAYS
        ]
        told = say(" and ").join(word for word in words if word)
        return self.fill(say("Only if {condition}", condition=told)) if told else ""


def _blocks(section: Section, drawing: _Drawing) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for page in section.pages:
        extra = ALWAYS if page.universe == section.universe else page.universe
        for item in page.items:
            _add(blocks, item, extra, drawing)
    return tuple(blocks)


def _add(blocks: list[Block], item: Item, page: Condition, drawing: _Drawing) -> None:
    """Draw one item behind the others; a row of a battery joins the rows before it."""
    if not isinstance(item, BatteryRow):
        blocks.append(_block(item, page, drawing))
        return
    last = blocks[-1] if blocks else None
    if not isinstance(last, Battery) or last.name != item.battery:
        last = _battery(item, page, drawing)
        blocks.append(last)
    drawing.numbered.add(item, last.number)
    last.rows.append(drawing.fill(item.row.label))


def _block(item: Item, page: Condition, drawing: _Drawing) -> Block:
    fill, only_if = drawing.fill, drawing.only_if(page, item.universe)
    match item:
        case Note():
            return Remark(fill(item.label), fill(item.hint), only_if)
        case Computed():
            label = say("Worked out from your answers: {label}", label=item.label)
            return Remark(fill(label), fill(item.hint), only_if)
        case Roster():
            return _listing(item, only_if, drawing)
        case _:
            return Question(
                number=drawing.number(item),
                label=fill(item.label),
                hint=fill(item.hint),
                definition=fill(item.definition),
                way=_filled(way_of(item), fill),
                only_if=only_if,
            )


def _listing(roster: Roster, only_if: str, drawing: _Drawing) -> Listing:
    number = drawing.number(roster)
    blocks: list[Block] = []
    for page in roster.pages:
        for item in page.items:
            _add(blocks, item, page.universe, drawing)
    return Listing(
        number=number,
        label=drawing.fill(roster.label),
        hint=drawing.fill(roster.hint),
        thing=roster.thing,
        things=roster.things,
        most=roster.most,
        blanks=tuple(range(1, min(roster.most, _MOST_BLANKS) + 1)),
        blocks=tuple(blocks),
        only_if=only_if,
    )


def _battery(row: BatteryRow, page: Condition, drawing: _Drawing) -> Battery:
    """The table of which the row is the first; dots stand where each row has its own name."""

    def of_any_row(text: str) -> str:
        return drawing.fill(text.replace(row.row.label, "…"))

    columns = tuple(
        Columns(
            label=of_any_row(facet.label),
            codes=tuple(of_any_row(code.label) for code in facet.codes) or (facet.unit or "…",),
            sign=_sign(facet),
        )
        for facet in row.facets
    )
    drawing.last += 1
    title, hint = of_any_row(row.label), drawing.fill(row.hint)
    return Battery(drawing.last, row.battery, title, hint, columns, drawing.only_if(page))


def _sign(facet: Facet) -> str:
    return {"one": "○", "many": "□", "number": ""}[facet.choose]


def _filled(way: Way, fill: Fill) -> Way:
    options = tuple(
        replace(each, label=fill(each.label), definition=fill(each.definition))
        for each in way.options
    )
    return replace(way, options=options)
