"""Published instruments as the values that pages are built from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from surveys import questionnaire
from surveys.models import Instrument
from surveys.questionnaire.instrument import Instrument as Definition
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import BatteryRow, Binding, Item

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
    "SingleChoice": "single choice",
    "MultipleChoice": "multiple choice",
    "Number": "number",
    "Money": "amount of money",
    "Share": "share, per cent",
    "Year": "year",
    "Text": "text",
    "Allocation": "parts of a total",
    "BatteryRow": "row of a battery",
}


def outline(definition: Definition) -> tuple[SectionLines, ...]:
    """Every section, page and item of the instrument, in order."""
    universes = {
        variable.item: variable.universe for variable in questionnaire.codebook(definition)
    }
    return tuple(
        SectionLines(
            section,
            tuple(
                PageLines(
                    page,
                    next((universes.get(item.name, "") for item in page.items), ""),
                    tuple(_line(item) for item in page.items),
                )
                for page in section.pages
            ),
        )
        for section in definition.sections
    )


def _line(item: Item) -> ItemLine:
    codes = getattr(item, "codes", getattr(item, "parts", ()))
    label = f"{item.row.label}" if isinstance(item, BatteryRow) else item.label
    return ItemLine(
        name=item.name,
        label=label,
        kind=_KINDS[type(item).__name__],
        codes=tuple((code.value, code.label) for code in codes),
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
    columns = ("variable", "label", "universe", "codes", "construct", "measure")
    rows = [
        (
            variable.name,
            variable.label,
            variable.universe,
            "; ".join(f"{value} = {label}" for value, label in variable.codes),
            variable.construct,
            variable.measure,
        )
        for variable in questionnaire.codebook(definition)
    ]
    return columns, rows
