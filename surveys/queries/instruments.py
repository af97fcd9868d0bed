"""Published instruments as the values that pages are built from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from surveys import questionnaire
from surveys.models import Instrument
from surveys.questionnaire.instrument import Instrument as Definition
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import Binding, Item

_KEPT = 64


class _Frozen:
    """An instrument known by its fingerprint alone, so that compiling can be remembered.

    The document is read from the database only when it is compiled.
    """

    __slots__ = ("instrument",)

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def __hash__(self) -> int:
        return hash(self.instrument.fingerprint)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Frozen)
            and other.instrument.fingerprint == self.instrument.fingerprint
        )


@lru_cache(maxsize=_KEPT)
def _compiled(frozen: _Frozen) -> Definition:
    return questionnaire.compile_document(frozen.instrument.document)


def compiled(instrument: Instrument) -> Definition:
    """The instrument as a value; compiled once per process and fingerprint.

    Raises questionnaire.InstrumentErrors if the document is not a valid instrument, which
    publishing rules out.
    """
    return _compiled(_Frozen(instrument))


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
    "allocation": "parts of a total",
    "battery": "row of a battery",
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
