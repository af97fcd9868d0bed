"""The drawing of a wave's pace beside last wave's and the target."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.fieldwork.pace import PaceDay
from surveys.fieldwork.progress import Tick

_WIDTH, _HEIGHT = 760, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 610, 18, 222
_CEILINGS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_LABEL_HEIGHT = 17.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: SVG points, where it ends, and its label, set apart from the other labels."""

    kind: str
    points: str
    end_x: float
    end_y: float
    label_y: float
    label: str


@dataclass(frozen=True, slots=True)
class PaceChart:
    """A chart in a view box of `width` x `height`, in the units of which all else is given."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    label_x: int
    lines: tuple[Line, ...]
    horizontal: tuple[Tick, ...]
    vertical: tuple[Tick, ...]


def pace_chart(days: Sequence[PaceDay], *, start: date, until: int) -> PaceChart:
    """Draw the days; the line of this wave ends with day `until`, the others go on."""
    top = _ceiling(value for day in days for value in (day.now, day.earlier, day.target) if value)
    span = max(len(days) - 1, 1)

    def x(day: int) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * day / span, 1)

    def y(share: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * share / top, 1)

    told: dict[str, tuple[str, list[tuple[int, float | None]]]] = {
        "target": ("Target", [(day.day, day.target) for day in days]),
        "earlier": ("Last wave", [(day.day, day.earlier) for day in days]),
        "now": ("This wave", [(day.day, day.now) for day in days if day.day <= until]),
    }
    drawn = [
        _line(
            kind, label, [(x(day), y(share), share) for day, share in values if share is not None]
        )
        for kind, (label, values) in told.items()
        if any(share is not None for _, share in values)
    ]
    return PaceChart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        label_x=_RIGHT + 10,
        lines=_apart(drawn),
        horizontal=_ticks(len(days), start, x),
        vertical=tuple(Tick(y(top * part / 4), f"{100 * top * part / 4:g} %") for part in range(5)),
    )


def _ceiling(values: Iterable[float]) -> float:
    highest = max(values, default=0.0)
    return next((each for each in _CEILINGS if highest <= each), 1.0)


def _line(kind: str, label: str, corners: list[tuple[float, float, float]]) -> Line:
    end_x, end_y, share = corners[-1]
    points = " ".join(f"{across:g},{up:g}" for across, up, _ in corners)
    return Line(kind, points, end_x, end_y, end_y, f"{label} {100 * share:.1f} %")


def _apart(lines: list[Line]) -> tuple[Line, ...]:
    """Labels from the top down, none over another; as far up as the foot of the chart needs."""
    ordered = sorted(lines, key=lambda line: line.end_y)
    lowest = float(_BOTTOM)
    heights: list[float] = []
    for number, line in enumerate(reversed(ordered)):
        here = min(line.end_y, lowest) if number == 0 else min(line.end_y, lowest - _LABEL_HEIGHT)
        heights.append(here)
        lowest = here
    placed = zip(ordered, reversed(heights), strict=True)
    return tuple(
        Line(each.kind, each.points, each.end_x, each.end_y, height, each.label)
        for each, height in placed
    )


def _ticks(days: int, start: date, x: Callable[[int], float]) -> tuple[Tick, ...]:
    chosen = sorted({round((days - 1) * part / 5) for part in range(6)})
    return tuple(Tick(x(each), _day(start + timedelta(days=each))) for each in chosen)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
