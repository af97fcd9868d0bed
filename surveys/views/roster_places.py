"""Where a person stands in a roster: one step of one entry."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from surveys import questionnaire
from surveys.forms.controls import PriorAnswer
from surveys.forms.drawing import Links
from surveys.forms.pages import PageForm
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import Standing, entry_pages
from surveys.questionnaire import FillContext
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.routing import entry_answers
from surveys.views.firm import back_query, back_to, to_search
from surveys.views.prior_answers import told_in


@dataclass(frozen=True, slots=True)
class Place:
    """One step of one entry of a roster; `page` is the page that holds the roster."""

    firm: Standing
    page: Page
    roster: Roster
    entry: str
    step: int

    @property
    def key(self) -> str:
        """Entry and step, as drafts and paradata name the place."""
        return f"{self.entry}/{self.step}"

    @property
    def carried(self) -> Carried:
        """What the roster offers of the wave before."""
        return carried_of(self.firm.case, self.roster, self.firm.response)

    @property
    def saved(self) -> dict[str, Any]:
        """The entry as it is saved, or as it comes back from the wave before; else empty."""
        entries = entries_of(self.firm, self.roster)
        found = next((each for each in entries if each.get("entry") == self.entry), None)
        if found is not None:
            return found
        waiting = self.carried.waiting
        return next((each.as_entry for each in waiting if each.key == self.entry), {})

    @property
    def as_page(self) -> Page:
        """The step as a page of its own."""
        step = self.roster.pages[self.step - 1]
        return Page(self.page.name, step.title or self.page.title, step.items)

    @property
    def scope(self) -> dict[str, Any]:
        """The answers that count outside of the entry, and those of the entry."""
        outside = {
            name: value
            for name, value in self.firm.route.answers.items()
            if name != self.roster.name
        }
        return outside | entry_answers(self.roster, self.saved)

    @property
    def context(self) -> FillContext:
        return replace(self.firm.context, answers=self.scope)

    @property
    def steps(self) -> list[int]:
        """The steps of the entry that apply."""
        outside = {**self.firm.known, **self.firm.route.answers}
        return [step for step, _ in entry_pages(self.roster, self.saved, outside)]

    @property
    def answers(self) -> dict[str, Any]:
        """The saved answers to the items of the step, under their full names."""
        return {
            item.name: self.saved.get(item.name.removeprefix(f"{self.roster.name}."))
            for item in self.as_page.items
            if takes_answer(item)
        }


def form_of(place: Place, values: Any = None, links: Links | None = None) -> PageForm:
    """The form of the step, with the saved answers or with what was typed."""
    form = PageForm(
        page=place.as_page,
        context=place.context,
        data=values,
        answers=place.answers,
        known=place.firm.known,
        links=links or to_search(place.firm),
    )
    form.priors.update(_told(place))
    return form


def _told(place: Place) -> dict[str, PriorAnswer]:
    """What the firm said of the entry in the wave before, by item; its name stands above."""
    carried = place.carried
    last = carried.of(place.entry)
    if last is None or carried.given_at is None:
        return {}
    told = {}
    for item in place.as_page.items[1 if place.step == 1 else 0 :]:
        local = item.name.removeprefix(f"{place.roster.name}.")
        if local in last.told:
            words = told_in(carried.given_at, questionnaire.answer_text(item, last.told[local]))
            told[item.name] = PriorAnswer(words, asks=False, name="", choice="")
    return told


def roster_in(page: Page) -> Roster:
    """The roster of a page that holds one."""
    return next(item for item in page.items if isinstance(item, Roster))


def url_of(request: HttpRequest, place: Place, step: int) -> str:
    return entry_url(request, place.firm, place.page, place.entry, step)


def entry_url(request: HttpRequest, firm: Standing, page: Page, entry: str, step: int) -> str:
    address = reverse("surveys:entry", args=[firm.case.public_id, page.name, entry, step])
    return address + back_query(back_to(request, firm))


def entries_of(firm: Standing, roster: Roster) -> list[dict[str, Any]]:
    entries = firm.answers.get(roster.name)
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def name_of(roster: Roster, entry: dict[str, Any]) -> str:
    return str(entry.get(roster.items[0].name.removeprefix(f"{roster.name}.")) or "")
