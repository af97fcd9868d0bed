"""The search for the best bounds of size classes among the sizes that were observed."""

from dataclasses import dataclass

import numpy as np

from surveys.sampling.arrays import Floats, Integers, integers

COARSE = 600
"""Places tried for one bound; where there are more, a coarse search comes before a fine one."""
WINDOW = 40
"""Places tried for each of two bounds that move together."""
MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Different sizes in rising order, with running sums: moments of any class at once.

    Attributes
    ----------
    sizes : (K,) floats
    firms, total, squares : (K + 1,) floats
        Sums over the sizes below each position.
    cv : float
    power : float or None
    """

    sizes: Floats
    firms: Floats
    total: Floats
    squares: Floats
    cv: float
    power: float | None

    @classmethod
    def of(cls, values: Floats, *, cv: float, power: float | None) -> "Ladder":
        sizes, number = np.unique(values, return_counts=True)
        # Sums of squares about the mean of all keep their digits.
        centred = sizes - values.mean()
        return cls(
            sizes,
            _running(number.astype(float)),
            _running(number * centred),
            _running(number * centred**2),
            cv,
            power,
        )

    @property
    def mean(self) -> float:
        """Of all firms."""
        return float(self.sizes @ np.diff(self.firms) / self.firms[-1])

    def needed(self, steps: Integers) -> tuple[Floats, Floats]:
        """Firms needed under each of M sets of bounds.

        Parameters
        ----------
        steps : (M, L - 1) integers
            Positions of bounds, rising.

        Returns
        -------
        (M,) totals, infinite where a class is too small or too much is asked of it, and (M, L)
        numbers of the classes.
        """
        ends = np.pad(steps, ((0, 0), (1, 0)))
        ends = np.concatenate([ends, np.full((len(steps), 1), len(self.sizes))], axis=1)
        firms = np.diff(self.firms[ends], axis=1)
        total = np.diff(self.total[ends], axis=1)
        squares = np.diff(self.squares[ends], axis=1)
        kept = np.maximum(firms, 2)
        variance = np.maximum(squares - total**2 / np.maximum(firms, 1), 0) / (kept - 1)
        mean = total / np.maximum(firms, 1) + self.mean
        weight = firms[:, :-1] / self.firms[-1]
        if self.power is None:
            share = weight * np.sqrt(variance[:, :-1])
        else:
            share = (weight * np.maximum(mean[:, :-1], 0)) ** self.power
        return self._numbers(firms, variance[:, :-1], weight, share)

    def _numbers(
        self, firms: Floats, variance: Floats, weight: Floats, share: Floats
    ) -> tuple[Floats, Floats]:
        whole = share.sum(axis=1, keepdims=True)
        share = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0)
        spread = weight**2 * variance
        ratio = np.divide(spread, share, out=np.zeros_like(share), where=share > 0)
        below = (self.cv * self.mean) ** 2 + (weight * variance).sum(axis=1) / self.firms[-1]
        some = (ratio.sum(axis=1) / below)[:, None] * share
        numbers = np.concatenate([some, firms[:, -1:]], axis=1)
        fails = (firms[:, :-1] < 2).any(axis=1) | (firms[:, -1] < 1)
        fails |= (some > firms[:, :-1] * (1 + 1e-12)).any(axis=1)
        fails |= ((share <= 0) & (spread > 0)).any(axis=1)
        return np.where(fails, np.inf, numbers.sum(axis=1)), numbers


def best_bounds(ladder: Ladder, classes: int) -> tuple[Integers | None, Floats]:
    """(L - 1,) positions of the best bounds and (L,) numbers; None if none will do."""
    places = _coarse_places(ladder)
    found = [_settled(ladder, start, places) for start in _starts(ladder, classes)]
    reached = [ladder.needed(steps[None])[0][0] for steps in found]
    best = integers(found[int(np.argmin(reached))])
    if len(places) < len(ladder.sizes) - 1:
        best = _settled(ladder, best, None)
    needed, numbers = ladder.needed(best[None])
    return (best if np.isfinite(needed[0]) else None), numbers[0]


def _running(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values, dtype=float)])


def _coarse_places(ladder: Ladder) -> Integers:
    """Positions spread over firms, over total size and over the ladder itself."""
    steps = len(ladder.sizes)
    if steps - 1 <= COARSE:
        return np.arange(1, steps)
    cuts = np.arange(1, COARSE // 3) / (COARSE // 3)
    size = np.concatenate([[0.0], np.cumsum(ladder.sizes * np.diff(ladder.firms))])
    chosen = [np.searchsorted(sums, cuts * sums[-1]) for sums in (ladder.firms, size)]
    chosen.append(np.rint(cuts * steps).astype(np.intp))
    return integers(np.unique(np.clip(np.concatenate(chosen), 1, steps - 1)))


def _starts(ladder: Ladder, classes: int) -> list[Integers]:
    """Bounds of equal firms, of equal total, and such that the last class is small."""
    steps = len(ladder.sizes)
    size = np.concatenate([[0.0], np.cumsum(ladder.sizes * np.diff(ladder.firms))])
    root = np.concatenate([[0.0], np.cumsum(np.sqrt(ladder.sizes * np.diff(ladder.firms)))])
    even = np.arange(1, classes) / classes
    late = 1 - 0.5 ** np.arange(1, classes)
    last = 1 - 0.1 ** np.arange(1, classes)
    starts = [
        np.searchsorted(sums, cuts * sums[-1])
        for sums in (ladder.firms, size, root)
        for cuts in (even, late, last)
    ]
    return [_apart(integers(start), steps) for start in starts]


def _apart(start: Integers, steps: int) -> Integers:
    """Positions that rise by at least 1 between 1 and steps - 1."""
    gap = np.arange(len(start))
    rising = np.maximum.accumulate(np.clip(start, 1, steps - 1) - gap) + gap
    highest = steps - 1 - gap[::-1]
    return integers(np.minimum(rising, highest))


def _settled(ladder: Ladder, start: Integers, places: Integers | None) -> Integers:
    """Every bound moved to its best place in turn, then each two neighbours, until none moves.

    Without `places` a bound moves among the neighbouring positions.
    """
    steps, best = start.copy(), float(ladder.needed(start[None])[0][0])
    for _ in range(MOST_ROUNDS):
        before = best
        for bound in range(len(steps)):
            steps, best = _better(ladder, steps, best, _one_moved(ladder, steps, bound, places))
        if best < before:
            continue
        for bound in range(len(steps) - 1):
            steps, best = _better(ladder, steps, best, _two_moved(ladder, steps, bound, places))
        if not best < before:
            break
    return steps


def _better(
    ladder: Ladder, steps: Integers, best: float, tried: Integers
) -> tuple[Integers, float]:
    needed, _ = ladder.needed(tried)
    least = int(needed.argmin())
    return (tried[least], float(needed[least])) if needed[least] < best else (steps, best)


def _one_moved(ladder: Ladder, steps: Integers, bound: int, places: Integers | None) -> Integers:
    """(M, L - 1) bounds with one of them elsewhere between its neighbours."""
    ends = np.concatenate([[0], steps, [len(ladder.sizes)]])
    low, high = ends[bound] + 1, ends[bound + 2] - 1
    near = _near(steps[bound], places, 2 * COARSE)
    moved = near[(near >= low) & (near <= high)]
    moved = moved if moved.size else steps[bound : bound + 1]
    tried = np.repeat(steps[None], len(moved), axis=0)
    tried[:, bound] = moved
    return tried


def _two_moved(ladder: Ladder, steps: Integers, bound: int, places: Integers | None) -> Integers:
    """(M, L - 1) bounds with one of them and the next elsewhere near by."""
    ends = np.concatenate([[0], steps, [len(ladder.sizes)]])
    first = _near(steps[bound], places, WINDOW)
    second = _near(steps[bound + 1], places, WINDOW)
    pairs = np.array(np.meshgrid(first, second)).reshape(2, -1).T
    allowed = (pairs[:, 0] > ends[bound]) & (pairs[:, 1] < ends[bound + 3])
    pairs = pairs[allowed & (pairs[:, 0] < pairs[:, 1])]
    pairs = pairs if len(pairs) else steps[None, bound : bound + 2]
    tried = np.repeat(steps[None], len(pairs), axis=0)
    tried[:, bound : bound + 2] = pairs
    return tried


def _near(place: np.intp, places: Integers | None, number: int) -> Integers:
    """At most `number` places about one."""
    if places is None:
        return place + np.arange(-(number // 2), number // 2 + 1)
    middle = int(np.searchsorted(places, place))
    return places[max(0, middle - number // 2) : middle + number // 2 + 1]
