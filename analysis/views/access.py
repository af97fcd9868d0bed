"""Preconditions of the pages: who is asking, for which wave or run, and may they do this.

Whoever is not logged in is sent to the log-in page. A wave or run of a survey that the
person is not a member of is not found (404). A member whose role does not cover analysis is
told so (403). Who may read tables and not analyse finds the list of plans and the tables of
finished runs, nothing else. Nothing of these pages may stay in a cache.
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
Predicate = Callable[[Any, extracts.Wave], bool]

_REFUSAL = (
    "Your role in this survey does not cover analysis. Ask an owner of the survey to do "
    "it, or to change your role."
)


def _person_page(view: View) -> View:
    return cache_control(no_store=True, private=True)(login_required(view))


def wave_page(may: Predicate = extracts.may_analyse) -> Callable[[View], View]:
    """Hand the view the wave of the URL, if the person may do this with it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, survey: str, wave: str, **more: Any) -> HttpResponse:
            return view(request, _wave(request, survey, wave, may), **more)

        return _person_page(checked)

    return decorate


def run_page(view: View) -> View:
    """Hand the view the run of the URL, if the person may analyse its wave."""
    return _run_page(view, lambda _run: extracts.may_analyse)


def table_page(view: View) -> View:
    """Hand the view the run of the URL, if the person may read its table once there is one."""
    return _run_page(view, _may_read)


def _may_read(run: Run) -> Predicate:
    return extracts.may_view_tables if run.state == Run.State.DONE else extracts.may_analyse


def _run_page(view: View, may_of: Callable[[Run], Predicate]) -> View:
    @wraps(view)
    def checked(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
        run = _run(pk)
        wave = run.plan_version.plan.wave
        _wave(request, wave.survey.slug, wave.slug, may_of(run))
        return view(request, run, **more)

    return _person_page(checked)


def _wave(request: HttpRequest, survey: str, wave: str, may: Predicate) -> extracts.Wave:
    try:
        found = extracts.wave_for(request.user, survey, wave)
    except extracts.Wave.DoesNotExist:
        raise Http404 from None
    if not may(request.user, found):
        raise PermissionDenied(_REFUSAL)
    return found


def _run(pk: UUID) -> Run:
    try:
        return reading.run(pk)
    except Run.DoesNotExist:
        raise Http404 from None
