"""Preconditions of the research pages: who is asking, for which survey or wave, and may they.

Anyone who is not logged in is sent to the log-in page. A survey or wave that the person is
not a member of is not found (404). A member whose role does not cover the page is told so
(403). Nothing of these pages may stay in a cache.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import cache_control

from surveys.actions.freezing import WaveFrozen
from surveys.models import Survey, Wave
from surveys.permissions import Person, may_view_survey, may_view_tables
from surveys.queries.waves import visible_surveys, visible_waves

View = Callable[..., HttpResponse]
Predicate = Callable[[Person, Survey], bool]

_REFUSAL = (
    "Your role in this survey does not cover this page. Ask an owner of the survey to do "
    "it, or to change your role."
)


def person_page(view: View) -> View:
    """For everyone who is logged in."""
    return cache_control(no_store=True, private=True)(login_required(view))


def survey_page(may: Predicate = may_view_survey) -> Callable[[View], View]:
    """Hand the view the survey of the URL, if the person may see it and do this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, survey: str, **more: Any) -> HttpResponse:
            found = get_object_or_404(visible_surveys(request.user), slug=survey)
            require(request.user, may, found)
            return view(request, found, **more)

        return person_page(checked)

    return decorate


def wave_page(may: Predicate = may_view_survey) -> Callable[[View], View]:
    """Hand the view the wave of the URL, if the person may see it and do this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, survey: str, wave: str, **more: Any) -> HttpResponse:
            found = get_object_or_404(visible_waves(request.user), survey__slug=survey, slug=wave)
            require(request.user, may, found.survey)
            # No page leads where the person would be turned away.
            request.hides_analysis = not may_view_tables(request.user, found.survey)  # type: ignore[attr-defined]
            return _unless_frozen(view, request, found, more)

        return person_page(checked)

    return decorate


def _unless_frozen(
    view: View, request: HttpRequest, wave: Wave, more: dict[str, Any]
) -> HttpResponse:
    """The view's answer; where it would have changed a frozen wave, back to the wave, told so."""
    try:
        return view(request, wave, **more)
    except WaveFrozen as frozen:
        messages.error(request, frozen.reason)
        return redirect(wave)


def require(user: Person, may: Predicate, survey: Survey) -> None:
    """Raise PermissionDenied, with a sentence for the person, if they may not."""
    if not may(user, survey):
        raise PermissionDenied(_REFUSAL)
