"""The frame of a wave, its sample plan, and the sample drawn from it."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import tasks
from surveys.actions import sample_work as works
from surveys.actions import samples as actions
from surveys.fieldwork.rates import response_rate_1
from surveys.forms.sample_fields import TargetFormSet, initial_target
from surveys.forms.samples import SamplePlanForm, initial_of, is_whole, new_plan
from surveys.models import SamplePlan, SampleWork, User, Wave
from surveys.permissions import may_design, may_see_frame
from surveys.queries.fieldwork import StratumTally, tally
from surveys.queries.frames import frame_cells, frame_size, frames_of
from surveys.queries.samples import (
    earlier_waves_drawn,
    measures_of,
    plan_of,
    raised_document,
    size_classes_of,
    work_of,
)
from surveys.sampling import SamplingRefused
from surveys.views.access import wave_page
from surveys.views.waiting import tell_workers

_TOLD_AGAIN = "The workers were told once more."


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A stratum as the sample page shows it; shares in [0, 1], None where not known."""

    label: str
    population: int | None
    drawn: int
    fraction: float | None
    weight: float | None
    responded: int
    response_rate: float | None


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """Firms that were in so many earlier samples; `share` is of the longest bar."""

    waves: int
    frame: int
    drawn: int
    share: float


@require_safe
@wave_page()
def frame(request: HttpRequest, wave: Wave) -> HttpResponse:
    may_choose = wave.state == Wave.State.DRAFT and may_design(request.user, wave.survey)
    context = {
        "versions": frames_of(wave.survey) if may_choose else (),
        "may_see_frame": may_see_frame(request.user, wave.survey),
        "survey": wave.survey,
        "wave": wave,
        "stage": "frame",
        "frame": wave.frame,
        "cells": frame_cells(wave.frame) if wave.frame else (),
        "size": frame_size(wave.frame) if wave.frame else 0,
    }
    return render(request, "research/samples/frame.html", context)


