"""Entries of the wave before: confirmed as they were, taken back, and what became of each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys import questionnaire
from surveys.actions.responses import begin, write_page
from surveys.actions.roster_lists import entries_of, full_if_over, roster_for_writing
from surveys.actions.writers import Writer
from surveys.models import Case, Response
from surveys.queries.prior_entries import Carried, carried_of, flag_key
from surveys.queries.responses import entry_key, entry_pages, known_of
from surveys.questionnaire.dependent_entries import SETTLED, entry_flag
from surveys.questionnaire.instrument import Instrument

_WHOLE = 0  # where a step stands in the key of an entry that is written as a whole
_NO_LIST, _HAD_LIST = "not_shown", "shown"


class NotOfLastWave(Exception):
    """The wave before has no such entry."""


@transaction.atomic
def confirm_entry(
    *, case: Case, page: str, entry: str, at: datetime, by: Writer | None = None
) -> Response:
    """Say that an entry of the wave before is still right; it stands on the list from then on.

    Raises WaveClosed, AlreadySubmitted, OffRoute, RosterFull, NotOfLastWave.
    """
    response = begin(case=case, at=at)
    _, roster = roster_for_writing(response, page)
    carried = carried_of(response.case, roster, response)
    last = carried.of(entry)
    if last is None:
        raise NotOfLastWave
    entries = entries_of(response, roster)
    if all(each.get("entry") != entry for each in entries):
        entries = [*entries, last.as_entry]
        full_if_over(roster, entries)
    said = next(each for each in entries if each.get("entry") == entry)
    flag = entry_flag(roster.dependent, last, said, is_settled=True)
    if entry not in carried.listed or carried.flags.get(entry) != flag:
        note_flags(response, carried, {entry: flag})
        write_page(response, entry_key(page, entry, _WHOLE), {roster.name: entries}, (), at, by=by)
    return response


@transaction.atomic
def take_back(
    *, case: Case, page: str, entry: str, at: datetime, by: Writer | None = None
) -> Response:
    """Let an entry that no longer applied wait again; one that was filled in is back on the list.

    Raises WaveClosed, AlreadySubmitted, OffRoute, RosterFull, NotOfLastWave.
    """
    response = begin(case=case, at=at)
    _, roster = roster_for_writing(response, page)
    name = flag_key(roster, entry)
    if response.prior_flags.get(name) != "gone":
        return response
    flags = dict(response.prior_flags)
    del flags[name]
    response.prior_flags = flags
    if roster.dependent == "prefilled":
        return confirm_entry(case=response.case, page=page, entry=entry, at=at, by=by)
    saved = {roster.name: entries_of(response, roster)}
    write_page(response, entry_key(page, entry, _WHOLE), saved, (), at, by=by)
    return response


def note_flags(response: Response, carried: Carried, flags: Mapping[str, str]) -> None:
    """Keep what became of entries, by key, and whether there was a list to show; not stored yet."""
    if carried.roster.dependent == "hidden" or response.case.wave.previous_id is None:
        return
    of_list = _HAD_LIST if carried.given_at is not None else _NO_LIST
    named = {flag_key(carried.roster, key): flag for key, flag in flags.items()}
    response.prior_flags = response.prior_flags | {carried.roster.name: of_list} | named


def flag_after_step(
    response: Response,
    instrument: Instrument,
    carried: Carried,
    entry: Mapping[str, Any],
    saved_key: str,
) -> dict[str, str]:
    """What became of an entry one of whose steps is being saved; nothing for a new one."""
    if carried.of(str(entry["entry"])) is None:
        return {}
    known = known_of(response.case)
    route = questionnaire.route(instrument, response.answers, known)
    steps = entry_pages(carried.roster, entry, {**known, **route.answers})
    return flag_of_step(
        carried,
        entry,
        steps=[step for step, _ in steps],
        page=saved_key.partition("/")[0],
        saved={*response.page_revisions, saved_key},
    )


def flag_of_step(
    carried: Carried,
    entry: Mapping[str, Any],
    *,
    steps: Collection[int],
    page: str,
    saved: Collection[str],
) -> dict[str, str]:
    """As `flag_after_step`; the entry is settled once all of its `steps` are among the `saved`."""
    key, mode = str(entry["entry"]), carried.roster.dependent
    last = carried.of(key)
    if last is None:
        return {}
    went_through = all(entry_key(page, key, step) in saved for step in steps)
    is_settled = mode == "confirmed" and (carried.flags.get(key) in SETTLED or went_through)
    return {key: entry_flag(mode, last, entry, is_settled=is_settled)}
