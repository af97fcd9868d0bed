"""The component gallery: every kind of item in every state, drawn as a firm sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys import questionnaire
from surveys.forms.drawing import Links
from surveys.forms.pages import PageForm
from surveys.questionnaire import FillContext
from surveys.questionnaire.conditions import ALWAYS
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    Item,
    Lookup,
    MultipleChoice,
    Roster,
    SingleChoice,
    StatedMissing,
)
from surveys.views.access import person_page
from surveys.views.gallery_answers import ANSWERS, WRONG
from surveys.views.lookups import found

_INSTRUMENT = Path(__file__).resolve().parents[1] / "instruments" / "every_kind.yaml"
_REASONS: tuple[StatedMissing, ...] = ("dont_know", "refused", "not_applicable")
_LONG = (
    "whether bought, developed together with others or taken over from a parent enterprise in "
    "another country, and including Betriebsverwaltungsgesellschaftsabteilungen"
)


@dataclass(frozen=True, slots=True)
class State:
    """One way to draw every item; `change` makes the page that is drawn."""

    title: str
    says: str
    change: Callable[[Page], Page]
    answers: Mapping[str, Any]
    typed: Mapping[str, Any] | None = None


def _same(page: Page) -> Page:
    return page


def _lengthened(page: Page) -> Page:
    return replace(page, items=tuple(_longer(item) for item in page.items))


def _longer(value: Any) -> Any:
    """The item with a long label and hint, and its codes, parts and facets, too."""
    changed: dict[str, Any] = {"label": f"{value.label}, {_LONG}"}
    if isinstance(value, Item):
        changed["hint"] = f"{value.hint} {_LONG.capitalize()}."
    for part in ("codes", "parts", "facets"):
        codes = getattr(value, part, ())
        if isinstance(codes, tuple) and codes:
            changed[part] = tuple(_longer(code) for code in codes)
    return replace(value, **changed)


def _with_reasons(page: Page) -> Page:
    return replace(page, items=tuple(replace(item, missing=_REASONS) for item in page.items))


STATES = {
    "empty": State("Empty", "As a firm first sees it.", _same, {}),
    "filled": State("Filled", "With an answer that is saved.", _same, ANSWERS),
    "wrong": State("Wrong", "Sent with something that cannot be taken.", _same, ANSWERS, WRONG),
    "long": State("Long", "With labels and hints longer than they should be.", _lengthened, {}),
    "reasons": State("Reasons", "With reasons for giving no answer.", _with_reasons, {}),
}


@require_safe
@person_page
def gallery(request: HttpRequest, state: str = "empty") -> HttpResponse:
    if state not in STATES:
        raise Http404
    context = {
        "survey": {"title": "Component gallery"},
        "state": STATES[state],
        "states": [
            {"title": each.title, "url": reverse("surveys:gallery_state", args=[name])}
            for name, each in STATES.items()
        ],
        "exhibits": [_exhibit(page, STATES[state]) for page in exhibited()],
    }
    return render(request, "research/gallery/gallery.html", context)


@require_POST
@person_page
def search(request: HttpRequest, item: str) -> HttpResponse:
    """The type-ahead of the gallery."""
    for page in exhibited():
        for each in page.items:
            if each.name == item and isinstance(each, Lookup):
                return found(request, each.codes)
    raise Http404


def exhibited() -> tuple[Page, ...]:
    """Every page of the instrument of every kind, and the pages of an entry of its roster."""
    pages: list[Page] = []
    for page in _instrument().pages:
        pages.append(_for_all(page))
        for roster in (item for item in page.items if isinstance(item, Roster)):
            pages.extend(
                _for_all(Page(f"{page.name}-{number}", step.title, step.items))
                for number, step in enumerate(roster.pages, start=1)
            )
    return tuple(pages)


@lru_cache(maxsize=1)
def _instrument() -> Instrument:
    return questionnaire.compile_text(_INSTRUMENT.read_text(encoding="utf-8"))


def _for_all(page: Page) -> Page:
    """The page for every firm: what depends on other pages is shown."""
    names = {item.name for item in page.items}
    items = tuple(
        item if item.universe.reads & names else replace(item, universe=ALWAYS)
        for item in page.items
    )
    return replace(page, items=tuple(_all_codes(item, names) for item in items))


def _all_codes(item: Item, names: set[str]) -> Item:
    if not isinstance(item, SingleChoice | MultipleChoice):
        return item
    codes = (
        code if code.universe.reads & names else replace(code, universe=ALWAYS)
        for code in item.codes
    )
    return replace(item, codes=tuple(codes))


def _exhibit(page: Page, state: State) -> dict[str, Any]:
    drawn = state.change(page)
    roster = next((item for item in page.items if isinstance(item, Roster)), None)
    form = PageForm(
        page=drawn,
        context=_context(state),
        data=_sent(state, drawn),
        answers=state.answers,
        links=Links(
            to_item=lambda name: f"#{name}",
            to_search=lambda item: reverse("surveys:gallery_search", args=[item.name]),
        ),
    )
    form.is_valid()
    kinds = dict.fromkeys("roster" if roster else _kind(item) for item in page.items)
    return {
        "name": page.name,
        "title": page.title or ", ".join(kinds),
        "kinds": ", ".join(kinds),
        "form": form,
        "roster": roster,
        "entries": [
            {
                "name": entry["name"],
                "is_finished": number > 0,
                "change": "#partners",
                "go_on": "" if number else "#partners",
                "remove": "#partners",
            }
            for number, entry in enumerate(state.answers.get("partners", ()))
        ],
    }


def _context(state: State) -> FillContext:
    named = {"partners.name": ANSWERS["partners.name"], **state.answers}
    return FillContext("Nordlys AS", 2023, 2025, named, _instrument())


def _sent(state: State, page: Page) -> QueryDict | None:
    """What a browser would send of the page with something wrong in it; None if nothing is."""
    if state.typed is None:
        return None
    sent = QueryDict(mutable=True)
    for name, value in state.typed.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent if page.items else None


def _kind(item: Item) -> str:
    return questionnaire.kind_of(item).replace("_", " ")
