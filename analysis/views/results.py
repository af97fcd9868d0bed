"""What a finished run has to show: which table is asked for, and how it is laid out."""

import re
from typing import Any

from django.http import Http404, HttpRequest

from analysis.comparison.marking import marked
from analysis.models import Run, TableLayout
from analysis.tables.document_tables import table_of_document
from analysis.tables.layout import Layout
from analysis.tables.presets import PRESETS
from analysis.tables.table import Table
from analysis.views.standing import standing_of

_TABLES = {
    "coefficients": "table",
    "margins": "margins_table",
    "descriptives": "descriptives_table",
    "curve": "curve_table",
}

_COMPOSED = re.compile(r"table-[1-9]\d{0,2}")


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
    """``coefficients``, ``margins``, ``descriptives``, ``curve`` or ``table-1`` by the address."""
    what = request.GET.get("what", "coefficients")
    if what not in _TABLES and not _COMPOSED.fullmatch(what):
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
    """The run's table, as the run made it or as the layout wants it; what was registered apart.

    Raises: Http404 while there is none.
    """
    if run.state != Run.State.DONE:
        raise Http404
    if what not in _TABLES or (layout is not None and can_be_laid_out(run, what)):
        table = _laid_out(run, what, layout)
    else:
        document = getattr(run, _TABLES[what])
        if document is None:
            raise Http404
        table = Table.from_document(document)
    return marked(table, what, standing_of(run), run.estimates)


def _laid_out(run: Run, what: str, layout: Layout | None) -> Table:
    try:
        return table_of_document(run.estimates, what=what, layout=layout)
    except ValueError:
        raise Http404 from None


def composed_tables(run: Run) -> list[dict[str, str]]:
    """Key and title of the tables that entries of the plan make by themselves."""
    return [
        {"key": each["key"], "title": each["title"]} for each in run.estimates.get("tables", ())
    ]


def can_be_laid_out(run: Run, what: str) -> bool:
    """Whether the table is made of numbers that are kept with what says how to lay it out."""
    if what not in _TABLES:
        return any(each["key"] == what for each in composed_tables(run))
    models = run.estimates["models"]
    return what in ("coefficients", "margins") and bool(models) and "words" in models[0]


def plot_note(run: Run) -> str:
    wave = run.plan_version.plan.wave
    made = " Made data." if wave.made_data else ""
    return f"Source: {wave.survey.title}, {wave.title}.{made}"
