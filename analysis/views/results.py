"""What a finished run has to show: which table is asked for, and the plot's source."""

from django.http import Http404, HttpRequest

from analysis.models import Run
from analysis.tables.table import Table

_TABLES = {
    "coefficients": "table",
    "margins": "margins_table",
    "descriptives": "descriptives_table",
    "curve": "curve_table",
}


def what_asked(request: HttpRequest) -> str:
    """``coefficients``, ``margins``, ``descriptives`` or ``curve``, by the address."""
    what = request.GET.get("what", "coefficients")
    if what not in _TABLES:
        raise Http404
    return what


def table_of(run: Run, what: str) -> Table:
    """The run's table. Raises: Http404 while there is none."""
    document = getattr(run, _TABLES[what])
    if run.state != Run.State.DONE or document is None:
        raise Http404
    return Table.from_document(document)


def plot_note(run: Run) -> str:
    wave = run.plan_version.plan.wave
    made = " Made data." if wave.made_data else ""
    return f"Source: {wave.survey.title}, {wave.title}.{made}"
