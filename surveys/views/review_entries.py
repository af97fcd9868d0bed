"""Correcting one step of an entry of a roster for the firm, or taking the entry off the list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from surveys.actions import review
from surveys.forms.pages import PageForm
from surveys.forms.reviews import ReasonForm
from surveys.queries.responses import Standing, roster_of
from surveys.views.firm import whole_number
from surveys.views.roster_places import Place, entries_of, form_of, name_of


def correct_entry(request: HttpRequest, firm: Standing, page: str) -> HttpResponse:
    """The step as the firm sees it, to be changed with a reason."""
    place = _place(request, firm, page)
    typed = request.POST if request.method == "POST" else None
    reason = ReasonForm(typed)
    if typed is not None and "_remove" in typed:
        return _removed(request, place, reason)
    form = form_of(place, typed)
    if typed is None or not (form.is_valid() & reason.is_valid()):
        return _shown(request, place, form, reason, status=200 if typed is None else 422)
    try:
        edits = review.correct_entry(
            case=firm.case,
            roster=place.roster,
            place=(page, place.entry, place.step),
            answers=form.answers,
            built_on=whole_number(request.POST.get("_built_on", "")),
            reason=reason.cleaned_data["_reason"],
            by=request.user,
            at=timezone.now(),
        )
    except review.ReviewRefused as refused:
        reason.add_error("_reason", refused.reason)
        return _shown(request, place, form, reason, status=422)
    told = "No answer was changed." if not edits else f"Answers changed: {len(edits)}."
    messages.success(request, told)
    return _back(firm)


def entry_links(firm: Standing) -> dict[str, list[tuple[str, str]]]:
    """By page of a roster: each entry's steps in words, with the address to correct it."""
    wave, found = firm.case.wave, {}
    for page in firm.route.pages:
        roster = roster_of(page)
        if roster is None:
            continue
        address = reverse(
            "surveys:correct", args=[wave.survey.slug, wave.slug, firm.case.public_id, page.name]
        )
        links = []
        for entry in entries_of(firm, roster):
            place = Place(firm, page, roster, str(entry.get("entry")), 1)
            steps = place.steps
            for step in steps:
                words = name_of(roster, entry) or roster.thing
                words += f", page {step}" if len(steps) > 1 else ""
                query = urlencode({"entry": place.entry, "step": step})
                links.append((words, f"{address}?{query}"))
        found[page.name] = links
    return found


def _place(request: HttpRequest, firm: Standing, page: str) -> Place:
    definition = next((each for each in firm.route.pages if each.name == page), None)
    roster = roster_of(definition) if definition is not None else None
    if definition is None or roster is None:
        raise Http404
    place = Place(
        firm, definition, roster, request.GET["entry"], whole_number(request.GET.get("step", ""))
    )
    is_listed = any(each.get("entry") == place.entry for each in entries_of(firm, roster))
    if not is_listed or place.step not in place.steps:
        raise Http404
    return place


def _removed(request: HttpRequest, place: Place, reason: ReasonForm) -> HttpResponse:
    firm = place.firm
    if not reason.is_valid():
        return _shown(request, place, form_of(place), reason, status=422)
    try:
        review.remove_entry(
            case=firm.case,
            roster=place.roster,
            page=place.page.name,
            entry=place.entry,
            built_on=whole_number(request.POST.get("_built_on", "")),
            reason=reason.cleaned_data["_reason"],
            by=request.user,
            at=timezone.now(),
        )
    except review.ReviewRefused as refused:
        reason.add_error("_reason", refused.reason)
        return _shown(request, place, form_of(place), reason, status=422)
    messages.success(request, f"The {place.roster.thing} was taken off the list.")
    return _back(firm)


def _back(firm: Standing) -> HttpResponse:
    wave = firm.case.wave
    return redirect("surveys:review", wave.survey.slug, wave.slug, firm.case.public_id)


def _shown(
    request: HttpRequest, place: Place, form: PageForm, reason: ReasonForm, status: int
) -> HttpResponse:
    firm, wave = place.firm, place.firm.case.wave
    context: dict[str, Any] = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "case": firm.case,
        "form": form,
        "reason": reason,
        "page": form.page,
        "title": f"{name_of(place.roster, place.saved)}: {firm.fill(form.page.title)}",
        "thing": place.roster.thing,
        "built_on": request.POST.get("_built_on", firm.revision),
    }
    return render(request, "research/fieldwork/correct.html", context, status=status)
