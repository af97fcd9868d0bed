"""Rosters in a trial: the list of entries, and the pages of one entry."""

import random
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from surveys.actions.roster_lists import RosterFull
from surveys.forms.pages import PageForm
from surveys.models import InstrumentDraft
from surveys.queries.failing import Problem
from surveys.queries.prior_entries import Carried
from surveys.queries.responses import Standing, roster_of
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster
from surveys.questionnaire.speech import say
from surveys.views import soft_edits
from surveys.views.editor import trial_saving as saving
from surveys.views.editor.trial_state import (
    Trial,
    hub_url,
    keep,
    links,
    page_url,
    played,
    trial_frame,
    trial_url,
    url_after,
)
from surveys.views.firm import typed
from surveys.views.prior_entries import gone_lines, month_of, tag_of, told_lines
from surveys.views.roster_lists import Listed, listed_as_seen
from surveys.views.roster_places import Place, entries_of, form_of, name_of

Entry = dict[str, Any]


def collected(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, page: Page, roster: Roster
) -> HttpResponse:
    """The list of entries; sent, it leads on to the next page."""
    place = Place(trial.firm, page, roster, "", 1)
    if request.method != "POST":
        return _shown(request, draft, trial, listed_as_seen(trial.firm, page, place.carried))
    if key := request.POST.get("_still", ""):
        if _keep(request, draft, trial, lambda: saving.confirm_entry(trial, page, roster, key)):
            return redirect(_after_confirming(draft, trial, page, roster, key))
        return redirect(page_url(draft, page.name))
    if key := request.POST.get("_back", ""):
        _keep(request, draft, trial, lambda: saving.take_back(trial, page, roster, key))
        return redirect(page_url(draft, page.name))
    if "_made" in request.POST:
        chance = random.SystemRandom()
        _keep(request, draft, trial, lambda: saving.fill_in_list(trial, page, roster, chance))
        return redirect(page_url(draft, page.name))
    return _closed(request, draft, trial, listed_as_seen(trial.firm, page, place.carried))


def _closed(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, listed: Listed
) -> HttpResponse:
    """Close the list, unless something is wrong with it or to be asked about."""
    unasked = soft_edits.unasked(request, listed, trial.kept.decisions)
    if listed.problems or unasked or soft_edits.reason_too_long(request, listed):
        return _shown(request, draft, trial, listed)
    decisions, page = soft_edits.decisions(request, listed), listed.page
    roster = listed.carried.roster
    if _keep(request, draft, trial, lambda: saving.close_roster(trial, page, roster, decisions)):
        return redirect(url_after(draft, trial, page))
    return redirect(page_url(draft, page.name))


def _keep(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, write: Callable[[], None]
) -> bool:
    """Keep what is written. False, with a message, if there is no room for it."""
    try:
        write()
    except RosterFull:
        messages.error(request, "The list is full. Take an entry out before you add another.")
        return False
    return keep(request, draft, trial)


def _after_confirming(
    draft: InstrumentDraft, trial: Trial, page: Page, roster: Roster, key: str
) -> str:
    """The first question about the entry that is asked anew, or the list."""
    carried = Place(trial.firm, page, roster, key, 1).carried
    problems = listed_as_seen(trial.firm, page, carried).problems
    first = next((each for each in problems if each.entry == key and each.step), None)
    if first is not None:
        return _entry_url(draft, page, key, first.step)
    return f"{page_url(draft, page.name)}#entry-{key}"


