"""How strong instruments are, and what a table says of them.

Weak instruments bias two-stage least squares towards least squares and make its intervals too
short, however many firms there are.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
import scipy.linalg
from scipy import stats

from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.covariance import Fitted
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.instrumental.auxiliary import Judgement, Tail, tail
from analysis.estimation.instrumental.equations import (
    Instrumented,
    beyond,
    instrumented,
    projection,
)
from analysis.estimation.sample import Sample

# Worst-case bias, of the worst, at which Montiel Olea and Pflueger's threshold is given.
TOLERATED_BIAS = 0.10


@dataclass(frozen=True, slots=True)
class EffectiveF:
    """The effective F of Montiel Olea and Pflueger (2013).

    Attributes
    ----------
    threshold : above it a bias of more than 10 % of the worst case is rejected at 5 %
    """

    statistic: float
    effective_df: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Strength:
    """The first stage of one endogenous term.

    Attributes
    ----------
    term : its name
    first_stage : F test that all excluded instruments are zero, under the covariance asked
    partial_r_squared : share of the variation beyond the exogenous terms that they explain
    conditional_f : Sanderson and Windmeijer (2016); None with one endogenous term
    effective : None with several endogenous terms
    """

    term: str
    first_stage: Judgement
    partial_r_squared: float
    conditional_f: Judgement | None
    effective: EffectiveF | None


def first_stages(
    fitted: Fitted, kind: Covariance, equation: Instrumented | None = None
) -> tuple[Strength, ...]:
    """How well instruments explain each endogenous term, under a covariance of the engine.

    With one endogenous term the robust, clustered or design-based F is also the rank statistic
    of Kleibergen and Paap (2006).

    Raises: Refusal, as `covariance.uncertainty`.
    """
    equation = equation or instrumented(fitted.sample)
    return tuple(
        _strength(fitted, equation, position, kind) for position in range(len(equation.endogenous))
    )


def _strength(fitted: Fitted, equation: Instrumented, position: int, kind: Covariance) -> Strength:
    sample = fitted.sample
    name = equation.names(sample)[position]
    x = sample.X[:, equation.endogenous[position]]
    explained = tail(fitted, lambda _: (x, equation.first.Z), equation.excluded, kind)
    is_only = len(equation.endogenous) == 1
    return Strength(
        term=name,
        first_stage=explained.judged(f"first stage of {name}"),
        partial_r_squared=_partial_r_squared(sample, equation, x),
        conditional_f=None if is_only else _conditional(fitted, equation, position, kind),
        effective=_effective(sample, equation, explained.coefficients, explained.covariance)
        if is_only
        else None,
    )


def _partial_r_squared(sample: Sample, equation: Instrumented, x: Floats) -> float:
    before = beyond(_outside(equation), x[:, None], sample.weight)[:, 0]
    after = beyond(equation.first.Z, x[:, None], sample.weight)[:, 0]
    return float(1 - (sample.weight @ after**2) / (sample.weight @ before**2))


def _outside(equation: Instrumented) -> Floats:
    """Columns that span the exogenous terms."""
    return equation.first.Z[:, : len(equation.exogenous)]


def _conditional(
    fitted: Fitted, equation: Instrumented, position: int, kind: Covariance
) -> Judgement:
    """The F of the instruments on what is left of a term, over L less the number of the others.

    What is left once the other endogenous terms, as the instruments predict them, are taken out.
    """
    others = [p for place, p in enumerate(equation.endogenous) if place != position]

    def regression(sample: Sample) -> tuple[Floats, Floats]:
        first, weight = equation.first.Z, sample.weight
        inside = sample.X[:, [*equation.exogenous, *others]]
        fit = first @ projection(first, inside, weight)
        x = sample.X[:, equation.endogenous[position]]
        length = np.sqrt(weight @ fit**2)
        share = scipy.linalg.lstsq(np.sqrt(weight)[:, None] * fit / length, np.sqrt(weight) * x)[0]
        return x - inside @ (share / length), first

    found = tail(fitted, regression, equation.excluded, kind)
    count = equation.excluded - len(others)
    name = f"first stage of {equation.names(fitted.sample)[position]}, given the others"
    return Judgement(name, found.wald / count, count, found.residual_df)


def _effective(
    sample: Sample, equation: Instrumented, coefficients: Floats, covariance: Floats
) -> EffectiveF:
    """Coefficients p: p'Qp over the trace of V Q (Montiel Olea and Pflueger 2013, section 4).

    Q is the moments of the instruments beyond the exogenous terms.
    """
    own = beyond(_outside(equation), equation.first.Z[:, -equation.excluded :], sample.weight)
    root = scipy.linalg.cholesky(weighted_moments(own, sample.weight))
    noise: Floats = root @ covariance @ root.T
    trace = float(np.trace(noise))
    statistic = float(np.sum((root @ coefficients) ** 2)) / trace
    return EffectiveF(statistic, *_threshold(noise))


def _threshold(noise: Floats) -> tuple[float, float]:
    """Effective degrees of freedom and the simplified 5 % critical value.

    By Patnaik's approximation to the non-central chi-square (same paper, section 4).
    """
    x = 1 / TOLERATED_BIAS
    trace, largest = float(np.trace(noise)), float(np.linalg.eigvalsh(noise)[-1])
    squares = float(np.sum(noise**2))
    freedom = trace**2 * (1 + 2 * x) / (squares + 2 * x * trace * largest)
    return freedom, float(stats.ncx2.ppf(0.95, freedom, freedom * x)) / freedom


def cragg_donald(fitted: Fitted) -> float:
    """The smallest eigenvalue of the first stages' joint F matrix (Cragg and Donald 1993).

    With one endogenous term it is the homoskedastic F; Stock and Yogo (2005) tabulate it.
    """
    sample, equation = fitted.sample, instrumented(fitted.sample)
    x = sample.X[:, equation.endogenous]
    before = beyond(_outside(equation), x, sample.weight)
    after = beyond(equation.first.Z, x, sample.weight)
    spare = len(sample.y) - equation.first.width
    noise = weighted_moments(after, sample.weight) / spare
    signal = weighted_moments(before - after, sample.weight)
    return _smallest_ratio(signal, noise) / equation.excluded


def _smallest_ratio(signal: Floats, noise: Floats) -> float:
    """The smallest eigenvalue of the signal relative to the noise."""
    try:
        return float(scipy.linalg.eigh(signal, noise, eigvals_only=True)[0])
    except np.linalg.LinAlgError:
        # Some combination of the endogenous terms has no noise at all: the others decide.
        return 1 / float(scipy.linalg.eigh(noise, signal, eigvals_only=True)[-1])


def kleibergen_paap(fitted: Fitted, kind: Covariance = "HC1") -> Judgement:
    """The rank test of Kleibergen and Paap (2006): chi-square that some combination of the
    endogenous terms is not moved by the instruments.

    Divided by the number of excluded instruments it is the weak-identification F that Stata's
    ivreg2 prints; under the homoskedastic covariance that is Cragg and Donald's.

    Raises: Refusal, as `covariance.uncertainty`.
    """
    sample, equation = fitted.sample, instrumented(fitted.sample)
    first, weight, count = equation.first.Z, sample.weight, len(equation.endogenous)
    x = sample.X[:, equation.endogenous]
    own = beyond(_outside(equation), first[:, -equation.excluded :], weight)
    noise = weighted_moments(beyond(first, x, weight), weight)
    root = scipy.linalg.cholesky(weighted_moments(own, weight))
    slopes = projection(first, x, weight)[-equation.excluded :]
    scaled = scipy.linalg.solve_triangular(
        scipy.linalg.cholesky(noise), (root @ slopes).T, trans="T"
    ).T
    left, _, right = np.linalg.svd(scaled)
    weakest = scipy.linalg.solve_triangular(scipy.linalg.cholesky(noise), right[-1])
    found = tail(fitted, lambda _: (x @ weakest, first), equation.excluded, kind)
    turned = left[:, count - 1 :].T @ root
    rest = Tail(
        turned @ found.coefficients, turned @ found.covariance @ turned.T, found.residual_df
    )
    return Judgement("Kleibergen-Paap rank test", rest.wald, len(turned), inf, is_chi_square=True)
