"""Ordered logit and probit: how novel, how important, how often.

A firm has level j or lower with probability F(cut_j - x'b), for F the logistic or the normal
distribution function (McCullagh 1980). The linear predictors worked with are that of the main
equation, its intercept standing for minus the first cut, and how far each later cut lies above
the first.
"""

from functools import partial

import numpy as np

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.labels import Codes
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum
from analysis.estimation.likelihood.existence import (
    Demands,
    quoted_terms,
    standard_columns,
    summit,
)
from analysis.estimation.likelihood.interval_probability import INTERVALS
from analysis.estimation.likelihood.levels import (
    LEVELS,
    Levels,
    level_likelihood,
    levels_of,
    measured,
    skipped_levels,
)
from analysis.estimation.responses import LOGIT, PROBIT
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution, linear_predictors

_LINKS = {"logit": LOGIT, "probit": PROBIT}


def _solve(kind: str, sample: Sample, start: Floats | None) -> Solution:
    levels = levels_of(sample)
    gaps = (ancillary(f"gap{cut}", len(sample.y)) for cut in range(2, levels.count))
    blocks = (sample.main, *gaps)
    likelihood = Likelihood(
        blocks, partial(ordered_derivatives, kind, levels.codes), _start(kind, sample, levels)
    )
    reached = summit(
        likelihood,
        sample.weight,
        what=f"The ordered {kind} of {sample.wording.outcome}",
        start=start,
        weakest_pull=partial(_weakest_pull, kind, sample, levels, blocks),
        demands=partial(_demands, sample, levels),
    )
    solution = Solution(
        coefficients=reached.coefficients,
        scores=reached.scores,
        bread=reached.bread,
        blocks=blocks,
        predictions=_predictions(kind, levels),
        report=_report(sample.main, levels.count),
        terms=(*sample.names[1:], *(f"cut{cut}" for cut in range(1, levels.count))),
        log_likelihood=reached.log_likelihood,
        null_log_likelihood=level_likelihood(sample, levels),
        notes=skipped_levels(sample, levels),
    )
    # Nobody reads how well a replicate fits.
    if start is not None:
        return solution
    return measured(solution, reached.log_likelihood, sample, levels)


def _predictions(kind: str, levels: Levels) -> dict[str, Prediction]:
    """A probability per level, the highest first."""
    return {
        f"probability[{name}]": Prediction(
            f"probability[{name}]",
            f"Probability of level {name}",
            partial(level_curve, kind, position, levels.count),
        )
        for position, name in reversed(list(enumerate(levels.names)))
    }


def ordered_derivatives(kind: str, codes: Codes, eta: Floats) -> Derivatives:
    """Log-probabilities of levels `codes`, by the main predictor and the gaps above cut 1.

    eta is (L - 1, m) for L levels: the first row the main predictor, row j > 0 the distance of
    the j-th cut, counted from 0, from the first.
    """
    count, m = eta.shape
    ends = _ends(eta)
    firms = np.arange(m)
    part = INTERVALS[kind](ends[codes, firms], ends[codes + 1, firms])
    gradient, hessian = np.zeros((count, m)), np.zeros((count, count, m))
    gradient[0] = -part.by_upper - part.by_lower
    hessian[0, 0] = part.upper_upper + 2 * part.upper_lower + part.lower_lower
    for gap in range(1, count):
        below, above = codes == gap, codes == gap + 1
        gradient[gap] = below * part.by_upper + above * part.by_lower
        hessian[gap, gap] = below * part.upper_upper + above * part.lower_lower
        hessian[0, gap] = hessian[gap, 0] = -(
            below * (part.upper_upper + part.upper_lower)
            + above * (part.lower_lower + part.upper_lower)
        )
        if gap > 1:
            # A firm of level `gap` lies between the two.
            hessian[gap - 1, gap] = hessian[gap, gap - 1] = below * part.upper_lower
    return Derivatives(part.log, gradient, hessian)


