"""Preconditions of the pages: who is asking, for which wave or run, and may they analyse.

Whoever is not logged in is sent to the log-in page. A wave or run of a survey that the
person is not a member of is not found (404). A member whose role does not cover analysis is
told so (403). Nothing of these pages may stay in a cache.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from analysis import extracts
from analysis.models import Run
from analysis.views import reading

View = Callable[..., HttpResponse]

_REFUSAL = (
    "Your role in this survey does not cover analysis. Ask a researcher of the survey to do "
    "it, or to change your role."
)


def _person_page(view: View) -> View:
    return cache_control(no_store=True, private=True)(login_required(view))


def wave_page(view: View) -> View:
    """Hand the view the wave of the URL, if the person may analyse it."""

    @wraps(view)
    def checked(request: HttpRequest, survey: str, wave: str, **more: Any) -> HttpResponse:
        return view(request, _wave(request, survey, wave), **more)

    return _person_page(checked)


def run_page(view: View) -> View:
    """Hand the view the run of the URL, if the person may analyse its wave."""

    @wraps(view)
    def checked(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
        run = _run(pk)
        wave = run.plan_version.plan.wave
        _wave(request, wave.survey.slug, wave.slug)
        return view(request, run, **more)

    return _person_page(checked)


def _wave(request: HttpRequest, survey: str, wave: str) -> extracts.Wave:
    try:
        found = extracts.wave_for(request.user, survey, wave)
    except extracts.Wave.DoesNotExist:
        raise Http404 from None
    if not extracts.may_analyse(request.user, found):
        raise PermissionDenied(_REFUSAL)
    return found


def _run(pk: UUID) -> Run:
    try:
        return reading.run(pk)
    except Run.DoesNotExist:
        raise Http404 from None
