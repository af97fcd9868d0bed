"""What stands between a firm's answers and their submission."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surveys import questionnaire
from surveys.models import Case
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import entry_pages, fill_context, known_of, roster_of
from surveys.questionnaire import FillContext, Finding, Route
from surveys.questionnaire.conditions import stated_missing
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import Item, Roster
from surveys.questionnaire.offering import offered, still_offered, takes_answer
from surveys.questionnaire.routing import entry_answers
from surveys.questionnaire.speech import say

Answers = Mapping[str, Any]

_NOT_OFFERED = "An answer to “{label}” no longer goes with your other answers. Choose again."
_UNFINISHED = "“{name}” is not finished: some of its questions have not been gone through."
_TO_CONFIRM = (
    "Say of “{name}” whether it is still right: confirm it, change it, or say that it no longer "
    "applies."
)
_NAMELESS = "One {thing} has no name. Give it one, or remove it."


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a response cannot be submitted: the page, the item ('' for all of it), a sentence.

    `is_unanswered` marks a page that the firm has not gone through. `entry` and `step` name
    the page of an entry of a roster, where the problem lies in one.
    """

    page: str
    item: str
    message: str
    is_unanswered: bool = False
    entry: str = ""
    step: int = 0


def problems_of(
    *, case: Case, instrument: Instrument, answers: Answers, saved: Collection[str]
) -> tuple[Problem, ...]:
    """Everything that stands between the answers and their submission.

    `saved` names the pages that were gone through; an item on them may be blank.
    """
    known = known_of(case)
    route = questionnaire.route(instrument, answers, known)
    context = fill_context(case, instrument, route.answers, known)
    problems: list[Problem] = []
    for page in route.pages:
        if page.name not in saved:
            sentence = say("This page has not been answered yet.")
            problems.append(Problem(page.name, "", sentence, is_unanswered=True))
        elif (roster := roster_of(page)) is not None:
            carried = carried_of(case, roster, getattr(case, "response", None))
            entries = route.answers.get(roster.name)
            if roster.dependent == "confirmed" and isinstance(entries, list):
                entries = carried.with_waiting(entries)
            problems.extend(roster_problems(page, carried, entries, route, context))
            problems.extend(_failing_edits(page, route, context))
        else:
            problems.extend(_failing_items(page, route, context))
            problems.extend(_failing_edits(page, route, context))
    return tuple(problems)


def roster_problems(
    page: Page, carried: Carried, entries: Any, route: Route, context: FillContext
) -> list[Problem]:
    """What is wrong with the entries of a roster; those that wait may be among them."""
    roster = carried.roster
    if not isinstance(entries, list):
        return []
    faults = questionnaire.check_value(roster, entries) if entries else ()
    # Faults of single entries are told below, with the step that they lie on.
    problems = [
        Problem(page.name, roster.name, fault.message) for fault in faults if not fault.field
    ]
    for entry in entries:
        if isinstance(entry, dict):
            problems.extend(_entry_problems(page, carried, entry, route, context))
    return problems


def list_findings(
    page: Page,
    carried: Carried,
    entries: list[dict[str, Any]],
    route: Route,
    context: FillContext,
) -> tuple[Finding, ...]:
    """What is required and what edits say of a whole list, as soon as it can be told."""
    answers = {**route.answers, carried.roster.name: entries}
    told = replace(context, answers=answers)
    return questionnaire.check_page(page, {**route.known, **answers}, told)


def _entry_problems(
    page: Page, carried: Carried, entry: Answers, route: Route, context: FillContext
) -> list[Problem]:
    """The first page of an entry that was not gone through or holds an answer that fails."""
    roster = carried.roster
    key, name = str(entry.get("entry", "")), entry.get(_local(roster, roster.items[0]))
    if not isinstance(name, str) or not name:
        sentence = say(_NAMELESS, thing=roster.thing)
        return [Problem(page.name, roster.items[0].name, sentence, entry=key, step=1)]
    if carried.is_to_be_confirmed(key):
        sentence = say(_TO_CONFIRM, name=name)
        return [Problem(page.name, roster.name, sentence, entry=key, step=1)]
    came_back = carried.of(key) is not None
    scope = {**route.known, **route.answers, **entry_answers(roster, entry)}
    for step, asked in entry_pages(roster, entry, {**route.known, **route.answers}):
        items = [item for item in asked.items if takes_answer(item)]
        # An entry of the wave before brings some answers of a page; the others are asked anew.
        if items and not _is_gone_through(roster, items, entry, whole=came_back):
            sentence = say(_UNFINISHED, name=name)
            return [Problem(page.name, roster.name, sentence, entry=key, step=step)]
        for item in items:
            for message in _faults(item, entry.get(_local(roster, item)), scope, context):
                sentence = f"“{name}”: {message}"
                return [Problem(page.name, item.name, sentence, entry=key, step=step)]
    return []


def _is_gone_through(roster: Roster, items: Sequence[Item], entry: Answers, *, whole: bool) -> bool:
    answered = [_local(roster, item) in entry for item in items]
    return all(answered) if whole else any(answered)


def _local(roster: Roster, item: Item) -> str:
    return item.name.removeprefix(f"{roster.name}.")


def _failing_items(page: Page, route: Route, context: FillContext) -> list[Problem]:
    scope = {**route.known, **route.answers}
    return [
        Problem(page.name, item.name, message)
        for item in route.items_of(page)
        if takes_answer(item)
        for message in _faults(item, route.answers.get(item.name), scope, context)
    ]


def _faults(item: Item, answer: Any, scope: Answers, context: FillContext) -> list[str]:
    """Sentences on one answer, checked against what the item offers to this firm."""
    if answer is None or stated_missing(answer) in item.missing:
        return []
    as_offered = offered(item, scope)
    if still_offered(as_offered, answer)[1] and not still_offered(item, answer)[1]:
        return [say(_NOT_OFFERED, label=questionnaire.fill(item.label, context))]
    return [fault.message for fault in questionnaire.check_value(as_offered, answer)]


def _failing_edits(page: Page, route: Route, context: FillContext) -> list[Problem]:
    answers = {**route.known, **route.answers}
    return [
        Problem(page.name, next(iter(finding.items), ""), finding.message)
        for finding in questionnaire.check_page(page, answers, context)
        if finding.severity == "hard"
    ]
