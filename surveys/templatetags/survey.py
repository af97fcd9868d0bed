"""How dates and times are written on every page."""

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def clock(moment: datetime) -> str:
    """The time of day: ``10:42``."""
    return f"{moment:%H:%M}"


@register.filter(expects_localtime=True)
def day(moment: date) -> str:
    """The day: ``21 Nov 2026``, not to be torn apart at the end of a line."""
    return f"{moment.day} {moment:%b %Y}".replace(" ", "\u00a0")
