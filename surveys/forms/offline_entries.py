"""What comes back on a roster's sheet: read row by row by the forms of its pages, then weighed.

What a row says is held against the list as it was when the sheet was downloaded and as it is
now, so that only what the person changed is changed, and nothing that a colleague saved
meanwhile is lost.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from surveys import questionnaire
from surveys.actions.responses import Decision
from surveys.forms.offline_checked import (
    CheckedEntry,
    CheckedPage,
    EntryLine,
    Fate,
)
from surveys.forms.offline_rows import (
    Entry,
    Found,
    Listing,
    Row,
    context_of,
    known_again,
    listing_of,
    mark_of,
    read_row,
    rows_of_sheet,
    says,
)
from surveys.queries.failing import list_findings
from surveys.queries.offline_sheets import NONE, Typed
from surveys.queries.responses import Standing
from surveys.questionnaire.codebook import is_companion
from surveys.questionnaire.dependent_entries import differs
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Item
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.speech import say

_NONE_AND_SOME = (
    "You said that there are no {things}, and filled in rows. Keep only one of the two."
)
_STILL_RIGHT = "Say of “{name}” whether it is still right."


def checked_roster(
    firm: Standing, page: Page, typed: Typed, revision: int, ticked: Collection[str] | None
) -> CheckedPage:
    """The list that a sheet holds, entry by entry; nothing is stored."""
    listing = listing_of(firm, page, revision, ticked)
    rows = list(rows_of_sheet(typed))
    problems: list[tuple[str, str]] = []
    questions: list[Decision] = []
    entries: list[CheckedEntry] = []
    if typed.get(NONE) and any(not row.is_blank for row in rows):
        problems.append(("", say(_NONE_AND_SOME, things=listing.roster.things)))
    for row in rows:
        entry, found = _checked_row(listing, row, {each.key for each in entries})
        problems += found.problems
        questions += found.questions
        entries += [entry] if entry is not None else []
    answers = _list_after(listing, entries)
    if not problems:
        problems += _problems_of_list(listing, answers)
        questions += _soft_edits(listing, answers)
    return CheckedPage(
        page.name,
        firm.fill(page.title),
        {listing.roster.name: answers},
        problems=tuple(dict.fromkeys(problems)),
        questions=tuple(questions),
        entries=tuple(entries),
        holds_list=True,
    )


def _checked_row(
    listing: Listing, row: Row, taken: Collection[str]
) -> tuple[CheckedEntry | None, Found]:
    """What a row does to its entry, and what is wrong with it."""
    if row.is_blank or row.still == "gone":
        return _removal(listing, row), Found()
    row = known_again(listing, row, taken)
    found = read_row(listing, row, listing.now.get(row.key) or {"entry": row.key})
    if found.problems:
        return None, found
    entry = _weighed(listing, row, found)
    last = listing.carried.of(row.key)
    if (
        entry is not None
        and last is not None
        and listing.carried.is_to_be_confirmed(row.key)
        and not row.still
        and not differs(last, entry.answers)
    ):
        found.problems.append((listing.place(row), say(_STILL_RIGHT, name=entry.name)))
    return entry, found


def _removal(listing: Listing, row: Row) -> CheckedEntry | None:
    """An entry that the sheet has no more.

    Said outright it goes, unless somebody saved it meanwhile; else only if that is ticked.
    """
    now, then = listing.now.get(row.key), listing.then.get(row.key)
    if now is None:
        return None
    is_as_then = then is not None and says(then, now) and says(now, then)
    is_said, mark = row.still == "gone", mark_of(listing, row.key)
    is_outright = is_said and is_as_then and not listing.was_saved_since(row.key)
    return CheckedEntry(
        row.key,
        row.number,
        str(now.get(listing.naming) or say("Without a name")),
        "removed",
        mark,
        now,
        asks=not is_outright,
        is_taken=is_outright or listing.ticked is None or mark in listing.ticked,
        is_emptied=not is_said,
    )


def _weighed(listing: Listing, row: Row, found: Found) -> CheckedEntry | None:
    """What taking the row does to its entry: to what is saved now, after what was then."""
    now, then = listing.now.get(row.key), listing.then.get(row.key)
    said, mark = found.said, mark_of(listing, row.key)
    if now is None and then is not None and says(then, said) and not row.still:
        return None  # somebody took it out meanwhile, and the sheet says nothing new of it
    fate = _fate(listing, row, said)
    asks = _asks(listing, row, fate)
    # What nobody changed is not written over what a colleague may have saved meanwhile.
    answers = {**(now or {}), **({} if fate == "unchanged" and now else said)}
    is_waiting = row.key not in listing.carried.listed and now is not None
    is_new_to_it = any(local not in (now or {}) for local in said)
    entry = CheckedEntry(
        row.key,
        row.number,
        str(answers.get(listing.naming) or ""),
        fate,
        mark,
        {**dict.fromkeys(said), **answers},
        _lines(listing, now, answers, found),
        asks=asks,
        is_taken=not asks or (listing.ticked is not None and mark in listing.ticked),
        unasked=tuple(found.unasked),
        saved_as=row.saved_as,
    )
    to_be_confirmed = listing.carried.is_to_be_confirmed(row.key)
    is_written = fate != "unchanged" or is_waiting or is_new_to_it or to_be_confirmed
    return replace(entry, is_written=is_written)


def _fate(listing: Listing, row: Row, said: Entry) -> Fate:
    now, then = listing.now.get(row.key), listing.then.get(row.key)
    if now is None:
        was_there = then is not None or listing.was_saved_since(row.key)
        return "added_again" if was_there else "added"
    is_as_then = then is not None and says(then, said)
    return "unchanged" if says(now, said) or is_as_then else "changed"


def _asks(listing: Listing, row: Row, fate: Fate) -> bool:
    """Whether the person is asked first: an entry may be there already, or a colleague's."""
    now, then = listing.now.get(row.key), listing.then.get(row.key)
    if fate == "changed" and now is not None:
        return then is None or not says(then, now)
    return fate == "added_again" or (fate == "added" and bool(row.saved_as))


