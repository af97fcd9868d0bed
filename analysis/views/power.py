"""The power of the planned logit on the strata of a wave: asked for, watched, read."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from analysis import actions, tasks
from analysis.extracts import User, Wave, may_plan_power, planned_strata
from analysis.forms import PowerForm
from analysis.models import PowerStudy
from analysis.refusals import Refusal
from analysis.views.access import wave_page

_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_plan_power)
def power(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The form and the latest studies; on POST one more, which a worker carries out."""
    strata = planned_strata(wave)
    if request.method != "POST":
        return _page(request, wave, strata, PowerForm())
    form = PowerForm(request.POST)
    if not form.is_valid():
        return _page(request, wave, strata, form)
    by = request.user if isinstance(request.user, User) else None
    try:
        study = actions.ask_for_power(
            wave=wave,
            strata=strata,
            assumptions=form.assumptions,
            replications=form.cleaned_data["replications"],
            seed=secrets.randbelow(2**31),
            by=by,
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}")
        return _page(request, wave, strata, form)
    tasks.publish_power_on_commit(study.pk)
    messages.success(request, "A worker is making the surveys. The page follows it.")
    return redirect("analysis:power", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_plan_power)
def cancel(request: HttpRequest, wave: Wave, study: int) -> HttpResponse:
    """End a study that is under way; its worker stops after the part that it is at."""
    if actions.cancel_power(wave=wave, key=study):
        messages.success(request, "The study is cancelled.")
    else:
        messages.info(request, "That study was over before.")
    return redirect("analysis:power", wave.survey.slug, wave.slug)


def _page(
    request: HttpRequest, wave: Wave, strata: list[tuple[str, int, int]], form: PowerForm
) -> HttpResponse:
    studies = list(PowerStudy.objects.filter(wave=wave)[:_SHOWN])
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "sample",
        "strata": len(strata),
        "drawn": sum(number for _, _, number in strata),
        "form": form,
        "studies": studies,
        "is_under_way": any(each.state == PowerStudy.State.RUNNING for each in studies),
    }
    status = 422 if form.errors else 200
    return render(request, "analysis/power/power.html", context, status=status)
