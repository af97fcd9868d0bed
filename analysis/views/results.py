"""What a finished run has to show: which table is asked for, and the plot's words."""

from django.http import Http404, HttpRequest

from analysis.models import Run
from analysis.tables.table import Table

_TABLES = {
    "coefficients": "table",
    "margins": "margins_table",
    "descriptives": "descriptives_table",
}
_AXES = {"logit": "Coefficient (log odds)", "probit": "Coefficient (probit index)"}


def what_asked(request: HttpRequest) -> str:
    """``coefficients``, ``margins`` or ``descriptives``, by the address."""
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


def plot_title(run: Run) -> str:
    outcomes = list(dict.fromkeys(model["outcome_label"] for model in run.estimates["models"]))
    if len(outcomes) != 1:
        return f"{run.plan_version.plan.title}: by scale, near to far"
    outcome = outcomes[0]
    return f"How is {outcome[:1].lower()}{outcome[1:]} associated with each scale, near to far?"


def plot_axis(run: Run, what: str) -> str:
    if what == "margins":
        return "Average marginal effect"
    estimators = {model["estimator"] for model in run.estimates["models"]}
    return _AXES.get(estimators.pop(), "Coefficient") if len(estimators) == 1 else "Coefficient"


def plot_note(run: Run) -> str:
    wave = run.plan_version.plan.wave
    made = " Made data." if wave.made_data else ""
    return f"Source: {wave.survey.title}, {wave.title}.{made}"
