"""What a firm does with its questionnaire: begin, save a page, submit; and reopening it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys import questionnaire
from surveys.actions import playbacks
from surveys.actions.access_codes import ALPHABET
from surveys.actions.dispositions import filled, settle, settle_saved
from surveys.actions.freezing import refuse_frozen_case
from surveys.actions.kept import KeptInsert, KeptUpdate
from surveys.actions.prior import flags_of
from surveys.actions.writers import Writer, mode_of, of_firm, of_office, told_of
from surveys.models import (
    AuditEvent,
    Case,
    CaseEvent,
    PageDraft,
    PageVersion,
    Response,
    User,
)
from surveys.queries.failing import Problem, problems_of
from surveys.queries.instruments import as_spoken, compiled
from surveys.queries.kept import Given, KeptQuery
from surveys.queries.prior import prior_of
from surveys.queries.responses import known_of, pages_to_confirm, saved_pages, summary_key
from surveys.queries.visits import may_have_drafts, response_again, takes_answers
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import BatteryRow
from surveys.questionnaire.offering import takes_answer

Answers = Mapping[str, Any]

_LOCK = KeptQuery(lambda: Case.objects.select_for_update().only("pk").filter(pk=Given(Case, "pk")))
_SAVED = KeptUpdate(  # what was handed in has a writer of its own
    Response,
    (
        "answers",
        "revision",
        "page_revisions",
        "edit_decisions",
        "prior_flags",
        "layouts",
        "language",
        "mode",
        "sign_offs",
        "saved_at",
    ),
)
_VERSION = KeptInsert(PageVersion)
_EVENT = KeptInsert(CaseEvent)


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
    return _begun(case, at)


def _begun(case: Case, at: datetime) -> Response:
    """As `begin`, in a transaction that is already open."""
    response = _locked_response(case)
    if response is not None:
        return response
    # The disposition, too: a case that still waits in a closed wave counts as reopened.
    seen = Case.objects.select_related("wave__instrument").defer("wave__instrument__document")
    now = seen.get(pk=case.pk)
    case.wave, case.disposition = now.wave, now.disposition
    if not takes_answers(case):
        raise WaveClosed
    response = Response.objects.create(case=case, begun_at=at)
    CaseEvent.objects.create(case=case, kind="begun", at=at)
    settle(case=case, at=at)
    return response


@transaction.atomic
def save_page(
    *,
    case: Case,
    page: str,
    answers: Answers,
    built_on: int,
    decisions: Sequence[Decision] = (),
    still_right: Collection[str] = (),
    at: datetime,
    by: Writer | None = None,
    ended: Sequence[CaseEvent] = (),
) -> Response:
    """Write the answers of one page; `by` is who writes, a person of the firm or of the office.

    `built_on` is the revision that the response had when the page was opened. The same
    answers sent twice are written once. Answers of items that are not on the page are
    refused with a ValueError: the caller has mixed up pages. `still_right` names items whose
    answer of the wave before the firm confirmed. `ended` are visits to the page that end with
    it, to be written along.

    Raises
    ------
    WaveClosed, AlreadySubmitted, OffRoute, PageConflict
    """
    response = _begun(case, at)
    instrument = instrument_for_writing(response)
    definition = page_on_route(instrument, response, page)
    written = _answers_of(definition, answers)
    saved = {name: response.answers.get(name) for name in written}
    is_saved = page in response.page_revisions and page not in pages_to_confirm(response)
    if is_saved and saved == written and has_decisions(response, decisions):
        _drop_draft(response, page)
        CaseEvent.objects.bulk_create(ended)
        return response
    if response.page_revisions.get(page, 0) > built_on and saved != written:
        raise PageConflict(saved=saved, revision=response.revision)
    response.prior_flags = response.prior_flags | _flags(response, definition, written, still_right)
    response.layouts = response.layouts | _layouts_of(definition)
    playbacks.confirm(response, page, built_on)
    write_page(response, page, written, decisions, at, by=by, ended=ended)
    return response


@transaction.atomic
def submit(*, case: Case, at: datetime, by: Writer | None = None) -> Response:
    """Hand the response in. A second call changes nothing and returns the same receipt.

    `by` says how it came: from the firm itself, or told to a person of the institute.

    Raises WaveClosed, or StillFailing if a page of the route was not gone through or an
    answer fails a check or a hard edit.
    """
    response = _begun(case, at)
    if response.is_submitted:
        return response
    instrument = instrument_for_writing(response)
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
    response.mode = mode_of(by)
    response.save(update_fields=["submitted_at", "reference", "mode"])
    PageDraft.objects.filter(response=response).delete()
    CaseEvent.objects.create(
        case=case,
        kind="submitted",
        at=at,
        detail={"revision": response.revision, **told_of(by)},
        by=of_office(by),
    )
    settle(case=case, at=at)
    return response


@transaction.atomic
def reopen(*, case: Case, by: User, at: datetime) -> Response:
    """Let the firm change a submitted response; its reference stays. Audited.

    Raises NotSubmitted, WaveFrozen.
    """
    refuse_frozen_case(case)
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
    settle(case=case, at=at)
    return response


def _locked_response(case: Case) -> Response | None:
    """The response with its wave as they stand now; nobody else writes the case meanwhile.

    The lock is a statement of its own: what a locking join brings along may be older than
    the lock. The field is closed under the same lock.
    """
    if _LOCK.one(pk=case.pk) is None:
        raise Case.DoesNotExist
    response = response_again(case)
    if response is None:
        return None
    wave = response.case.wave
    if wave.instrument_id == case.wave.instrument_id:
        wave.instrument = case.wave.instrument
    return response


def instrument_for_writing(response: Response) -> Instrument:
    """The instrument, if answers may be written. Raises AlreadySubmitted, WaveClosed."""
    wave = response.case.wave
    if response.is_submitted:
        raise AlreadySubmitted
    if not takes_answers(response.case) or wave.instrument is None:
        raise WaveClosed
    instrument = as_spoken(wave.instrument)
    response.language = instrument.language
    return instrument


def page_on_route(instrument: Instrument, response: Response, name: str) -> Page:
    """The page, if it applies to the firm now. Raises OffRoute."""
    route = questionnaire.route(instrument, response.answers, known_of(response.case))
    for page in route.pages:
        if page.name == name:
            return page
    raise OffRoute


def _answers_of(page: Page, answers: Answers) -> dict[str, Any]:
    """The answers of every item of the page that takes one; one that was not sent is blank."""
    names = [item.name for item in page.items if takes_answer(item)]
    foreign = set(answers) - set(names)
    if foreign:
        raise ValueError(f"Not on page {page.name}: {', '.join(sorted(foreign))}")
    return {name: answers.get(name) for name in names}


def _flags(
    response: Response, page: Page, written: Answers, still_right: Collection[str]
) -> dict[str, str]:
    """What became of last wave's answers; nothing where there is no wave before."""
    if response.case.wave.previous_id is None:
        return {}
    prior = prior_of(response.case)
    last = prior.answers if prior else {}
    return flags_of(page.items, last=last, answers=written, still_right=still_right)


