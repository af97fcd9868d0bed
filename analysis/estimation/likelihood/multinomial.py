"""Multinomial logit: which of several kinds, none of them more than another.

A firm has level j with probability exp(x'b_j) / sum over levels l of exp(x'b_l), with b = 0 for
the base level (McFadden 1974; Greene 2018, section 18.2). Each level but the base is a linear
predictor of the same columns.
"""

from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.blocks import Block, copied
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.labels import Codes, named
from analysis.estimation.likelihood.engine import Derivatives, Likelihood, Maximum
from analysis.estimation.likelihood.existence import (
    Demands,
    quoted_terms,
    standard_columns,
    summit,
)
from analysis.estimation.likelihood.levels import (
    LEVELS,
    Levels,
    declared_number,
    level_likelihood,
    levels_of,
    measured,
)
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution, linear_predictors
from analysis.refusals import Refusal


def _solve(sample: Sample, start: Floats | None) -> Solution:
    levels = _base_first(sample, levels_of(sample))
    blocks = tuple(copied(sample.main, name) for name in levels.names[1:])
    likelihood = Likelihood(
        blocks, partial(multinomial_derivatives, levels.codes), _start(sample, levels)
    )
    reached = summit(
        likelihood,
        sample.weight,
        what=f"The multinomial logit of {sample.wording.outcome}",
        start=start,
        weakest_pull=partial(_weakest_pull, sample, levels, blocks),
        demands=partial(_demands, sample, levels),
    )
    solution = Solution(
        coefficients=reached.coefficients,
        scores=reached.scores,
        bread=reached.bread,
        blocks=blocks,
        predictions=_predictions(levels),
        log_likelihood=reached.log_likelihood,
        null_log_likelihood=level_likelihood(sample, levels),
        notes=(f"The base level of {sample.wording.outcome} is {levels.names[0]}.",),
    )
    # Nobody reads how well a replicate fits.
    if start is not None:
        return solution
    return measured(solution, reached.log_likelihood, sample, levels)


def multinomial_derivatives(codes: Codes, eta: Floats) -> Derivatives:
    """Log-probabilities of levels `codes`, 0 for the base, by the (L - 1, m) predictors."""
    count, m = eta.shape
    every = np.vstack([np.zeros(m), eta])
    log_p = every - special.logsumexp(every, axis=0)
    p = np.exp(log_p[1:])
    chosen = codes == np.arange(1, count + 1)[:, None]
    hessian = p[:, None] * p
    hessian[np.arange(count), np.arange(count)] -= p
    return Derivatives(log_p[codes, np.arange(m)], chosen - p, hessian)


def level_curve(position: int, eta: Floats) -> Curve:
    """Probability of the level at `position`, 0 the base, with its two derivatives."""
    p = _probabilities(eta)
    apart = -p[1:]
    if position:
        apart[position - 1] += 1
    spread = p[1:, None] * p[1:]
    spread[np.arange(len(eta)), np.arange(len(eta))] -= p[1:]
    return Curve(p[position], p[position] * apart, p[position] * (apart[:, None] * apart + spread))


def _base_first(sample: Sample, levels: Levels) -> Levels:
    """The levels with the base before the others: the lowest, unless the word "base" says.

    Raises: Refusal ``level_unknown``.
    """
    chosen = sample.words.get("base")
    if not chosen:
        return levels
    base = declared_number(chosen, sample)
    if base not in levels.values:
        raise Refusal(
            "level_unknown",
            f"The base level '{chosen}' is not among the levels of {sample.wording.outcome} that "
            f"firms of the model have: {named(levels.names)}.",
            "Choose one of them as the base.",
        )
    order = np.argsort(levels.values != base, kind="stable")
    return Levels(levels.values[order], np.argsort(order)[levels.codes], levels.share[order])


def _start(sample: Sample, levels: Levels) -> Floats:
    """The model of intercepts alone, which is known."""
    start = np.zeros((levels.count - 1, sample.Z.shape[1]))
    start[:, 0] = np.log(levels.share[1:] / levels.share[0]) / sample.Z[0, 0]
    return start.ravel()


def _predictions(levels: Levels) -> dict[str, Prediction]:
    """A probability per level, the base last."""
    positions = (*range(1, levels.count), 0)
    return {
        f"probability[{name}]": Prediction(
            f"probability[{name}]", f"Probability of level {name}", partial(level_curve, position)
        )
        for position, name in ((position, levels.names[position]) for position in positions)
    }


def _probabilities(eta: Floats) -> Floats:
    """(L, m) of every level."""
    result: Floats = special.softmax(np.vstack([np.zeros(eta.shape[1]), eta]), axis=0)
    return result


def _weakest_pull(
    sample: Sample, levels: Levels, blocks: tuple[Block, ...], reached: Maximum
) -> float:
    """The least probability of a level that a firm does not have."""
    p = _probabilities(linear_predictors(blocks, reached.coefficients))
    p[levels.codes, np.arange(len(sample.y))] = 1.0
    return float(p[:, sample.weight > 0].min())


def _demands(sample: Sample, levels: Levels) -> Demands:
    """No level gains on the one that a firm has."""
    counted = np.flatnonzero(sample.weight > 0)
    columns, codes = standard_columns(sample.main)[counted], levels.codes[counted]
    # Of each level, the place of its own coefficients; none for the base.
    own = np.vstack([np.zeros(levels.count - 1), np.eye(levels.count - 1)])
    parts = [
        (own[codes[codes != other]] - own[other], codes != other) for other in range(levels.count)
    ]
    return Demands(
        never_negative=np.vstack(
            [
                (place[:, :, None] * columns[rows][:, None, :]).reshape(len(place), -1)
                for place, rows in parts
            ]
        ),
        firm=np.concatenate([counted[rows] for _, rows in parts]),
        zero=np.zeros((0, (levels.count - 1) * columns.shape[1])),
        terms=quoted_terms(sample.main, sample.wording) * (levels.count - 1),
        certain=f"that {sample.wording.outcome} has, or has not, some of its levels",
    )


MULTINOMIAL_LOGIT = Estimator(
    "multinomial_logit",
    "Multinomial logit",
    "The outcome has a few levels, numbers that are only names.",
    solve=_solve,
    covariances=LIKELIHOOD,
    roles=(
        Role(
            "base",
            "word",
            "The level that others are compared with; the lowest, if nothing is said.",
            is_needed=False,
        ),
        LEVELS,
    ),
)
