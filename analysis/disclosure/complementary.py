"""Complementary suppression: what else must be withheld so that nothing can be worked out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.disclosure.additive import AdditiveTable, Protection
from analysis.disclosure.attacker import audit
from analysis.disclosure.capacity import (
    Attack,
    Pattern,
    attacks,
    cheapest_protection,
    shortfall,
)
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

# Cells beyond which a table is refused, and beyond which the least is not searched for.
MOST_CELLS = 20_000
MOST_CELLS_EXACT = 1_500
ROUNDS = 25
NODES = 400


@dataclass(frozen=True, slots=True)
class Suppression:
    """The cells to withhold.

    Attributes
    ----------
    primary : cells that must not be shown by themselves
    complementary : cells withheld to protect these
    cost : of the complementary cells
    least_cost : no pattern that protects costs less than this
    """

    primary: frozenset[int]
    complementary: frozenset[int]
    cost: float
    least_cost: float

    @property
    def hidden(self) -> frozenset[int]:
        return self.primary | self.complementary

    @property
    def is_least(self) -> bool:
        return self.cost <= self.least_cost * (1 + 1e-6) + 1e-9


def suppress(
    table: AdditiveTable,
    protections: Sequence[Protection],
    *,
    always_shown: Collection[int] = (),
    withheld: Collection[int] = (),
    rounds: int = ROUNDS,
) -> Suppression:
    """A cheap pattern that protects, the cheapest where it can be found in so many rounds.

    Cells of value 0 in every layer stay shown: that nobody is there is no secret, so they
    protect nothing. First a pattern is built cell by cell; then integer programs, to which
    every pattern that falls short adds an inequality, look for the least (Fischetti &
    Salazar-Gonzalez 2001). The pattern is audited before it is given. Cells `withheld` for other
    reasons are hidden at no cost, and protect others without needing protection.

    Raises: Refusal ``table_too_large``, ``cannot_protect``.
    """
    if len(table.labels) > MOST_CELLS:
        raise Refusal(
            "table_too_large",
            f"The table has {len(table.labels)} cells; complementary suppression takes up to "
            f"{MOST_CELLS}.",
            "Join categories, or show it in parts that share no margin.",
        )
    primary = np.zeros(len(table.labels), dtype=bool)
    primary[[each.cell for each in protections]] = True
    primary[list(withheld)] = True
    if not protections:
        return Suppression(frozenset(np.flatnonzero(primary).tolist()), frozenset(), 0.0, 0.0)
    eligible = np.any([layer != 0 for layer in table.layers], axis=0)
    eligible[list(always_shown)] = False
    for cell in always_shown:
        if primary[cell]:
            raise _cannot_protect(table, cell)
    against = attacks(table, protections)
    pattern, least = _built(table, against, primary, eligible), 0.0
    if len(table.labels) <= MOST_CELLS_EXACT:
        pattern, least = _improved(table, against, primary, eligible, pattern, rounds)
    cost = float(table.cost[pattern & ~primary].sum())
    if cost > least:
        pattern = _cleaned(table, against, primary, pattern)
        cost = float(table.cost[pattern & ~primary].sum())
    hidden = frozenset(np.flatnonzero(pattern).tolist())
    if audit(table, hidden, protections):
        raise _cannot_protect(table, protections[0].cell)
    return Suppression(
        frozenset(np.flatnonzero(primary).tolist()),
        frozenset(np.flatnonzero(pattern & ~primary).tolist()),
        cost,
        min(least, cost),
    )


def _cannot_protect(table: AdditiveTable, cell: int) -> Refusal:
    return Refusal(
        "cannot_protect",
        f"“{table.labels[cell]}” cannot be protected: totals that are to be shown give it away.",
        "Join categories, or do not show the table.",
    )


def _built(
    table: AdditiveTable, against: Sequence[Attack], primary: Pattern, eligible: Pattern
) -> Pattern:
    """A pattern that withstands one attack after another, hardest first."""
    hidden = primary.copy()
    for attack in sorted(against, key=lambda each: -each.need):
        lack, _ = shortfall(table, attack, hidden)
        if lack <= 0:
            continue
        moved = cheapest_protection(table, attack, hidden, eligible)
        if moved is None:
            raise _cannot_protect(table, attack.cell)
        hidden |= moved
    return hidden


def _cleaned(
    table: AdditiveTable, against: Sequence[Attack], primary: Pattern, pattern: Pattern
) -> Pattern:
    """Without the dearest cells that are not needed."""
    hidden = pattern.copy()
    extra = np.flatnonzero(pattern & ~primary)
    if len(extra) * len(against) > 4_000:
        return hidden
    for cell in extra[np.argsort(-table.cost[extra])]:
        hidden[cell] = False
        if any(shortfall(table, attack, hidden)[0] > 0 for attack in against):
            hidden[cell] = True
    return hidden


def _improved(
    table: AdditiveTable,
    against: Sequence[Attack],
    primary: Pattern,
    eligible: Pattern,
    known: Pattern,
    rounds: int,
) -> tuple[Pattern, float]:
    """The cheapest pattern if it is found in time, or the known one; and the least cost."""
    cuts = _first_cuts(table, against, primary, eligible)
    least, dearest = 0.0, float(table.cost[known & ~primary].sum())
    for _ in range(rounds):
        trial, bound = _master(table, cuts, primary, eligible)
        least = max(least, min(bound, dearest))
        if trial is None:
            break
        lacking = 0
        for attack in against:
            lack, capacity = shortfall(table, attack, trial)
            if lack > 0:
                lacking += 1
                cuts.append((capacity, attack.need))
        if not lacking:
            cost = float(table.cost[trial & ~primary].sum())
            # No pattern costs less than the bound; of the trial it is the cost, but for rounding.
            near = 1e-5 * (1 + cost)
            least = cost if cost - bound <= near else least
            return (trial, least) if cost <= dearest + near else (known, least)
    return known, least


Cut = tuple[Floats, float]


def _first_cuts(
    table: AdditiveTable, against: Sequence[Attack], primary: Pattern, eligible: Pattern
) -> list[Cut]:
    """A hidden cell needs company in each of its sums; one that has none is of no use."""
    cuts = []
    for attack in against:
        room = np.minimum(np.maximum(attack.up, attack.down), attack.need)
        for row in table.sums_of_cell[attack.cell]:
            total, parts = table.sums[row]
            members = [cell for cell in (total, *parts) if cell != attack.cell]
            capacity = np.zeros(len(table.labels))
            capacity[members] = room[members]
            cuts.append((capacity, attack.need))
    for total, parts in table.sums:
        for cell in filter((eligible & ~primary).__getitem__, (total, *parts)):
            company = np.zeros(len(table.labels))
            company[[other for other in (total, *parts) if other != cell]] = 1.0
            company[cell] = -1.0
            cuts.append((company, 0.0))
    return cuts


def _master(
    table: AdditiveTable, cuts: Sequence[Cut], primary: Pattern, eligible: Pattern
) -> tuple[Pattern | None, float]:
    """The cheapest pattern that fulfils the inequalities, and a bound on its cost from below."""
    solved = milp(
        np.where(primary, 0.0, table.cost),
        integrality=np.ones(len(primary)),
        bounds=Bounds(primary.astype(float), (primary | eligible).astype(float)),
        constraints=_constraints(cuts),
        options={"node_limit": NODES, "mip_rel_gap": 1e-7},
    )
    bound = 0.0 if solved.mip_dual_bound is None else float(solved.mip_dual_bound)
    pattern = None if solved.x is None else solved.x > 0.5
    return pattern, max(0.0, bound)


def _constraints(cuts: Sequence[Cut]) -> list[LinearConstraint]:
    if not cuts:
        return []
    capacities = sparse.csr_array(np.array([capacity for capacity, _ in cuts]))
    needs = np.array([need * (1 - 1e-9) for _, need in cuts])
    return [LinearConstraint(capacities, needs, np.inf)]
