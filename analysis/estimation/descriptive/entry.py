"""One door to all descriptions, for plans."""

from collections.abc import Callable, Mapping
from typing import Any, Unpack

from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.means import means, ratios, totals
from analysis.estimation.descriptive.quantiles import quantiles
from analysis.estimation.descriptive.scope import Scope
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.descriptive.tables import CrossTabulation, cross_tabulation
from analysis.estimation.descriptive.variances import standard_deviations, variances
from analysis.estimation.labels import named
from analysis.refusals import Refusal

STATISTICS: Mapping[str, tuple[Callable[..., Description | CrossTabulation], frozenset[str]]] = {
    "total": (totals, frozenset()),
    "mean": (means, frozenset()),
    "share": (shares, frozenset({"interval"})),
    "ratio": (ratios, frozenset({"denominator"})),
    "quantile": (quantiles, frozenset({"quantile", "interval"})),
    "variance": (variances, frozenset()),
    "standard_deviation": (standard_deviations, frozenset()),
    "cross_tabulation": (cross_tabulation, frozenset({"other"})),
}
"""By name as plans write it: what computes it, and what it reads besides y and the scope."""

NEEDED = {"ratio": "denominator", "cross_tabulation": "other"}
ARGUMENTS = {"quantile": "probabilities", "other": "columns"}


def describe(
    statistic: str,
    *,
    y: Any,
    denominator: Any = None,
    quantile: Any = None,
    other: Any = None,
    interval: str | None = None,
    **scope: Unpack[Scope],
) -> Description | CrossTabulation:
    """A descriptive statistic by name.

    Parameters
    ----------
    statistic
        one of `STATISTICS`
    y
        (n,) values; the rows of a cross-tabulation
    denominator
        (n,) floats of a ratio
    quantile
        share or shares between 0 and 1; the median if left out
    other : (n,) labels
        The columns of a cross-tabulation
    interval
        of shares and quantiles
    scope
        see `Scope`

    Raises
    ------
    Refusal
        ``unknown_statistic``, ``unused_part``, ``part_needed`` and those of the statistic.
    """
    if statistic not in STATISTICS:
        raise Refusal(
            "unknown_statistic",
            f"There is no descriptive statistic '{statistic}'; there are {named(STATISTICS)}.",
            "Name one of them.",
        )
    compute, reads = STATISTICS[statistic]
    parts = {
        "denominator": denominator,
        "quantile": quantile,
        "other": other,
        "interval": interval,
    }
    given = {name: value for name, value in parts.items() if value is not None}
    _refuse_parts(statistic, set(given), reads)
    return compute(y, **{ARGUMENTS.get(name, name): v for name, v in given.items()}, **scope)


def _refuse_parts(statistic: str, given: set[str], reads: frozenset[str]) -> None:
    unused = sorted(given - reads)
    if unused:
        raise Refusal(
            "unused_part",
            f"The statistic '{statistic}' has no use for {named(unused)}.",
            "Leave it out.",
        )
    needed = NEEDED.get(statistic)
    if needed is not None and needed not in given:
        raise Refusal(
            "part_needed", f"The statistic '{statistic}' needs '{needed}'.", "Name a variable."
        )
