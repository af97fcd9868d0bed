"""The office review of one response: read it with its history, accept, return, correct it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions import review
from surveys.forms.pages import PageForm
from surveys.forms.reviews import CommentForm, ReasonForm
from surveys.models import Case, Wave
from surveys.permissions import may_review_answers
from surveys.queries.responses import Standing, answer_sheet, roster_of, standing_now
from surveys.queries.reviews import histories, reviews_of
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.offering import takes_answer
from surveys.views import review_entries
from surveys.views.access import wave_page
from surveys.views.firm import whole_number


@require_safe
@wave_page(may_review_answers)
def answers(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    return _shown(request, _firm(wave, case), CommentForm())


@require_POST
@wave_page(may_review_answers)
def accept(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    firm = _firm(wave, case)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _shown(request, firm, form, status=422)
    try:
        review.accept(
            case=firm.case, comment=form.cleaned_data["comment"], by=request.user, at=timezone.now()
        )
    except review.ReviewRefused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, "The answers were accepted.")
    return _back(firm)


@require_POST
@wave_page(may_review_answers)
def return_to_firm(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    firm = _firm(wave, case)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _shown(request, firm, form, status=422)
    comment = form.cleaned_data["comment"]
    try:
        review.return_to_firm(case=firm.case, comment=comment, by=request.user, at=timezone.now())
    except review.ReviewRefused as refused:
        form.add_error("comment", refused.reason)
        return _shown(request, firm, form, status=422)
    messages.success(request, "The answers went back. The firm reads your comment when it returns.")
    return _back(firm)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_review_answers)
def correct(request: HttpRequest, wave: Wave, case: str, page: str) -> HttpResponse:
    """One page as the firm sees it, or a step of an entry, to be changed with a reason."""
    firm = _firm(wave, case)
    if "entry" in request.GET:
        return review_entries.correct_entry(request, firm, page)
    definition = _page(firm, page)
    typed = request.POST if request.method == "POST" else None
    form = PageForm(
        page=definition,
        context=firm.context,
        data=typed,
        answers=_saved(firm, definition),
        known=firm.known,
    )
    reason = ReasonForm(typed)
    if typed is None or not (form.is_valid() & reason.is_valid()):
        return _correcting(request, firm, form, reason, status=200 if typed is None else 422)
    try:
        edits = review.correct(
            case=firm.case,
            page=page,
            answers=form.answers,
            built_on=whole_number(request.POST.get("_built_on", "")),
            reason=reason.cleaned_data["_reason"],
            by=request.user,
            at=timezone.now(),
        )
    except review.ReviewRefused as refused:
        reason.add_error("_reason", refused.reason)
        return _correcting(request, firm, form, reason, status=422)
    told = "No answer was changed." if not edits else f"Answers changed: {len(edits)}."
    messages.success(request, told)
    return _back(firm)


def _firm(wave: Wave, case: str) -> Standing:
    found = get_object_or_404(Case, wave=wave, public_id=case)
    return standing_now(found)


def _page(firm: Standing, name: str) -> Page:
    """A page of the route that asks of the firm itself; entries of a list have steps."""
    page = next((each for each in firm.route.pages if each.name == name), None)
    if page is None or roster_of(page) is not None or not _saved(firm, page):
        raise Http404
    return page


def _saved(firm: Standing, page: Page) -> dict[str, Any]:
    return {item.name: firm.answers.get(item.name) for item in page.items if takes_answer(item)}


def _back(firm: Standing) -> HttpResponse:
    wave = firm.case.wave
    return redirect("surveys:review", wave.survey.slug, wave.slug, firm.case.public_id)


def _context(firm: Standing) -> dict[str, Any]:
    wave = firm.case.wave
    return {"survey": wave.survey, "wave": wave, "stage": "fieldwork", "case": firm.case}


def _shown(
    request: HttpRequest, firm: Standing, form: CommentForm, status: int = 200
) -> HttpResponse:
    said = histories(firm)
    entries = review_entries.entry_links(firm)
    context = _context(firm) | {
        "response": firm.response,
        "reviews": reviews_of(firm.response) if firm.response else (),
        "form": form,
        "sections": [
            (section.title, [(line, said.get(line.item, ()), entries.get(line.page))
                             for line in section.lines])
            for section in answer_sheet(firm)
        ],
        "may_change": firm.is_submitted and firm.case.wave.frozen_at is None,
    }  # fmt: skip
    return render(request, "research/fieldwork/review.html", context, status=status)


def _correcting(
    request: HttpRequest, firm: Standing, form: PageForm, reason: ReasonForm, status: int
) -> HttpResponse:
    context = _context(firm) | {
        "form": form,
        "reason": reason,
        "page": form.page,
        "title": firm.fill(form.page.title),
        "built_on": request.POST.get("_built_on", firm.revision),
    }
    return render(request, "research/fieldwork/correct.html", context, status=status)
