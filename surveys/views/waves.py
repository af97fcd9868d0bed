"""One wave: what each stage of its life holds, and opening and closing its field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions import waves as actions
from surveys.fieldwork.rates import response_rate_1
from surveys.models import Wave
from surveys.permissions import may_manage_fieldwork
from surveys.queries.fieldwork import tally
from surveys.queries.waves import wave_counts
from surveys.views.access import wave_page


@require_safe
@wave_page()
def wave(request: HttpRequest, wave: Wave) -> HttpResponse:
    counted = tally(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "tally": counted,
        "complete": counted.number("complete"),
        "response_rate": response_rate_1(counted.outcomes),
        "counts": wave_counts(wave),
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
    }
    return render(request, "research/waves/wave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_manage_fieldwork)
def open_field(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Say what opening does and what stands in its way; on POST, open."""
    if request.method == "POST":
        try:
            actions.open_field(wave=wave, by=request.user, at=timezone.now())
        except actions.WaveNotReady as error:
            messages.error(request, error.reason)
            return redirect("surveys:open_field", wave.survey.slug, wave.slug)
        messages.success(request, "The field is open. Firms with an access code can answer.")
        return redirect("surveys:fieldwork", wave.survey.slug, wave.slug)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "tally": tally(wave),
        "obstacles": actions.obstacles_to_opening(wave),
    }
    return render(request, "research/waves/open_field.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_manage_fieldwork)
def close_field(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Say which cases closing will end and how; on POST, close."""
    if request.method == "POST":
        try:
            actions.close_field(wave=wave, by=request.user, at=timezone.now())
        except actions.WaveNotReady as error:
            messages.error(request, error.reason)
        else:
            messages.success(request, "The field is closed. Every case has its final disposition.")
        return redirect("surveys:fieldwork", wave.survey.slug, wave.slug)
    counted = tally(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "started": counted.number("started"),
        "not_started": counted.number("not_started"),
        "complete": counted.number("complete"),
    }
    return render(request, "research/waves/close_field.html", context)
