"""A data set and a plan in, a table and its estimates out. Pure: no Django, no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from analysis.constructs import Measured, vocabulary
from analysis.dataset import Dataset
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.estimates import Covariance, Fit, Floats
from analysis.estimation.regression import Model, assembled, estimate
from analysis.estimation.replication import ReplicateWeights, replicate_weights
from analysis.refusals import Refusal
from analysis.specification.computing import unknown_term
from analysis.specification.describing import Result, described, unknown_names
from analysis.specification.hypotheses import tested
from analysis.specification.imputing import (
    completed,
    missing_cells,
    pooled_fit,
    pooled_result,
    refuse_cross_tabulation,
)
from analysis.specification.matrix import Equation, equation, unknown_terms, with_definitions
from analysis.specification.model import Described, DesignChoice, Plan, Specification
from analysis.specification.problems import Ledger, PlanProblem
from analysis.tables.descriptives import descriptives_table
from analysis.tables.estimates_document import Estimated, estimates_document, sample_note
from analysis.tables.own_words import own_words
from analysis.tables.regression import regression_table
from analysis.tables.regression_notes import source_notes
from analysis.tables.table import Table

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run gives.

    `table` shows coefficients, or the descriptions of a plan without models; `margins_table`
    average marginal effects, None if no model has them; `descriptives_table` the descriptions
    of a plan with models, None if it asks for none; `estimates_document` is the content of
    estimates.json.
    """

    specifications: tuple[Specification, ...]
    fits: tuple[Fit, ...]
    table: Table
    margins_table: Table | None
    descriptives_table: Table | None
    estimates_document: dict[str, Any]


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
    total = len(plan.specifications) + len(plan.descriptives)
    on_progress(0, total, "Deriving measures")
    known = with_definitions(plan, vocabulary(dataset, dict(plan.scales)), count)
    for asked in plan.descriptives if plan.imputation else ():
        refuse_cross_tabulation(asked)
    worlds = _worlds(dataset, plan, known, on_progress)
    estimated = []
    for done, specification in enumerate(plan.specifications):
        on_progress(done, total, f"Estimating {specification.name}")
        estimated.append(_estimate(specification, worlds, dataset))
    descriptions = []
    for done, asked in enumerate(plan.descriptives, start=len(estimated)):
        on_progress(done, total, f"Describing {asked.outcome}")
        descriptions.append(_describe(asked, worlds, dataset))
    on_progress(total, total, "Making the table")
    return _results(dataset, plan, tuple(estimated), tuple(descriptions), fingerprint, stars)


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
        for unknown_name in unknown:
            ledger.keep(where, unknown_name)
        if not unknown:
            _keep(ledger, where, partial(equation, specification, known, count))
        covariance = specification.covariance
        _keep(ledger, where, partial(_refuse_design, specification.design, dataset, covariance))
    for asked in plan.descriptives:
        where = f"descriptives > {asked.name or asked.outcome}"
        for name in unknown_names(asked, known):
            ledger.keep(where, unknown_term(name, known))
        _keep(ledger, where, partial(_refuse_design, asked.design, dataset, asked.covariance))
        if plan.imputation is not None:
            _keep(ledger, where, partial(refuse_cross_tabulation, asked))
    return tuple(ledger.problems)


