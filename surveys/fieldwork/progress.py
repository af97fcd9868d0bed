"""Responses over the field period: how many had come in by the end of each day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Progress:
    """Cumulative responses by day, from the start of the field to the last day shown.

    `days` and `cumulative` have one entry a day, days without a response included.
    """

    days: tuple[date, ...]
    cumulative: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.cumulative[-1] if self.cumulative else 0


def progress(by_day: Iterable[tuple[date, int]], start: date, end: date) -> Progress:
    """Accumulate (day, responses) pairs over the days from `start` to `end`, both included.

    Responses before `start` count on `start`, later ones than `end` prolong the period:
    none is left out.
    """
    counts: dict[date, int] = {}
    for day, number in by_day:
        counts[max(day, start)] = counts.get(max(day, start), 0) + number
    last = max([end, start, *counts])
    days = tuple(start + timedelta(days=each) for each in range((last - start).days + 1))
    total = 0
    cumulative = []
    for day in days:
        total += counts.get(day, 0)
        cumulative.append(total)
    return Progress(days, tuple(cumulative))


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, in units of the drawing, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The drawing of a `Progress`: SVG coordinates in a view box of `width` x `height`.

    `left`, `right`, `top` and `bottom` bound the plot. `points` is the attribute of a
    polyline; the vertical axis starts from zero.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    points: str
    end_x: float
    end_y: float
    horizontal: tuple[Tick, ...]
    vertical: tuple[Tick, ...]

    @property
    def label_x(self) -> float:
        return self.end_x - 6 if self.end_x > self.width / 2 else self.end_x + 6

    @property
    def label_anchor(self) -> str:
        return "end" if self.end_x > self.width / 2 else "start"


_WIDTH, _HEIGHT = 760, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 732, 18, 208


def curve(shown: Progress, *, until: date) -> Curve:
    """Draw the progress as steps up to the day `until`; the axis spans all of its days."""
    span = max(len(shown.days) - 1, 1)
    ceiling = nice_ceiling(shown.total)

    def x(index: int) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * index / span, 1)

    def y(number: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * number / ceiling, 1)

    drawn = max(sum(day <= until for day in shown.days), 1)
    corners = [(x(0), y(shown.cumulative[0]))]
    for index in range(1, drawn):
        corners.append((x(index), corners[-1][1]))
        corners.append((x(index), y(shown.cumulative[index])))
    return Curve(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        points=" ".join(f"{across:g},{up:g}" for across, up in corners),
        end_x=corners[-1][0],
        end_y=corners[-1][1],
        horizontal=_day_ticks(shown.days, x),
        vertical=tuple(Tick(y(ceiling * part / 4), f"{ceiling * part / 4:g}") for part in range(5)),
    )


def _day_ticks(days: tuple[date, ...], x: Callable[[int], float]) -> tuple[Tick, ...]:
    """About six days along the axis, the first and the last among them."""
    last = len(days) - 1
    chosen = sorted({round(last * part / 5) for part in range(6)})
    return tuple(Tick(x(index), f"{days[index].day} {days[index]:%b}") for index in chosen)


def nice_ceiling(number: int) -> int:
    """The smallest of 4, 8, 20, 40, 80, 200 ... that is not below the number.

    Quarters of it are whole, so that an axis of counts has whole ticks.
    """
    step = 1
    while True:
        for factor in (4, 8, 20):
            if number <= factor * step:
                return factor * step
        step *= 10
