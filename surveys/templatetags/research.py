"""How the research pages write numbers: thin spaces, per cents, fixed decimals."""

from django import template

register = template.Library()

NARROW_SPACE = "\u202f"
DASH = "–"


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