def _keep(ledger: Ledger, where: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except Refusal as refusal:
        ledger.keep(where, refusal)


@dataclass(frozen=True, slots=True, eq=False)
class _Worlds:
    """The vocabulary of each completed data set, one of them where nothing is imputed."""

    vocabularies: tuple[Mapping[str, Measured], ...]
    notes: tuple[str, ...] = ()


def _worlds(
    dataset: Dataset, plan: Plan, known: Mapping[str, Measured], on_progress: Progress
) -> _Worlds:
    if plan.imputation is None:
        return _Worlds((known,))
    total = len(plan.specifications) + len(plan.descriptives)
    missing = missing_cells(dataset, plan.imputation)
    on_progress(0, total, f"Imputing {missing} answers {plan.imputation.count} times")
    filled = completed(dataset, plan.imputation, _design(DesignChoice(), dataset))
    count = len(dataset.frame)
    return _Worlds(
        tuple(
            with_definitions(plan, vocabulary(each, dict(plan.scales)), count)
            for each in filled.datasets
        ),
        filled.notes,
    )


def _estimate(specification: Specification, worlds: _Worlds, dataset: Dataset) -> Estimated:
    try:
        design = _design(specification.design, dataset, specification.covariance)
        solved = [
            _solved(specification, known, design, len(dataset.frame))
            for known in worlds.vocabularies
        ]
        ready, _ = solved[0]
        fits = [assembled(each, margins=specification.margins) for _, each in solved]
        fitted, pooled = (fits[0], None) if len(fits) == 1 else pooled_fit(fits)
        variables = [each.fitted.sample.variables for _, each in solved]
        tests = tuple(
            tested(asked, fitted.estimates, variables, pooled) for asked in specification.tests
        )
    except Refusal as refusal:
        raise Refusal(
            refusal.code, f"Model “{specification.name}”: {refusal.message}", refusal.remedy
        ) from None
    return Estimated(
        specification=specification,
        equation=ready,
        fit=replace(fitted, notes=fitted.notes + worlds.notes),
        outcome_label=worlds.vocabularies[0][specification.outcome].label,
        has_population=design.population is not None,
        tests=tests,
    )


def _solved(
    specification: Specification,
    known: Mapping[str, Measured],
    design: SurveyDesign,
    count: int,
) -> tuple[Equation, Model]:
    ready = equation(specification, known, count)
    labels = {name: known[name].label for name in specification.formula.variables}
    model = estimate(
        y=ready.y,
        X=ready.X,
        estimator=specification.estimator,
        covariance=specification.covariance,
        design=design,
        domain=ready.domain,
        outcome=known[specification.outcome].label,
        labels={**ready.labels, **labels},
        parts=ready.parts,
        missing=specification.missing,
    )
    return ready, model


def _describe(asked: Described, worlds: _Worlds, dataset: Dataset) -> Result:
    try:
        design = _design(asked.design, dataset, asked.covariance)
        each = [
            described(asked, known, design, len(dataset.frame)) for known in worlds.vocabularies
        ]
        found = each[0] if len(each) == 1 else pooled_result(each)
        return replace(found, description=found.description.noted(*worlds.notes))
    except Refusal as refusal:
        title = asked.name or f"{asked.statistic} of {asked.outcome}"
        raise Refusal(
            refusal.code, f"Description “{title}”: {refusal.message}", refusal.remedy
        ) from None


def _design(
    chosen: DesignChoice, dataset: Dataset, covariance: Covariance = "design"
) -> SurveyDesign:
    design = dataset.design
    made = survey_design(
        count=len(design),
        weight=design["weight"].to_numpy(dtype=float) if chosen.weights else None,
        stratum=design["stratum"].to_numpy() if chosen.strata else None,
        cluster=design["cluster"].to_numpy() if chosen.clusters else None,
        population=_population(chosen, dataset, covariance),
        lonely=chosen.lonely,
    )
    if chosen.replicates == "none":
        return made
    if chosen.replicates == "published":
        return made.with_replicates(_published(chosen, dataset))
    return made.with_replicates(
        replicate_weights(made, method=chosen.replicates, count=chosen.count, seed=chosen.seed)
    )


def _refuse_design(chosen: DesignChoice, dataset: Dataset, covariance: Covariance) -> None:
    """Raises: Refusal of a design that cannot be had of these data."""
    _population(chosen, dataset, covariance)
    if chosen.replicates == "published":
        _published(chosen, dataset)


def _published(chosen: DesignChoice, dataset: Dataset) -> ReplicateWeights:
    """Raises: Refusal ``no_published_replicates``, ``replicates_without_weights``."""
    if not chosen.weights:
        raise Refusal(
            "replicates_without_weights",
            "The design leaves the weights out, but the published replicates are of those weights.",
            "Take the weights in, or name a method of making replicates, such as JKn.",
        )
    if dataset.replicates is None:
        raise Refusal(
            "no_published_replicates",
            "The wave's weights were published without replicate weights, or are not published.",
            "Make weights with replicates and publish them, or name a method, such as JKn.",
        )
    return dataset.replicates


def _population(chosen: DesignChoice, dataset: Dataset, covariance: Covariance) -> Floats | None:
    """N_h in the units that were drawn, if the covariance is to be corrected by it.

    Raises: Refusal ``population_of_clusters`` where the clusters that it counts are left out.
    """
    population = dataset.design["population"].to_numpy(dtype=float)
    if not (chosen.population and chosen.strata) or np.isnan(population).all():
        return None
    if chosen.clusters or dataset.design["cluster"].is_unique:
        return population
    if covariance not in ("design", "replicate"):
        return None
    raise Refusal(
        "population_of_clusters",
        "The design leaves the clusters out, but the population of each stratum counts clusters, "
        "not firms: corrected by it, standard errors would be too small.",
        "Say  population: none  beside  clusters: none,  or take the clusters in.",
    )


def _results(
    dataset: Dataset,
    plan: Plan,
    estimated: tuple[Estimated, ...],
    descriptions: tuple[Result, ...],
    fingerprint: str,
    stars: bool,
) -> Results:
    document = estimates_document(dataset, plan, estimated, descriptions, fingerprint)
    described_table = descriptives_table(
        descriptions,
        title=plan.title if not estimated else f"{plan.title}: the firms",
        notes=source_notes(dataset.provenance),
        fingerprint=fingerprint,
    )
    if not estimated:
        return Results((), (), described_table, None, None, document)
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
        words=[own_words(each.equation, each.fit) for each in estimated],
        specification_notes=[
            " ".join([sample_note(each), *(test.sentence for test in each.tests)]).strip()
            for each in estimated
        ],
        notes=source_notes(dataset.provenance),
        fingerprint=fingerprint,
        stars=stars,
    )
    return Results(
        specifications=plan.specifications,
        fits=fits,
        table=table(what="coefficients"),
        margins_table=table(what="margins") if has_margins else None,
        descriptives_table=described_table if descriptions else None,
        estimates_document=document,
    )


def _merged(mappings: Any) -> dict[str, str]:
    merged: dict[str, str] = {}
    for mapping in mappings:
        merged |= mapping
    return merged
