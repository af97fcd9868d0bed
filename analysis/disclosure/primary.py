"""Cells that must not be shown by themselves: few firms, and firms that dominate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.disclosure.rules import DisclosurePolicy
from analysis.estimation.estimates import Floats


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a cell breaks.

    Attributes
    ----------
    rule : name of the rule
    protection : by how much the cell's value must stay uncertain for everyone else, above and
        below, in the unit of the published value
    """

    rule: str
    protection: float


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What the m firms of a cell contribute to its total.

    Attributes
    ----------
    values : (m,) floats; their size counts, not their sign (as in GaussSuppression)
    weights : (m,) firms of the population each stands for
    holdings : (m,) labels of the enterprise group a firm belongs to, or None: firms of one
        group count as one
    """

    values: Floats
    weights: Floats
    holdings: npt.NDArray[np.object_] | None = None

    @property
    def published(self) -> float:
        """Size of the weighted total."""
        return float(np.abs(self.values) @ self.weights)

    def of_sample(self) -> Floats:
        """What each holding contributes in the sample, largest first."""
        sizes = np.abs(self.values)
        if self.holdings is not None:
            codes, _ = pd.factorize(self.holdings)
            alone = codes == -1
            joint = np.bincount(codes[~alone], sizes[~alone])
            sizes = np.concatenate([joint, sizes[alone]])
        return np.sort(sizes)[::-1]

    def count(self) -> int:
        """Holdings, or firms, unweighted."""
        return len(self.of_sample())


def broken_by_count(count: int, policy: DisclosurePolicy) -> tuple[Broken, ...]:
    """Of a cell that counts firms. An attacker must not be able to rule out `least_firms`."""
    if count == 0 and policy.zeros_are_safe:
        return ()
    if count >= policy.least_firms:
        return ()
    return (Broken("few_firms", float(policy.least_firms - count)),)


def broken_by_magnitude(given: Contributions, policy: DisclosurePolicy) -> tuple[Broken, ...]:
    """Of a cell that adds up a quantity. Hundepool et al. (2012), section 4.2.

    The p % rule asks for X - x2 - x1 >= p/100 x1, the (n, k) rule for x1 + ... + xn <= k/100 X.
    On ``expanded`` contributions each counts as often as its weight says, in fractions too, and
    once at least; on the ``sample`` each once. The protection is what the value lacks for the
    rule to hold; for few firms alone it is p per cent of the total.
    """
    count = given.count()
    if count == 0:
        return ()
    broken = []
    if count < policy.least_firms:
        share = 15.0 if policy.p_percent is None else policy.p_percent
        broken.append(Broken("few_firms", share / 100 * given.published))
    for basis in policy.judged_on:
        sizes, times = _units(given, basis)
        total = float(sizes @ times)
        if total <= 0:
            continue
        # What the sample lacks, in the unit of the weighted total that is published.
        scale = given.published / total
        broken += [
            Broken(each.rule, each.protection * scale)
            for each in _concentration(sizes, times, total, policy)
        ]
    return _widest(broken)


def _units(given: Contributions, basis: str) -> tuple[Floats, Floats]:
    """Contributions, largest first, and how often each counts."""
    if basis == "sample":
        sizes = given.of_sample()
        return sizes, np.ones(len(sizes))
    order = np.argsort(-np.abs(given.values), kind="stable")
    return np.abs(given.values)[order], np.maximum(given.weights[order], 1.0)


def _concentration(
    sizes: Floats, times: Floats, total: float, policy: DisclosurePolicy
) -> list[Broken]:
    found = []
    if policy.p_percent is not None:
        lacking = policy.p_percent / 100 * sizes[0] - (total - largest(sizes, times, 2))
        if lacking > 1e-12 * total:
            found.append(Broken("p_percent", float(lacking)))
    for n, k in policy.dominance:
        lacking = 100 / k * largest(sizes, times, n) - total
        if lacking > 1e-12 * total:
            found.append(Broken("dominance", float(lacking)))
    return found


def largest(sizes: Floats, times: Floats, n: int) -> float:
    """Sum of the n largest units when each size counts so many times."""
    before = np.concatenate([[0.0], np.cumsum(times)[:-1]])
    return float(sizes @ np.clip(n - before, 0, times))


def _widest(broken: list[Broken]) -> tuple[Broken, ...]:
    """Each rule once, with the widest protection."""
    widest: dict[str, float] = {}
    for each in broken:
        widest[each.rule] = max(each.protection, widest.get(each.rule, 0.0))
    return tuple(Broken(rule, protection) for rule, protection in widest.items())