def _layouts_of(page: Page) -> dict[str, str]:
    """How each battery of the page was shown, which is part of how it was measured."""
    return {item.battery: item.layout for item in page.items if isinstance(item, BatteryRow)}


def has_decisions(response: Response, decisions: Sequence[Decision]) -> bool:
    """Whether the decisions are kept already, word for word."""
    return all(
        (kept := response.edit_decisions.get(decision.edit, {})).get("message") == decision.message
        and (kept.get("kept"), kept.get("reason")) == (decision.kept, decision.reason)
        for decision in decisions
    )


def write_page(
    response: Response,
    page: str,
    written: dict[str, Any],
    decisions: Sequence[Decision],
    at: datetime,
    by: Writer | None = None,
    ended: Sequence[CaseEvent] = (),
) -> None:
    """Write answers under the lock; `page` is the page, or the key of an entry of a roster."""
    before = response.answers
    response.revision += 1
    response.answers = before | written
    response.page_revisions = response.page_revisions | {page: response.revision}
    _unsettle(response, page.partition("/")[0], before)
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
    response.mode = mode_of(by)
    _SAVED.write(response)
    _drop_draft(response, page)
    version = PageVersion(
        response=response,
        page=page,
        revision=response.revision,
        answers=written,
        saved_at=at,
        contributor=of_firm(by),
        by=of_office(by),
    )
    _VERSION.write(version)
    share = filled(response)
    saved = CaseEvent(
        case=response.case,
        kind="page_saved",
        at=at,
        detail={
            "page": page,
            "revision": response.revision,
            "edits": {decision.edit: decision.kept for decision in decisions},
            **share,
            **told_of(by),
        },
        by=of_office(by),
    )
    for event in (saved, *ended):
        _EVENT.write(event)
    settle_saved(response=response, noted=share.get("share"), at=at)


def _unsettle(response: Response, page: str, before: dict[str, Any]) -> None:
    """Withdraw what was said of whole sections: their sign-off, and that a summary was seen.

    They are the section of the page, and those with numbers that rest on what changed in it.
    """
    wave = response.case.wave
    if wave.instrument is None:
        return
    instrument = compiled(wave.instrument)
    pages = (page, *playbacks.let_lapse(response, instrument, before))
    sections = {instrument.section_of(each).name for each in pages}
    summaries = {summary_key(section) for section in sections}
    response.sign_offs = {
        name: said for name, said in response.sign_offs.items() if name not in sections
    }
    response.page_revisions = {
        name: revision
        for name, revision in response.page_revisions.items()
        if name not in summaries
    }


def _drop_draft(response: Response, key: str) -> None:
    """What was typed on the page has been saved; `key` is as in `write_page`."""
    if not may_have_drafts(response.case):
        return
    page, _, entry = key.partition("/")
    drafts = PageDraft.objects.filter(response=response, page=page)
    if entry.endswith("/0"):  # the entry has been taken out
        drafts.filter(entry__startswith=entry[:-1]).delete()
    else:
        drafts.filter(entry=entry).delete()


def _new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"M-{letters[:4]}-{letters[4:]}"
