"""Checks on the answers of a page: the edits of its author, and what is required."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from surveys.questionnaire.answer_checks import (
    check_value,
    entry_words,
    facet_applies,
    local_name,
    total_of,
)
from surveys.questionnaire.conditions import is_blank, stated_missing
from surveys.questionnaire.fills import FillContext, fill
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Computed, EntryPage, Item, Note, Roster
from surveys.questionnaire.speech import say
from surveys.questionnaire.value_checks import Fault

__all__ = [
    "MONEY_UNITS",
    "Fault",
    "Finding",
    "check_page",
    "check_value",
    "facet_applies",
    "required_findings",
    "total_of",
]

MONEY_UNITS = {"units": 1, "thousands": 1000}
_WANTING = {
    (False, "hard"): "Answer this question.",
    (True, "hard"): "Answer this question, or choose why you cannot.",
    (False, "soft"): "Answer this question. If you cannot, confirm that you leave it blank.",
    (True, "soft"): (
        "Answer this question, or choose why you cannot. If you cannot, confirm that you leave "
        "it blank."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit that speaks: one of the author, or that of an item that is required.

    `edit` is the name of the author's edit, or ``item.required``.
    """

    edit: str
    severity: Literal["hard", "soft"]
    message: str
    items: tuple[str, ...]


def check_page(page: Page, answers: Mapping[str, Any], context: FillContext) -> tuple[Finding, ...]:
    """What is required and blank, and the authored edits that speak.

    `answers` are all that count, so that an edit may read those of earlier pages.
    """
    return (
        *required_findings(page, answers, context),
        *(
            Finding(edit.name, edit.severity, fill(edit.message, context), edit.items)
            for edit in page.edits
            if edit.fails_when.holds(answers)
        ),
    )


def required_findings(
    page: Page, answers: Mapping[str, Any], context: FillContext | None = None
) -> tuple[Finding, ...]:
    """The blanks of the page that an item does not let pass; a hard one blocks.

    An item that is off its universe is not required; neither is one for which a reason
    that it offers is stated. With `context` the questions named are filled in.
    """
    return tuple(
        finding
        for item in page.items
        if item.universe.holds(answers)
        for finding in _required(item, answers, context)
    )


def _required(
    item: Item, answers: Mapping[str, Any], context: FillContext | None
) -> Iterator[Finding]:
    answer = answers.get(item.name)
    if _is_wanting(item, answer):
        yield _finding(item, "", (item.name,))
    elif isinstance(item, Roster) and isinstance(answer, list):
        yield from _required_of_entries(item, answer, answers, context)


def _is_wanting(item: Item, answer: Any) -> bool:
    if item.required == "none" or isinstance(item, Note | Computed):
        return False
    return is_blank(answer) and stated_missing(answer) not in item.missing


def _finding(item: Item, called: str, items: tuple[str, ...]) -> Finding:
    severity: Literal["hard", "soft"] = "hard" if item.required == "hard" else "soft"
    message = called + say(_WANTING[bool(item.missing), severity])
    return Finding(f"{item.name}.required", severity, message, items)


def _required_of_entries(
    roster: Roster,
    entries: list[Any],
    answers: Mapping[str, Any],
    context: FillContext | None,
) -> Iterator[Finding]:
    """One finding a question, which names the entries that lack its answer."""
    wanting: dict[tuple[str, str], list[str]] = {}
    for place, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            within = {**answers, **{f"{roster.name}.{key}": each for key, each in entry.items()}}
            for item in _asked_of_entry(roster.pages, within):
                if _is_wanting(item, entry.get(local_name(roster, item))):
                    asked = _question(item, within, context)
                    called = entry_words(roster, place, entry)
                    wanting.setdefault((item.name, asked), []).append(called)
    for item in roster.items:
        for (name, asked), entries_called in wanting.items():
            if name == item.name:
                yield _finding(item, f"{', '.join(entries_called)}, “{asked}”: ", (roster.name,))


def _question(item: Item, answers: Mapping[str, Any], context: FillContext | None) -> str:
    return fill(item.label, replace(context, answers=answers)) if context else item.label


def _asked_of_entry(pages: tuple[EntryPage, ...], within: Mapping[str, Any]) -> Iterator[Item]:
    for page in pages:
        if page.universe.holds(within):
            yield from (item for item in page.items if item.universe.holds(within))
