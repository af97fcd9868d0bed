"""How each kind of question is answered on paper: in words, with options or with lines."""

from dataclasses import dataclass

from surveys.questionnaire.items import (
    Allocation,
    Code,
    Date,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Number,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.speech import say


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to tick, or one part to fill in; `definition` says what it means."""

    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a question is answered.

    `sign` is the box before each option, empty where a line follows it; `lines` are blank
    lines to write on.
    """

    how: str
    options: tuple[Option, ...] = ()
    sign: str = ""
    lines: int = 0
    unit: str = ""


def way_of(item: Item) -> Way:
    match item:
        case SingleChoice():
            return Way(say("One answer"), _options(item.codes), "○")
        case MultipleChoice() if item.most is not None:
            how = say("At most {most} answers", most=item.most)
            return Way(how, _options(item.codes), "□")
        case MultipleChoice():
            return Way(say("All that apply"), _options(item.codes), "□")
        case Allocation():
            how = say(
                "Figures that add up to {total} {unit}", total=f"{item.total:g}", unit=item.unit
            )
            return Way(how, _options(item.parts), unit=item.unit)
        case Scale():
            return Way(say("One point of the scale"), _points(item), "○")
        case Text():
            return Way(say("In your own words"), lines=4 if item.long else 1)
        case _:
            return _one_line(item)


def _one_line(item: Item) -> Way:
    """A question that is answered by one number, date or code."""
    match item:
        case Money():
            how = say("An amount in {currency}, or in thousands of it", currency=item.currency)
            return Way(how, lines=1, unit=item.currency)
        case Share():
            return Way(say("A percentage"), lines=1, unit="%")
        case Year():
            return Way(say("A year"), lines=1)
        case Number():
            how = say("A number ({unit})", unit=item.unit) if item.unit else say("A number")
            return Way(how, lines=1, unit=item.unit)
        case Date():
            how = say("A day") if item.precision == "day" else say("A month")
            return Way(how, lines=1)
        case Lookup():
            return Way(say("An entry of the list “{list}”", list=item.codes.title), lines=1)
        case _:
            return Way("")


def _options(codes: tuple[Code, ...]) -> tuple[Option, ...]:
    return tuple(Option(code.label, code.definition) for code in codes)


def _points(item: Scale) -> tuple[Option, ...]:
    labels = dict(item.points)
    numbers = range(item.minimum, item.maximum + 1)
    return tuple(
        Option(f"{number}: {labels[number]}" if number in labels else str(number))
        for number in numbers
    )
