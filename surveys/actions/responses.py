"""What a firm does with its questionnaire: begin, save a page, submit; and reopening it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys import questionnaire
from surveys.actions.access_codes import ALPHABET
from surveys.models import AuditEvent, Case, CaseEvent, PageVersion, Response, User, Wave
from surveys.queries.instruments import compiled
from surveys.queries.responses import fill_context, saved_pages
from surveys.questionnaire.instrument import Instrument, Page

Answers = Mapping[str, Any]

_WAITED_FOR = (
    Case.Disposition.NOT_STARTED,
    Case.Disposition.NON_CONTACT,
    Case.Disposition.REFUSAL,
)
_BEGUN = (Case.Disposition.STARTED, Case.Disposition.PARTIAL)


class WaveClosed(Exception):
    """The wave takes no answers now; everything saved before is kept."""


class AlreadySubmitted(Exception):
    """The response has been submitted and is read-only until it is reopened."""


class NotSubmitted(Exception):
    """There is nothing to reopen."""


class OffRoute(Exception):
    """The page does not apply to the firm, after its other answers."""


class PageConflict(Exception):
    """Someone else saved the same page since the person opened it; nothing was written.

    Attributes
    ----------
    saved : answers of the page as they stand
    revision : revision of the response that a new save must be built on
    """

    def __init__(self, *, saved: Answers, revision: int) -> None:
        super().__init__("The page was saved by someone else")
        self.saved = saved
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a response cannot be submitted: the page, the item ('' for all of it), a sentence.

    `is_unanswered` marks a page that the firm has not gone through.
    """

    page: str
    item: str
    message: str
    is_unanswered: bool = False


