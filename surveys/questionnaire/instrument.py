"""The instrument as a frozen value: sections of pages of items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.items import Item


@dataclass(frozen=True, slots=True)
class Edit:
    """A check on the answers of one page, beside the checks every kind brings.

    `fails_when` is the condition under which the edit speaks. A hard edit blocks; a soft
    one asks the firm to confirm or change, and keeps the decision and the reason.
    """

    name: str
    severity: Literal["hard", "soft"]
    fails_when: Condition
    message: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Items shown together. A page that holds a roster holds nothing else."""

    name: str
    title: str
    items: tuple[Item, ...]
    intro: str = ""
    universe: Condition = ALWAYS
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Pages on one subject.

    Attributes
    ----------
    minutes : about how long the section takes
    opens : whether it must be completed before the hub shows the other sections
    on_hub : whether the hub lists it
    summary : whether it ends with a page of its own answers
    universe : the firms to which it applies; the universe of each of its pages holds it, too
    """

    name: str
    title: str
    pages: tuple[Page, ...]
    intro: str = ""
    minutes: int = 0
    opens: bool = False
    on_hub: bool = True
    summary: bool = False
    universe: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire.

    `document` is the authored file as plain data; `fingerprint` is the SHA-256 of its
    canonical JSON, in hexadecimal, the same in every language. `language` is the one that
    the texts are in, `languages` are all that the file has, that of the author first.
    """

    name: str
    version: str
    title: str
    language: str
    sections: tuple[Section, ...]
    document: Mapping[str, Any]
    fingerprint: str
    intro: str = ""
    languages: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(page for section in self.sections for page in section.pages)

    @property
    def items(self) -> Iterator[Item]:
        return (item for page in self.pages for item in page.items)

    def page(self, name: str) -> Page:
        """The page of that name. Raises KeyError if there is none."""
        return next_named(self.pages, name)

    def section_of(self, page_name: str) -> Section:
        """The section that holds the page. Raises KeyError if there is none."""
        for section in self.sections:
            if any(page.name == page_name for page in section.pages):
                return section
        raise KeyError(page_name)

    def item(self, name: str) -> Item:
        """The item of that name. Raises KeyError if there is none."""
        for item in self.items:
            if item.name == name:
                return item
        raise KeyError(name)


class Same:
    """An instrument as the key of what is remembered of it.

    Instruments hold lists and cannot be hashed by what they say. The key keeps its instrument
    alive, so that the id stays its own.
    """

    __slots__ = ("instrument",)

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def __hash__(self) -> int:
        return id(self.instrument)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.instrument is self.instrument


def next_named(pages: tuple[Page, ...], name: str) -> Page:
    for page in pages:
        if page.name == name:
            return page
    raise KeyError(name)
