"""The office's review of what a firm handed in: accept it, return it, correct it with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.dispositions import settle
from surveys.actions.freezing import WaveFrozen, refuse_frozen
from surveys.actions.roster_lists import entries_of
from surveys.models import (
    AnswerEdit,
    AuditEvent,
    Case,
    CaseEvent,
    OfficeReview,
    PageVersion,
    Response,
    User,
)
from surveys.queries.responses import entry_key
from surveys.questionnaire.items import Roster

_WHOLE = 0


class ReviewRefused(Exception):
    """The response stays as it is; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def accept(*, case: Case, comment: str = "", by: User, at: datetime) -> OfficeReview:
    """Say that the answers were looked at and are right. Raises ReviewRefused."""
    response = _handed_in(case)
    _note(case, "accepted", by, at)
    return _reviewed(response, OfficeReview.Verdict.ACCEPTED, comment, by, at)


@transaction.atomic
def return_to_firm(*, case: Case, comment: str, by: User, at: datetime) -> OfficeReview:
    """Let the firm look again; it reads the comment when it comes back. Raises ReviewRefused.

    Nothing the firm said is lost: its answers and its reference stay.
    """
    response = _handed_in(case)
    if not response.case.wave.is_open:
        raise ReviewRefused(
            "The field is closed: a response is returned while it is open. Reopen the case on "
            "its page if the firm is to correct it all the same."
        )
    if not comment.strip():
        raise ReviewRefused("Write what the firm is to look at: it reads this when it comes back.")
    response.submitted_at = None
    response.save(update_fields=["submitted_at"])
    _note(case, "returned", by, at)
    settle(case=case, at=at)
    return _reviewed(response, OfficeReview.Verdict.RETURNED, comment.strip(), by, at)


@transaction.atomic
def correct(
    *,
    case: Case,
    page: str,
    answers: Mapping[str, Any],
    built_on: int,
    reason: str,
    by: User,
    at: datetime,
) -> tuple[AnswerEdit, ...]:
    """Change answers of one page for the firm; what it had said stays in the history.

    `answers` were read and checked as the firm's own would be. Answers that are the same are
    passed over. Raises ReviewRefused without a reason, and where the answers have changed
    since revision `built_on`.
    """
    response = _to_correct(case, reason, built_on)
    changed = {
        item: answer for item, answer in answers.items() if response.answers.get(item) != answer
    }
    if not changed:
        return ()
    edits = tuple(
        AnswerEdit(
            response=response,
            page=page,
            item=item,
            before=response.answers.get(item),
            after=answer,
            reason=reason.strip(),
            by=by,
            at=at,
        )
        for item, answer in changed.items()
    )
    _write(response, page, changed, by, at)
    AnswerEdit.objects.bulk_create(edits)
    _note(case, "answer_edited", by, at, page=page, items=sorted(changed))
    _audit(response, "answers_edited", by, at, page=page, items=sorted(changed))
    return edits


@transaction.atomic
def correct_entry(
    *,
    case: Case,
    roster: Roster,
    place: tuple[str, str, int],
    answers: Mapping[str, Any],
    built_on: int,
    reason: str,
    by: User,
    at: datetime,
) -> tuple[AnswerEdit, ...]:
    """As `correct`, of one step of an entry: `place` is its page, its key and the step.

    `answers` are those of the step by full name. Raises ReviewRefused, too, where the entry is
    not on the list.
    """
    page, entry, step = place
    response = _to_correct(case, reason, built_on)
    listed, former = _listed(response, roster, entry)
    local = {name: name.removeprefix(f"{roster.name}.") for name in answers}
    changed = {item: said for item, said in answers.items() if former.get(local[item]) != said}
    if not changed:
        return ()
    corrected = former | {local[item]: said for item, said in changed.items()}
    entries = [corrected if each is former else each for each in listed]
    edits = tuple(
        AnswerEdit(
            response=response,
            page=page,
            entry=entry,
            item=item,
            before=former.get(local[item]),
            after=said,
            reason=reason.strip(),
            by=by,
            at=at,
        )
        for item, said in changed.items()
    )
    _write(response, entry_key(page, entry, step), {roster.name: entries}, by, at)
    AnswerEdit.objects.bulk_create(edits)
    _note(case, "answer_edited", by, at, page=page, entry=entry, items=sorted(changed))
    _audit(response, "answers_edited", by, at, page=page, entry=entry, items=sorted(changed))
    return edits


