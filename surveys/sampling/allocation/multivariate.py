"""Multivariate optimal allocation: the cheapest sample that meets precision targets (Bethel 1989).

The variance of estimand j, sum of N_h² S_jh² (1 / (r n_h) - 1 / N_h) with r the response rate, is
to be at most (CV_j Y_j)². Divided by (CV_j Y_j)² + sum of N_h S_jh² it is a constraint of
`least_cost`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from surveys.sampling.allocation.estimands import Estimand, expected_cvs
from surveys.sampling.allocation.least_cost import LeastCost, least_cost
from surveys.sampling.allocation.result import AllocationResult, Limits
from surveys.sampling.arrays import Floats, Integers, floats, integers
from surveys.sampling.refusals import AllocationRefused, PrecisionRefused

SURE = 1e-9
"""Of a target, by how much arithmetic may miss it."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The coefficient of variation that an estimand may have at most, as a share of 1."""

    estimand: Estimand
    cv: float


@dataclass(frozen=True, slots=True)
class MetTarget:
    """What became of a target.

    Attributes
    ----------
    wanted, expected : coefficients of variation, the second under the whole numbers
    saved : cost that a target wider by 1 % of itself would save, about
    """

    variable: str
    domain: str
    wanted: float
    expected: float
    saved: float

    @property
    def is_binding(self) -> bool:
        """Whether the target decides the allocation."""
        return self.saved > 0


@dataclass(frozen=True, slots=True, eq=False)
class MultivariateAllocation:
    """Bethel's allocation and how it was reached.

    Attributes
    ----------
    allocation : AllocationResult
    targets : tuple of J MetTarget
    cost : float
        Of the whole numbers.
    iterations : int
    gap : float
        Share of the cost by which the exact numbers may lie above the cheapest there are.
    """

    allocation: AllocationResult
    targets: tuple[MetTarget, ...]
    cost: float
    iterations: int
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """The targets on the strata: what does not change while they are widened."""

    limits: Limits
    targets: tuple[Target, ...]
    cost: Floats
    response_rate: Floats

    def constraints(self, targets: Sequence[Target] | None = None) -> Floats:
        """(J, H)."""
        size = self.limits.population.astype(float)
        variance = np.array([each.estimand.variance for each in targets or self.targets])
        allowed = np.array([_allowed(each) for each in targets or self.targets])
        right = allowed + variance @ size
        result: Floats = size**2 * variance / self.response_rate / right[:, None]
        return result

    def solve(self, constraints: Floats) -> LeastCost:
        # A stratum of which nothing must be drawn is held above 0, where variances end.
        lower = np.maximum(self.limits.lower.astype(float), 1e-6)
        return least_cost(constraints, self.cost, lower, self.limits.upper.astype(float))


def bethel(
    limits: Limits,
    targets: Sequence[Target],
    *,
    cost: npt.ArrayLike = 1.0,
    response_rate: npt.ArrayLike = 1.0,
    most: int | None = None,
) -> MultivariateAllocation:
    """The cheapest allocation under which every target is met.

    Parameters
    ----------
    limits : Limits
        A minimum of 2 keeps variances estimable; where the optimum is the whole stratum,
        n_h = N_h.
    targets : sequence of J Target
        What is to be met.
    cost : float or (H,) floats
        Of one firm, positive.
    response_rate : float or (H,) floats, above 0 to 1
        Share of the firms drawn that will answer.
    most : int, optional
        Firms that may be drawn at most.

    Raises
    ------
    AllocationRefused
        For a target that is not positive, or an estimand whose value is 0.
    PrecisionRefused
        If even the largest numbers miss a target, or if the targets need more than `most`:
        which, and what is possible.
    """
    task = _checked(limits, tuple(targets), cost, response_rate)
    constraints = task.constraints()
    _refuse_out_of_reach(task)
    solution = task.solve(constraints)
    drawn = _whole_numbers(task, constraints, solution.numbers)
    if most is not None and drawn.sum() > most:
        raise _too_many(task, int(drawn.sum()), most)
    options = {
        "targets": [[t.estimand.variable, t.estimand.domain, t.cv] for t in task.targets],
        "most": most,
    }
    result = AllocationResult("bethel", limits.population, solution.numbers, drawn, options)
    return MultivariateAllocation(
        allocation=result,
        targets=_met(task, drawn, solution),
        cost=float(task.cost @ drawn),
        iterations=solution.iterations,
        gap=solution.gap,
    )


def _checked(
    limits: Limits, targets: tuple[Target, ...], cost: npt.ArrayLike, response_rate: npt.ArrayLike
) -> _Task:
    strata = len(limits.population)
    price = floats(cost, named="cost", length=strata)
    answering = floats(response_rate, named="response rate", length=strata)
    if (price <= 0).any() or (answering <= 0).any() or (answering > 1).any():
        raise AllocationRefused("Costs must be positive, and response rates above 0 and at most 1.")
    if not targets:
        raise AllocationRefused("State at least one precision target.")
    for target in targets:
        estimand = target.estimand
        if not target.cv > 0:
            raise AllocationRefused(f"The target for {_named(estimand)} must be above 0.")
        if estimand.value == 0:
            raise AllocationRefused(
                f"{_named(estimand)} is 0 on the frame, so it has no coefficient of variation. "
                "Leave the target out or choose another variable."
            )
    return _Task(limits, targets, price, answering)


