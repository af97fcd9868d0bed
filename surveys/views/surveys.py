"""The surveys of a person, and the waves of a survey."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.fieldwork.rates import outcomes, response_rate_1
from surveys.models import Case, Survey, Wave
from surveys.permissions import (
    may_describe_survey,
    may_import,
    may_make_surveys,
    may_plan_waves,
    may_publish,
    may_see_frame,
)
from surveys.queries.waves import visible_surveys, waves_of
from surveys.views.access import person_page, survey_page


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave in a list; `response_rate` is RR1, None for a wave that was not collected here."""

    wave: Wave
    complete: int
    response_rate: float | None


@require_safe
@person_page
def surveys(request: HttpRequest) -> HttpResponse:
    context = {
        "surveys": visible_surveys(request.user),
        "may_make": may_make_surveys(request.user),
    }
    return render(request, "research/surveys/list.html", context)


@require_safe
@survey_page()
def survey(request: HttpRequest, survey: Survey) -> HttpResponse:
    lines = [_line(wave) for wave in waves_of(survey)]
    context = {
        "survey": survey,
        "lines": lines,
        "cases": sum(line.wave.n_cases for line in lines),
        "complete": sum(line.complete for line in lines),
        "may_describe": may_describe_survey(request.user, survey),
        "may_plan": may_plan_waves(request.user, survey),
        "may_import": may_import(request.user, survey),
        "may_publish": may_publish(request.user, survey),
        "may_see_frame": may_see_frame(request.user, survey),
    }
    return render(request, "research/surveys/survey.html", context)


def _line(wave: Wave) -> WaveLine:
    counts = outcomes((name, getattr(wave, f"n_{name}")) for name in Case.Disposition.values)
    collected = wave.origin == Wave.Origin.COLLECTED
    return WaveLine(wave, wave.n_complete, response_rate_1(counts) if collected else None)
