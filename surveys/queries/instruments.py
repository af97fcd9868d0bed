"""Published instruments as the values that pages are built from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from surveys import questionnaire
from surveys.models import Instrument
from surveys.queries import code_lists
from surveys.queries.languages import speech_of
from surveys.questionnaire import routing_reads
from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.instrument import Instrument as Definition
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import Binding, Item

_KEPT = 128


class _Frozen:
    """An instrument known by its fingerprint alone, so that compiling can be remembered.

    The document is read from the database only when it is compiled.
    """

    __slots__ = ("instrument", "language")

    def __init__(self, instrument: Instrument, language: str) -> None:
        self.instrument, self.language = instrument, language

    def __hash__(self) -> int:
        return hash((self.instrument.fingerprint, self.language))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Frozen)
            and other.instrument.fingerprint == self.instrument.fingerprint
            and other.language == self.language
        )


@lru_cache(maxsize=_KEPT)
def _compiled(frozen: _Frozen) -> Definition:
    return questionnaire.compile_document(
        frozen.instrument.document,
        language=frozen.language,
        code_lists=code_lists.find,
        speech_of=speech_of,
    )


def compiled(instrument: Instrument, language: str = "") -> Definition:
    """The instrument as a value; compiled once per process, fingerprint and language.

    Its texts are in the language, one of those it has; in its author's if none is named.

    Raises questionnaire.InstrumentErrors if the document is not a valid instrument, which
    publishing rules out.
    """
    return _compiled(_Frozen(instrument, language))


@lru_cache(maxsize=_KEPT)
def _reads_frame(frozen: _Frozen) -> bool:
    return routing_reads.reads_frame(_compiled(frozen))


def reads_frame(instrument: Instrument) -> bool:
    """Whether its questions or edits rest on what the sampling frame tells of a firm."""
    return _reads_frame(_Frozen(instrument, ""))


def as_spoken(instrument: Instrument) -> Definition:
    """The instrument in the language of the page, if it has it; else in its author's."""
    definition = compiled(instrument)
    language = get_language() or ""
    if language == definition.language or language not in definition.languages:
        return definition
    return compiled(instrument, language)


def languages_of(instrument: Instrument) -> tuple[str, ...]:
    """The languages of the instrument, that of its author first."""
    definition = compiled(instrument)
    return definition.languages or (definition.language,)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as a researcher reads it: its kind in words, what it measures."""

    name: str
    label: str
    kind: str
    codes: tuple[tuple[str, str], ...]
    facets: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page with its universe in words, empty where it applies to every firm."""

    page: Page
    universe: str
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class SectionLines:
    section: Section
    pages: tuple[PageLines, ...]


_KINDS = {
    "single_choice": "single choice",
    "multiple_choice": "multiple choice",
    "number": "number",
    "money": "amount of money",
    "share": "share, per cent",
    "year": "year",
    "text": "text",
    "date": "date",
    "scale": "scale",
    "lookup": "code of a long list",
    "allocation": "parts of a total",
    "battery": "row of a battery",
    "roster": "roster",
    "note": "note",
    "computed": "computed value",
}


def outline(definition: Definition) -> tuple[SectionLines, ...]:
    """Every section, page and item of the instrument, in order."""
    return tuple(
        SectionLines(section, tuple(_page_lines(page) for page in section.pages))
        for section in definition.sections
    )


def _page_lines(page: Page) -> PageLines:
    universe = "" if page.universe == questionnaire.ALWAYS else str(page.universe)
    return PageLines(page, universe, tuple(_line(item) for item in page.items))


def _line(item: Item) -> ItemLine:
    codes = getattr(item, "codes", getattr(item, "parts", ()))
    if isinstance(codes, CodeList):
        codes = ()  # thousands; the list is named elsewhere
    return ItemLine(
        name=item.name,
        label=item.label,
        kind=_KINDS[questionnaire.kind_of(item)],
        codes=tuple((code.value, code.label) for code in codes),
        facets=tuple(facet.label for facet in getattr(item, "facets", ())),
        measures=tuple(_measure(binding) for binding in item.bindings),
    )


def _measure(binding: Binding) -> str:
    """A binding as text: ``networking.cooperation[suppliers, each scale]``."""
    places = [value for _, value in binding.at]
    if binding.spread:
        places.append(f"each {binding.spread}")
    return f"{binding.construct}[{', '.join(places)}]" if places else binding.construct


def codebook_rows(
    definition: Definition,
) -> tuple[tuple[str, ...], Sequence[tuple[str, ...]]]:
    """The codebook as a table of text: its columns and one row a variable."""
    columns = ("variable", "label", "kind", "section", "page", "universe", "codes", "constructs")
    rows = [
        (
            variable.name,
            variable.label,
            variable.kind,
            variable.section,
            variable.page,
            variable.universe,
            "; ".join(f"{value} = {label}" for value, label in variable.codes),
            "; ".join(variable.constructs),
        )
        for variable in questionnaire.codebook(definition)
    ]
    return columns, rows
