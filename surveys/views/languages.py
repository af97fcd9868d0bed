"""Switching the language: on a page of the questionnaire nothing that was typed is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from surveys.actions import page_drafts, paradata
from surveys.actions.page_drafts import TooLarge, TooSoon
from surveys.actions.responses import AlreadySubmitted, WaveClosed
from surveys.models import Case
from surveys.queries.responses import standing
from surveys.views import autosave, speaking
from surveys.views.admission import respondent_page, shared_page, visitor_of
from surveys.views.firm import whole_number


@require_POST
@shared_page
def switch(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep what is typed as a draft, then show the same page in the other language."""
    language = request.POST.get("_language", "")
    if speaking.choose(request, language, case):
        paradata.record(case, "language_chosen", timezone.now(), language=language)
        _keep_typed(request, case)
    return _back(request, f"/firm/{case.public_id}/")


@require_POST
@respondent_page
def switch_before_code(request: HttpRequest) -> HttpResponse:
    """The language of the pages before the code."""
    speaking.choose(request, request.POST.get("_language", ""))
    return _back(request, "/")


def _keep_typed(request: HttpRequest, case: Case) -> None:
    """A draft of the page that the choice was made on; a page as it was saved needs none."""
    page, place = request.POST.get("_page", ""), request.POST.get("_place", "")
    if not page or not visitor_of(request).may_open(page, is_shared=False):
        return
    step = whole_number(place.partition("/")[2])
    items = autosave.items_of(standing(case), page, step)
    if items is None:
        return
    try:
        page_drafts.keep(
            case=case,
            page=page,
            entry=place,
            typed=autosave.typed_fields(request.POST, items),
            built_on=whole_number(request.POST.get("_built_on", "")),
            at=timezone.now(),
            is_leaving=True,
        )
    except (TooLarge, TooSoon, AlreadySubmitted, WaveClosed):
        # Whoever typed nothing new loses nothing; a closed page says so when it is shown.
        return


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the choice was made on, if it is one of ours."""
    target = request.POST.get("_next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if is_ours else otherwise)