def _lines(
    listing: Listing, now: Entry | None, answers: Entry, found: Found
) -> tuple[EntryLine, ...]:
    """The answers of the row in words; of an entry that changes, those that do."""
    lines = []
    for item in listing.roster.items:
        local = listing.local(item.name)
        if not takes_answer(item) or local not in found.said:
            continue
        before = (now or {}).get(local)
        if now is None and (local == listing.naming or _is_unasked(item, answers.get(local))):
            continue
        if now is not None and before == answers.get(local):
            continue
        label = questionnaire.fill(item.label, context_of(listing, answers))
        after = questionnaire.answer_text(item, answers.get(local))
        was = questionnaire.answer_text(item, before) if now is not None else ""
        lines.append(EntryLine(label, after, was))
    return tuple(lines)


def _is_unasked(item: Item, answer: Any) -> bool:
    """Whether it is the text of an option that was not chosen."""
    return answer is None and is_companion(item)


def _list_after(listing: Listing, entries: list[CheckedEntry]) -> list[Entry]:
    """The list as it would stand; before the person was asked, as if all of it were taken."""
    by_key = {each.key: each for each in entries}
    kept = [
        {**each, **by_key[key].answers} if key in by_key and by_key[key].is_taken else each
        for key, each in listing.now.items()
        if not (key in by_key and by_key[key].fate == "removed" and by_key[key].is_taken)
    ]
    return kept + [
        {"entry": each.key, **each.answers}
        for each in entries
        if each.key not in listing.now and each.is_taken
    ]


def _problems_of_list(listing: Listing, entries: list[Entry]) -> list[tuple[str, str]]:
    """What is wrong with the list as a whole: its length, and the author's hard edits."""
    faults = questionnaire.check_value(listing.roster, entries) if entries else ()
    whole = [(listing.tab, fault.message) for fault in faults if not fault.field]
    of_list = _findings(listing, entries)
    return whole + [(listing.tab, each.message) for each in of_list if each.severity == "hard"]


def _soft_edits(listing: Listing, entries: list[Entry]) -> list[Decision]:
    return [
        Decision(each.edit, each.message, kept=True)
        for each in _findings(listing, entries)
        if each.severity == "soft"
    ]


def _findings(listing: Listing, entries: list[Entry]) -> list[questionnaire.Finding]:
    """What edits say of the list; a blank within an entry was asked about with its row."""
    firm = listing.firm
    found = list_findings(listing.page, listing.carried, entries, firm.route, firm.context)
    of_entries = {f"{item.name}.required" for item in listing.roster.items}
    return [each for each in found if each.edit not in of_entries]
