"""Two yes-or-no outcomes with correlated errors; one may be a cause of the other."""

from dataclasses import replace

import numpy as np
from scipy import special

from analysis.estimation.blocks import Block, ancillary, copied
from analysis.estimation.coordinates import coordinates, weighted_moments
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.glm import PROBIT_MODEL
from analysis.estimation.likelihood.bivariate_normal import log_probability
from analysis.estimation.likelihood.correlation import maximise_with_correlation
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum
from analysis.estimation.likelihood.solved import derived_from, solution_of, with_outcome
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Derived, Prediction, Solution
from analysis.refusals import Refusal

# atanh of the correlation that iterations start from at most.
LARGEST_START = 0.8
SECOND = "the second outcome"


def bivariate_likelihood(y: Floats, second: Floats, eta: Floats) -> Derivatives:
    """Log-likelihoods of (m,) firms (Greene 2018, equation 17-48).

    Predictors: of the first outcome, of the second, and atanh rho.
    """
    signs = np.stack([2 * y - 1, 2 * second - 1, (2 * y - 1) * (2 * second - 1)])
    part = log_probability(*(signs * eta))
    return Derivatives(
        part.log_density, signs * part.gradient, signs[:, None] * signs[None] * part.hessian
    )


def _solve(sample: Sample, start: Floats | None) -> Solution:
    """Of seemingly unrelated outcomes."""
    other = sample.blocks.get("second") or copied(sample.main, "second")
    return _solved(sample, other, start, ())


def _solve_recursive(sample: Sample, start: Floats | None) -> Solution:
    """With the second outcome among the regressors of the first."""
    place = _endogenous(sample)
    other = sample.blocks.get("second") or _without(sample, place)
    notes = () if start is not None else _exclusion_notes(sample, other, place)
    solution = _solved(sample, other, start, notes)
    effect = _treatment_effect(sample, solution.coefficients, place)
    return replace(solution, derived=(*solution.derived, effect))


def _solved(sample: Sample, other: Block, start: Floats | None, notes: tuple[str, ...]) -> Solution:
    second = sample.outcomes["second_outcome"]
    blocks = (sample.main, other, ancillary("atanh_rho", len(sample.y)))
    first = _start(sample, other) if start is None else start
    likelihood = Likelihood(blocks, lambda eta: bivariate_likelihood(sample.y, second, eta), first)
    maximum = maximise_with_correlation(
        likelihood,
        sample.weight,
        what=f"The bivariate probit of {sample.wording.outcome}",
        between=f"{sample.wording.outcome} and {SECOND}",
        is_explained=start is None,
    )
    return solution_of(
        sample,
        blocks,
        maximum,
        PREDICTIONS,
        derived=(_rho(maximum, blocks),),
        null=_null(sample),
        notes=notes,
    )


def _start(sample: Sample, other: Block) -> Floats:
    """Two probits, each checked, and the correlation of their residuals."""
    estimator = replace(sample, estimator="probit")
    _refuse_constant_second(sample)
    first = PROBIT_MODEL.solve(estimator, None)
    seen = with_outcome(estimator, sample.outcomes["second_outcome"], SECOND)
    second = PROBIT_MODEL.solve(replace(seen, main=other), None)
    residuals = [
        y - special.ndtr(block.Z @ solution.coefficients)
        for y, block, solution in (
            (sample.y, sample.main, first),
            (sample.outcomes["second_outcome"], other, second),
        )
    ]
    moments = np.cov(np.array(residuals), aweights=sample.weight)
    correlation = moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1])
    turned = np.clip(np.arctanh(np.sin(np.pi / 2 * correlation)), -LARGEST_START, LARGEST_START)
    return np.concatenate([first.coefficients, second.coefficients, [turned]])


def _refuse_constant_second(sample: Sample) -> None:
    second = sample.outcomes["second_outcome"]
    if second.min() == second.max():
        raise Refusal(
            "outcome_constant",
            f"{SECOND.capitalize()} is {second[0]:g} for all {len(second)} firms of the "
            "subpopulation, so there is no variation to explain.",
            "Choose another second outcome or widen the subpopulation.",
        )


def _null(sample: Sample) -> float:
    """Log-likelihood of two intercepts and a correlation: that of the table of four shares."""
    cells = 2 * sample.y + sample.outcomes["second_outcome"]
    counts = np.bincount(cells.astype(np.intp), sample.weight, 4)
    return float(np.sum(special.xlogy(counts, counts / counts.sum())))


def _rho(maximum: Maximum, blocks: tuple[Block, ...]) -> Derived:
    turned = maximum.coefficients[-1]
    slope = float(1 / np.cosh(turned) ** 2)
    return derived_from("rho", float(np.tanh(turned)), {"atanh_rho": slope}, blocks)


