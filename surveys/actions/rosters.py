"""Entries of a roster, saved one by one, so that two people who add at once lose nothing."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.prior_entries import flag_after_step, note_flags
from surveys.actions.responses import (
    Decision,
    OffRoute,
    PageConflict,
    begin,
    has_decisions,
    write_page,
)
from surveys.actions.roster_lists import (
    entries_of,
    full_if_over,
    roster_for_writing,
)
from surveys.actions.writers import Writer
from surveys.models import Case, Response
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import entry_key
from surveys.questionnaire.answer_checks import ENTRY_KEY
from surveys.questionnaire.items import Roster
from surveys.questionnaire.offering import takes_answer

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 8
_REMOVAL = 0


class EntryGone(Exception):
    """The entry was removed, here or by a colleague, or never was."""


def new_entry() -> str:
    """A name for an entry to be."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


@transaction.atomic
def save_entry(
    *,
    case: Case,
    page: str,
    entry: str,
    step: int,
    answers: Mapping[str, Any],
    built_on: int,
    decisions: Sequence[Decision] = (),
    at: datetime,
    by: Writer | None = None,
) -> Response:
    """Write one step of one entry; the first step makes the entry.

    `answers` are those of the step by full name; `built_on` is the revision that the response
    had when the step was opened. Only who changes the same step of the same entry collides.

    Raises
    ------
    WaveClosed, AlreadySubmitted, OffRoute, PageConflict, EntryGone, RosterFull
    """
    response = begin(case=case, at=at)
    instrument, roster = roster_for_writing(response, page)
    written = _written(roster, step, answers)
    carried = carried_of(response.case, roster, response)
    entries = entries_of(response, roster)
    key = entry_key(page, entry, step)
    former = next((each for each in entries if each.get("entry") == entry), None)
    begun = former or _begun(response, carried, key)
    saved = {local: begun.get(local) for local in written}
    if former is not None and key in response.page_revisions and saved == written:
        return response
    if response.page_revisions.get(key, 0) > built_on and saved != written:
        theirs = {f"{roster.name}.{local}": value for local, value in saved.items()}
        raise PageConflict(saved=theirs, revision=response.revision)
    changed = {**begun, **written}
    if former is None:
        entries = [*entries, changed]
        full_if_over(roster, entries)
    else:
        entries = [changed if each is former else each for each in entries]
    note_flags(response, carried, flag_after_step(response, instrument, carried, changed, key))
    write_page(response, key, {roster.name: entries}, decisions, at, by=by)
    return response


@transaction.atomic
def remove_entry(
    *, case: Case, page: str, entry: str, at: datetime, by: Writer | None = None
) -> Response:
    """Take an entry out; one of the wave before no longer applies. Twice is once.

    What it said stays among the versions.

    Raises WaveClosed, AlreadySubmitted, OffRoute.
    """
    response = begin(case=case, at=at)
    _, roster = roster_for_writing(response, page)
    carried = carried_of(response.case, roster, response)
    entries = entries_of(response, roster)
    kept = [each for each in entries if each.get("entry") != entry]
    is_said = carried.of(entry) is not None and carried.flags.get(entry) != "gone"
    if len(kept) < len(entries) or is_said:
        note_flags(response, carried, {entry: "gone"} if is_said else {})
        write_page(response, entry_key(page, entry, _REMOVAL), {roster.name: kept}, (), at, by=by)
    return response


@transaction.atomic
def close_roster(
    *,
    case: Case,
    page: str,
    decisions: Sequence[Decision] = (),
    at: datetime,
    by: Writer | None = None,
) -> Response:
    """Say that the list is complete as it stands, or that there is nothing to list.

    Entries of the wave before that were filled in and not spoken of stay on it.

    Raises WaveClosed, AlreadySubmitted, OffRoute, RosterFull.
    """
    response = begin(case=case, at=at)
    _, roster = roster_for_writing(response, page)
    carried = carried_of(response.case, roster, response)
    entries, flags = entries_of(response, roster), dict[str, str]()
    if roster.dependent == "prefilled" and carried.waiting:
        entries = carried.with_waiting(entries)
        full_if_over(roster, entries)
        flags = {each.key: "prefilled" for each in carried.waiting}
    elif roster.dependent == "shown":
        flags = {each.key: "left_out" for each in carried.waiting}
    is_known = all(carried.flags.get(key) == flag for key, flag in flags.items())
    is_known = is_known and has_decisions(response, decisions)
    if page not in response.page_revisions or roster.name not in response.answers or not is_known:
        note_flags(response, carried, flags)
        write_page(response, page, {roster.name: entries}, decisions, at, by=by)
    return response


def _written(roster: Roster, step: int, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the step by local name; an item that was not sent is blank."""
    if not 1 <= step <= len(roster.pages):
        raise OffRoute
    names = [item.name for item in roster.pages[step - 1].items if takes_answer(item)]
    foreign = set(answers) - set(names)
    if foreign:
        raise ValueError(f"Not on step {step} of {roster.name}: {', '.join(sorted(foreign))}")
    return {name.removeprefix(f"{roster.name}."): answers.get(name) for name in names}


def _begun(response: Response, carried: Carried, key: str) -> dict[str, Any]:
    """What an entry begins with that is not on the list: with what it was, or with its key.

    Raises EntryGone if it cannot begin now.
    """
    page, entry, step = key.rsplit("/", 2)
    last = next((each for each in carried.waiting if each.key == entry), None)
    if last is not None:
        return last.as_entry
    was_there = any(each.startswith(f"{page}/{entry}/") for each in response.page_revisions)
    if was_there or step != "1" or not ENTRY_KEY.fullmatch(entry):
        raise EntryGone
    return {"entry": entry}
