"""The pace of the response: its share by day of the field, against last wave and a target."""

from collections.abc import Mapping
from dataclasses import dataclass

from mathematics.refusals import Refusal
from surveys.fieldwork.progress import Progress


@dataclass(frozen=True, slots=True)
class Pace:
    """Cumulative response as a share of the cases, one value a day of the field from day 0."""

    shares: tuple[float, ...]

    def on(self, day: int) -> float | None:
        """The share at the end of that day; after the last one, as on it. None before day 0."""
        if day < 0 or not self.shares:
            return None
        return self.shares[min(day, len(self.shares) - 1)]


@dataclass(frozen=True, slots=True)
class PaceDay:
    """One day of the field: its number from 0, the share now, last wave's and the target's."""

    day: int
    now: float
    earlier: float | None
    target: float | None


def pace(shown: Progress, cases: float) -> Pace:
    """Cumulative responses, plain or weighted, as shares of so many cases.

    Raises: Refusal ``no_cases``.
    """
    if cases <= 0:
        raise Refusal("no_cases", "The wave has no cases to respond.", "Draw a sample first.")
    return Pace(tuple(number / cases for number in shown.cumulative))


def against(
    now: Pace, earlier: Pace | None = None, target: Mapping[int, float] | None = None
) -> tuple[PaceDay, ...]:
    """Each day of this wave beside the same day of the field of an earlier one and the target.

    `target` maps days of the field to the share wanted by then; between them it is a straight
    line from 0 on day 0, after the last it stays.

    Raises: Refusal ``target_share`` for a target outside [0, 1] or falling from day to day.
    """
    corners = _corners(target or {})
    return tuple(
        PaceDay(day, share, earlier.on(day) if earlier else None, _between(corners, day))
        for day, share in enumerate(now.shares)
    )


def _corners(target: Mapping[int, float]) -> list[tuple[int, float]]:
    corners = sorted(target.items())
    shares = [share for _, share in corners]
    if any(not 0 <= share <= 1 for share in shares) or shares != sorted(shares):
        raise Refusal(
            "target_share",
            "The response wanted must be shares from 0 to 1 that do not fall from day to day.",
            "Give the share of all cases that is to have answered by each day.",
        )
    return corners if not corners or corners[0][0] <= 0 else [(0, 0.0), *corners]


def _between(corners: list[tuple[int, float]], day: int) -> float | None:
    if not corners:
        return None
    before = [corner for corner in corners if corner[0] <= day]
    after = [corner for corner in corners if corner[0] > day]
    if not before or not after:
        return (before or after)[-1 if before else 0][1]
    (left, low), (right, high) = before[-1], after[0]
    return low + (high - low) * (day - left) / (right - left)
