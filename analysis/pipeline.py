"""A data set and a plan in, a table and its estimates out. Pure: no Django, no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from analysis.constructs import Measured, vocabulary
from analysis.dataset import Dataset
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.estimates import Estimates, Fit
from analysis.estimation.regression import fit
from analysis.refusals import Refusal
from analysis.specification.matrix import Equation, equation, unknown_terms, with_definitions
from analysis.specification.model import Plan, Specification
from analysis.specification.problems import Ledger, PlanProblem
from analysis.tables.regression import regression_table
from analysis.tables.regression_notes import source_notes
from analysis.tables.table import Table

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run gives.

    `table` shows coefficients and `margins_table` average marginal effects, None if no
    model has them; `estimates_document` is the content of estimates.json.
    """

    specifications: tuple[Specification, ...]
    fits: tuple[Fit, ...]
    table: Table
    margins_table: Table | None
    estimates_document: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Estimated:
    specification: Specification
    equation: Equation
    fit: Fit
    outcome_label: str
    has_population: bool


def quiet(done: int, total: int, note: str) -> None:
    """Progress that nobody watches."""


def run(
    dataset: Dataset,
    plan: Plan,
    *,
    on_progress: Progress = quiet,
    fingerprint: str = "",
    stars: bool = False,
) -> Results:
    """Measures, definitions, equations, fits, margins, table.

    Raises: Refusal that names the model which cannot be estimated and why.
    """
    count = len(dataset.frame)
    if count == 0:
        raise Refusal(
            "no_responses", "The wave has no submitted responses.", "Wait for the first firms."
        )
    total = len(plan.specifications)
    on_progress(0, total, "Deriving measures")
    known = with_definitions(plan, vocabulary(dataset, dict(plan.scales)), count)
    estimated = []
    for done, specification in enumerate(plan.specifications):
        on_progress(done, total, f"Estimating {specification.name}")
        estimated.append(_estimate(specification, known, dataset))
    on_progress(total, total, "Making the table")
    return _results(dataset, plan, tuple(estimated), fingerprint, stars)


def check(dataset: Dataset, plan: Plan) -> tuple[PlanProblem, ...]:
    """What would keep the plan's models from being set up, before anything is estimated."""
    ledger = Ledger()
    count = len(dataset.frame)
    try:
        known = with_definitions(plan, vocabulary(dataset, dict(plan.scales)), count)
    except Refusal as refusal:
        return (PlanProblem(refusal.code, "define", refusal.message, refusal.remedy),)
    for specification in plan.specifications:
        where = f"model {specification.name}"
        unknown = unknown_terms(specification, known)
        for unknown_term in unknown:
            ledger.keep(where, unknown_term)
        if not unknown:
            _keep_refusal_of_equation(specification, known, count, ledger)
    return tuple(ledger.problems)


def _keep_refusal_of_equation(
    specification: Specification, known: Mapping[str, Measured], count: int, ledger: Ledger
) -> None:
    try:
        equation(specification, known, count)
    except Refusal as refusal:
        ledger.keep(f"model {specification.name}", refusal)


def _estimate(
    specification: Specification, known: Mapping[str, Measured], dataset: Dataset
) -> _Estimated:
    design = _design(specification, dataset)
    try:
        ready = equation(specification, known, len(dataset.frame))
        fitted = fit(
            y=ready.y,
            X=ready.X,
            estimator=specification.estimator,
            covariance=specification.covariance,
            design=design,
            domain=ready.domain,
            margins=specification.margins,
            outcome=known[specification.outcome].label,
            labels={
                **ready.labels,
                **{name: known[name].label for name in specification.formula.variables},
            },
        )
    except Refusal as refusal:
        raise Refusal(
            refusal.code, f"Model “{specification.name}”: {refusal.message}", refusal.remedy
        ) from None
    return _Estimated(
        specification=specification,
        equation=ready,
        fit=fitted,
        outcome_label=known[specification.outcome].label,
        has_population=design.population is not None,
    )


def _design(specification: Specification, dataset: Dataset) -> SurveyDesign:
    chosen, design = specification.design, dataset.design
    population = design["population"].to_numpy(dtype=float)
    return survey_design(
        count=len(design),
        weight=design["weight"].to_numpy(dtype=float) if chosen.weights else None,
        stratum=design["stratum"].to_numpy() if chosen.strata else None,
        cluster=design["cluster"].to_numpy() if chosen.clusters else None,
        population=population
        if chosen.population and chosen.strata and not np.isnan(population).all()
        else None,
    )


