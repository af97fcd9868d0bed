"""How a firm comes in and goes out: the start page, the code, the link, leaving."""

from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions import access_codes, contributors, invitations, throttling
from surveys.actions.invitations import AccessRefused
from surveys.models import Contributor, Invitation
from surveys.queries.contributors import visible_sections
from surveys.queries.page_drafts import waiting_drafts
from surveys.queries.responses import standing
from surveys.views import failures, pages, right_person
from surveys.views.admission import (
    View,
    client_address,
    forget,
    has_filled_in,
    is_admitted,
    remember,
    respondent_page,
    was_here,
)
from surveys.views.autosave import draft_url
from surveys.views.filling_in import to_case


class _Throttled(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _forgetting_the_code(view: View) -> View:
    """Take the code out of the request's path before anything else can log it."""

    @wraps(view)
    def discreet(request: HttpRequest, code: str) -> HttpResponse:
        failures.forget_code(request)
        return view(request, code)

    return discreet


@require_safe
@respondent_page
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "respondent/start.html")


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def enter(request: HttpRequest) -> HttpResponse:
    """Type a code."""
    if request.method == "POST":
        return _admit(request, request.POST.get("access_code", ""))
    return render(request, "respondent/enter.html", {"carried": []})


@_forgetting_the_code
@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def enter_link(request: HttpRequest, code: str) -> HttpResponse:
    """The link of a letter. Opening it changes nothing, so that mail scanners do no harm."""
    if request.method == "POST":
        return _admit(request, code)
    try:
        found = _recognised(request, code)
    except AccessRefused as refusal:
        return _turned_away(request, code, refusal)
    except _Throttled as brake:
        return failures.throttled(request, seconds=brake.seconds)
    case = found.case
    context = {
        "case": case,
        "wave": case.wave,
        "survey": case.wave.survey,
        "code": code,
        "language_next": reverse("surveys:enter_link", args=[code]),
    }
    if isinstance(found, Contributor):
        return render(request, "respondent/team_link.html", context | _shared(found))
    return render(request, "respondent/link.html", context)


@_forgetting_the_code
@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def right_person_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """From the link of a letter or an e-mail: who got it is not the right person."""
    try:
        found = _recognised(request, code)
    except AccessRefused as refusal:
        return _turned_away(request, code, refusal)
    except _Throttled as brake:
        return failures.throttled(request, seconds=brake.seconds)
    if isinstance(found, Contributor):
        raise Http404
    here = reverse("surveys:right_person_by_code", args=[code])
    return right_person.asked(request, found.case, here=here)


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def leave(request: HttpRequest, case: UUID) -> HttpResponse:
    """Ask, sign out, say goodbye. Everything has been saved page by page."""
    if request.method == "POST":
        forget(request, case)
        return redirect("surveys:leave", case)
    if not is_admitted(request, case) and has_filled_in(request, case):
        return to_case(case)
    template = "leave.html" if is_admitted(request, case) else "left.html"
    return render(request, f"respondent/{template}", {"case_id": case})


def _admit(request: HttpRequest, code: str) -> HttpResponse:
    at = timezone.now()
    try:
        found = _recognised(request, code)
        if isinstance(found, Contributor):
            return _admit_colleague(request, code, at)
        invitation, case = found, invitations.admit(code=code, at=at)
    except AccessRefused as refusal:
        return _turned_away(request, code, refusal)
    except _Throttled as brake:
        return failures.throttled(request, seconds=brake.seconds)
    had_gone = was_here(request, case.public_id)
    remember(request, invitation=invitation, at=at)
    if request.POST.get("_case") == str(case.public_id) and request.POST.get("_page"):
        # The visit had ended while a page was being filled in: what was typed came along.
        return pages.page(request, case=case.public_id, page=request.POST["_page"])
    if had_gone:
        # The visit ended by itself: back to where something was typed and not saved.
        firm = standing(invitation.case)
        for draft in waiting_drafts(firm)[:1]:
            return redirect(draft_url(firm, draft))
    return redirect("surveys:hub", case.public_id)


def _admit_colleague(request: HttpRequest, code: str, at: datetime) -> HttpResponse:
    """Let the person of a link in; a successor is shown the new access code."""
    colleague, invitation, new_code = contributors.accept(code=code, at=at)
    case = colleague.case
    remember(request, invitation=invitation or colleague, at=at)
    if request.POST.get("_case") == str(case.public_id) and request.POST.get("_page"):
        return pages.page(request, case=case.public_id, page=request.POST["_page"])
    if not new_code:
        return redirect("surveys:hub", case.public_id)
    context = {"case": case, "wave": case.wave, "survey": case.wave.survey, "code": new_code}
    return render(request, "respondent/team_taken_over.html", context)


def _shared(colleague: Contributor) -> dict[str, Any]:
    """What the page of a colleague's link says: who shared what."""
    firm = standing(colleague.case)
    names = visible_sections(colleague, firm.instrument)
    return {
        "person": colleague,
        "by": colleague.invited_by,
        "sections": [
            firm.fill(section.title)
            for section in firm.instrument.sections
            if section.name in names
        ],
    }


def _recognised(request: HttpRequest, code: str) -> Invitation | Contributor:
    """The invitation of the code, or the colleague of the link.

    Refusals are counted; too many raise the brake.
    """
    at, address = timezone.now(), client_address(request)
    seconds = throttling.seconds_to_wait(address=address, at=at)
    if seconds:
        raise _Throttled(seconds)
    try:
        return contributors.recognise_any(code=code, at=at)
    except AccessRefused as refusal:
        if refusal.invitation is None:
            throttling.count_refusal(address=address, at=at)
        raise


def _turned_away(request: HttpRequest, code: str, refusal: AccessRefused) -> HttpResponse:
    """A code that names no invitation can be typed again; any other gets its reason."""
    if refusal.invitation is not None:
        return failures.refused(request, refusal, failures.typed_before(request))
    length = access_codes.typed_length(code)
    context = {
        "reason": refusal.reason,
        "typed": code,
        "length": "" if length == access_codes.LENGTH else length,
        "carried": failures.typed_before(request),
    }
    status = 404 if refusal.reason == "unknown" else 400
    return render(request, "respondent/enter.html", context, status=status)
