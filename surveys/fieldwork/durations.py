"""How long firms took: quantiles of time, with those set apart that left a page open."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mathematics.arrays import Floats
from mathematics.refusals import Refusal

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# Median absolute deviations, on the scale of a normal distribution, beyond which a time is no
# time of answering (Iglewicz and Hoaglin 1993).
FARTHEST = 3.5
NORMAL = 1.4826


@dataclass(frozen=True, slots=True)
class Durations:
    """Times to complete, in the unit given.

    Attributes
    ----------
    quantiles : of the times kept, by the share below
    mean : of the times kept
    kept, too_short, too_long : numbers of firms
    shortest, longest : times within which one is kept
    """

    quantiles: dict[float, float]
    mean: float
    kept: int
    too_short: int
    too_long: int
    shortest: float
    longest: float


def durations(
    times: npt.ArrayLike,
    *,
    quantiles: Sequence[float] = QUANTILES,
    farthest: float = FARTHEST,
) -> Durations:
    """Quantiles of (n,) times above zero, without those far from the rest.

    Times are skewed, so that distance is judged on their logarithms: a time is kept if it lies
    within `farthest` normal-scaled median absolute deviations of the median. Where more than
    half of the times are the same, nothing can be called far and all are kept.

    Raises: Refusal ``no_times`` or ``time_not_positive``.
    """
    given = np.asarray(times, dtype=float)
    _refuse(given)
    low, high = _kept_between(np.log(given), farthest)
    inside = given[(given >= low) & (given <= high)]
    found = np.quantile(inside, quantiles)
    return Durations(
        quantiles=dict(zip(quantiles, found.tolist(), strict=True)),
        mean=float(inside.mean()),
        kept=len(inside),
        too_short=int((given < low).sum()),
        too_long=int((given > high).sum()),
        shortest=low,
        longest=high,
    )


def _kept_between(logs: Floats, farthest: float) -> tuple[float, float]:
    middle = float(np.median(logs))
    spread = NORMAL * float(np.median(np.abs(logs - middle)))
    if spread == 0:
        return float(np.exp(logs.min())) * (1 - 1e-12), float(np.exp(logs.max())) * (1 + 1e-12)
    return float(np.exp(middle - farthest * spread)), float(np.exp(middle + farthest * spread))


def _refuse(times: Floats) -> None:
    if len(times) == 0:
        raise Refusal(
            "no_times", "No firm has a time to complete.", "Wait for the first that answers."
        )
    wrong = ~(np.isfinite(times) & (times > 0))
    if wrong.any():
        raise Refusal(
            "time_not_positive",
            f"{wrong.sum()} of {len(times)} times are missing or not above zero; the first is "
            f"number {int(np.argmax(wrong)) + 1}.",
            "Leave out firms whose start or end is not known.",
        )
