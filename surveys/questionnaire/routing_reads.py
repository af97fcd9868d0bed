"""What the route through an instrument rests on, beside the answers to itself."""

from collections.abc import Iterator
from itertools import chain

from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Allocation, Computed, Item, Roster, codes_of

_LAST_WAVE = "last."
_FRAME = "frame."


def reads_last_wave(instrument: Instrument) -> bool:
    """Whether what is asked, offered or worked out rests on answers of the last wave."""
    return any(name.startswith(_LAST_WAVE) for reads in _reads(instrument) for name in reads)


def reads_frame(instrument: Instrument) -> bool:
    """Whether anything, an edit too, rests on what the sampling frame tells of the firm."""
    of_edits = (edit.fails_when.reads for page in instrument.pages for edit in page.edits)
    reads = chain(_reads(instrument), of_edits)
    return any(name.startswith(_FRAME) for names in reads for name in names)


def _reads(instrument: Instrument) -> Iterator[frozenset[str]]:
    for page in instrument.pages:
        yield page.universe.reads
        for item in page.items:
            yield from _of_item(item)


def _of_item(item: Item) -> Iterator[frozenset[str]]:
    yield item.universe.reads
    yield from (code.universe.reads for code in codes_of(item))
    if isinstance(item, Allocation):
        yield frozenset({item.total_of})
    if isinstance(item, Computed):
        yield item.expression.reads
    if isinstance(item, Roster):
        for page in item.pages:
            yield page.universe.reads
            for local in page.items:
                yield from _of_item(local)