def level_curve(kind: str, position: int, count: int, eta: Floats) -> Curve:
    """Probability of the level at `position` among `count`, with its two derivatives."""
    response = _LINKS[kind]
    m = eta.shape[1]
    slope, bend = np.zeros((count - 1, m)), np.zeros((count - 1, count - 1, m))
    ends = _ends(eta)
    value = np.exp(INTERVALS[kind](ends[position], ends[position + 1]).log)
    for cut, sign in ((position, 1.0), (position - 1, -1.0)):
        if not 0 <= cut < count - 1:
            continue
        density, steepness = response.slope(ends[cut + 1]), response.bend(ends[cut + 1])
        slope[0] -= sign * density
        bend[0, 0] += sign * steepness
        if cut > 0:
            slope[cut] += sign * density
            bend[cut, cut] += sign * steepness
            bend[0, cut] -= sign * steepness
            bend[cut, 0] -= sign * steepness
    return Curve(value, slope, bend)


def _ends(eta: Floats) -> Floats:
    """(L + 1, m) where the levels of each firm begin and end, the first and last infinite."""
    cuts = np.vstack([np.zeros(eta.shape[1]), eta[1:]]) - eta[0]
    infinite = np.full((1, eta.shape[1]), np.inf)
    return np.vstack([-infinite, cuts, infinite])


def _start(kind: str, sample: Sample, levels: Levels) -> Floats:
    """The model of thresholds alone, which is known."""
    cuts = _LINKS[kind].predictor(np.cumsum(levels.share)[:-1])
    start = np.zeros(sample.Z.shape[1] + levels.count - 2)
    start[0] = -cuts[0] / sample.Z[0, 0]
    start[sample.Z.shape[1] :] = cuts[1:] - cuts[0]
    return start


def _report(main: Block, count: int) -> Floats:
    """From working coefficients to slopes and cuts: cut_j = gap_j - intercept."""
    width = main.width
    report = np.zeros((width + count - 2, width + count - 2))
    report[: width - 1, :width] = main.back[1:]
    report[width - 1 :, :width] = -main.back[0]
    report[width:, width:] = np.eye(count - 2)
    return report


def _weakest_pull(
    kind: str, sample: Sample, levels: Levels, blocks: tuple[Block, ...], reached: Maximum
) -> float:
    ends = _ends(linear_predictors(blocks, reached.coefficients))
    firms = np.arange(len(sample.y))
    lower, upper = ends[levels.codes, firms], ends[levels.codes + 1, firms]
    part = INTERVALS[kind](lower, upper)
    counted = sample.weight > 0
    return float(
        min(
            part.by_upper[np.isfinite(upper) & counted].min(),
            -part.by_lower[np.isfinite(lower) & counted].max(),
        )
    )


def _demands(sample: Sample, levels: Levels) -> Demands:
    """Every firm below the upper end of its level, and above the lower."""
    counted = np.flatnonzero(sample.weight > 0)
    columns, codes = standard_columns(sample.main)[counted], levels.codes[counted]
    has_upper, has_lower = codes < levels.count - 1, codes > 0
    # Cut 1 is fixed at 0, and the intercept moves in its place.
    gaps = np.vstack([np.zeros(levels.count - 2), np.eye(levels.count - 2)])
    rows = np.vstack(
        [
            np.hstack([-columns[has_upper], gaps[codes[has_upper]]]),
            np.hstack([columns[has_lower], -gaps[codes[has_lower] - 1]]),
        ]
    )
    return Demands(
        never_negative=rows,
        firm=np.concatenate([counted[has_upper], counted[has_lower]]),
        zero=np.zeros((0, rows.shape[1])),
        terms=quoted_terms(sample.main, sample.wording) + ("",) * (levels.count - 2),
        certain=f"on which side of a threshold {sample.wording.outcome} lies",
    )


_ROLES = (LEVELS,)
ORDERED_LOGIT = Estimator(
    "ordered_logit",
    "Ordered logit",
    "The outcome has a few levels, numbers whose order alone counts.",
    solve=partial(_solve, "logit"),
    covariances=LIKELIHOOD,
    roles=_ROLES,
)
ORDERED_PROBIT = Estimator(
    "ordered_probit",
    "Ordered probit",
    "The outcome has a few levels, numbers whose order alone counts.",
    solve=partial(_solve, "probit"),
    covariances=LIKELIHOOD,
    roles=_ROLES,
)
ORDERED = {ORDERED_LOGIT.name: LOGIT, ORDERED_PROBIT.name: PROBIT}
"""Their distribution functions, by name."""
