"""One wave: what each stage of its life holds, and opening its field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions import waves as actions
from surveys.actions.prior import NotAPreviousWave, set_previous_wave
from surveys.fieldwork.rates import response_rate_1
from surveys.models import Wave
from surveys.permissions import may_manage_fieldwork, may_plan_waves
from surveys.queries.fieldwork import tally
from surveys.queries.waves import earlier_waves, wave_counts
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
        "earlier": earlier_waves(wave),
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
        "may_plan": may_plan_waves(request.user, wave.survey),
    }
    return render(request, "research/waves/wave.html", context)


@require_POST
@wave_page(may_manage_fieldwork)
def previous(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Name the wave before: its answers are quoted to firms as the instrument says."""
    slug = request.POST.get("previous", "")
    former = earlier_waves(wave).filter(slug=slug).first() if slug else None
    if slug and former is None:
        messages.error(request, "There is no such wave before this one.")
        return redirect(wave)
    try:
        set_previous_wave(wave=wave, previous=former, by=request.user, at=timezone.now())
    except NotAPreviousWave as refusal:
        messages.error(request, refusal.reason)
    else:
        told = f"Answers of “{former.title}” are quoted." if former else "No wave is quoted."
        messages.success(request, told)
    return redirect(wave)


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
