"""The fieldwork of a wave: its rates, pace, balance and losses, by what the frame says."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys import tasks
from surveys.actions import snapshots
from surveys.fieldwork.rates import Rate
from surveys.forms.fieldwork import TargetForm
from surveys.models import FieldworkRefresh, Wave
from surveys.permissions import may_manage_fieldwork, may_record_calls, may_see_firms
from surveys.queries.latest import milestones, writing_lately
from surveys.queries.monitor import Monitor, monitor
from surveys.queries.urgency import most_urgent
from surveys.views.access import wave_page
from surveys.views.waiting import tell_workers

_FAMILIES = (("Response", "RR"), ("Cooperation", "COOP"), ("Refusal", "REF"), ("Contact", "CON"))
_MOST_ITEMS = 10


@require_safe
@wave_page()
def fieldwork(request: HttpRequest, wave: Wave) -> HttpResponse:
    by = request.GET.get("by", "size_class")
    shown = monitor(wave, by=by, today=timezone.localdate())
    snapshot = shown.snapshot.document if shown.snapshot else {}
    sees_firms = may_see_firms(request.user, wave.survey)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "monitor": shown,
        "families": _families(shown),
        "headline": {each.name: each for each in shown.rates},
        "target": (wave.target_rates or {}).get("RR1"),
        "refresh": FieldworkRefresh.objects.filter(wave=wave).first(),
        "balance": snapshot.get("balance"),
        "minutes": snapshot.get("minutes"),
        "pages": snapshot.get("pages", []),
        "items": snapshot.get("items", [])[:_MOST_ITEMS],
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
        "may_see_firms": sees_firms,
        "may_record_calls": may_record_calls(request.user, wave.survey),
        "urgent": most_urgent(wave) if shown.snapshot else (),
        "events": milestones(wave) if sees_firms else (),
        "writing": writing_lately(wave, timezone.now()) if wave.is_open else 0,
    }
    return render(request, "research/fieldwork/fieldwork.html", context)


@require_POST
@wave_page(may_manage_fieldwork)
def refresh(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Send for the figures that take longer than a page may."""
    wish = snapshots.ask(wave=wave, by=request.user, at=timezone.now())
    messages.info(request, "The figures were asked for. Load the page again in a moment.")
    tell_workers(request, tasks.refresh_fieldwork, wish.pk)
    return redirect("surveys:fieldwork", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_manage_fieldwork)
def target(request: HttpRequest, wave: Wave) -> HttpResponse:
    form = TargetForm(request.POST)
    if form.is_valid():
        snapshots.aim_at(wave=wave, response_rate=form.share, by=request.user, at=timezone.now())
        messages.success(request, "The target was kept.")
    else:
        messages.error(request, form.errors["per_cent"][0])
    return redirect("surveys:fieldwork", wave.survey.slug, wave.slug)


def _families(shown: Monitor) -> tuple[tuple[str, tuple[Rate, ...]], ...]:
    """The sixteen rates, those of a kind together."""
    return tuple(
        (name, tuple(each for each in shown.rates if each.name.startswith(start)))
        for name, start in _FAMILIES
    )
