"""The rows of a roster's sheet, read by the forms of the roster's pages."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from surveys import questionnaire
from surveys.actions.responses import Decision
from surveys.forms.offline_checked import as_sent, problems_of
from surveys.forms.offline_rosters import tabs_of
from surveys.forms.pages import PageForm
from surveys.queries.offline_sheets import STILL, Typed
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import Standing, entry_pages
from surveys.queries.roster_versions import entries_at
from surveys.questionnaire.answer_checks import ENTRY_KEY
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.routing import entry_answers
from surveys.questionnaire.speech import say

Entry = dict[str, Any]

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 8
_DIGITS = 6


@dataclass(slots=True)
class Row:
    """One row as it was typed, by field.

    `saved_as` names the entry that stands on the list under the row's own key, if it is another.
    """

    key: str
    number: int
    typed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    saved_as: str = ""

    @property
    def still(self) -> str:
        return next(iter(self.typed.get(STILL, ())), "")

    @property
    def is_blank(self) -> bool:
        return not any(any(values) for name, values in self.typed.items() if name != STILL)


@dataclass(frozen=True, slots=True)
class Listing:
    """The roster of a page as it is, as it was, and what the person was asked about."""

    firm: Standing
    page: Page
    roster: Roster
    carried: Carried
    tab: str
    now: Mapping[str, Entry]
    then: Mapping[str, Entry]
    ticked: Collection[str] | None
    revision: int = 0

    def place(self, row: Row) -> str:
        """Where a row stands, as messages name it."""
        return say("Sheet “{tab}”, row {row}", tab=self.tab, row=row.number)

    def local(self, name: str) -> str:
        return name.removeprefix(f"{self.roster.name}.")

    @property
    def naming(self) -> str:
        """The local name of the item that names an entry."""
        return self.local(self.roster.items[0].name)

    def was_saved_since(self, key: str) -> bool:
        """Whether anybody wrote to the entry after the sheet was downloaded."""
        response = self.firm.response
        revisions = response.page_revisions if response is not None else {}
        start = f"{self.page.name}/{key}/"
        return any(
            revision > self.revision
            for name, revision in revisions.items()
            if name.startswith(start)
        )


@dataclass(slots=True)
class Found:
    """What reading a row gave."""

    said: Entry = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    questions: list[Decision] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def listing_of(
    firm: Standing, page: Page, revision: int, ticked: Collection[str] | None
) -> Listing:
    roster = next(item for item in page.items if isinstance(item, Roster))
    carried = carried_of(firm.case, roster, firm.response)
    saved = firm.answers.get(roster.name)
    now = carried.with_waiting(saved if isinstance(saved, list) else [])
    # An entry that waited at the download may be on the list or gone by now; what was saved wins.
    began = [last.as_entry for last in carried.entries] if carried.begins_with_them else []
    then = [*began, *entries_at(firm.response, roster, page.name, revision)]
    return Listing(
        firm,
        page,
        roster,
        carried,
        tabs_of(firm.instrument.section_of(page.name))[page.name],
        {str(each.get("entry")): each for each in now},
        {str(each.get("entry")): each for each in then},
        ticked,
        revision,
    )


def rows_of_sheet(typed: Typed) -> Iterator[Row]:
    """Rows in their order; those that were filled in at first and are blank now among them."""
    rows: dict[str, Row] = {}
    for name, values in typed.items():
        key, slash, rest = name.partition("/")
        number, _, item = rest.partition("/")
        is_number = number.isascii() and number.isdigit() and len(number) < _DIGITS
        if slash and is_number and ENTRY_KEY.fullmatch(key):
            row = rows.setdefault(key, Row(key, int(number)))
            if item:
                row.typed[item] = values
    return iter(sorted(rows.values(), key=lambda row: row.number))


def mark_of(listing: Listing, key: str) -> str:
    return f"{listing.page.name}/{key}"


def known_again(listing: Listing, row: Row, taken: Collection[str]) -> Row:
    """The row with the key that is its entry's.

    A name of the wave before is known for the same entry, once; `taken` are keys of rows above.
    A row that was blank at the download and holds another name than was put under its key
    meanwhile, by a colleague or by this very row, may be another entry.
    """
    name = _name_typed(listing, row)
    now, then = listing.now.get(row.key), listing.then.get(row.key)
    if now is None and then is None:
        gone = {last.key for last in listing.carried.gone}
        same = [last for last in listing.carried.entries if last.name.casefold() == name]
        if same and same[0].key not in {*gone, *taken}:
            return replace(row, key=same[0].key)
    elif now is not None and then is None and _called(listing, now) != name:
        called = str(now.get(listing.naming) or say("Without a name"))
        return replace(row, key=_derived(row.key, name), saved_as=called)
    return row


def _name_typed(listing: Listing, row: Row) -> str:
    values = row.typed.get(listing.roster.items[0].name, ())
    return " ".join(next(iter(values), "").split()).casefold()


def _called(listing: Listing, entry: Entry) -> str:
    return str(entry.get(listing.naming) or "").casefold()


def _derived(key: str, name: str) -> str:
    """A key that is the same whenever the same row is uploaded again."""
    digits = hashlib.sha256(f"{key}/{name}".encode()).digest()
    return "".join(_LETTERS[digit % len(_LETTERS)] for digit in digits[:_LENGTH])


def read_row(listing: Listing, row: Row, entry: Entry) -> Found:
    """The answers of a row, page by page of the entry, with what is wrong with them."""
    found, firm, roster = Found(), listing.firm, listing.roster
    outside = {**firm.known, **firm.route.answers}
    outside.pop(roster.name, None)
    for step, page in enumerate(roster.pages, 1):
        items = [item for item in page.items if takes_answer(item)]
        so_far = {**entry, **found.said}
        if step not in [each for each, _ in entry_pages(roster, so_far, outside)]:
            found.unasked += [
                questionnaire.fill(item.label, context_of(listing, so_far))
                for item in items
                if any(any(values) for name, values in row.typed.items() if _is_of(name, item.name))
            ]
            continue
        form = _form(listing, Page(listing.page.name, page.title, page.items), row, so_far)
        form.is_valid()
        if step == 1 and not form.errors and not form.answers.get(roster.items[0].name):
            sentence = say("Enter a name for the {thing}.", thing=roster.thing)
            form.add_error(roster.items[0].name, sentence)
        place = listing.place(row)
        found.problems += [
            (f"{place}, {question}" if question else place, why)
            for question, why in problems_of(form)
        ]
        found.questions += [
            Decision(f"{each.edit}@{row.key}", each.message, kept=True) for each in form.questions
        ]
        found.said |= {listing.local(name): value for name, value in form.answers.items()}
    return found


def _is_of(field_name: str, item: str) -> bool:
    return field_name == item or field_name.startswith(f"{item}-")


def _form(listing: Listing, page: Page, row: Row, so_far: Entry) -> PageForm:
    return PageForm(
        page=page,
        context=context_of(listing, so_far),
        data=as_sent(page, row.typed),
        answers={
            item.name: so_far.get(listing.local(item.name))
            for item in page.items
            if takes_answer(item)
        },
        known=listing.firm.known,
    )


def context_of(listing: Listing, entry: Entry) -> questionnaire.FillContext:
    """What the texts of an entry quote: the answers outside of it, and its own."""
    firm, roster = listing.firm, listing.roster
    outside = {name: each for name, each in firm.route.answers.items() if name != roster.name}
    return replace(firm.context, answers=outside | entry_answers(roster, entry))


def says(entry: Entry, said: Entry) -> bool:
    """Whether the entry says all of it already."""
    return all(entry.get(local) == answer for local, answer in said.items() if local != "entry")
