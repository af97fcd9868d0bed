"""From estimates.json back to fits and tables: a table is laid out anew, nothing is estimated."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np

from analysis.estimation.estimates import Estimates, Fit
from analysis.refusals import Refusal
from analysis.tables.arrangement import Unit, arranged
from analysis.tables.column_order import display_order, reordered
from analysis.tables.composed_columns import columns_of, tied_of, units_of
from analysis.tables.composed_table import composed_table, statistics_of
from analysis.tables.estimate_cells import headings_beside
from analysis.tables.layout import Layout, Line
from analysis.tables.refused import blank_like, notes_beside, with_blanks
from analysis.tables.regression import What, body_of, model_key, regression_table
from analysis.tables.regression_notes import source_notes
from analysis.tables.resampled_words import resampled_words
from analysis.tables.statistics_block import statistics_block
from analysis.tables.table import Table

Document = Mapping[str, Any]
_OF_MODELS: tuple[What, ...] = get_args(What)


def table_of_document(
    document: Document, *, what: str = "coefficients", layout: Layout | None = None
) -> Table:
    """The table of a run in another layout; without one, the table that the run made.

    `what` is ``coefficients``, ``margins`` or the key of one of the document's `tables`.

    Models keep the numbers that they have in the plan, wherever their columns stand.

    Raises: ValueError if the run has no models, for ``margins`` no marginal effects, or no table
    of that key; Refusal ``layout`` if the layout leaves every estimated model out.
    """
    layout = layout or Layout()
    if what not in _OF_MODELS:
        return composed_table(
            entry_of(document, what),
            layout=layout,
            notes=(*notes_beside(document), *source_notes(document["data"])),
            fingerprint=document["fingerprint"],
        )
    every = _columns(document, what)
    columns = _shown(every, layout)
    models = [model for model in columns if "terms" in model]
    fits = [fit_of_model(model) for model in models]
    by_place = {model["place"]: fit for model, fit in zip(models, fits, strict=True)}
    refused = [model for model in columns if "terms" not in model]
    table = regression_table(
        title=document["plan"]["title"],
        names=[model["name"] for model in columns],
        outcomes=_outcomes(columns),
        fits=[by_place.get(model["place"]) or blank_like(fits[0]) for model in columns],
        words=[model["words"]["own"] if "terms" in model else {} for model in columns],
        specification_notes=[_note(model) for model in columns],
        notes=(
            *_not_shown([model for model in every if model not in columns]),
            *(f"({each['place']}) {each['name']}: {_refusal(each)}" for each in refused),
            *notes_beside(document),
            *source_notes(document["data"]),
        ),
        fingerprint=document["fingerprint"],
        what=_of_models(what),
        layout=layout,
        labels=_merged(models, "terms"),
        scales=_merged(models, "scales"),
        factors=_merged(models, "factors"),
        numbers=[model["place"] for model in columns],
    )
    width = 1 + len(headings_beside(layout))
    blank = {at * width for at, model in enumerate(columns) if "terms" not in model}
    order = display_order([model_key(model["place"]) for model in columns], layout)
    in_order = [at * width + beside for at in order for beside in range(width)]
    return reordered(with_blanks(table, blank), in_order)


def _shown(columns: Sequence[Mapping[str, Any]], layout: Layout) -> list[Mapping[str, Any]]:
    """The models whose columns the layout does not leave out. Raises: Refusal ``layout``."""
    hidden = {line.key for line in layout.columns if not line.is_shown}
    shown = [model for model in columns if model_key(model["place"]) not in hidden]
    if not any("terms" in model for model in shown):
        raise Refusal(
            "layout", "Every estimated model is left out.", "Show the column of at least one."
        )
    return shown


def _not_shown(models: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if not models:
        return ()
    named = ", ".join(f"({model['place']}) {model['name']}".strip() for model in models)
    if all("terms" not in model for model in models):
        return (f"Not shown: {named}.",)
    return (f"Not shown: {named}; what was estimated is in estimates.json.",)


def entry_of(document: Document, key: str) -> Mapping[str, Any]:
    """One of the tables that are made of several descriptions. Raises: ValueError."""
    for entry in document.get("tables", ()):
        if entry["key"] == key:
            found: Mapping[str, Any] = entry
            return found
    raise ValueError(f"The run has no table {key}.")


def columns_of_document(
    document: Document, *, what: str = "coefficients", layout: Layout | None = None
) -> tuple[Line, ...]:
    """The columns that a layout may name and move, in its order: keys, own words and headings.

    Those that it leaves out are among them.
    """
    layout = layout or Layout()
    if what not in _OF_MODELS:
        return columns_of(entry_of(document, what), layout)
    columns = _columns(document, what)
    lines = [
        Line(model_key(model["place"]), model["name"], outcome)
        for model, outcome in zip(columns, _outcomes(columns), strict=True)
    ]
    return tuple(lines[at] for at in display_order([line.key for line in lines], layout))


def tied_columns(document: Document, *, what: str = "coefficients") -> frozenset[str]:
    """Keys of the columns whose order is that of the lines: those of correlations."""
    return frozenset() if what in _OF_MODELS else tied_of(entry_of(document, what))


def units_of_document(
    document: Document, *, what: str = "coefficients", layout: Layout | None = None
) -> tuple[Unit, ...]:
    """The lines that a layout may move, in its order; those it leaves out at their places.

    Lines keep the heading and the words that the layout gives them, and none is folded but
    the factors.
    """
    layout = layout or Layout()
    every = Layout(lines=tuple(_always_shown(layout)))
    if what not in _OF_MODELS:
        return arranged(units_of(entry_of(document, what)), every).units
    models = [model for model in _columns(document, what) if "terms" in model]
    body = body_of(
        [fit_of_model(model) for model in models],
        _merged(models, "terms"),
        _merged(models, "scales"),
        _merged(models, "factors"),
        [model["words"]["own"] for model in models],
        _of_models(what),
        True,
        layout,
    )
    return arranged(body.units(), every).units


def statistics_of_document(document: Document, *, what: str = "coefficients") -> tuple[str, ...]:
    """Labels of the lines under the estimates."""
    if what not in _OF_MODELS:
        return statistics_of(entry_of(document, what))
    models = [model for model in document["models"] if "terms" in model]
    return tuple(row.label for row in statistics_block([fit_of_model(model) for model in models]))


def fit_of_model(model: Mapping[str, Any]) -> Fit:
    """The fit as estimates.json has it; of the covariance, the diagonal."""
    sample_note = model["sample_note"]
    notes = model["notes"][: len(model["notes"]) - bool(sample_note)]
    return Fit(
        estimator=model["estimator"],
        covariance_type=model["covariance_type"],
        estimates=_estimates(model["terms"]),
        n=model["n"],
        n_strata=model["n_strata"],
        n_clusters=model["n_clusters"],
        population=model["population"],
        log_likelihood=model["log_likelihood"],
        fit_measures=_fit_measures(model),
        margins=None if model["margins"] is None else _estimates(model["margins"]),
        margins_of=model["margins_of"],
        derived=None if model["derived"] is None else _estimates(model["derived"]),
        ancillary=tuple(model["parameters"]),
        dropped=tuple((name, reason) for name, reason in model["dropped"]),
        notes=tuple(notes),
    )


def _fit_measures(model: Mapping[str, Any]) -> dict[str, float]:
    """In the order of the estimator; runs of before it was kept have that of the database."""
    found = model["fit_measures"]
    return {name: _number(found[name]) for name in model.get("fit_measures_in_order", found)}


def _of_models(what: str) -> What:
    """The name of a table of models; others were answered before."""
    return next(each for each in _OF_MODELS if each == what)


def _columns(document: Document, what: str) -> list[Mapping[str, Any]]:
    """Models and those that were refused, by their place in the plan."""
    models = document["models"]
    if not models or (what == "margins" and all(model["margins"] is None for model in models)):
        raise ValueError(f"The run has no {what}.")
    return sorted([*models, *document["not_estimated"]], key=lambda model: int(model["place"]))


def _outcomes(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of the outcomes; of a refused model that of all others, if they share one."""
    labels = {model["outcome_label"] for model in columns if "terms" in model}
    shared = labels.pop() if len(labels) == 1 else ""
    return [model.get("outcome_label", shared) for model in columns]