@transaction.atomic
def remove_entry(
    *,
    case: Case,
    roster: Roster,
    page: str,
    entry: str,
    built_on: int,
    reason: str,
    by: User,
    at: datetime,
) -> AnswerEdit:
    """Take an entry off the list for the firm; what it said stays in the history.

    Raises ReviewRefused as `correct_entry` does.
    """
    response = _to_correct(case, reason, built_on)
    listed, former = _listed(response, roster, entry)
    entries = [each for each in listed if each is not former]
    _write(response, entry_key(page, entry, _WHOLE), {roster.name: entries}, by, at)
    edit = AnswerEdit.objects.create(
        response=response,
        page=page,
        entry=entry,
        item=roster.name,
        before=former,
        after=None,
        reason=reason.strip(),
        by=by,
        at=at,
    )
    _note(case, "answer_edited", by, at, page=page, entry=entry, items=[roster.name])
    _audit(response, "answers_edited", by, at, page=page, entry=entry, items=[roster.name])
    return edit


def _to_correct(case: Case, reason: str, built_on: int) -> Response:
    response = _handed_in(case)
    if not reason.strip():
        raise ReviewRefused("Say why the answer is changed: the reason is kept with it.")
    if response.revision != built_on:
        raise ReviewRefused("The answers have changed meanwhile. Look at them again.")
    return response


def _listed(
    response: Response, roster: Roster, entry: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The entries, and the one that is meant."""
    listed = entries_of(response, roster)
    found = next((each for each in listed if each.get("entry") == entry), None)
    if found is None:
        raise ReviewRefused(f"This {roster.thing} is not on the list any more.")
    return listed, found


def _write(response: Response, page: str, changed: dict[str, Any], by: User, at: datetime) -> None:
    response.revision += 1
    response.answers = response.answers | changed
    response.page_revisions = response.page_revisions | {page: response.revision}
    response.save(update_fields=["revision", "answers", "page_revisions"])
    PageVersion.objects.create(
        response=response,
        page=page,
        revision=response.revision,
        answers=changed,
        saved_at=at,
        by=by,
    )


def _handed_in(case: Case) -> Response:
    """The response of the case under its lock, if it was handed in and its wave may change."""
    try:
        refuse_frozen(case.wave)
    except WaveFrozen as frozen:
        raise ReviewRefused(frozen.reason) from None
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    response = Response.objects.select_related("case__wave__survey").filter(case=case).first()
    if response is None or not response.is_submitted:
        raise ReviewRefused("The firm has not handed in: there is nothing to review yet.")
    return response


def _reviewed(
    response: Response, verdict: OfficeReview.Verdict, comment: str, by: User, at: datetime
) -> OfficeReview:
    _audit(response, f"response_{verdict.value}", by, at)
    return OfficeReview.objects.create(
        response=response, verdict=verdict, comment=comment.strip(), by=by, at=at
    )


def _note(case: Case, kind: str, by: User, at: datetime, **detail: Any) -> None:
    detail = detail | {"by": by.get_username()}
    CaseEvent.objects.create(case=case, kind=kind, at=at, detail=detail, by=by)


def _audit(response: Response, action: str, by: User, at: datetime, **detail: Any) -> None:
    wave = response.case.wave
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action=action,
        at=at,
        detail={"wave": wave.slug, "case": response.case.pseudonym, **detail},
    )
