"""An instrument in each of its languages, so that one variable can be told in all."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.interchange.ddi.about import StudyRefused
from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.codebook import Asked, asked_items
from surveys.questionnaire.fills import FILL, neutral
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Facet,
    Item,
    Lookup,
    MultipleChoice,
    Roster,
)
from surveys.questionnaire.parsing import compile_document
from surveys.questionnaire.speech import Speech
from surveys.questionnaire.wide_form import WideColumn, wide_columns

# What a text calls the firm and its years where it speaks of every firm. English has its own.
_FILLED = {
    "de": {
        "firm": "das Unternehmen",
        "trading_as": "das Unternehmen",
        "period": "der Berichtszeitraum",
        "first_year": "das erste Jahr",
        "last_year": "das letzte Jahr",
    },
    "it": {
        "firm": "l'impresa",
        "trading_as": "l'impresa",
        "period": "il periodo di riferimento",
        "first_year": "il primo anno",
        "last_year": "l'ultimo anno",
    },
    "nb": {
        "firm": "foretaket",
        "trading_as": "foretaket",
        "period": "referanseperioden",
        "first_year": "det første året",
        "last_year": "det siste året",
    },
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """An instrument in one language, with its columns and items by name."""

    instrument: Instrument
    columns: Mapping[str, WideColumn]
    asked: Mapping[str, Asked]

    @property
    def language(self) -> str:
        return self.instrument.language

    def item_of(self, column: WideColumn) -> Item:
        return self.asked[column.item].item

    def told(self, text: str) -> str:
        """The text for every firm at once: what is filled in stands in brackets."""
        words = _FILLED.get(self.language, {})

        def filled(found: re.Match[str]) -> str:
            name = found.group(1)
            return f"[{words[name]}]" if name in words else found.group(0)

        return neutral(FILL.sub(filled, text))

    def question(self, column: WideColumn) -> str:
        """What is asked: of a battery the question of the row, then that of the facet."""
        item = self.item_of(column)
        facet = facet_of(item, column)
        return self.told(f"{item.label} {facet.label}" if facet else item.label)

    def label(self, column: WideColumn) -> str:
        """The question, and the code, part or entry that the column stands for."""
        if self.language not in _FILLED:
            return column.label
        item, question = self.item_of(column), self.question(column)
        if isinstance(item, Roster):
            return f"{question} ({item.things})"
        code = code_of(item, column)
        start = f"{self.entry(column)}: " if column.entry else ""
        return f"{start}{question} {code.label if code else ''}".strip()

    def entry(self, column: WideColumn) -> str:
        """The entry of a roster that the column belongs to: ``Partner 2``."""
        roster = self.asked[column.item].roster
        thing = roster.thing if roster else ""
        return f"{thing[:1].upper()}{thing[1:]} {column.entry}"


def spoken(
    instrument: Instrument, languages: Sequence[str], speech_of: Callable[[str], Speech]
) -> tuple[Spoken, ...]:
    """The instrument in these languages, or in all that it has. Raises StudyRefused."""
    every = instrument.languages or (instrument.language,)
    for language in languages:
        if language not in every:
            raise StudyRefused(f"{language!r} is none of the languages {', '.join(every)}.")
    chosen = [each for each in every if each in languages] or every
    return tuple(_spoken(instrument, language, speech_of) for language in chosen)


def facet_of(item: Item, column: WideColumn) -> Facet | None:
    facets = item.facets if isinstance(item, BatteryRow) else ()
    return next((facet for facet in facets if facet.name == column.facet), None)


def code_of(item: Item, column: WideColumn) -> Code | None:
    """The code, part or column of the item that the variable stands for, if it stands for one."""
    facet = facet_of(item, column)
    match item:
        case MultipleChoice():
            codes = item.codes
        case Allocation():
            codes = item.parts
        case _:
            codes = facet.codes if facet else ()
    return next((code for code in codes if code.value == column.code), None)


def _spoken(instrument: Instrument, language: str, speech_of: Callable[[str], Speech]) -> Spoken:
    own = instrument
    if language != instrument.language:
        lists = _code_lists(instrument)

        def find(name: str, version: str) -> CodeList | None:
            return lists.get((name, version))

        own = compile_document(
            instrument.document, language=language, code_lists=find, speech_of=speech_of
        )
    return Spoken(
        instrument=own,
        columns={column.name: column for column in wide_columns(own)},
        asked={asked.item.name: asked for asked in asked_items(own)},
    )


def _code_lists(instrument: Instrument) -> dict[tuple[str, str], CodeList]:
    """The long lists that the instrument was compiled with."""
    return {
        (item.codes.name, item.codes.version): item.codes
        for item in _items(instrument)
        if isinstance(item, Lookup)
    }


def _items(instrument: Instrument) -> Iterator[Item]:
    for item in instrument.items:
        yield item
        if isinstance(item, Roster):
            yield from item.items