def _results(
    dataset: Dataset,
    plan: Plan,
    estimated: tuple[_Estimated, ...],
    fingerprint: str,
    stars: bool,
) -> Results:
    fits = tuple(each.fit for each in estimated)
    has_margins = any(each.margins is not None for each in fits)
    table = partial(
        regression_table,
        title=plan.title,
        names=[each.specification.name for each in estimated],
        outcomes=[each.outcome_label for each in estimated],
        fits=fits,
        labels=_merged(each.equation.labels for each in estimated),
        scales=_merged(each.equation.scales for each in estimated),
        factors=_merged(each.equation.factors for each in estimated),
        specification_notes=[_sample_note(each) for each in estimated],
        notes=source_notes(dataset.provenance),
        fingerprint=fingerprint,
        stars=stars,
    )
    return Results(
        specifications=plan.specifications,
        fits=fits,
        table=table(what="coefficients"),
        margins_table=table(what="margins") if has_margins else None,
        estimates_document=_document(dataset, plan, estimated, fingerprint),
    )


def _merged(mappings: Any) -> dict[str, str]:
    merged: dict[str, str] = {}
    for mapping in mappings:
        merged |= mapping
    return merged


def _sample_note(each: _Estimated) -> str:
    """Which firms the model is about, and which it had to leave out."""
    notes = []
    if each.specification.subpopulation is not None:
        notes.append(f"Subpopulation: {each.specification.subpopulation}.")
    left_out = each.equation.in_subpopulation - each.fit.n
    if left_out > 0:
        notes.append(f"{left_out} firms left out for missing values.")
    if _design_used(each)["population"]:
        notes.append("With finite population correction.")
    if each.equation.empty_levels:
        notes.append(f"Without firms: {', '.join(each.equation.empty_levels)}.")
    return " ".join(notes)


def _document(
    dataset: Dataset, plan: Plan, estimated: tuple[_Estimated, ...], fingerprint: str
) -> dict[str, Any]:
    """estimates.json: numbers in full double precision, null where there is none."""
    return {
        "format": 1,
        "plan": {"title": plan.title, "fingerprint": plan.fingerprint},
        "fingerprint": fingerprint,
        "extract_fingerprint": dataset.fingerprint,
        "data": dict(dataset.provenance),
        "models": [_model_document(each) for each in estimated],
    }


def _design_used(each: _Estimated) -> dict[str, bool]:
    """Which parts of the design the estimates rest on: asked for, there, and of use."""
    chosen, covariance = each.specification.design, each.specification.covariance
    return {
        "weights": chosen.weights,
        "strata": chosen.strata and covariance == "design",
        "clusters": chosen.clusters and covariance in ("design", "cluster"),
        "population": each.has_population and covariance == "design",
    }


def _model_document(each: _Estimated) -> dict[str, Any]:
    fitted, specification = each.fit, each.specification
    return {
        "name": specification.name,
        "outcome": specification.outcome,
        "outcome_label": each.outcome_label,
        "estimator": specification.estimator,
        "formula": f"{specification.outcome} ~ {specification.formula}",
        "covariance_type": specification.covariance,
        "design": _design_used(each),
        "subpopulation": None
        if specification.subpopulation is None
        else str(specification.subpopulation),
        "n": int(fitted.n),
        "n_strata": _whole(fitted.n_strata),
        "n_clusters": _whole(fitted.n_clusters),
        "population": _finite(fitted.population),
        "log_likelihood": _finite(fitted.log_likelihood),
        "fit_measures": {name: _finite(value) for name, value in fitted.fit_measures.items()},
        "dropped": [list(pair) for pair in fitted.dropped],
        "notes": [*fitted.notes, *filter(None, [_sample_note(each)])],
        "terms": _terms(fitted.estimates, each.equation),
        "margins": None if fitted.margins is None else _terms(fitted.margins, each.equation),
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _whole(value: int | None) -> int | None:
    return None if value is None else int(value)


def _terms(estimates: Estimates, ready: Equation) -> list[dict[str, Any]]:
    lines = zip(
        estimates.terms,
        estimates.coefficients.tolist(),
        estimates.std_errors.tolist(),
        estimates.statistics.tolist(),
        estimates.p_values.tolist(),
        estimates.intervals().tolist(),
        strict=True,
    )
    return [
        {
            "term": term,
            "label": ready.labels.get(term, term),
            "scale": ready.scales.get(term),
            "estimate": _finite(estimate),
            "std_error": _finite(std_error),
            "statistic": _finite(statistic),
            "p_value": _finite(p_value),
            "conf_low": _finite(interval[0]),
            "conf_high": _finite(interval[1]),
            "df": _finite(estimates.residual_df),
        }
        for term, estimate, std_error, statistic, p_value, interval in lines
    ]
