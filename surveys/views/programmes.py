"""Making a survey, saying what it is, and planning its waves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions.addresses import AddressRefused
from surveys.actions.programmes import describe_survey, make_survey
from surveys.actions.wave_plans import WavePlanRefused, change_plan, make_wave
from surveys.actions.waves import WaveNotReady
from surveys.forms.programmes import (
    DescribeSurveyForm,
    NewSurveyForm,
    NewWaveForm,
    WavePlanForm,
)
from surveys.models import Survey, Wave
from surveys.permissions import may_describe_survey, may_make_surveys, may_plan_waves
from surveys.views.access import person_page, survey_page, wave_page

_GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(_GET_OR_POST)
@person_page
def new_survey(request: HttpRequest) -> HttpResponse:
    if not may_make_surveys(request.user):
        raise PermissionDenied(
            "Owners of a survey make new ones. Ask the operator to make one with you as its owner."
        )
    form = NewSurveyForm(request.POST or None)
    if form.is_valid():
        try:
            survey = make_survey(
                facts=form.facts(),
                slug=form.cleaned_data["slug"],
                owner=request.user,
                by=request.user,
                at=timezone.now(),
            )
        except AddressRefused as refused:
            form.add_error("slug", str(refused))
        else:
            messages.success(request, "The survey is made, and you own it.")
            return redirect("surveys:survey", survey.slug)
    return _page(request, form, page="new_survey")


@require_http_methods(_GET_OR_POST)
@survey_page(may_describe_survey)
def describe(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = DescribeSurveyForm.filled(survey)
    if request.method == "POST":
        form = DescribeSurveyForm(request.POST)
        if form.is_valid():
            describe_survey(survey=survey, facts=form.facts(), by=request.user, at=timezone.now())
            messages.success(request, "Saved.")
            return redirect("surveys:survey", survey.slug)
    return _page(request, form, page="describe", survey=survey)


@require_http_methods(_GET_OR_POST)
@survey_page(may_plan_waves)
def new_wave(request: HttpRequest, survey: Survey) -> HttpResponse:
    form = NewWaveForm(request.POST or None, survey=survey)
    if form.is_valid():
        try:
            wave = make_wave(
                survey=survey,
                plan=form.plan(),
                slug=form.cleaned_data["slug"],
                like=form.cleaned_data["like"],
                by=request.user,
                at=timezone.now(),
            )
        except AddressRefused as refused:
            form.add_error("slug", str(refused))
        except WavePlanRefused as refused:
            _tell(form, refused)
        else:
            messages.success(request, "The wave is made. Its stages are below, in their order.")
            return redirect(wave)
    return _page(request, form, page="new_wave", survey=survey)


@require_http_methods(_GET_OR_POST)
@wave_page(may_plan_waves)
def plan(request: HttpRequest, wave: Wave) -> HttpResponse:
    form = WavePlanForm.filled(wave)
    if request.method == "POST":
        form = WavePlanForm(request.POST)
        if form.is_valid():
            try:
                change_plan(wave=wave, plan=form.plan(), by=request.user, at=timezone.now())
            except WavePlanRefused as refused:
                _tell(form, refused)
            except WaveNotReady as refused:
                messages.error(request, refused.reason)
                return redirect(wave)
            else:
                messages.success(request, "Saved.")
                return redirect(wave)
    return _page(request, form, page="plan", survey=wave.survey, wave=wave)


def _tell(form: WavePlanForm, refused: WavePlanRefused) -> None:
    for name, texts in refused.problems.items():
        form.add_error(name, list(texts))


def _page(
    request: HttpRequest,
    form: DescribeSurveyForm | WavePlanForm,
    *,
    page: str,
    survey: Survey | None = None,
    wave: Wave | None = None,
) -> HttpResponse:
    context = {"form": form, "survey": survey, "wave": wave}
    status = 422 if form.errors else 200
    return render(request, f"research/programmes/{page}.html", context, status=status)