class StillFailing(Exception):
    """The response does not pass its checks; `problems` in the order of the questionnaire."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Decision:
    """What a firm did when a soft edit spoke.

    `kept` is True if the firm let its answers stand; `message` is the sentence it saw.
    """

    edit: str
    message: str
    kept: bool
    reason: str = ""


@transaction.atomic
def begin(*, case: Case, at: datetime) -> Response:
    """The response of the case, made at the first call; marks the case as started.

    Raises WaveClosed if there is none and the wave takes no answers.
    """
    response = _locked_response(case)
    if response is not None:
        return response
    wave = Wave.objects.select_related("instrument").defer("instrument__document")
    case.wave = wave.get(pk=case.wave_id)
    if not case.wave.is_open:
        raise WaveClosed
    response = Response.objects.create(case=case, begun_at=at)
    CaseEvent.objects.create(case=case, kind="begun", at=at)
    _set_disposition(case, _WAITED_FOR, Case.Disposition.STARTED, at)
    return response


@transaction.atomic
def save_page(
    *,
    case: Case,
    page: str,
    answers: Answers,
    built_on: int,
    decisions: Sequence[Decision] = (),
    at: datetime,
) -> Response:
    """Write the answers of one page.

    `built_on` is the revision that the response had when the page was opened. The same
    answers sent twice are written once. Answers of items that are not on the page are
    refused with a ValueError: the caller has mixed up pages.

    Raises
    ------
    WaveClosed, AlreadySubmitted, OffRoute, PageConflict
    """
    response = begin(case=case, at=at)
    instrument = _instrument_for_writing(response)
    definition = _page_on_route(instrument, response, page)
    written = _answers_of(definition, answers)
    saved = {name: response.answers.get(name) for name in written}
    is_saved = page in response.page_revisions
    if is_saved and saved == written and _has_decisions(response, decisions):
        return response
    if response.page_revisions.get(page, 0) > built_on and saved != written:
        raise PageConflict(saved=saved, revision=response.revision)
    _write_page(response, page, written, decisions, at)
    return response


@transaction.atomic
def submit(*, case: Case, at: datetime) -> Response:
    """Hand the response in. A second call changes nothing and returns the same receipt.

    Raises WaveClosed, or StillFailing if a page of the route was not gone through or an
    answer fails a check or a hard edit.
    """
    response = begin(case=case, at=at)
    if response.is_submitted:
        return response
    instrument = _instrument_for_writing(response)
    problems = problems_of(
        case=response.case,
        instrument=instrument,
        answers=response.answers,
        saved=saved_pages(instrument, response),
    )
    if problems:
        raise StillFailing(problems)
    response.submitted_at = at
    response.reference = response.reference or _new_reference()
    response.save(update_fields=["submitted_at", "reference"])
    CaseEvent.objects.create(
        case=case, kind="submitted", at=at, detail={"revision": response.revision}
    )
    _set_disposition(case, (*_WAITED_FOR, *_BEGUN), Case.Disposition.COMPLETE, at)
    return response


@transaction.atomic
def reopen(*, case: Case, by: User, at: datetime) -> Response:
    """Let the firm change a submitted response; its reference stays. Audited.

    Raises NotSubmitted.
    """
    response = _locked_response(case)
    if response is None or not response.is_submitted:
        raise NotSubmitted
    response.submitted_at = None
    response.save(update_fields=["submitted_at"])
    CaseEvent.objects.create(case=case, kind="reopened", at=at)
    AuditEvent.objects.create(
        user=by,
        survey=case.wave.survey,
        action="response_reopened",
        at=at,
        detail={"wave": case.wave.slug, "case": case.pseudonym},
    )
    _set_disposition(case, (Case.Disposition.COMPLETE,), Case.Disposition.STARTED, at)
    return response


def problems_of(
    *, case: Case, instrument: Instrument, answers: Answers, saved: Collection[str]
) -> tuple[Problem, ...]:
    """Everything that stands between the answers and their submission.

    `saved` names the pages that were gone through; an item on them may be blank.
    """
    route = questionnaire.route(instrument, answers)
    context = fill_context(case, instrument, route.answers)
    problems: list[Problem] = []
    for page in route.pages:
        if page.name not in saved:
            sentence = "This page has not been answered yet."
            problems.append(Problem(page.name, "", sentence, is_unanswered=True))
            continue
        problems.extend(_failing_items(page, route.answers))
        problems.extend(
            Problem(page.name, next(iter(finding.items), ""), finding.message)
            for finding in questionnaire.check_page(page, route.answers, context)
            if finding.severity == "hard"
        )
    return tuple(problems)


def _failing_items(page: Page, answers: Answers) -> list[Problem]:
    return [
        Problem(page.name, item.name, fault.message)
        for item in page.items
        if answers.get(item.name) is not None
        for fault in questionnaire.check_value(item, answers[item.name])
    ]


def _locked_response(case: Case) -> Response | None:
    """The response with its wave as they stand now; nobody else writes the case meanwhile.

    The lock is a statement of its own: what a locking join brings along may be older than
    the lock. The field is closed under the same lock.
    """
    Case.objects.select_for_update().values_list("pk").get(pk=case.pk)
    return (
        Response.objects.select_related("case__wave__survey", "case__wave__instrument")
        .defer("case__wave__instrument__document")
        .filter(case=case)
        .first()
    )


def _instrument_for_writing(response: Response) -> Instrument:
    wave = response.case.wave
    if response.is_submitted:
        raise AlreadySubmitted
    if wave.state != Wave.State.OPEN or wave.instrument is None:
        raise WaveClosed
    return compiled(wave.instrument)


def _page_on_route(instrument: Instrument, response: Response, name: str) -> Page:
    route = questionnaire.route(instrument, response.answers)
    for page in route.pages:
        if page.name == name:
            return page
    raise OffRoute


def _answers_of(page: Page, answers: Answers) -> dict[str, Any]:
    """The answers of every item of the page; an item that was not sent is blank."""
    names = [item.name for item in page.items]
    foreign = set(answers) - set(names)
    if foreign:
        raise ValueError(f"Not on page {page.name}: {', '.join(sorted(foreign))}")
    return {name: answers.get(name) for name in names}


def _has_decisions(response: Response, decisions: Sequence[Decision]) -> bool:
    return all(
        (kept := response.edit_decisions.get(decision.edit, {})).get("message") == decision.message
        and (kept.get("kept"), kept.get("reason")) == (decision.kept, decision.reason)
        for decision in decisions
    )


def _write_page(
    response: Response,
    page: str,
    written: dict[str, Any],
    decisions: Sequence[Decision],
    at: datetime,
) -> None:
    response.revision += 1
    response.answers = response.answers | written
    response.page_revisions = response.page_revisions | {page: response.revision}
    response.edit_decisions = response.edit_decisions | {
        decision.edit: {
            "message": decision.message,
            "kept": decision.kept,
            "reason": decision.reason,
            "at": at.isoformat(),
        }
        for decision in decisions
    }
    response.saved_at = at
    response.save()
    PageVersion.objects.create(
        response=response, page=page, revision=response.revision, answers=written, saved_at=at
    )
    CaseEvent.objects.create(
        case=response.case,
        kind="page_saved",
        at=at,
        detail={
            "page": page,
            "revision": response.revision,
            "edits": {decision.edit: decision.kept for decision in decisions},
        },
    )


def _set_disposition(
    case: Case, before: tuple[Case.Disposition, ...], after: Case.Disposition, at: datetime
) -> None:
    """Move the case on, if it stands where it is thought to stand."""
    moved = Case.objects.filter(pk=case.pk, disposition__in=before).exclude(disposition=after)
    if moved.update(disposition=after, disposition_at=at):
        case.disposition, case.disposition_at = after, at


def _new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"M-{letters[:4]}-{letters[4:]}"
