"""The values of a variable: codes with their labels, and codes of missing values."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from surveys.interchange.ddi.elements import branch, leaf
from surveys.interchange.ddi.spoken import Spoken, facet_of
from surveys.questionnaire.codebook import WITHHELD
from surveys.questionnaire.items import Item, Lookup, SingleChoice
from surveys.questionnaire.wide_form import WideColumn

LONGEST_LIST = 300
_Told = tuple[str, str, str]


def categorise(element: Element, column: WideColumn, said: Sequence[Spoken]) -> None:
    """The codes in every language, then those of missing values; a long list is named only."""
    _name_list(element, column, said)
    for number, code in enumerate(_values(column, said[0])):
        category = branch(element, "catgry")
        leaf(category, "catValu", code)
        told = list(_told(column, number, said))
        for language, label, _ in told:
            leaf(category, "labl", label, language)
        for language, _, definition in told:
            leaf(category, "txt", definition, language)
    words = (WITHHELD,) if column.type == "text" else ()
    for code, label in (*column.missing, *words):
        category = branch(element, "catgry", missing="Y", missType=label.partition(":")[0].lower())
        leaf(category, "catValu", code)
        leaf(category, "labl", label, "en")


def _name_list(element: Element, column: WideColumn, said: Sequence[Spoken]) -> None:
    item = said[0].item_of(column)
    if isinstance(item, Lookup):
        leaf(element, "stdCatgry", f"{item.codes.title} ({column.code_list})")


def _values(column: WideColumn, own: Spoken) -> list[str]:
    item = own.item_of(column)
    if not isinstance(item, Lookup):
        return [code for code, _ in column.codes]
    listed = item.codes.codes
    return [code.value for code in listed] if len(listed) <= LONGEST_LIST else []


def _told(column: WideColumn, number: int, said: Sequence[Spoken]) -> Iterator[_Told]:
    """Language, label and definition of one code. Yes and No of a flag, and lists, are English."""
    for each in said:
        item = each.item_of(column)
        if isinstance(item, Lookup):
            yield "", item.codes.codes[number].label, ""
            return
        if column.type == "flag":
            yield "en", column.codes[number][1], ""
            return
        label = each.columns[column.name].codes[number][1]
        yield each.language, label, _definition(item, column, number)


def _definition(item: Item, column: WideColumn, number: int) -> str:
    facet = facet_of(item, column)
    if facet:
        return facet.codes[number].definition
    return item.codes[number].definition if isinstance(item, SingleChoice) else ""
