"""Log-likelihoods that rise for ever: no finite estimate exists.

Each log-likelihood here is concave, so that it has no summit if and only if there is a
direction along which no firm's part of it ever falls and some firm's always rises (Albert and
Anderson 1984 for the multinomial logit). What each firm asks of such a direction is linear in
it, and so a linear programme finds one (Konis 2007).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes
from analysis.estimation.likelihood.engine import Likelihood, Maximum, maximise
from analysis.estimation.sample import Wording
from analysis.refusals import Refusal

SURE = 1e-6
NOTHING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Demands:
    """What firms ask of a direction d of the parameters along which all agree to go.

    Attributes
    ----------
    never_negative : (a, k) floats; no row may have a negative product with d
    firm : (a,) numbers of the firms whose rows these are; -1 for what no firm asks
    zero : (b, k) floats; every row has a product of zero
    terms : (k,) quoted labels of the terms, empty for what may move at no cost: intercepts,
        thresholds, variances
    certain : what would be certain of a firm, such as "that the outcome is at a limit"
    exact : for a model whose last parameter grows as its sigma shrinks: what the terms would
        reproduce without error, or hold within its limits
    """

    never_negative: Floats
    firm: Codes
    zero: Floats
    terms: tuple[str, ...]
    certain: str
    exact: str = ""


def summit(
    likelihood: Likelihood,
    weight: Floats,
    *,
    what: str,
    start: Floats | None,
    weakest_pull: Callable[[Maximum], float],
    demands: Callable[[], Demands],
) -> Maximum:
    """The maximum, after a proof or a check that the log-likelihood does not rise for ever.

    Were d a direction in which it does, its gradient along d would be a sum of pulls of one
    sign. Where iterations end it is next to zero, so some firm must pull next to nothing:
    `weakest_pull` is the weakest that any firm has on a linear predictor. Only if that is
    small, the linear programme of the `demands` is solved.

    Raises: Refusal ``separation``, ``perfect_fit``, ``no_convergence``.
    """
    try:
        reached = maximise(likelihood, weight, what=what, start=start)
    except Refusal:
        refuse_endless(demands(), len(weight))
        raise
    gradient = weight @ reached.scores
    decrement = float(np.sqrt(np.maximum(gradient @ reached.bread @ gradient, 0.0)))
    weakest = weakest_pull(reached)
    lightest = float(weight[weight > 0].min())
    if weakest < SURE or decrement > 0.5 * (lightest * weakest) ** 0.5:
        refuse_endless(demands(), len(weight))
    return reached


def refuse_endless(demands: Demands, count: int) -> None:
    """Refuse if a direction meets all demands, naming the terms that it moves.

    Raises: Refusal ``separation``, ``perfect_fit``.
    """
    direction = endless_direction(demands)
    if direction is None:
        return
    if demands.exact and direction[-1] > NOTHING:
        raise Refusal(
            "perfect_fit",
            f"The terms reproduce {demands.exact} without error, or hold it within its limits, "
            "for all firms: nothing is left to vary.",
            "Leave out the terms from which the outcome was computed, or give closer limits.",
        )
    moved = np.abs(direction) > NOTHING
    terms = list(
        dict.fromkeys(
            term for term, is_moved in zip(demands.terms, moved, strict=True) if is_moved and term
        )
    )
    along = demands.never_negative @ direction
    firms = demands.firm[along > NOTHING * along.max()]
    sure = len(np.unique(firms[firms >= 0]))
    given = ", ".join(terms) or "the terms of the model"
    raise Refusal(
        "separation",
        f"No finite estimate exists: given {given} it is certain {demands.certain}, for at least "
        f"{sure} of {count} firms.",
        "Join the category with another, leave the term out, or widen the subpopulation.",
    )


def endless_direction(demands: Demands) -> Floats | None:
    """(k,) direction that meets the demands, some strictly; None if there is none.

    The one that moves the terms least, so that few are named: it minimises their sum of |d|.
    """
    rows, repeats = np.unique(demands.never_negative, axis=0, return_counts=True)
    mean = repeats @ rows / max(repeats.sum(), 1)
    cost = np.array([1.0 if term else 0.0 for term in demands.terms])
    level = np.vstack([mean, np.linalg.qr(demands.zero, mode="r")])
    answer = linprog(
        np.concatenate([cost, cost]),
        A_ub=-np.hstack([rows, -rows]),
        b_ub=np.zeros(len(rows)),
        A_eq=np.hstack([level, -level]),
        b_eq=np.concatenate([[1.0], np.zeros(len(level) - 1)]),
        bounds=(0, None),
        method="highs",
    )
    if answer.status != 0:
        return None
    width = len(cost)
    direction: Floats = answer.x[:width] - answer.x[width:]
    longest: float = np.abs(direction).max()
    return direction / longest


def standard_columns(block: Block) -> Floats:
    """(m, k) the block's columns, centred and of length one on average, but for the first."""
    centred = block.X - block.X.mean(axis=0)
    centred[:, 0] = 1.0
    result: Floats = centred / np.sqrt((centred**2).mean(axis=0))
    return result


def quoted_terms(block: Block, wording: Wording) -> tuple[str, ...]:
    """Labels of the block's columns for `Demands.terms`: none for the intercept."""
    return ("", *(wording.term(column.name) for column in block.columns[1:]))
