"""Preconditions of the pages: who is asking, for which wave or run, and may they do this.

Whoever is not logged in is sent to the log-in page. A wave or run of a survey that the
person is not a member of is not found (404). A member whose role does not cover analysis is
told so (403). Who may read tables and not analyse finds the list of plans and the tables of
finished runs, nothing else. Nothing of these pages may stay in a cache.

Results pass one gate: `table_page` hands out nothing of a finished run before it is released
(docs/methods/disclosure.md). Every page and file that shows results of a run stands behind it;
`watched_page` is for the run's own page alone, where who analyses sees what is to be released.
`run_page` is for what shows no results. A test walks all addresses of runs and holds them to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from analysis import actions, extracts
from analysis.models import Run
from analysis.views import reading
from analysis.views.results import frame_of

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
    """Hand the view the run of the URL, if the person may analyse its wave. Not for results."""
    return _run_page(view, lambda _run: extracts.may_analyse, gate="no_results")


def table_page(view: View) -> View:
    """Hand the view the run of the URL, if the person may read its table and it is released."""
    return _run_page(view, _may_read, gate="released")


def watched_page(view: View) -> View:
    """The same; who analyses sees the run before it is released."""
    return _run_page(view, _may_read, gate="watched")


def survey_page(may: Callable[[Any, extracts.Survey], bool]) -> Callable[[View], View]:
    """Hand the view the survey of the URL, if the person may do this in it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, survey: str, **more: Any) -> HttpResponse:
            try:
                found = extracts.survey_for(request.user, survey)
            except extracts.Survey.DoesNotExist:
                raise Http404 from None
            if not may(request.user, found):
                raise PermissionDenied(_REFUSAL)
            return view(request, found, **more)

        return _person_page(checked)

    return decorate


def _may_read(run: Run) -> Predicate:
    return extracts.may_view_tables if run.state == Run.State.DONE else extracts.may_analyse


def _run_page(view: View, may_of: Callable[[Run], Predicate], *, gate: str) -> View:
    @wraps(view)
    def checked(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
        run = _run(pk)
        wave = run.plan_version.plan.wave
        _wave(request, wave.survey.slug, wave.slug, may_of(run))
        if gate == "no_results" or run.state != Run.State.DONE or actions.is_released(run):
            return view(request, run, **more)
        analyses = extracts.may_analyse(request.user, wave)
        if gate == "watched" and analyses:
            return view(request, run, **more)
        return held_back(request, run, analyses=analyses)

    page = _person_page(checked)
    page.gate = gate  # type: ignore[attr-defined]
    return page


def held_back(request: HttpRequest, run: Run, *, analyses: bool) -> HttpResponse:
    """What the run waits for, in place of its results: 409 for who analyses, 403 for others."""
    context = {**frame_of(run), "made": actions.check_of(run), "may_analyse": analyses}
    return render(request, "analysis/checks/held.html", context, status=409 if analyses else 403)


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
