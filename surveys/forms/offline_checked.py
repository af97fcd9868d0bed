"""What was read from a sheet of a section, page by page, and what reading it has in common."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.http import QueryDict

from surveys import questionnaire
from surveys.actions.responses import Decision
from surveys.forms.items import fields_of
from surveys.forms.pages import PageForm
from surveys.models import Response
from surveys.queries.offline_sheets import Typed
from surveys.queries.responses import AnswerLine, Standing
from surveys.questionnaire.instrument import Page

Fate = Literal["added", "changed", "unchanged", "removed", "added_again"]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One question of an entry: what the sheet says, and what is saved if that is another."""

    question: str
    answer: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One entry of a roster as the sheet has it.

    Attributes
    ----------
    row : number of its row on the sheet, as a spreadsheet counts
    fate : what taking the sheet does to it
    answers : its answers by local name, and `mark` what is ticked to let it be taken
    asks : whether it is taken only if that is ticked: it goes, or somebody saved it meanwhile
    is_written : whether anything of it has to be stored
    unasked : questions that were filled in and are not asked of it
    saved_as : name of the entry that was saved from its row before, if it may be the same
    is_emptied : whether its row came back blank
    """

    key: str
    row: int
    name: str
    fate: Fate
    mark: str
    answers: Mapping[str, Any]
    lines: tuple[EntryLine, ...] = ()
    asks: bool = False
    is_taken: bool = True
    is_written: bool = True
    unasked: tuple[str, ...] = ()
    saved_as: str = ""
    is_emptied: bool = False


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """One page of an uploaded sheet.

    Attributes
    ----------
    lines : the questions with what was read
    problems : pairs of a question and a sentence; a page with any is not saved
    questions : soft edits, which are kept as confirmed if the person confirms
    theirs : what was saved by someone else since the sheet was downloaded; empty without conflict
    applies : False for a page that the firm is not asked, after its other answers
    entries : of a roster, what the sheet says of each entry
    """

    name: str
    title: str
    answers: Mapping[str, Any]
    lines: tuple[AnswerLine, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    questions: tuple[Decision, ...] = ()
    theirs: tuple[AnswerLine, ...] = ()
    applies: bool = True
    entries: tuple[CheckedEntry, ...] = ()
    holds_list: bool = False

    @property
    def may_be_saved(self) -> bool:
        return self.applies and not self.problems


def as_sent(page: Page, typed: Typed) -> QueryDict:
    """What was typed as the page's form would send it.

    A unit of money that was left blank beside an amount stays blank, so that it is asked for.
    """
    sent = QueryDict(mutable=True)
    for item in page.items:
        for name in fields_of(item):
            sent.setlist(name, list(typed.get(name, ())))
    return sent


def problems_of(form: PageForm) -> tuple[tuple[str, str], ...]:
    """Every error with the question that it belongs to."""
    owners = {name: item for item in form.items for name in form.names[item.name]}
    return tuple(
        dict.fromkeys(
            (
                questionnaire.fill(owners[name].label, form.context) if name in owners else "",
                str(message),
            )
            for name, messages in form.errors.items()
            for message in messages
        )
    )


def with_answers(firm: Standing, answers: Mapping[str, Any]) -> Standing:
    """The firm as it would stand with these answers saved."""
    merged = {**firm.answers, **answers}
    response = Response(case=firm.case) if firm.response is None else copy(firm.response)
    response.answers = merged  # a copy for reading on; nothing here is ever stored
    route = questionnaire.route(firm.instrument, merged, firm.known)
    return replace(firm, response=response, route=route)
