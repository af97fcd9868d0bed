"""Whether chains have settled, and how imputed values look beside observed ones."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.imputations import Imputations
from analysis.estimation.imputation.problem import Target

# Above these a chain has not settled (Oberman, van Buuren & Vink 2021 look at both).
WORST_RHAT = 1.2
WORST_AUTOCORRELATION = 0.5
# Iterations after the first half, and imputations, without which nothing can be said.
FEWEST_ITERATIONS = 4
FEWEST_CHAINS = 3
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the chains of one variable run.

    Attributes
    ----------
    name : a variable, ``variable[level]`` of a category, or a derived measure
    statistic : what of the imputed values was followed
    rhat : potential scale reduction over the second half of the iterations; NaN if unknown
    autocorrelation : of one iteration with the next, over the same iterations and all chains
    has_settled : None if there are too few iterations or chains to say
    verdict : a sentence
    """

    name: str
    statistic: Literal["mean", "standard deviation"]
    rhat: float
    autocorrelation: float
    has_settled: bool | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Imputed values of one variable, or of one level of it, beside observed ones.

    Attributes
    ----------
    observed, imputed : how many values; imputed ones in each imputation
    means, deviations : observed, imputed
    quartiles : three observed, three imputed
    distance : largest difference between the two distribution functions
    """

    name: str
    observed: int
    imputed: int
    means: tuple[float, float]
    deviations: tuple[float, float]
    quartiles: tuple[tuple[float, ...], tuple[float, ...]]
    distance: float


def convergence(imputations: Imputations) -> tuple[Convergence, ...]:
    """One entry for the mean and one for the standard deviation of each variable's chains."""
    found = []
    for name, means in imputations.means.items():
        found.append(_judged(name, "mean", means))
        if "[" not in name:
            found.append(_judged(name, "standard deviation", imputations.deviations[name]))
    return tuple(found)


def scale_reduction(chains: Floats) -> float:
    """R-hat of (iterations, m) chains (Gelman & Rubin 1992; Gelman et al. 2013, section 11.4)."""
    n = len(chains)
    within = float(chains.var(axis=0, ddof=1).mean())
    between = n * float(chains.mean(axis=0).var(ddof=1))
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((n - 1) / n + between / (n * within)))


def lag_one(chains: Floats) -> float:
    """Autocorrelation of (iterations, m) chains about their common mean."""
    away = chains - chains.mean()
    spread = float(np.mean(away**2))
    if spread == 0:
        return 0.0
    return float(np.mean(away[1:] * away[:-1])) / spread


def compared(imputations: Imputations) -> tuple[Comparison, ...]:
    """Observed and imputed distributions of each variable.

    They need not be alike: under missingness at random they differ as the predictors do. But a
    difference asks for a reason.
    """
    return tuple(
        entry for target in imputations.problem.targets for entry in _entries(imputations, target)
    )


def _entries(imputations: Imputations, target: Target) -> list[Comparison]:
    observed = imputations.problem.data[target.name][target.seen]
    imputed = np.concatenate([cells[target.name] for cells in imputations.cells])
    if target.model.kind != "category":
        return [_compared(target.name, observed, imputed, len(target.unseen))]
    return [
        _compared(
            f"{target.name}[{level}]",
            (observed == level).astype(float),
            (imputed == level).astype(float),
            len(target.unseen),
        )
        for level in target.levels
    ]


def _compared(name: str, observed: Values, imputed: Values, count: int) -> Comparison:
    line = np.unique(np.concatenate([observed, imputed]))
    below = [
        np.searchsorted(np.sort(values), line, side="right") / len(values)
        for values in (observed, imputed)
    ]
    return Comparison(
        name=name,
        observed=len(observed),
        imputed=count,
        means=(float(observed.mean()), float(imputed.mean())),
        deviations=(float(observed.std(ddof=1)), float(imputed.std(ddof=min(1, count)))),
        quartiles=(_quartiles(observed), _quartiles(imputed)),
        distance=float(np.abs(below[0] - below[1]).max()),
    )


def _quartiles(values: Values) -> tuple[float, ...]:
    return tuple(float(each) for each in np.quantile(values, QUARTILES))


def _judged(
    name: str, statistic: Literal["mean", "standard deviation"], chains: Floats
) -> Convergence:
    settled = chains[len(chains) // 2 :]
    if len(settled) < FEWEST_ITERATIONS or chains.shape[1] < FEWEST_CHAINS:
        return Convergence(
            name,
            statistic,
            float("nan"),
            float("nan"),
            None,
            f"Too few iterations or imputations to say whether the {statistic} of '{name}' has "
            f"settled: at least {2 * FEWEST_ITERATIONS} and {FEWEST_CHAINS} are needed.",
        )
    rhat, lag = scale_reduction(settled), lag_one(settled)
    has_settled = rhat <= WORST_RHAT and lag <= WORST_AUTOCORRELATION
    said = f"(R-hat {rhat:.2f}, autocorrelation {lag:.2f})"
    verdict = (
        f"The {statistic} of '{name}' has settled {said}."
        if has_settled
        else f"The {statistic} of '{name}' has not settled {said}: use more iterations, or fewer "
        "predictors that are nearly the same."
    )
    return Convergence(name, statistic, rhat, lag, has_settled, verdict)
