"""A list that was filled in away from the questionnaire, written at once or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.prior_entries import note_flags
from surveys.actions.responses import Decision, PageConflict, begin, write_page
from surveys.actions.roster_lists import entries_of, full_if_over, roster_for_writing
from surveys.actions.rosters import close_roster
from surveys.actions.writers import Writer
from surveys.models import Case, PageDraft, Response
from surveys.queries.failing import roster_problems
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import entry_key, standing
from surveys.questionnaire.dependent_entries import entry_flag
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster

_LIST = "list"  # in the place of an entry, for what was written of several


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a person confirmed of a list: entries by key, whole, and keys that go."""

    page: str
    written: Mapping[str, Mapping[str, Any]]
    removed: tuple[str, ...]
    decisions: tuple[Decision, ...] = ()


@transaction.atomic
def save_list(
    *, case: Case, read: ReadList, seen: int, by: Writer | None, at: datetime
) -> Response:
    """Write the entries; the list is closed if nothing is wrong with it then.

    `seen` is the revision that the person saw. Raises WaveClosed, AlreadySubmitted, OffRoute,
    RosterFull, and PageConflict if anybody wrote to the list since.
    """
    response = begin(case=case, at=at)
    instrument, roster = roster_for_writing(response, read.page)
    _refuse_if_newer(response, read.page, seen)
    carried = carried_of(response.case, roster, response)
    before = entries_of(response, roster)
    entries, flags = _merged(before, read), _flags(carried, read)
    full_if_over(roster, entries)
    if entries != before or any(carried.flags.get(key) != flag for key, flag in flags.items()):
        note_flags(response, carried, flags)
        _count_steps(response, roster, read)
        key = entry_key(read.page, _LIST, 0)
        write_page(response, key, {roster.name: entries}, read.decisions, at, by=by)
    if not _is_wrong(response, instrument.page(read.page), roster):
        return close_roster(case=case, page=read.page, decisions=read.decisions, at=at, by=by)
    return response


def _refuse_if_newer(response: Response, page: str, seen: int) -> None:
    of_page = (
        revision
        for key, revision in response.page_revisions.items()
        if key == page or key.startswith(f"{page}/")
    )
    if max(of_page, default=0) > seen:
        raise PageConflict(saved={}, revision=response.revision)


def _merged(before: Sequence[dict[str, Any]], read: ReadList) -> list[dict[str, Any]]:
    """The list as it stands afterwards: changed where it was, new entries behind."""
    kept = [
        {**each, **read.written.get(str(each.get("entry")), {})}
        for each in before
        if each.get("entry") not in read.removed
    ]
    listed = {each.get("entry") for each in before}
    new = [{**answers, "entry": key} for key, answers in read.written.items() if key not in listed]
    return kept + new


def _flags(carried: Carried, read: ReadList) -> dict[str, str]:
    """What became of entries of the wave before: each row was looked at as a whole."""
    mode = carried.roster.dependent
    flags = {key: "gone" for key in read.removed if carried.of(key) is not None}
    for key, answers in read.written.items():
        last = carried.of(key)
        if last is not None:
            flags[key] = entry_flag(mode, last, answers, is_settled=True)
    return flags


def _count_steps(response: Response, roster: Roster, read: ReadList) -> None:
    """Let the steps of what is written have been saved, and what was typed on them be done."""
    now = response.revision + 1
    steps = range(1, len(roster.pages) + 1)
    saved = {entry_key(read.page, key, step): now for key in read.written for step in steps}
    gone = {entry_key(read.page, key, 0): now for key in read.removed}
    response.page_revisions = response.page_revisions | saved | gone
    drafts = PageDraft.objects.filter(response=response, page=read.page)
    for key in (*read.written, *read.removed):
        drafts.filter(entry__startswith=f"{key}/").delete()


def _is_wrong(response: Response, page: Page, roster: Roster) -> bool:
    """Whether anything stands in the way of closing the list."""
    firm = standing(response.case)
    carried = carried_of(response.case, roster, response)
    entries = carried.with_waiting(entries_of(response, roster))
    return bool(roster_problems(page, carried, entries, firm.route, firm.context))
