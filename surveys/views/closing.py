"""The end of a wave: what closing would do, its rules, freezing, reopening a case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions import closing as actions
from surveys.actions.waves import WaveNotReady
from surveys.forms.closing import ClosingRulesForm, ReasonForm
from surveys.models import Wave
from surveys.permissions import may_manage_fieldwork
from surveys.queries.cases import visible_cases
from surveys.queries.closing import prospect, unsettled
from surveys.views.access import wave_page


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_manage_fieldwork)
def close_field(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Say which cases closing will end and how; on POST, close."""
    if request.method != "POST":
        return _show(request, wave, ClosingRulesForm(wave=wave))
    try:
        actions.close_field(wave=wave, by=request.user, at=timezone.now())
    except WaveNotReady as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, "The field is closed. Every case has its final disposition.")
    return redirect("surveys:fieldwork", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_manage_fieldwork)
def rules(request: HttpRequest, wave: Wave) -> HttpResponse:
    """State deadlines, key questions and the share; what is wrong comes back as it was."""
    form = ClosingRulesForm(request.POST, wave=wave)
    if not form.is_valid():
        return _show(request, wave, form, status=422)
    try:
        actions.set_closing_rules(
            wave=wave,
            key_items=form.cleaned_data["key_items"],
            partial_share=form.cleaned_data["partial_percent"] / 100,
            answering_until=form.cleaned_data["answering_until"],
            corrections_until=form.cleaned_data["corrections_until"],
            by=request.user,
            at=timezone.now(),
        )
    except WaveNotReady as error:
        form.add_error(None, error.reason)
        return _show(request, wave, form, status=422)
    messages.success(request, "The rules are saved; the counts below follow them.")
    return _back(wave)


@require_POST
@wave_page(may_manage_fieldwork)
def freeze(request: HttpRequest, wave: Wave) -> HttpResponse:
    try:
        actions.freeze(wave=wave, by=request.user, at=timezone.now())
    except WaveNotReady as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, "The wave is frozen: nothing of it changes any more.")
    return _back(wave)


@require_POST
@wave_page(may_manage_fieldwork)
def end_reopened(request: HttpRequest, wave: Wave) -> HttpResponse:
    try:
        ended = actions.end_reopened(wave=wave, by=request.user, at=timezone.now())
    except WaveNotReady as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, f"Reopened cases that have ended: {ended}.")
    return _back(wave)


@require_POST
@wave_page(may_manage_fieldwork)
def reopen_case(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    """Take up a case of a closed wave again; the reason is kept with it."""
    found = get_object_or_404(visible_cases(wave), public_id=case)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.reopen_case(case=found, reason=reason, by=request.user, at=timezone.now())
    except actions.NotReopened as error:
        messages.error(request, error.reason)
    else:
        messages.success(
            request, "The case is open again. End it on the closing page when it is right."
        )
    return redirect("surveys:case", wave.survey.slug, wave.slug, found.public_id)


def _show(
    request: HttpRequest, wave: Wave, form: ClosingRulesForm, status: int = 200
) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "prospect": prospect(wave) if wave.is_open else (),
        "unsettled": unsettled(wave) if wave.state == Wave.State.CLOSED else 0,
        "form": form,
    }
    return render(request, "research/waves/close_field.html", context, status=status)


def _back(wave: Wave) -> HttpResponse:
    return redirect("surveys:close_field", wave.survey.slug, wave.slug)
