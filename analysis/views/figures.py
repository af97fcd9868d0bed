"""Figures of a finished run: a page with all of them, and each as a file."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from analysis import actions
from analysis.figures import figure as formats
from analysis.figures.figure import Datum, Figure
from analysis.figures.of_estimates import Available, figures_of
from analysis.figures.of_maps import REGION
from analysis.models import Run
from analysis.tables import numerals
from analysis.views.access import table_page
from analysis.views.files import attachment, file_name
from analysis.views.results import frame_of, plot_note
from analysis.views.standing import registered_of

FORMATS = {
    "svg": ("image/svg+xml", formats.svg),
    "png": ("image/png", formats.png),
    "pdf": ("application/pdf", formats.pdf),
    "csv": ("text/csv; charset=utf-8", formats.table_csv),
    "json": ("application/json; charset=utf-8", formats.as_json),
}
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure on a page: its picture, and its numbers as they are printed.

    `label` tells it from the other figures of the run, which may have the same question.
    """

    key: str
    label: str
    figure: Figure
    picture: SafeString
    rows: tuple[tuple[str, ...], ...]
    is_shortened: bool


@require_safe
@table_page
def figures(request: HttpRequest, run: Run) -> HttpResponse:
    """Every figure of the run with its numbers beneath."""
    if run.state != Run.State.DONE:
        raise Http404
    found = figures_of_run(run)
    context = {
        **frame_of(run),
        "figures": [shown(each) for each in found],
        "formats": list(FORMATS),
        "wants_boundaries": _wants_boundaries(run),
    }
    return render(request, "analysis/runs/figures.html", context)


@require_safe
@table_page
def download(request: HttpRequest, run: Run, key: str, ending: str) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """One figure, in the format that the address ends with."""
    if run.state != Run.State.DONE or ending not in FORMATS:
        raise Http404
    found = {each.key: each for each in figures_of_run(run)}
    if key not in found:
        raise Http404
    media_type, write = FORMATS[ending]
    return attachment(write(found[key].draw()), file_name(run, f"figure-{key}", ending), media_type)


def _wants_boundaries(run: Run) -> bool:
    """Whether something would be drawn on a map if it were known where regions lie."""
    by_region = any(each["by"] == REGION for each in run.estimates.get("descriptives", ()))
    return by_region and actions.boundaries_of(run.plan_version.plan.wave.survey) is None


def figures_of_run(run: Run) -> tuple[Available, ...]:
    """Every figure of a finished run, maps among them where it is known where regions lie."""
    boundaries = actions.boundaries_of(run.plan_version.plan.wave.survey)
    return figures_of(
        run.estimates,
        source=plot_note(run),
        boundaries=boundaries,
        registered=registered_of(run),
    )


def shown(available: Available) -> ShownFigure:
    """The figure for a page; names within its picture are led by its key."""
    figure = available.draw()
    picture = formats.svg(figure, name=available.key)
    return ShownFigure(
        available.key,
        available.title,
        figure,
        mark_safe(picture),  # noqa: S308 -- vl-convert and analysis.figures escape all text
        tuple(tuple(_printed(value) for value in row) for row in figure.rows[:MOST_ROWS]),
        len(figure.rows) > MOST_ROWS,
    )


def _printed(value: Datum) -> str:
    if isinstance(value, float):
        return numerals.significant(value)
    if isinstance(value, int):
        return numerals.whole(value)
    return value or ""
