"""How the research pages write numbers: thin spaces, per cents, fixed decimals."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from surveys.fieldwork.rates import Rate
from surveys.fieldwork.rates_in_words import in_words
from surveys.queries.languages import language_name

register = template.Library()

NARROW_SPACE = "\u202f"
DASH = "–"


register.filter("language_name", language_name)


@register.filter
def thin(value: float | None) -> str:
    """A whole number with narrow spaces between thousands; a dash for None."""
    if value is None:
        return DASH
    return f"{value:,.0f}".replace(",", NARROW_SPACE)


@register.filter
def percent(value: float | None, decimals: int = 1) -> str:
    """A share in [0, 1] as per cent; a dash for None."""
    if value is None:
        return DASH
    return f"{100 * value:.{decimals}f}{NARROW_SPACE}%"


@register.filter
def decimal(value: float | None, decimals: int = 2) -> str:
    """A number with so many decimals and narrow spaces; a dash for None."""
    if value is None:
        return DASH
    return f"{value:,.{decimals}f}".replace(",", NARROW_SPACE)


@register.filter
def share_of(part: float, whole: float) -> float | None:
    """A part as a share of the whole; None where there is no whole."""
    return part / whole if whole else None


@register.filter
def plus(one: float, other: float) -> float:
    return one + other


@register.filter
def key(values: Mapping[str, Any], name: str) -> Any:
    """The value under a key that a template cannot write after a dot."""
    return values.get(name)


@register.filter
def percent_number(value: float) -> str:
    """A share as a number of per cent for a field."""
    return f"{100 * value:g}"


@register.filter
def rate_words(rate: Rate) -> str:
    """The formula of an outcome rate as a phrase."""
    return in_words(rate.name)


@register.filter
def in_order_of(lines: Iterable[Any], name: str) -> list[Any]:
    """Lines by a text of theirs, by the number that it opens with if any: 10-49, 50-249, 250+.

    A line is an object, or a dictionary. Lines that are alike keep their order.
    """

    def place(line: Any) -> tuple[int, str]:
        text = str(line[name] if isinstance(line, Mapping) else getattr(line, name))
        number = re.match(r"\d+", text)
        return (int(number[0]) if number else -1, text)

    return sorted(lines, key=place)