@require_safe
@wave_page()
def sample(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The sample if there is one; otherwise its plan, for who may plan with the form."""
    if wave.strata.exists():
        return _drawn(request, wave)
    return _planning(request, wave)


@require_POST
@wave_page(may_design)
def plan_sample(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Keep the plan of the form and show what it would give; nothing is drawn."""
    if wave.frame is None or wave.strata.exists():
        messages.info(request, "There is nothing to plan: see below.")
        return redirect("surveys:sample", wave.survey.slug, wave.slug)
    if "raised" in request.POST:
        return _plan_raised(request, wave)
    form = SamplePlanForm(request.POST, **_offered(wave))
    rows = TargetFormSet(request.POST, form_kwargs={"measures": measures_of(wave.frame)})
    are_rows_good = rows.is_valid()
    targets = [row.target for row in rows if row.target] if are_rows_good else []
    if not form.check(targets) or not are_rows_good:
        return _planning(request, wave, form, rows)
    try:
        return _planned(request, wave, form.document)
    except (actions.DrawRefused, SamplingRefused) as refusal:
        form.add_error(None, str(refusal))
        return _planning(request, wave, form, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_design)
def draw_sample(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Ask before the kept plan is drawn; on POST draw it."""
    plan = plan_of(wave)
    if plan is None or wave.strata.exists():
        messages.info(request, "There is no plan that waits to be drawn.")
        return redirect("surveys:sample", wave.survey.slug, wave.slug)
    if request.method != "POST":
        context = {"survey": wave.survey, "wave": wave, "stage": "sample", "plan": plan}
        return render(request, "research/samples/draw.html", context)
    try:
        if works.is_for_worker(wave):
            return _asked(request, wave, SampleWork.Kind.DRAW, {})
        cases = actions.draw(wave=wave, by=_person(request), at=timezone.now())
    except (actions.DrawRefused, SamplingRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The sample is drawn: {len(cases)} firms.")
    return redirect("surveys:sample", wave.survey.slug, wave.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_design)
def sample_work(request: HttpRequest, wave: Wave) -> HttpResponse:
    """How far a worker is with the sample, asked again and again; on POST it is told once more."""
    work = work_of(wave)
    if request.method == "POST":
        if work is not None and work.is_under_way:
            tell_workers(request, tasks.work_on_sample, work.pk, told=_TOLD_AGAIN)
        return redirect("surveys:sample", wave.survey.slug, wave.slug)
    context = {"survey": wave.survey, "wave": wave, "work": work}
    response = render(request, "research/samples/work.html", context)
    if work is None or not work.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@wave_page(may_design)
def sample_plan(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The plan as a file that the commands read."""
    plan = plan_of(wave)
    if plan is None:
        messages.info(request, "There is no plan to download yet.")
        return redirect("surveys:sample", wave.survey.slug, wave.slug)
    text = json.dumps(plan.document, indent=2)
    name = f"{wave.survey.slug}-{wave.slug}-sample-plan.json"
    return HttpResponse(
        text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _plan_raised(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Keep the plan anew with what meets its targets, as its preview offered."""
    plan = plan_of(wave)
    document = raised_document(plan) if plan else None
    if document is None:
        messages.info(request, "There is no plan that misses a target and could be raised.")
        return redirect("surveys:sample", wave.survey.slug, wave.slug)
    try:
        return _planned(request, wave, document)
    except (actions.DrawRefused, SamplingRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("surveys:sample", wave.survey.slug, wave.slug)


def _planned(request: HttpRequest, wave: Wave, document: dict[str, Any]) -> HttpResponse:
    """Keep the plan, at once or by a worker. Raises DrawRefused or SamplingRefused."""
    if works.is_for_worker(wave):
        return _asked(request, wave, SampleWork.Kind.PLAN, document)
    actions.plan(wave=wave, document=document, by=_person(request), at=timezone.now())
    messages.success(request, "The plan is kept. This is what it would give; nothing is drawn yet.")
    return redirect("surveys:sample", wave.survey.slug, wave.slug)


def _asked(request: HttpRequest, wave: Wave, kind: str, document: dict[str, Any]) -> HttpResponse:
    """Leave it to a worker: the frame is too large for a page to wait."""
    work = works.ask(
        wave=wave, kind=kind, document=document, by=_person(request), at=timezone.now()
    )
    tell_workers(request, tasks.work_on_sample, work.pk)
    return redirect("surveys:sample", wave.survey.slug, wave.slug)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _offered(wave: Wave) -> dict[str, Any]:
    """What the form offers of the wave's frame and of earlier waves."""
    if wave.frame is None:
        return {"size_classes": (), "measures": (), "waves": ()}
    return {
        "size_classes": size_classes_of(wave.frame),
        "measures": measures_of(wave.frame),
        "waves": [(each.slug, each.title) for each in earlier_waves_drawn(wave)],
    }


def _planning(
    request: HttpRequest, wave: Wave, form: SamplePlanForm | None = None, rows: Any = None
) -> HttpResponse:
    plan, size = plan_of(wave), frame_size(wave.frame) if wave.frame else 0
    may_plan = may_design(request.user, wave.survey) and bool(size)
    work = work_of(wave) if may_plan else None
    if may_plan and form is None:
        form, rows = _blank(wave, _last_document(plan, work), size)
    failed = form is not None and form.is_bound
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "sample",
        "size": size,
        "plan": plan,
        "is_stale": plan is not None and not _is_of_frame(plan, wave),
        "burden": burden_lines(plan),
        "form": form if may_plan else None,
        "targets": rows if may_plan else None,
        "may_plan": may_plan,
        "work": work,
        "is_beyond_form": plan is not None and not is_whole(plan.document),
    }
    return render(request, "research/samples/plan.html", context, status=422 if failed else 200)


def _last_document(plan: SamplePlan | None, work: SampleWork | None) -> dict[str, Any] | None:
    """What was typed last: what a worker refused, or the kept plan."""
    if work is not None and work.state == SampleWork.State.REFUSED and work.document:
        return dict(work.document)
    return dict(plan.document) if plan else None


def _blank(wave: Wave, last: dict[str, Any] | None, size: int) -> tuple[SamplePlanForm, Any]:
    document = last or new_plan(firms=size)
    targets = [initial_target(each) for each in document.get("targets", [])]
    offered = _offered(wave)
    rows = TargetFormSet(initial=targets, form_kwargs={"measures": offered["measures"]})
    return SamplePlanForm(initial=initial_of(document), **offered), rows


def _is_of_frame(plan: SamplePlan, wave: Wave) -> bool:
    return wave.frame is not None and plan.frame_fingerprint == wave.frame.fingerprint


def burden_lines(plan: SamplePlan | None) -> list[BurdenLine]:
    """How many firms were drawn in how many earlier waves, of the frame and of the draw."""
    if plan is None or not plan.preview.get("burden", {}).get("waves"):
        return []
    told = plan.preview["burden"]
    most = max(told["drawn"].values(), default=1)
    return [
        BurdenLine(
            waves=number,
            frame=told["frame"].get(str(number), 0),
            drawn=told["drawn"].get(str(number), 0),
            share=told["drawn"].get(str(number), 0) / most,
        )
        for number in range(told["waves"] + 1)
    ]


def _drawn(request: HttpRequest, wave: Wave) -> HttpResponse:
    counted = tally(wave)
    lines = [_line(stratum) for stratum in counted.strata]
    populations = [line.population for line in lines]
    known = bool(lines) and None not in populations
    population = sum(number or 0 for number in populations) if known else None
    plan = plan_of(wave)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "sample",
        "lines": lines,
        "population": population,
        "cases": counted.cases,
        "complete": counted.number("complete"),
        "fraction": counted.cases / population if population else None,
        "response_rate": response_rate_1(counted.outcomes),
        "plan": plan,
        "burden": burden_lines(plan),
        "may_plan": may_design(request.user, wave.survey),
    }
    return render(request, "research/samples/sample.html", context)


def _line(stratum: StratumTally) -> StratumLine:
    weight = sum(weight for _, weight in stratum.weights)
    return StratumLine(
        label=stratum.label,
        population=stratum.population,
        drawn=stratum.drawn,
        fraction=stratum.drawn / stratum.population if stratum.population else None,
        weight=weight / stratum.cases if stratum.cases else None,
        responded=stratum.number("complete"),
        response_rate=response_rate_1(stratum.outcomes),
    )
