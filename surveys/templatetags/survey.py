"""How dates and times are written on every page."""

from datetime import date, datetime

from django import template
from django.utils import dateformat, timezone
from django.utils.translation import gettext

register = template.Library()


@register.filter(expects_localtime=True)
def clock(moment: datetime) -> str:
    """The time of day: ``10:42``."""
    return f"{moment:%H:%M}"


@register.filter(expects_localtime=True)
def moment(at: datetime) -> str:
    """The time of day, with the day if that is another: ``at 10:42``, ``on 20 Nov at 10:42``."""
    if at.date() == timezone.localdate():
        return gettext("at {time}").format(time=clock(at))
    return gettext("on {day} at {time}").format(day=day(at), time=clock(at))


@register.filter(expects_localtime=True)
def day(moment: date) -> str:
    """The day: ``21 Nov 2026``, not to be torn apart at the end of a line."""
    month = dateformat.format(moment, "M")
    written = gettext("{day} {month} {year}").format(day=moment.day, month=month, year=moment.year)
    return written.replace(" ", "\u00a0")
