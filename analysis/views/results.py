"""What a finished run has to show: which table is asked for, and how it is laid out."""

from typing import Any

from django.http import Http404, HttpRequest

from analysis.models import Run, TableLayout
from analysis.tables.document_tables import table_of_document
from analysis.tables.layout import Layout
from analysis.tables.presets import PRESETS
from analysis.tables.table import Table

_TABLES = {
    "coefficients": "table",
    "margins": "margins_table",
    "descriptives": "descriptives_table",
    "curve": "curve_table",
}


def frame_of(run: Run) -> dict[str, Any]:
    """What the layout around every page of a run needs."""
    wave = run.plan_version.plan.wave
    return {
        "survey": wave.survey,
        "wave": wave,
        "stage": "analysis",
        "plan": run.plan_version.plan,
        "run": run,
    }


def what_asked(request: HttpRequest) -> str:
    """``coefficients``, ``margins``, ``descriptives`` or ``curve``, by the address."""
    what = request.GET.get("what", "coefficients")
    if what not in _TABLES:
        raise Http404
    return what


def kept_layout(request: HttpRequest, run: Run) -> Layout | None:
    """How the person wants the run's tables; None where they take them as they are."""
    kept = TableLayout.objects.filter(run=run, person_id=request.user.pk).first()
    return None if kept is None else Layout.from_document(kept.document)


def layout_asked(request: HttpRequest, run: Run) -> Layout | None:
    """The preset that the address names, or else what the person keeps. Raises: Http404."""
    preset = request.GET.get("preset")
    if preset is None:
        return kept_layout(request, run)
    if preset not in PRESETS:
        raise Http404
    return PRESETS[preset].layout


def table_of(run: Run, what: str, layout: Layout | None = None) -> Table:
    """The run's table, as the run made it or as the layout wants it.

    Raises: Http404 while there is none.
    """
    document = getattr(run, _TABLES[what])
    if run.state != Run.State.DONE or document is None:
        raise Http404
    if layout is not None and can_be_laid_out(run, what):
        return table_of_document(run.estimates, what=what, layout=layout)  # type: ignore[arg-type]
    return Table.from_document(document)


def can_be_laid_out(run: Run, what: str) -> bool:
    """Whether the table is one of estimates, of models that say how to lay it out."""
    models = run.estimates["models"]
    return what in ("coefficients", "margins") and bool(models) and "words" in models[0]


def plot_note(run: Run) -> str:
    wave = run.plan_version.plan.wave
    made = " Made data." if wave.made_data else ""
    return f"Source: {wave.survey.title}, {wave.title}.{made}"
