"""Questions that are hard to answer: required ones, long batteries, crowded pages, bare edits."""

import re
from collections.abc import Iterator

from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    BatteryRow,
    Computed,
    Item,
    Money,
    Note,
    Number,
    Roster,
    Scale,
    Text,
)
from surveys.questionnaire.problems import About, Problem

MOST_ROWS = 8
MOST_ITEMS = 7
_JOINING = {
    "en": ("and", "or"),
    "nb": ("og", "eller"),
    "nn": ("og", "eller"),
    "da": ("og", "eller"),
    "sv": ("och", "eller"),
    "de": ("und", "oder"),
    "it": ("e", "ed", "o", "oppure"),
    "fr": ("et", "ou"),
    "es": ("y", "o"),
}
_PERIOD = re.compile(r"\{(period|first_year|last_year)\}|\b(19|20)[0-9]{2}\b")


def questions(instrument: Instrument) -> Iterator[Problem]:
    """Warnings about single items, those of rosters included."""
    seen: set[str] = set()
    for page in instrument.pages:
        for item in _with_locals(page):
            name = item.battery if isinstance(item, BatteryRow) else item.name
            if name not in seen:
                seen.add(name)
                yield from _question(item, name, page, instrument.language)


def _question(item: Item, name: str, page: Page, language: str) -> Iterator[Problem]:
    where = f"item {name}"
    if item.required != "none" and (joint := _joint(item.label, language)):
        yield Problem(
            "double_barrelled",
            where,
            f"“{item.label[:120]}” may ask two things, joined by {joint!r}.",
            "Ask one thing an item, or let it be left blank.",
            About("", "label", (joint,)),
        )
    if item.required == "hard":
        yield _required(item, where)
    if isinstance(item, Number | Money) and not _is_companion(item) and not _has_period(item, page):
        yield Problem(
            "no_period",
            where,
            "It does not say which year or period it is about.",
            "Quote {period} or {last_year} in the label, or give a period.",
            About(key="label"),
        )


def _required(item: Item, where: str) -> Problem:
    if isinstance(item, Scale) or (isinstance(item, Text) and item.long):
        return Problem(
            "mandatory_opinion",
            where,
            "A firm that has no opinion must give one to go on.",
            "Let it be left blank, or offer dont_know under missing.",
            About(key="required"),
        )
    return Problem(
        "required_hard",
        where,
        "A firm that does not know cannot go on, and may break off or invent an answer.",
        "Write required: soft, or offer dont_know under missing.",
        About(key="required"),
    )


def pages_and_batteries(instrument: Instrument) -> Iterator[Problem]:
    """Warnings about batteries, pages and edits."""
    yield from _long_batteries(instrument)
    edits: set[str] = set()
    for page in instrument.pages:
        asked = [item for item in page.items if _is_asked(item)]
        if len(asked) > MOST_ITEMS:
            yield Problem(
                "crowded_page",
                f"page {page.name}",
                f"It asks {len(asked)} items at once.",
                f"Spread them over pages of at most {MOST_ITEMS}.",
                About(values=(str(len(asked)), str(MOST_ITEMS))),
            )
        for edit in page.edits:
            if "{" not in edit.message and (where := _where(page, edit.name)) not in edits:
                edits.add(where)
                yield Problem(
                    "edit_without_value",
                    where,
                    f"“{edit.message[:120]}” does not say what the firm answered.",
                    "Quote the answers with {answer:item}.",
                    About("", "message", (edit.message[:120],)),
                )


def _where(page: Page, edit: str) -> str:
    """The edit of a battery stands on all of its pages and is told once."""
    return f"page {page.name.partition('-')[0]} > {edit}"


def _long_batteries(instrument: Instrument) -> Iterator[Problem]:
    universes: dict[str, list[str]] = {}
    filtered = {item.name for item in instrument.items}
    for page in instrument.pages:
        for item in page.items:
            if isinstance(item, BatteryRow):
                universes.setdefault(item.battery, []).append(f"{page.universe} {item.universe}")
    for battery, rows in universes.items():
        # Rows that have each a universe of their own are filtered by the author's own hand.
        by_hand = len(set(rows)) >= len(rows) - 1
        if len(rows) > MOST_ROWS and f"{battery}.filter" not in filtered and not by_hand:
            yield Problem(
                "long_battery",
                f"item {battery}",
                f"It has {len(rows)} rows, all of which every firm goes through.",
                "Write layout: filter_first, which asks first which rows apply.",
                About("", "layout", (str(len(rows)),)),
            )


def _with_locals(page: Page) -> Iterator[Item]:
    for item in page.items:
        yield item
        if isinstance(item, Roster):
            yield from item.items


def _is_asked(item: Item) -> bool:
    return not isinstance(item, Note | Computed | BatteryRow) and not _is_companion(item)


def _is_companion(item: Item) -> bool:
    """Whether it is the text or number that goes with a code of the choice before it."""
    holder, _, code = item.name.rpartition(".")
    return bool(holder) and str(item.universe) == f"{holder} in ('{code}')"


def _has_period(item: Item, page: Page) -> bool:
    texts = (item.label, item.hint, item.definition, page.title, page.intro)
    return bool(item.period) or any(_PERIOD.search(text) for text in texts)


def _joint(label: str, language: str) -> str:
    words = _JOINING.get(language.partition("-")[0], ())
    return next((word for word in re.findall(r"\w+", label.lower()) if word in words), "")
