"""What each model of a plan would be estimated on, told while the plan is being written.

Nothing is estimated: outcome, columns and domain are set up as a run sets them up, and what a
run would then refuse is told with the same words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.constructs.measured import Measured
from analysis.dataset import Dataset
from analysis.estimation.admissible import (
    Choice,
    Taken,
    covariances_for,
    estimators_for,
    outcome_kind,
)
from analysis.estimation.design import SurveyDesign
from analysis.estimation.registry import ESTIMATORS
from analysis.estimation.sample import Sample, Wording, estimation_sample
from analysis.pipeline.designs import design_of
from analysis.refusals import Refusal
from analysis.specification.computing import Vocabulary
from analysis.specification.matrix import Equation, equation, unknown_terms
from analysis.specification.model import DesignChoice, Plan, Specification

Until = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ModelOutlook:
    """What one model would be estimated on.

    Attributes
    ----------
    in_subpopulation, complete : firms; None if they could not be counted, or are too few to tell
    cautions : refusals that a run of this model would bring; the other models still come
    dropped : terms that would be dropped, with why
    outcome : what the outcome is, in words
    estimators, covariances : what could be chosen, and why the others could not
    """

    name: str
    outcome_name: str
    estimator: str
    covariance: str
    in_subpopulation: int | None = None
    complete: int | None = None
    cautions: tuple[Refusal, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    outcome: str = ""
    estimators: tuple[Choice, ...] = ()
    covariances: tuple[Choice, ...] = ()


def outlook(
    dataset: Dataset,
    plan: Plan,
    known: Vocabulary,
    *,
    least_firms: int,
    until: Until = lambda: False,
) -> Iterator[ModelOutlook]:
    """The models in the plan's order, until the time is over.

    `known` holds the plan's definitions; fewer firms than `least_firms` are not counted out.
    """
    for specification in plan.specifications:
        if until():
            return
        yield _of_model(dataset, specification, known, least_firms)


def _of_model(
    dataset: Dataset, specification: Specification, known: Vocabulary, least: int
) -> ModelOutlook:
    found = ModelOutlook(
        specification.name,
        specification.outcome,
        specification.estimator,
        specification.covariance,
        covariances=_covariances(dataset, specification),
    )
    if specification.outcome in known:
        taken = _taken(known[specification.outcome])
        waves = "panel.wave" in known
        found = replace(
            found, outcome=taken.words, estimators=estimators_for(taken, has_waves=waves)
        )
    if unknown_terms(specification, known):
        # The check of the plan names them.
        return found
    try:
        ready = equation(specification, known, len(dataset.frame))
    except Refusal as refusal:
        return replace(found, cautions=(refusal,))
    if ready.in_subpopulation < least:
        return replace(found, cautions=(_too_small(least),))
    cautions = _unanswered(specification, known) or _inadmissible(found)
    found = replace(found, in_subpopulation=ready.in_subpopulation, cautions=cautions)
    if cautions:
        return found
    try:
        sample = _sample(dataset, specification, ready, known)
    except Refusal as refusal:
        return replace(found, cautions=(refusal,))
    complete = int(sample.rows.sum())
    if complete < least:
        return replace(found, cautions=(_too_few_complete(least),))
    return replace(found, complete=complete, dropped=sample.dropped)


def _taken(outcome: Measured) -> Taken:
    if outcome.kind != "category":
        return outcome_kind(outcome.values.astype(float))
    numbers = [_number(code) for code, _ in outcome.codes]
    if not numbers or any(number is None for number in numbers):
        return Taken("category", len(numbers))
    present = {value for value in outcome.values if value is not None}
    return outcome_kind(np.array([float(value) for value in present], dtype=float))


def _number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def _covariances(dataset: Dataset, specification: Specification) -> tuple[Choice, ...]:
    design = specification.design
    weight = dataset.design["weight"].to_numpy(dtype=float)
    names = {each.role for each in specification.given}
    return covariances_for(
        specification.estimator,
        weighted=design.weights and len(weight) > 0 and bool(np.ptp(weight) > 0),
        clustered="cluster" in names
        or (design.clusters and not dataset.design["cluster"].is_unique),
        replicates=design.replicates != "none",
    )


def _inadmissible(found: ModelOutlook) -> tuple[Refusal, ...]:
    """The outcome is not what the estimator takes, though it may be fitted to it all the same."""
    chosen = next((each for each in found.estimators if each.name == found.estimator), None)
    if chosen is None or not chosen.why_not:
        return ()
    allowed = [each.name for each in found.estimators if not each.why_not][:6]
    remedy = f"It allows {', '.join(allowed)}." if allowed else "Choose another outcome."
    message = f"{chosen.title} does not fit “{found.outcome_name}”. {chosen.why_not}"
    return (Refusal("estimator_not_admissible", message, remedy),)


def _unanswered(specification: Specification, known: Vocabulary) -> tuple[Refusal, ...]:
    """Names that no firm answered: every firm would be left out for them."""
    names = dict.fromkeys((specification.outcome, *specification.formula.variables))
    return tuple(
        Refusal(
            "all_missing",
            f"No firm has an answer to “{name}”, so every firm would be left out.",
            "Leave it out, or choose another measure.",
        )
        for name in names
        if known[name].missing.all()
    )


def _too_small(least: int) -> Refusal:
    return Refusal(
        "subpopulation_too_small",
        f"The subpopulation holds fewer than {least} firms, too few to estimate on or to tell of.",
        "Widen the subpopulation.",
    )


def _too_few_complete(least: int) -> Refusal:
    return Refusal(
        "too_few_rows",
        f"Fewer than {least} firms of the subpopulation answered all that the model reads.",
        "Leave out what few answered, or widen the subpopulation.",
    )


def _sample(
    dataset: Dataset, specification: Specification, ready: Equation, known: Vocabulary
) -> Sample:
    """The firms and columns of the estimation, as `estimation.regression.estimate` takes them."""
    estimator = ESTIMATORS[specification.estimator]
    labels = {name: known[name].label for name in specification.formula.variables}
    return estimation_sample(
        y=ready.y,
        matrix=ready.X,
        design=_plain_design(specification, dataset),
        domain=ready.domain,
        wording=Wording(known[specification.outcome].label, {**ready.labels, **labels}),
        parts=ready.parts,
        complete=None
        if estimator.complete is None
        else estimator.complete(ready.y, ready.X, ready.parts),
        estimator=specification.estimator,
        missing=specification.missing,
    )


def _plain_design(specification: Specification, dataset: Dataset) -> SurveyDesign:
    """Weights alone: strata and replicates do not change who is estimated on."""
    chosen = DesignChoice(
        weights=specification.design.weights, strata=False, clusters=False, population=False
    )
    return design_of(chosen, dataset)