def _estimates(lines: Sequence[Mapping[str, Any]]) -> Estimates:
    errors = np.array([_number(line["std_error"]) for line in lines], dtype=float)
    df = np.array([math.inf if line["df"] is None else line["df"] for line in lines], dtype=float)
    differ = len(df) > 0 and bool(np.any(df != df[0]))
    return Estimates(
        terms=tuple(line["term"] for line in lines),
        coefficients=np.array([_number(line["estimate"]) for line in lines], dtype=float),
        covariance=np.diag(errors**2),
        residual_df=float(df.min()) if len(df) else math.inf,
        term_df=df if differ else None,
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _note(model: Mapping[str, Any]) -> str:
    if "terms" not in model:
        return ""
    tests = (test["sentence"] for test in model["tests"])
    made = {kind: model[kind] for kind in ("bootstrap", "permutation") if model[kind] is not None}
    return " ".join(filter(None, [model["sample_note"], *tests, resampled_words(made)]))


def _refusal(refused: Mapping[str, Any]) -> str:
    return f"not estimated. {refused['message']} {refused['remedy']}".strip()


def _merged(models: Sequence[Mapping[str, Any]], kind: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for model in models:
        merged |= model["words"][kind]
    return merged


def _always_shown(layout: Layout) -> list[Any]:
    return [type(line)(line.key, line.label, line.group) for line in layout.lines]