@require_http_methods(["GET", "HEAD", "POST"])
@played
def entry(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, page: str, entry: str, step: int
) -> HttpResponse:
    """One page of the questions about one entry."""
    place = _place(trial, page, entry, step)
    if place is None:
        return redirect(hub_url(draft))
    if request.method != "POST":
        return _entry_shown(request, draft, trial, place, _form(draft, trial, place))
    form = _form(draft, trial, place, typed(request, place.as_page, place.answers))
    if "_search" in request.POST:
        form.look_up(request.POST["_search"])
        return _entry_shown(request, draft, trial, place, form)
    if not form.is_valid():
        return _entry_shown(request, draft, trial, place, form, status=422)
    if soft_edits.unasked(request, form, {}):
        return _entry_shown(request, draft, trial, place, form, asks=True)
    if not _keep(request, draft, trial, lambda: saving.save_entry(trial, place, form.answers)):
        return redirect(page_url(draft, page))
    now = Place(trial.firm, place.page, place.roster, entry, step)
    onward = next((each for each in now.steps if each > step), None)
    return redirect(
        _entry_url(draft, place.page, entry, onward) if onward else page_url(draft, page)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@played
def remove(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, page: str, entry: str
) -> HttpResponse:
    """Ask whether an entry is to be taken out, and take it out."""
    place = _place(trial, page, entry, 1)
    if place is None:
        return redirect(hub_url(draft))
    listed = page_url(draft, page)
    if request.method == "POST":
        roster = place.roster
        _keep(request, draft, trial, lambda: saving.remove_entry(trial, place.page, roster, entry))
    if request.method == "POST" or not place.saved:
        return redirect(listed)
    context = {
        "name": name_of(place.roster, place.saved),
        "roster": place.roster,
        "month": month_of(place.carried) if place.carried.of(entry) else "",
        "action": request.get_full_path(),
        "back": listed,
    }
    whole = trial_frame(draft, trial, place.page) | context
    return render(request, "research/editor/trial_remove.html", whole)


def _form(draft: InstrumentDraft, trial: Trial, place: Place, values: Any = None) -> PageForm:
    return form_of(place, values, links(draft, trial, place.page))


def _entry_shown(
    request: HttpRequest,
    draft: InstrumentDraft,
    trial: Trial,
    place: Place,
    form: PageForm,
    *,
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    former = max((each for each in place.steps if each < place.step), default=None)
    name = name_of(place.roster, place.saved)
    context = {
        "form": form,
        "page": form.page,
        "title": trial.firm.fill(form.page.title),
        "above": f"{place.roster.thing.capitalize()}: {name}" if name else "",
        "intro": "",
        "questions": soft_edits.as_asked(request, form.questions if asks else ()),
        "action": _entry_url(draft, place.page, place.entry, place.step),
        "back": page_url(draft, place.page.name)
        if former is None
        else _entry_url(draft, place.page, place.entry, former),
        "is_entry": True,
    }
    context |= trial_frame(draft, trial, place.page)
    return render(request, "research/editor/trial_page.html", context, status=status)


def _shown(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, listed: Listed
) -> HttpResponse:
    firm, page, carried = trial.firm, listed.page, listed.carried
    roster, is_sent = carried.roster, request.method == "POST"
    entries = carried.with_waiting(entries_of(firm, roster))
    before = firm.route.page_before(page.name)
    context = {
        "page": page,
        "roster": roster,
        "title": firm.fill(roster.label),
        "intro": firm.fill(page.intro),
        "hint": firm.fill(roster.hint),
        "definition": firm.fill(roster.definition),
        "entries": [_line(draft, firm, listed, each) for each in entries],
        "month": month_of(carried),
        "waiting": [] if carried.begins_with_them else _waiting(draft, firm, listed),
        "gone": gone_lines(carried),
        "is_full": len(entries) >= roster.most,
        "add": _entry_url(draft, page, secrets.token_hex(4), 1),
        "problems": [
            {"message": each.message, "url": _url_of(draft, page, carried, each)}
            for each in listed.problems
            if is_sent
        ],
        "questions": soft_edits.as_asked(
            request, listed.questions if is_sent and not listed.problems else ()
        ),
        "remarks": () if is_sent else listed.remarks,
        "action": page_url(draft, page.name),
        "back": page_url(draft, before.name) if before else hub_url(draft),
    }
    context |= trial_frame(draft, trial, page)
    status = 422 if is_sent and listed.problems else 200
    return render(request, "research/editor/trial_roster.html", context, status=status)


def _line(draft: InstrumentDraft, firm: Standing, listed: Listed, entry: Entry) -> dict[str, Any]:
    """One line of the list: the name, whether it is finished, and where to go from it."""
    page, carried, key = listed.page, listed.carried, str(entry.get("entry", ""))
    last, asks = carried.of(key), carried.is_to_be_confirmed(key)
    first = next((each for each in listed.problems if each.entry == key), None)
    unfinished = first if first and not asks else None
    return {
        "key": key,
        "name": name_of(carried.roster, entry) or say("Without a name"),
        "is_finished": unfinished is None,
        "asks": asks,
        "from_before": last is not None,
        "tag": tag_of(carried, key) if last else "",
        "told": told_lines(firm, page, carried, last) if last else [],
        "change": _entry_url(draft, page, key, 1),
        "go_on": _entry_url(draft, page, key, unfinished.step) if unfinished else "",
        "remove": trial_url(draft, "remove", page.name, key),
    }


def _waiting(draft: InstrumentDraft, firm: Standing, listed: Listed) -> list[dict[str, Any]]:
    """Entries of the wave before that are shown beside the list."""
    page, carried = listed.page, listed.carried
    return [
        {
            "name": last.name,
            "told": told_lines(firm, page, carried, last),
            "add": _entry_url(draft, page, last.key, 1),
        }
        for last in carried.waiting
    ]


def _url_of(draft: InstrumentDraft, page: Page, carried: Carried, problem: Problem) -> str:
    """Where a problem is mended: on the list, or on a step of an entry."""
    if not problem.entry:
        return "#entries"
    if carried.is_to_be_confirmed(problem.entry):
        return f"#entry-{problem.entry}"
    return _entry_url(draft, page, problem.entry, problem.step or 1)


def _place(trial: Trial, page: str, entry: str, step: int) -> Place | None:
    """The step of the entry; None if the roster, the entry or the step does not apply."""
    if not trial.firm.route.holds(page):
        return None
    definition = trial.instrument.page(page)
    roster = roster_of(definition)
    if roster is None:
        return None
    place = Place(trial.firm, definition, roster, entry, step)
    is_begun = step == 1 or bool(place.saved)
    return place if is_begun and step in place.steps else None


def _entry_url(draft: InstrumentDraft, page: Page, entry: str, step: int) -> str:
    return trial_url(draft, "entry", page.name, entry, step)