def _allowed(target: Target) -> float:
    """The variance that the target allows."""
    return (target.cv * target.estimand.value) ** 2


def _named(estimand: Estimand) -> str:
    return f"{estimand.variable} in {estimand.domain}"


def _refuse_out_of_reach(task: _Task) -> None:
    best = _cvs(task, task.limits.upper)
    wanted = np.array([target.cv for target in task.targets])
    missed = np.flatnonzero(best > wanted * (1 + SURE))
    if not missed.size:
        return
    found = "; ".join(
        f"{_named(task.targets[j].estimand)}: {wanted[j]:.2%} wanted, {best[j]:.2%} possible"
        for j in missed
    )
    raise PrecisionRefused(
        "With every firm that may be drawn these coefficients of variation stay too large: "
        f"{found}. Widen these targets, draw more of their strata, or raise the response rate.",
        possible=_by_name(task, best),
    )


def _too_many(task: _Task, needed: int, most: int) -> PrecisionRefused:
    """What the targets need, and by how much all must be widened to make do with `most`."""
    drawn_from = task.constraints(task.targets).any(axis=0)
    least = int(np.maximum(task.limits.lower, drawn_from).sum())
    if most < least:
        return PrecisionRefused(
            f"At most {most} firms may be drawn, and the smallest numbers of the strata sum to "
            f"{least}: a target needs at least one of every stratum that it rests on. "
            f"Allow {least}, or ask for less of each stratum.",
            possible={},
            needed=needed,
        )
    factor = _factor_within(task, most)
    possible = {key: cv * factor for key, cv in _wanted(task).items()}
    found = "; ".join(
        f"{variable} in {domain}: {cv:.2%}" for (variable, domain), cv in possible.items()
    )
    return PrecisionRefused(
        f"The targets need {needed} firms, and at most {most} may be drawn. With {most} they can "
        f"be met if every one is {factor:.3f} times as wide: {found}.",
        possible=possible,
        needed=needed,
    )


def _factor_within(task: _Task, most: int) -> float:
    """The smallest common factor of the targets at which `most` firms do, to 1 in 1,000."""
    low, high = 1.0, 2.0
    while _needed(task, high) > most:
        low, high = high, high * 2
    while high - low > 1e-3 * low:
        middle = (low + high) / 2
        low, high = (middle, high) if _needed(task, middle) > most else (low, middle)
    return high


def _needed(task: _Task, factor: float) -> int:
    constraints = task.constraints([replace(each, cv=each.cv * factor) for each in task.targets])
    return int(_whole_numbers(task, constraints, task.solve(constraints).numbers).sum())


def _whole_numbers(task: _Task, constraints: Floats, exact: Floats) -> Integers:
    """Rounded up, then down again, dearest gain first, wherever the targets bear it."""
    lower, upper = task.limits.lower, task.limits.upper
    drawn = np.clip(integers(np.ceil(exact - SURE)), np.maximum(lower, 1), upper)
    drawn = np.where(constraints.any(axis=0) | (lower > 0), drawn, 0)
    reached = constraints @ (1 / np.maximum(drawn, 1))
    left = np.flatnonzero(drawn > np.maximum(lower, 1))
    while left.size:
        spared = []
        for h in left[np.argsort(-((drawn - exact) * task.cost)[left], kind="stable")]:
            lost = constraints[:, h] * (1 / (drawn[h] - 1) - 1 / drawn[h])
            if (reached + lost <= 1 + SURE).all():
                drawn[h] -= 1
                reached += lost
                spared.append(h)
        # What could not be spared now cannot be later, when every constraint is tighter.
        left = np.array([h for h in spared if drawn[h] > max(int(lower[h]), 1)], dtype=np.intp)
    return integers(drawn)


def _cvs(task: _Task, drawn: Integers) -> Floats:
    estimands = [target.estimand for target in task.targets]
    return expected_cvs(estimands, task.limits.population, drawn, task.response_rate)


def _met(task: _Task, drawn: Integers, solution: LeastCost) -> tuple[MetTarget, ...]:
    cvs = _cvs(task, drawn)
    size = task.limits.population.astype(float)
    met = []
    for target, cv, price in zip(task.targets, cvs, solution.prices, strict=True):
        allowed = _allowed(target)
        share = allowed / (allowed + float(target.estimand.variance @ size))
        saved = float(price) * share * 0.02
        names = (target.estimand.variable, target.estimand.domain)
        met.append(MetTarget(*names, target.cv, float(cv), saved))
    return tuple(met)


def _by_name(task: _Task, cvs: Floats) -> dict[tuple[str, str], float]:
    return {
        (target.estimand.variable, target.estimand.domain): float(cv)
        for target, cv in zip(task.targets, cvs, strict=True)
    }


def _wanted(task: _Task) -> dict[tuple[str, str], float]:
    return _by_name(task, np.array([target.cv for target in task.targets]))
