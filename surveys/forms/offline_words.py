"""What the parts of a question are called on a sheet to fill in."""

from surveys.forms.items import NO_ANSWER, field_name
from surveys.queries.preview_conditions import Numbered, in_words
from surveys.questionnaire.conditions import ALWAYS
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import Allocation, Date, EntryPage, Item, Money, Roster
from surveys.questionnaire.speech import say

_DATE = {"day": "Day", "month": "Month", "year": "Year"}


def only_if(instrument: Instrument, page: Page) -> str:
    """Who is asked the page, with the labels of the questions; empty if everybody is."""
    if page.universe == ALWAYS:
        return ""
    items = {item.name: item for each in instrument.pages for item in each.items}
    condition = in_words(page.universe, Numbered(items=items))
    return say("Only if {condition}", condition=condition) if condition else ""


def within_if(instrument: Instrument, roster: Roster, page: EntryPage, item: Item) -> str:
    """Of which entries the item is asked; empty if it is of all."""
    outside = {each.name: each for other in instrument.pages for each in other.items}
    numbered = Numbered(items=outside | {each.name: each for each in roster.items})
    conditions = dict.fromkeys((page.universe, item.universe))
    told = [in_words(each, numbered) for each in conditions if each != ALWAYS]
    both = say(" and ").join(each for each in told if each)
    return say("Only if {condition}", condition=both) if both else ""


def part_label(item: Item, name: str) -> str:
    """The label of one field of the item."""
    part = name.removeprefix(f"{item.name}-") if name != item.name else ""
    if part == NO_ANSWER:
        return say("No answer, because")
    match item:
        case Money():
            if part == "unit":
                return say("Amount in units or thousands?")
            return say("Amount, {currency}", currency=item.currency)
        case Date():
            return say(_DATE[part])
        case Allocation():
            labels = {field_name(item, each.value): each.label for each in item.parts}
            label = labels.get(name, "")
            return f"{label} ({item.unit})" if item.unit else label
        case _:
            return say("Answer")