def _endogenous(sample: Sample) -> int:
    """Where the second outcome stands among the first's columns.

    Raises: Refusal ``endogenous_missing``, ``endogenous_differs``, ``endogenous_in_second``.
    """
    name = sample.words["endogenous"]
    label = sample.wording.term(name)
    if name not in sample.names:
        raise Refusal(
            "endogenous_missing",
            f"{label} is to be the endogenous regressor of {sample.wording.outcome}, but is not "
            "among its terms.",
            "Add it to the regressors as it is, without a transform.",
        )
    place = sample.names.index(name)
    differs = int(np.sum(sample.X[:, place] != sample.outcomes["second_outcome"]))
    if differs:
        raise Refusal(
            "endogenous_differs",
            f"{label} is not the second outcome: they differ for {differs} of {len(sample.y)} "
            "firms.",
            "Give the same variable as second outcome and as endogenous regressor.",
        )
    second = sample.blocks.get("second")
    if second is not None and name in {column.name for column in second.columns}:
        raise Refusal(
            "endogenous_in_second",
            f"{label} is the second outcome and stands among its own regressors.",
            "Leave it out of the second equation.",
        )
    return place


def _without(sample: Sample, place: int) -> Block:
    """The first equation's columns less the endogenous one."""
    kept = [other for other in range(sample.X.shape[1]) if other != place]
    X = sample.X[:, kept]
    Z, back = coordinates(X, sample.weight, weighted_moments(X, sample.weight))
    return Block("second", tuple(sample.columns[other] for other in kept), X, Z, back)


def _exclusion_notes(sample: Sample, other: Block, place: int) -> tuple[str, ...]:
    if {column.name for column in other.columns} - set(sample.names):
        return ()
    return (
        f"Nothing moves {sample.wording.term(sample.names[place])} that is not also a term of "
        f"{sample.wording.outcome}: without an exclusion restriction the effect is identified by "
        "the normal distribution alone.",
    )


def _treatment_effect(sample: Sample, coefficients: Floats, place: int) -> Derived:
    """Mean change of the first probability when the second outcome goes from 0 to 1.

    The mean is over the firms as they are, under the weights (Wooldridge 2010, section 15.7.3).
    """
    weight = sample.weight / sample.weight.sum()
    gradient = np.zeros(len(coefficients))
    value = 0.0
    for sign, state in ((1.0, 1.0), (-1.0, 0.0)):
        change = state - sample.X[:, place]
        Z = sample.Z + change[:, None] * sample.back[place]
        predictor = Z @ coefficients[: sample.main.width]
        value += sign * float(weight @ special.ndtr(predictor))
        density = np.exp(-(predictor**2) / 2) / np.sqrt(2 * np.pi)
        gradient[: sample.main.width] += sign * (weight * density) @ Z
    return Derived("average_treatment_effect", value, gradient)


def _margin(row: int, eta: Floats) -> Curve:
    """Probability of one outcome, whatever the other."""
    density = np.exp(-(eta[row] ** 2) / 2) / np.sqrt(2 * np.pi)
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[row], bend[row, row] = density, -eta[row] * density
    return Curve(special.ndtr(eta[row]), slope, bend)


def _cell(first: int, second: int, eta: Floats) -> Curve:
    """Probability of one pair of outcomes."""
    count = eta.shape[1]
    part = bivariate_likelihood(np.full(count, first), np.full(count, second), eta)
    value = np.exp(part.log_density)
    outer = part.gradient[:, None] * part.gradient[None]
    return Curve(value, value * part.gradient, value * (part.hessian + outer))


PREDICTIONS = {
    "first": Prediction("first", "Probability of the first", lambda eta: _margin(0, eta)),
    "second": Prediction("second", "Probability of the second", lambda eta: _margin(1, eta)),
    "both": Prediction("both", "Probability of both", lambda eta: _cell(1, 1, eta)),
    "only_first": Prediction(
        "only_first", "Probability of the first alone", lambda eta: _cell(1, 0, eta)
    ),
    "only_second": Prediction(
        "only_second", "Probability of the second alone", lambda eta: _cell(0, 1, eta)
    ),
    "neither": Prediction("neither", "Probability of neither", lambda eta: _cell(0, 0, eta)),
}
_SECOND = Role("second_outcome", "outcome", "the other yes-or-no outcome")
_REGRESSORS = "regressors of the second outcome; as of the first if not given"
BIVARIATE_PROBIT = Estimator(
    "bivariate_probit",
    "Bivariate probit",
    "Yes or no, together with a second yes or no.",
    _solve,
    LIKELIHOOD,
    roles=(_SECOND, Role("second", "matrix", _REGRESSORS, is_needed=False)),
)
RECURSIVE_BIVARIATE_PROBIT = Estimator(
    "recursive_bivariate_probit",
    "Recursive bivariate probit",
    "Yes or no, with a second yes or no among its causes.",
    _solve_recursive,
    LIKELIHOOD,
    roles=(
        _SECOND,
        Role("second", "matrix", _REGRESSORS, is_needed=False),
        Role("endogenous", "word", "the first equation's column that is the second outcome"),
    ),
)
