"""Whether the parts of an index go together: Cronbach's alpha with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.constructs.measured import Floats
from analysis.refusals import Refusal
from mathematics.replicates import ReplicateWeights, replicate_variance

LEVEL = 0.95
FELDT = "Feldt (1965)"
FELDT_KISH = "Feldt (1965) with Kish's effective number of firms: rough under a design"
REPLICATES = "replicate weights of the wave"
FEWEST_FOR_ALPHA = 2
# Of a sum of squares: below it the parts do not differ between firms but by rounding.
CONSTANT = 1e-12


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of k parts.

    Attributes
    ----------
    firms : firms that answered every part
    alpha : k / (k - 1) (1 - sum of variances / variance of the sum)
    interval : its 95 per cent interval, made as `method` says
    standardized : k r / (1 + (k - 1) r) of the mean correlation r
    without : alpha of the other parts, for each part; empty of two parts
    item_rest : correlation of each part with the sum of the others
    """

    parts: tuple[str, ...]
    firms: int
    alpha: float
    interval: tuple[float, float]
    method: str
    standardized: float
    without: tuple[float, ...]
    item_rest: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Complete firms of an index: (n, k) parts, (n,) weights that add up to n, and both's n.

    `rows` are their places among all firms; `effective` is Kish's (sum w)^2 / sum w^2, which is
    n for equal weights.
    """

    names: tuple[str, ...]
    values: Floats
    weight: Floats
    rows: np.ndarray

    @property
    def effective(self) -> float:
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())

    @property
    def is_weighted(self) -> bool:
        return bool(np.ptp(self.weight) > CONSTANT)


def answered(
    names: Sequence[str], values: Floats, weight: Floats | None = None, *, what: str, least: int
) -> Answered:
    """The firms that answered every part; `what` needs at `least` so many parts.

    Raises: Refusal ``too_few_parts``, ``too_few_firms``, ``constant_part``.
    """
    if len(names) < least:
        raise Refusal(
            "too_few_parts",
            f"{what} needs {least} parts; this index has {len(names)} ({', '.join(names)}).",
            "Ask more of what it is about, or take its parts one by one.",
        )
    rows = np.flatnonzero(~np.isnan(values).any(axis=1))
    if len(rows) <= len(names):
        raise Refusal(
            "too_few_firms",
            f"Only {len(rows)} firm{'s' * (len(rows) != 1)} answered all {len(names)} parts.",
            "More firms than parts are needed; wait for answers, or leave out a part that few "
            "were asked.",
        )
    kept = np.asarray(values, dtype=float)[rows]
    w = np.ones(len(rows)) if weight is None else np.asarray(weight, dtype=float)[rows]
    found = Answered(tuple(names), kept, w / w.mean(), rows)
    _refuse_constant(found)
    return found


def _refuse_constant(found: Answered) -> None:
    spread = np.ptp(found.values, axis=0)
    scale = np.maximum(np.abs(found.values).max(axis=0), 1.0)
    same = [
        name for name, flat in zip(found.names, spread <= CONSTANT * scale, strict=True) if flat
    ]
    if same:
        raise Refusal(
            "constant_part",
            f"Every firm that answered all parts gave the same to {', '.join(same)}.",
            "A part that does not differ between firms cannot go together with others; leave it "
            "out.",
        )


def covariance_of(found: Answered) -> Floats:
    """(k, k) weighted covariance, over n - 1 for equal weights."""
    w = found.weight
    centred = found.values - np.average(found.values, axis=0, weights=w)
    total = float(w.sum())
    moments: Floats = (centred.T * w) @ centred
    return moments / (total - total / len(found.rows))


def cronbach_alpha(
    names: Sequence[str],
    values: Floats,
    weight: Floats | None = None,
    replicates: ReplicateWeights | None = None,
) -> Alpha:
    """Alpha of the parts of an index, and how it holds without each of them.

    Parameters
    ----------
    names
        Of the k parts.
    values
        (n, k) floats, NaN for missing, all in one direction.
    weight
        (n,) design weights, or None for equal ones.
    replicates
        Of the same n firms; the interval is theirs if they are given.

    Raises
    ------
    Refusal
        ``too_few_parts``, ``too_few_firms``, ``constant_part``, ``constant_sum``.

    Notes
    -----
    Feldt (1965): (1 - alpha) / (1 - its estimate) is F with n - 1 and (n - 1)(k - 1) degrees of
    freedom, if parts are normal with equal covariances.
    """
    found = answered(names, values, weight, what="Alpha", least=FEWEST_FOR_ALPHA)
    covariance = covariance_of(found)
    k = len(found.names)
    correlation = _correlation(covariance)
    mean = (correlation.sum() - k) / (k * (k - 1))
    alpha = _alpha(covariance)
    interval, method = _interval(found, alpha, replicates)
    return Alpha(
        parts=found.names,
        firms=len(found.rows),
        alpha=alpha,
        interval=interval,
        method=method,
        standardized=float(k * mean / (1 + (k - 1) * mean)),
        without=tuple(_alpha(_without(covariance, place)) for place in range(k)) if k > 2 else (),
        item_rest=tuple(_item_rest(covariance, place) for place in range(k)),
    )


def _alpha(covariance: Floats) -> float:
    k, total = len(covariance), float(covariance.sum())
    if total <= CONSTANT * float(np.trace(covariance)):
        raise Refusal(
            "constant_sum",
            "The parts add up to the same in every firm.",
            "Shares of one whole make no scale; analyse them one by one.",
        )
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _without(matrix: Floats, place: int) -> Floats:
    return np.delete(np.delete(matrix, place, axis=0), place, axis=1)


def _correlation(covariance: Floats) -> Floats:
    spread = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(spread, spread))


def _item_rest(covariance: Floats, place: int) -> float:
    rest = _without(covariance, place).sum()
    with_rest = covariance[place].sum() - covariance[place, place]
    return float(with_rest / np.sqrt(covariance[place, place] * rest)) if rest > 0 else float("nan")


def _interval(
    found: Answered, alpha: float, replicates: ReplicateWeights | None
) -> tuple[tuple[float, float], str]:
    if replicates is not None:
        return _replicated(found, alpha, replicates), REPLICATES
    n, k = found.effective, len(found.names)
    tail = (1 - LEVEL) / 2
    low, high = (
        1 - (1 - alpha) * float(stats.f.ppf(at, n - 1, (n - 1) * (k - 1)))
        for at in (1 - tail, tail)
    )
    return (low, high), FELDT_KISH if found.is_weighted else FELDT


def _replicated(found: Answered, alpha: float, replicates: ReplicateWeights) -> tuple[float, float]:
    """Alpha plus and minus t times its standard error; at most 1."""
    estimates = np.array(
        [
            [_alpha(covariance)] if usable else [np.nan]
            for covariance, usable in zip(
                _replicated_covariances(found, replicates), replicates.usable, strict=True
            )
        ]
    )
    variance = replicate_variance(estimates, np.array([alpha]), replicates)
    spread = float(np.sqrt(np.ravel(variance)[0]))
    reach = float(stats.t.ppf((1 + LEVEL) / 2, replicates.degrees_of_freedom)) * spread
    return alpha - reach, min(alpha + reach, 1.0)


def _replicated_covariances(found: Answered, replicates: ReplicateWeights) -> Floats:
    """(R, k, k) covariances under each replicate, but for a factor that cancels in alpha."""
    k, weights = len(found.names), replicates.weights[found.rows].T
    # Centred first: the moments of what lies far from 0 lose their digits.
    centred = found.values - found.values.mean(axis=0)
    products = (centred[:, :, None] * centred[:, None, :]).reshape(len(centred), -1)
    total = weights.sum(axis=1)
    mean = weights @ centred / total[:, None]
    second = (weights @ products / total[:, None]).reshape(-1, k, k)
    covariances: Floats = second - mean[:, :, None] * mean[:, None, :]
    return covariances
