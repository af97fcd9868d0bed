"""One run: how far it is, why it failed, or the table it gave."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from analysis import actions, tasks
from analysis.extracts import may_analyse
from analysis.figures import figure as formats
from analysis.figures.points import plot_points
from analysis.models import Run, RunPiece
from analysis.reading.expectations import theory_told_by
from analysis.reading.paragraphs import paragraphs
from analysis.refusals import Refusal
from analysis.tables import html
from analysis.tables.curve import specifications_csv
from analysis.views import reading
from analysis.views.access import run_page, table_page, watched_page
from analysis.views.checks import told_of_check
from analysis.views.compare import comparable
from analysis.views.figures import FORMATS as FIGURE_FORMATS
from analysis.views.figures import ShownFigure, figures_of_run, shown
from analysis.views.files import FORMATS
from analysis.views.provenance import is_of_other_code, links_of
from analysis.views.results import (
    can_be_laid_out,
    composed_tables,
    frame_of,
    layout_asked,
    table_of,
    what_asked,
)
from analysis.views.same_run import same_run_as
from analysis.views.standing import told_of_registration

_PLOTTED = ("coefficients", "margins")


@require_safe
@watched_page
def run(request: HttpRequest, run: Run) -> HttpResponse:
    same = same_run_as(run)
    if same is not None:
        messages.info(request, "The data had not changed: this is the run of before.")
        return redirect(same)
    context = {
        **frame_of(run),
        "progress": reading.progress(run, at=timezone.now()),
        "may_analyse": may_analyse(request.user, run.plan_version.plan.wave),
    }
    if run.state == Run.State.DONE:
        context |= told_of_check(request, run)
        return render(request, "analysis/runs/table.html", context | _results(request, run))
    return render(request, "analysis/runs/run.html", context)


@require_safe
@run_page
def progress(request: HttpRequest, run: Run) -> JsonResponse:  # noqa: ARG001 -- a view takes it
    """How far the run is, for the script that watches it."""
    return JsonResponse(asdict(reading.progress(run, at=timezone.now())))


@require_POST
@run_page
def withdraw(request: HttpRequest, run: Run) -> HttpResponse:
    if actions.withdraw(run=run, by=request.user, at=timezone.now()):
        messages.success(request, "The run is withdrawn. The plan and its versions stay.")
    else:
        messages.info(request, "The run was over before it could be withdrawn.")
    return redirect(run)


@require_POST
@run_page
def again(request: HttpRequest, run: Run) -> HttpResponse:
    """Ask for the run of the same plan version on the data as they are now."""
    try:
        found, is_new = actions.request(
            plan_version=run.plan_version, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(run)
    if is_new:
        tasks.publish_on_commit(found.pk)
    elif found.pk == run.pk:
        messages.info(request, "Neither plan nor data nor code has changed: the result stands.")
    return redirect(found)


@require_safe
@table_page
def plot(request: HttpRequest, run: Run) -> HttpResponse:
    """The coefficient plot as a picture."""
    what = what_asked(request)
    if run.state != Run.State.DONE or what not in _PLOTTED:
        raise Http404
    if not plot_points(run.estimates, what=what):
        raise Http404
    return HttpResponse(formats.svg(_plot(run, what).figure), content_type="image/svg+xml")


@require_safe
@table_page
def specifications(request: HttpRequest, run: Run) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """Every model of the run's specification curve, a line each."""
    curve = (run.estimates or {}).get("curve")
    if run.state != Run.State.DONE or curve is None:
        raise Http404
    answer = HttpResponse(specifications_csv(curve), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="specifications.csv"'
    return answer


def _results(request: HttpRequest, run: Run) -> dict[str, Any]:
    what = what_asked(request)
    layout = layout_asked(request, run)
    table = table_of(run, what, layout)
    points = plot_points(run.estimates, what=what) if what in _PLOTTED else ()
    models = run.estimates["models"]
    curve = (run.estimates.get("curve") or {}).get("specifications", [])
    counted = models or [each for each in curve if not each["refusal"]] or _described_terms(run)
    # Of a line that was withheld it is not told how many firms it is of.
    numbers = sorted({each["n"] for each in counted if each["n"] is not None}) or [0]
    return {
        "what": what,
        "table": table,
        "table_html": _fragment(table, links_of(run, table, what)),
        "has_margins": run.margins_table is not None,
        "has_descriptives": run.descriptives_table is not None,
        "has_curve": run.curve_table is not None,
        "composed": composed_tables(run),
        "is_of_models": what in _PLOTTED,
        "curve": run.estimates.get("curve"),
        "is_incomplete": run.pieces.filter(state=RunPiece.State.FAILED).exists(),
        "is_laid_out": layout is not None and can_be_laid_out(run, what),
        "can_be_laid_out": can_be_laid_out(run, what),
        "formats": FORMATS.values(),
        "plot": _plot(run, what) if points else None,
        "figure_formats": list(FIGURE_FORMATS),
        "more_figures": [each for each in figures_of_run(run) if each.key != what],
        "paragraphs": paragraphs(run.estimates),
        "theory": theory_told_by(run.estimates),
        **told_of_registration(run),
        "other_code": is_of_other_code(run),
        "offered": comparable(run),
        "models": models,
        "fewest": numbers[0],
        "most": numbers[-1],
    }


def _plot(run: Run, what: str) -> ShownFigure:
    found = {each.key: each for each in figures_of_run(run)}
    return shown(found[what])


def _described_terms(run: Run) -> list[dict[str, Any]]:
    """Lines and tables of a run that has descriptions only."""
    lines = [term for each in run.estimates.get("descriptives", []) for term in each["terms"]]
    return [*lines, *run.estimates.get("tables", [])]


def _fragment(table: Any, links: Mapping[str, str]) -> SafeString:
    return mark_safe(html.fragment(table, links))  # noqa: S308 -- analysis.tables.html escapes all text
