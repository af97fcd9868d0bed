"""The cells of one line of estimates, and of what stands beneath or beside them."""

import math
from collections.abc import Sequence

from analysis.tables import numerals
from analysis.tables.estimate_columns import Numbers
from analysis.tables.layout import Decimals, Layout, Shown, Star
from analysis.tables.table import Cell

NAMES: dict[Shown, str] = {
    "std_error": "standard error",
    "interval": "95 % confidence interval",
    "statistic": "t statistic",
    "p_value": "p-value",
    "none": "",
}
"""What a line beneath an estimate is called where it cannot be seen."""
_HEADINGS: dict[Shown, tuple[str, ...]] = {
    "std_error": ("Std. error",),
    "interval": ("95 % from", "to"),
    "statistic": ("t",),
    "p_value": ("p",),
    "none": (),
}
NOTHING = Cell("")


def headings_beside(layout: Layout) -> tuple[str, ...]:
    """Headings of the further columns of each model; none where all stands in one."""
    return _HEADINGS[layout.shown] if layout.place == "beside" else ()


def decimals_of(found: Sequence[Numbers], rule: Decimals) -> int:
    """Decimals of a line; of no meaning where digits are counted."""
    if rule.rule == "fixed":
        return rule.count
    return numerals.decimals_for(each.std_error for each in found)


def estimate_cell(numbers: Numbers, layout: Layout, decimals: int) -> Cell:
    text = _text(numbers.estimate, layout.decimals, decimals)
    return _cell(text + mark(numbers.p_value, layout.stars), numbers.estimate)


def beneath(numbers: Numbers, layout: Layout, decimals: int) -> Cell:
    """What stands under the estimate: in parentheses, or an interval in brackets."""
    if layout.shown == "interval":
        low, high = (
            _text(limit, layout.decimals, decimals) for limit in (numbers.low, numbers.high)
        )
        return Cell(numerals.DASH if numerals.DASH in (low, high) else f"[{low}, {high}]")
    value, text = _one(numbers, layout, decimals)
    return _cell(numerals.in_parentheses(text), value)


def beside(numbers: Numbers, layout: Layout, decimals: int) -> tuple[Cell, ...]:
    """What stands in the further columns of the model, one cell each."""
    if layout.shown == "interval":
        return tuple(
            _cell(_text(limit, layout.decimals, decimals), limit)
            for limit in (numbers.low, numbers.high)
        )
    value, text = _one(numbers, layout, decimals)
    return (_cell(text, value),)


def _one(numbers: Numbers, layout: Layout, decimals: int) -> tuple[float, str]:
    match layout.shown:
        case "statistic":
            return numbers.statistic, numerals.fixed(numbers.statistic, 2)
        case "p_value":
            return numbers.p_value, numerals.p_value(numbers.p_value)
        case _:
            return numbers.std_error, _text(numbers.std_error, layout.decimals, decimals)


def _text(value: float, rule: Decimals, decimals: int) -> str:
    if rule.rule == "significant":
        return numerals.significant(value, max(1, rule.count))
    return numerals.fixed(value, decimals)


def _cell(text: str, value: float) -> Cell:
    return Cell(text, value if math.isfinite(value) else None)


def mark(p_value: float, stars: Sequence[Star]) -> str:
    """The mark of the lowest level that the p-value is below; nothing where it is below none."""
    reached = [star for star in stars if p_value < star.level]
    return min(reached, key=lambda star: star.level).mark if reached else ""
