"""The content of estimates.json: every number of a run in full double precision."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from analysis.dataset import Dataset
from analysis.estimation.estimates import Estimates, Fit
from analysis.specification.describing import Result
from analysis.specification.formula import Formula
from analysis.specification.hypotheses import Tested
from analysis.specification.language import is_over_waves
from analysis.specification.matrix import Equation
from analysis.specification.model import Plan, Specification
from analysis.tables.composed import composed_entries, stands_alone
from analysis.tables.drawings import Drawing
from analysis.tables.own_words import own_words, present_levels
from analysis.tables.statistics_block import is_of_waves
from analysis.tables.term_words import equation_of, parameter_words, term_words


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What tables say of one model's terms, levels and firms, without the firms themselves.

    `labels`, `scales` and `factors` as those of `Equation`; `own` of `own_words`; `levels` of
    `present_levels`; `left_out` firms of the subpopulation for which something is missing.
    """

    labels: Mapping[str, str]
    scales: Mapping[str, str]
    factors: Mapping[str, str]
    own: Mapping[str, str]
    levels: Mapping[str, str]
    empty_levels: tuple[str, ...]
    left_out: int


def wording(ready: Equation, fit: Fit) -> Wording:
    """The words of a model that was estimated."""
    return Wording(
        labels=dict(ready.labels),
        scales=dict(ready.scales),
        factors=dict(ready.factors),
        own=own_words(ready, fit),
        levels=present_levels(ready, fit),
        empty_levels=ready.empty_levels,
        left_out=ready.in_subpopulation - int(ready.domain.sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """One model with all that is told of it; `place` is its column, counted from 1.

    Of fewer firms than `least_told`, how many they are is not told.
    """

    specification: Specification
    wording: Wording
    fit: Fit
    outcome_label: str
    has_population: bool
    tests: tuple[Tested, ...] = ()
    place: int = 1
    resampled: Mapping[str, Any] = field(default_factory=dict)
    least_told: int = 0
    curves: tuple[Drawing, ...] = ()


@dataclass(frozen=True, slots=True)
class Unestimated:
    """A model, or a description, that was refused: its place, and why."""

    place: int
    name: str
    code: str
    message: str
    remedy: str


def sample_note(each: Estimated) -> str:
    """Which firms the model is about, and which it had to leave out."""
    notes = []
    if each.specification.subpopulation is not None:
        notes.append(f"Subpopulation: {each.specification.subpopulation}.")
    # What the estimator itself sets aside, as firms that never change, is told in its own notes.
    if each.wording.left_out > 0:
        rows = "firm-waves" if is_of_waves(each.fit) else "firms"
        left_out = each.wording.left_out if each.wording.left_out >= each.least_told else "Few"
        why = "missing values" + " or for want of another wave" * _reads_other_waves(each)
        notes.append(f"{left_out} {rows} left out for {why}.")
    if _design_used(each)["population"]:
        notes.append("With finite population correction.")
    if each.wording.empty_levels:
        notes.append(f"Without firms: {', '.join(each.wording.empty_levels)}.")
    if levels := each.wording.levels:
        listed = ", ".join(f"{level} {label}" for level, label in levels.items())
        notes.append(f"Levels of {each.outcome_label}: {listed}.")
    return " ".join(notes)


def _reads_other_waves(each: Estimated) -> bool:
    """Whether a row is complete only if its firm answered another wave."""
    specification = each.specification
    names = (specification.outcome, *specification.formula.variables)
    return any(is_over_waves(name) for name in names)


def estimates_document(
    dataset: Dataset,
    plan: Plan,
    estimated: tuple[Estimated, ...],
    results: tuple[Result, ...],
    fingerprint: str,
    *,
    refused: tuple[Unestimated, ...] = (),
    undescribed: tuple[Unestimated, ...] = (),
    curve: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """estimates.json: numbers in full double precision, null where there is none.

    `refused` are models, `undescribed` descriptions.
    """
    return {
        "format": 1,
        "plan": {
            "title": plan.title,
            "fingerprint": plan.fingerprint,
            "theory": None if plan.theory is None else plan.theory.document(),
        },
        "fingerprint": fingerprint,
        "extract_fingerprint": dataset.fingerprint,
        "data": dict(dataset.provenance),
        "models": [_model_document(each) for each in estimated],
        "descriptives": [_description(each) for each in results if stands_alone(each)],
        "tables": composed_entries(results),
        "not_estimated": [asdict(each) for each in refused],
        "not_described": [asdict(each) for each in undescribed],
        "curve": curve,
    }


def _description(result: Result) -> dict[str, Any]:
    found = result.description
    lines = zip(
        found.estimates.terms,
        found.estimates.coefficients.tolist(),
        found.estimates.std_errors.tolist(),
        found.intervals.tolist(),
        found.n.tolist(),
        found.degrees_of_freedom.tolist(),
        found.effects.with_replacement.tolist(),
        strict=True,
    )
    return {
        "title": result.title,
        "statistic": result.asked.statistic,
        "outcome": result.asked.outcome,
        "by": result.asked.by,
        "other": result.asked.other,
        "covariance_type": found.covariance_type,
        "interval": found.interval,
        "notes": list(result.notes),
        "terms": [
            {
                "term": term,
                "label": result.words(term),
                "estimate": _finite(estimate),
                "std_error": _finite(error),
                "conf_low": _finite(interval[0]),
                "conf_high": _finite(interval[1]),
                "n": int(n) if np.isfinite(n) else None,
                "df": _finite(df),
                "design_effect": _finite(effect),
            }
            for term, estimate, error, interval, n, df, effect in lines
        ],
        "tests": {}
        if result.table is None
        else {
            name: {
                "statistic": _finite(test.statistic),
                "numerator_df": _finite(test.numerator_df),
                "denominator_df": _finite(test.denominator_df),
                "p_value": _finite(test.p_value),
            }
            for name, test in result.table.tests.items()
        },
    }


def _design_used(each: Estimated) -> dict[str, bool]:
    """Which parts of the design the estimates rest on: asked for, there, and of use."""
    chosen, covariance = each.specification.design, each.specification.covariance
    return {
        "weights": chosen.weights,
        "strata": chosen.strata and covariance in ("design", "replicate"),
        "clusters": chosen.clusters and covariance in ("design", "replicate", "cluster"),
        "population": each.has_population and covariance in ("design", "replicate"),
    }


def _model_document(each: Estimated) -> dict[str, Any]:
    fitted, specification = each.fit, each.specification
    return {
        "place": each.place,
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
        # A database may keep the names of an object in an order of its own.
        "fit_measures_in_order": list(fitted.fit_measures),
        "dropped": [list(pair) for pair in fitted.dropped],
        "notes": [*fitted.notes, *filter(None, [sample_note(each)])],
        "sample_note": sample_note(each),
        "parameters": list(fitted.ancillary),
        "words": {
            "terms": dict(each.wording.labels),
            "scales": dict(each.wording.scales),
            "factors": dict(each.wording.factors),
            "own": dict(each.wording.own),
        },
        "terms": _terms(fitted.estimates, each),
        "derived": None if fitted.derived is None else _terms(fitted.derived, each),
        "margins": None if fitted.margins is None else _terms(fitted.margins, each),
        "margins_of": "" if fitted.margins is None else fitted.margins_of,
        "with": {given.role: _plain(given.value) for given in specification.given},
        "tests": [_test(test) for test in each.tests],
        "bootstrap": each.resampled.get("bootstrap"),
        "permutation": each.resampled.get("permutation"),
        "curves": [drawing.document() for drawing in each.curves],
    }


def _plain(value: Formula | str | float) -> str | float:
    return str(value) if isinstance(value, Formula) else value


def _test(test: Tested) -> dict[str, Any]:
    return {
        "asked": test.asked,
        "kind": test.kind,
        "statistic": _finite(test.statistic),
        "numerator_df": test.numerator_df,
        "denominator_df": _finite(test.denominator_df),
        "p_value": _finite(test.p_value),
        "sentence": test.sentence,
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _whole(value: int | None) -> int | None:
    return None if value is None else int(value)


def _terms(estimates: Estimates, each: Estimated) -> list[dict[str, Any]]:
    labels, own = each.wording.labels, [each.wording.own]
    lines = zip(
        estimates.terms,
        estimates.coefficients.tolist(),
        estimates.std_errors.tolist(),
        estimates.statistics.tolist(),
        estimates.p_values.tolist(),
        estimates.intervals().tolist(),
        estimates.degrees_of_freedom.tolist(),
        strict=True,
    )
    return [
        {
            "term": term,
            "equation": equation_of(term),
            "label": (parameter_words if term in each.fit.parameters else term_words)(
                term, labels, own
            ),
            "scale": each.wording.scales.get(term),
            "estimate": _finite(estimate),
            "std_error": _finite(std_error),
            "statistic": _finite(statistic),
            "p_value": _finite(p_value),
            "conf_low": _finite(interval[0]),
            "conf_high": _finite(interval[1]),
            "df": _finite(df),
        }
        for term, estimate, std_error, statistic, p_value, interval, df in lines
    ]
