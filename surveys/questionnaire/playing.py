"""Playing a questionnaire through with written answers, page by page, as a firm would."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from surveys.questionnaire.conditions import is_blank
from surveys.questionnaire.edits import check_page, check_value
from surveys.questionnaire.fills import FillContext, fill
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import Computed, Item, Note
from surveys.questionnaire.playing_answers import Written, output_variables, written_answers
from surveys.questionnaire.routing import route


@dataclass(frozen=True, slots=True)
class PlayedPage:
    """A page that was visited.

    `answers` are those stored for the items that were asked; `is_blocked` says that a firm
    would not have come further with these answers.
    """

    section: str
    page: str
    title: str
    items: tuple[str, ...]
    answers: Mapping[str, Any]
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """An edit that spoke, or what was wrong with one answer, which is then not stored.

    `edit` is the name of the edit; empty for the checks that every kind of item brings.
    """

    page: str
    edit: str
    severity: Literal["hard", "soft"]
    message: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What playing came to.

    Attributes
    ----------
    pages : the pages visited, in order
    edits : edits that spoke, and answers that could not be taken
    stored : answers by item, of all pages visited
    computed : values of computed items
    variables : output variables of the items asked, by the names of the survey of origin
    unanswered : pages visited that ask something and got no answer
    unknown : names in the written answers that the instrument does not have
    off_route : items answered in writing that were never asked
    """

    pages: tuple[PlayedPage, ...]
    edits: tuple[Spoken, ...]
    stored: Mapping[str, Any]
    computed: Mapping[str, Any]
    variables: tuple[str, ...]
    unanswered: tuple[str, ...]
    unknown: tuple[str, ...]
    off_route: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    instrument: Instrument
    written: Written
    known: Mapping[str, Any]
    context: FillContext
    stored: dict[str, Any] = field(default_factory=dict)
    pages: list[PlayedPage] = field(default_factory=list)
    edits: list[Spoken] = field(default_factory=list)


def play(
    instrument: Instrument,
    answers: Mapping[str, Any],
    known: Mapping[str, Any],
    context: FillContext,
) -> Played:
    """Visit every page on the route, save the written answers to it, and check them.

    Answers are by name of item, or of the variable of the survey of origin; codes are given as
    such, as their label or as their variable. What blocks a firm is noted, not obeyed, so
    that one run tells everything.
    """
    run = _Run(instrument, written_answers(instrument, answers), known, context)
    visited: set[str] = set()
    while (page := _next_page(run, visited)) is not None:
        visited.add(page.name)
        _visit(run, page)
    return _outcome(run)


def _next_page(run: _Run, visited: set[str]) -> Page | None:
    way = route(run.instrument, run.stored, run.known)
    return next((page for page in way.pages if page.name not in visited), None)


def _visit(run: _Run, page: Page) -> None:
    """Save what is written for the page; then keep what was asked."""
    given = {}
    for item in page.items:
        if item.name in run.written.answers:
            value = run.written.answers[item.name]
            faults = check_value(item, value)
            run.edits += [
                Spoken(page.name, "", "hard", fault.message, (item.name,)) for fault in faults
            ]
            given[item.name] = None if faults else value
    run.stored |= given
    way = route(run.instrument, run.stored, run.known)
    asked = way.items_of(page)
    run.stored = {
        name: value
        for name, value in run.stored.items()
        if name not in given or name in {item.name for item in asked}
    }
    _check(run, page, asked, {**run.known, **way.answers})


def _check(run: _Run, page: Page, asked: tuple[Item, ...], counting: Mapping[str, Any]) -> None:
    context = replace(run.context, answers=counting, instrument=run.instrument, known=run.known)
    run.edits += [
        Spoken(page.name, found.edit, found.severity, found.message, found.items)
        for found in check_page(replace(page, items=asked), counting, context)
    ]
    names = tuple(item.name for item in asked)
    run.pages.append(
        PlayedPage(
            section=run.instrument.section_of(page.name).name,
            page=page.name,
            title=fill(page.title, context),
            items=names,
            answers={name: run.stored[name] for name in names if name in run.stored},
            is_blocked=any(
                spoken.page == page.name and spoken.severity == "hard" for spoken in run.edits
            ),
        )
    )


def _outcome(run: _Run) -> Played:
    way = route(run.instrument, run.stored, run.known)
    asked = [item for page in way.pages for item in way.items_of(page)]
    names = {item.name for item in asked}
    return Played(
        pages=tuple(run.pages),
        edits=tuple(run.edits),
        stored=run.stored,
        computed={
            item.name: way.answers.get(item.name) for item in asked if isinstance(item, Computed)
        },
        variables=tuple(name for item in asked for name in output_variables(item)),
        unanswered=tuple(page.page for page in run.pages if _is_unanswered(run, page)),
        unknown=run.written.unknown,
        off_route=tuple(name for name in run.written.answers if name not in names),
    )


def _is_unanswered(run: _Run, played: PlayedPage) -> bool:
    """Whether the page asks something and nothing was said."""
    items = [item for item in run.instrument.page(played.page).items if item.name in played.items]
    questions = [item.name for item in items if not isinstance(item, Note | Computed)]
    return bool(questions) and all(is_blank(played.answers.get(name)) for name in questions)
