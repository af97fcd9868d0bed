"""From the summit of a likelihood to a solution, with what several of these models share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.design import Rows
from analysis.estimation.estimates import Floats
from analysis.estimation.fit_measures import criteria, likelihood_measures
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum, maximise
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Derived, Prediction, Solution
from analysis.refusals import Refusal

# Standard error of a standardised term, under weights of mean one, beyond which the likelihood
# is flat: on these scales a probability moves from 0 to 1, or a mean a thousandfold, within 10.
FLAT_ERROR = 1e3


def solution_of(
    sample: Sample,
    blocks: tuple[Block, ...],
    maximum: Maximum,
    predictions: Mapping[str, Prediction],
    *,
    derived: tuple[Derived, ...] = (),
    null: float | None = None,
    notes: tuple[str, ...] = (),
) -> Solution:
    """The solution of a likelihood; `null` is that of intercepts alone, if it is known.

    Raises: Refusal ``no_finite_estimate`` where the likelihood is flat at its summit.
    """
    flat = flat_terms(blocks, maximum, sample)
    if flat:
        raise Refusal(
            "no_finite_estimate",
            f"The likelihood of {sample.wording.outcome} hardly falls whatever the coefficient of "
            f"{', '.join(sample.wording.term(term) for term in flat)}: no finite estimate exists.",
            "Leave the term out, join categories, or widen the subpopulation.",
        )
    k = len(maximum.coefficients)
    measures: Mapping[str, float] = {}
    if null is not None:
        measures = likelihood_measures(sample, maximum.log_likelihood, null, k)
    elif not sample.is_weighted:
        measures = criteria(maximum.log_likelihood, len(sample.y), k)
    return Solution(
        coefficients=maximum.coefficients,
        scores=maximum.scores,
        bread=maximum.bread,
        blocks=blocks,
        predictions=predictions,
        derived=derived,
        log_likelihood=maximum.log_likelihood,
        null_log_likelihood=null,
        fit_measures=measures,
        notes=notes,
    )


def position_of(blocks: Sequence[Block], role: str) -> int:
    """Where the single parameter of that name stands among the working coefficients."""
    before = 0
    for each in blocks:
        if each.role == role:
            return before
        before += each.width
    raise ValueError(f"There is no block {role!r}.")


def derived_from(
    term: str, value: float, slopes: Mapping[str, float], blocks: Sequence[Block]
) -> Derived:
    """A number with its derivatives by single parameters, named by their roles."""
    gradient = np.zeros(sum(each.width for each in blocks))
    for role, slope in slopes.items():
        gradient[position_of(blocks, role)] = slope
    return Derived(term, value, gradient)


def intercepts_alone(
    derivatives: Callable[[Floats], Derivatives], start: Floats, sample: Sample, what: str
) -> float | None:
    """Log-likelihood of the model without regressors; None if it has no summit.

    `start` is (M,): a value of each linear predictor.
    """
    blocks = tuple(ancillary(f"{number}", len(sample.y)) for number in range(len(start)))
    try:
        summit = maximise(Likelihood(blocks, derivatives, start), sample.weight, what=what)
    except Refusal:
        return None
    return summit.log_likelihood


def with_outcome(sample: Sample, y: Floats, words: str, role: str = "") -> Sample:
    """The sample with another outcome, explained by the equation of that role."""
    seen = sample.seen_as(role, y) if role in sample.blocks else replace(sample, y=y)
    return replace(seen, wording=replace(sample.wording, outcome=words))


def only(sample: Sample, rows: Rows) -> Sample:
    """Some of the firms, by the main equation."""
    main = replace(sample.main, X=sample.main.X[rows], Z=sample.main.Z[rows])
    variables = {name: values[rows] for name, values in sample.variables.items()}
    return replace(
        sample, y=sample.y[rows], main=main, weight=sample.weight[rows], variables=variables
    )


def refuse_dependent_among(sample: Sample, who: str) -> None:
    """Refuse terms of the main equation that cannot be told apart among these firms.

    `who` names the firms, as in "firms with a count above zero".
    """
    count, k = sample.X.shape
    if count <= k:
        raise Refusal(
            "too_few_rows",
            f"The equation of {sample.wording.outcome} has {k} terms and there are {count} {who}.",
            "Leave terms out or widen the subpopulation.",
        )
    dependent = dependent_terms(sample)
    if dependent:
        raise Refusal(
            "terms_dependent",
            f"Among the {count} {who} some terms say nothing of their own: {'; '.join(dependent)}.",
            "Leave these terms out of the equation, or join categories.",
        )


def dependent_terms(sample: Sample) -> list[str]:
    """Terms of the main equation that follow from others, each with the reason."""
    terms = [sample.wording.term(name) for name in sample.names]
    moments = weighted_moments(sample.X, sample.weight)
    found = aliased(sample.X, sample.weight, moments, terms)
    return [f"{terms[place]} {why}" for place, why in found.items()]


def flat_terms(blocks: Sequence[Block], maximum: Maximum, sample: Sample) -> list[str]:
    """Terms along which the likelihood hardly falls, whatever their coefficient.

    Where a model predicts a part of its outcome without error its coefficients have no finite
    value; iterations end where the likelihood is flat to rounding, far out.
    """
    report = scipy.linalg.block_diag(*(each.back for each in blocks))
    covariance = report @ maximum.bread @ report.T
    found, before = [], 0
    for each in blocks:
        here = slice(before, before + each.width)
        before += each.width
        if each.is_ancillary:
            continue
        mean = sample.weight @ each.X / sample.weight.sum()
        spread = np.sqrt(sample.weight @ (each.X - mean) ** 2 / sample.weight.sum())
        variance = np.diag(covariance[here, here]) * spread**2
        variance[0] = mean @ covariance[here, here] @ mean
        flat = ~(variance < FLAT_ERROR**2)
        found += [term for term, is_flat in zip(each.terms, flat, strict=True) if is_flat]
    return found
