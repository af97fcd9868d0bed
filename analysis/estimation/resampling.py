"""Samples drawn anew and firms shuffled, each replicate by its own number.

A replicate's random numbers come from the seed and its number alone (Philox, Salmon et al.
2011, keyed by the seed with the number as counter), so that replicates may be made in any
order, in any portions and on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

# Beyond this share of failed replicates, those that worked are no picture of all.
MOST_FAILED = 0.05
_WORD = 64


def generator(seed: int, number: int) -> np.random.Generator:
    """The random numbers of one replicate."""
    return np.random.Generator(np.random.Philox(key=seed, counter=number << (3 * _WORD)))


def bootstrap_estimates(model: Model, *, seed: int, numbers: Sequence[int]) -> Floats:
    """(R, k) reported coefficients on samples drawn anew, from a warm start.

    Within each stratum n_h - 1 of its n_h clusters are drawn with replacement and the weights
    rescaled (Rao and Wu 1988; as weights Rao, Wu and Yue 1992), the finite population
    correction with them. A row of NaN is a replicate under which the model has no estimate.

    Raises: Refusal ``singleton_stratum``.
    """
    fitted, design = model.fitted, model.fitted.design
    rows, report = fitted.sample.rows, fitted.solution.report
    estimates = np.full((len(numbers), len(report)), np.nan)
    for place, number in enumerate(numbers):
        factor = _rao_wu(design, generator(seed, number))[design.cluster_codes[rows]]
        again = fitted.sample.reweighted(design.weight[rows] * factor)
        try:
            found = fitted.estimator.refitted(again, fitted.solution.coefficients)
        except (Refusal, np.linalg.LinAlgError):
            continue
        estimates[place] = report @ found
    return estimates


def _rao_wu(design: SurveyDesign, random: np.random.Generator) -> Floats:
    """(clusters,) factors of the weights."""
    factor = np.ones(len(design.stratum_of_cluster))
    share = design.sampled_share
    for stratum, members in enumerate(_members(design)):
        size = len(members)
        if size == 1:
            _refuse_lonely(design, stratum)
            continue
        times = np.bincount(random.integers(0, size, size - 1), minlength=size)
        stretch = np.sqrt(1 - share[stratum])
        factor[members] = 1 + stretch * (times * (size / (size - 1)) - 1)
    return factor


def _members(design: SurveyDesign) -> list[Codes]:
    order = np.argsort(design.stratum_of_cluster, kind="stable")
    return np.split(order, np.cumsum(design.clusters_in_stratum)[:-1])


def _refuse_lonely(design: SurveyDesign, stratum: int) -> None:
    if design.lonely != "refuse" or design.sampled_share[stratum] >= 1:
        return
    raise Refusal(
        "singleton_stratum",
        f"The stratum {design.stratum_labels[stratum]} holds a single sampled unit, of which no "
        "bootstrap can draw another.",
        "Join it with a stratum like it, or name a policy, such as  lonely: certainty.",
    )


def shuffled(rows: Rows, design: SurveyDesign, random: np.random.Generator) -> Codes:
    """(n,) for each firm the firm whose value it gets.

    Values change places within strata, among the firms of `rows`; the others keep theirs.
    """
    order = np.arange(len(rows))
    strata = design.stratum_codes[rows]
    places = np.flatnonzero(rows)
    for stratum in np.unique(strata):
        members = places[strata == stratum]
        order[members] = random.permutation(members)
    return order


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What replicates say of k estimates.

    Attributes
    ----------
    std_errors : (k,) standard deviations of the replicates
    intervals : (k, 2) percentile limits (Efron 1981)
    failed : replicates without an estimate
    """

    std_errors: Floats
    intervals: Floats
    failed: int


def spread(estimates: Floats, level: float = 0.95) -> Spread:
    """Standard errors and percentile intervals of (R, k) replicates.

    Raises: Refusal ``replicates_failed`` if more than 5 % have no estimate.
    """
    worked = np.isfinite(estimates).all(axis=1)
    failed = int((~worked).sum())
    if failed > MOST_FAILED * len(estimates):
        raise Refusal(
            "replicates_failed",
            f"{failed} of {len(estimates)} bootstrap replicates have no estimate.",
            "Leave out the term that rests on few sampled units, or join small strata.",
        )
    kept = estimates[worked]
    limits = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Spread(kept.std(axis=0, ddof=1), limits.T, failed)


def permutation_p(observed: float, permuted: Floats) -> float:
    """(1 + how many permutations are as far from nothing) / (1 + how many there are).

    Phipson and Smyth (2010), equation 2. Permutations without a value are left out.
    """
    worked = permuted[np.isfinite(permuted)]
    # Equal curves differ by rounding: what is equal counts as at least as far.
    as_far = np.abs(worked) >= abs(observed) * (1 - 1e-12)
    return float((1 + np.count_nonzero(as_far)) / (1 + len(worked)))
