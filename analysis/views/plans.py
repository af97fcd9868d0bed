"""Plans: the list, the editor with its checks, new versions, asking for runs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from analysis import actions, tasks
from analysis.estimation.registry import ESTIMATORS
from analysis.extracts import Wave, may_analyse, may_decide_outputs, may_view_tables
from analysis.forms import PlanForm
from analysis.models import Plan, PlanVersion
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.plan_text import LARGEST_PLAN
from analysis.views import codebooks, reading
from analysis.views.access import wave_page
from analysis.views.editing import Edited, edited
from analysis.views.editor import checked_context, plain_text, tried
from analysis.views.examination import examine
from analysis.views.library import theory_of_text
from analysis.views.plan_lines import PlacedProblem, placed_problems, problems_of
from analysis.views.standing import register_of

_UNPROCESSABLE = 422
# Addresses of other pages beside those of plans.
_TAKEN = frozenset({"new", "library"})
# Buttons that change the text or what is beside it, and keep nothing.
_KEEPS_OPEN = {"edit", "family", "more"}


@require_safe
@wave_page(may_view_tables)
def plans(request: HttpRequest, wave: Wave) -> HttpResponse:
    found = list(reading.plans_of(wave))
    context = _frame(wave) | {
        "plans": found,
        "library_count": len(reading.shipped_plans()),
        "run_count": sum(each.run_count for each in found),
        "done_count": sum(each.done_count for each in found),
        "may_analyse": may_analyse(request.user, wave),
        "may_decide_outputs": may_decide_outputs(request.user, wave.survey),
        "checks_waiting": len(actions.waiting_for(request.user, wave.survey)),
    }
    return render(request, "analysis/plans/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page()
def new_plan(request: HttpRequest, wave: Wave) -> HttpResponse:
    """An editor with a shipped plan in it, or with an outline; on POST, the first version."""
    if request.method != "POST":
        return _editor(request, wave, None, _first_text(request.GET.get("from", "")))
    return _posted(request, wave, None)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page()
def plan(request: HttpRequest, wave: Wave, plan: str) -> HttpResponse:
    """The editor with the newest version, or with the one asked for; on POST, a new one."""
    found = _plan_or_404(wave, plan)
    if request.method == "POST":
        return _posted(request, wave, found)
    versions = reading.versions_of(found)
    number = request.GET.get("version", "")
    shown = [each for each in versions if number in ("", str(each.number))]
    if not shown:
        raise Http404
    return _editor(request, wave, found, shown[0].source, shown=shown[0])


def _plan_or_404(wave: Wave, slug: str) -> Plan:
    try:
        return reading.plan(wave, slug)
    except Plan.DoesNotExist:
        raise Http404 from None


def _posted(request: HttpRequest, wave: Wave, found: Plan | None) -> HttpResponse:
    """Save if that was pressed; else the editor with what was asked of it, and nothing is kept."""
    if request.POST.get("then", "save") in ("save", "run") and not _KEEPS_OPEN & set(request.POST):
        return _save(request, wave, found)
    source = plain_text(request.POST.get("source", ""))
    if len(source) > LARGEST_PLAN:
        return _save(request, wave, found)
    return _editor(request, wave, found, source, done=edited(request.POST, source))


def _save(request: HttpRequest, wave: Wave, found: Plan | None) -> HttpResponse:
    """Keep the text as the newest version; run it too if that was asked and nothing bars it."""
    form = PlanForm(request.POST)
    typed = request.POST.get("source", "")
    if not form.is_valid():
        return _editor(request, wave, found, typed, form=form, status=_UNPROCESSABLE)
    source = form.cleaned_data["source"]
    try:
        version = actions.write_plan(
            wave=wave,
            slug=found.slug if found else _free_slug(wave, source),
            source=source,
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        problems = placed_problems(problems_of(refusal), source)
        return _editor(
            request, wave, found, typed, problems=problems, status=_UNPROCESSABLE, form=form
        )
    if request.POST.get("then") == "run":
        return _request_run(request, wave, version)
    messages.success(request, f"Saved as version {version.number}.")
    return redirect("analysis:plan", wave.survey.slug, wave.slug, version.plan.slug)


def _free_slug(wave: Wave, source: str) -> str:
    """A name in the address for the plan's title that the wave has no plan under yet."""
    stem = slugify(read_plan(source).title)[:52] or "plan"
    slug, turn = stem, 1
    while slug in _TAKEN or reading.slug_is_taken(wave, slug):
        turn += 1
        slug = f"{stem}-{turn}"
    return slug


def _request_run(request: HttpRequest, wave: Wave, version: PlanVersion) -> HttpResponse:
    """Ask for the run, unless the plan names what the wave does not have."""
    if examine(wave, version.source).problems:
        messages.error(
            request,
            f"Saved as version {version.number}. It was not run: the checks say why.",
        )
        return redirect("analysis:plan", wave.survey.slug, wave.slug, version.plan.slug)
    run, is_new = actions.request(plan_version=version, by=request.user, at=timezone.now())
    if is_new:
        tasks.publish_on_commit(run.pk)
    else:
        messages.info(
            request,
            "This plan was run before on the same data with the same code. Here is that run: "
            "a second one would give the same numbers.",
        )
    return redirect(run)


def _editor(
    request: HttpRequest,
    wave: Wave,
    found: Plan | None,
    source: str,
    *,
    form: PlanForm | None = None,
    shown: PlanVersion | None = None,
    problems: tuple[PlacedProblem, ...] = (),
    status: int = 200,
    done: Edited | None = None,
) -> HttpResponse:
    """The editor; with what a button did to the text, if one was pressed."""
    text = done.source if done else source
    pressed = request.POST.get("then", "")
    # The answers of a large wave are read only where that was asked for.
    examined = examine(wave, text, at_once=pressed not in ("check", "trial"))
    versions = reading.versions_of(found) if found else []
    context = _frame(wave) | checked_context(examined, text, done.target if done else "")
    context |= tried(wave, text) if pressed == "trial" else {}
    context |= {
        "plan": found,
        "form": form or PlanForm(initial={"source": text}),
        "problems": problems,
        "shown": shown,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "runs": reading.runs_of(found) if found else [],
        "done": done,
        "is_tried": pressed == "trial",
        "register": register_of(found, wave),
        "codebook": codebooks.show(codebooks.held(wave), request.POST),
        "estimators": tuple(ESTIMATORS.values()),
        "theory": theory_of_text(text),
    }
    return render(request, "analysis/plans/plan.html", context, status=status)


def _first_text(name: str) -> str:
    """The shipped plan of that name; an outline to fill in if there is none."""
    shipped = {each.name: each.source for each in reading.shipped_plans()}
    return shipped.get(name, OUTLINE)


def _frame(wave: Wave) -> dict[str, Any]:
    return {"survey": wave.survey, "wave": wave, "stage": "analysis"}


OUTLINE = """\
title: What this table shows
about: One sentence on the question behind it.
estimator: logit
covariance: design
models:
  - name: Controls only
    outcome: product
    formula: ln_employment
"""
