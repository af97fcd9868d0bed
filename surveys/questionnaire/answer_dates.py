"""Dates as answers: ISO texts of a day or of a month, and how they are said."""

import re
from datetime import date

from surveys.questionnaire.speech import say

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = "{day} {month} {year}"


def is_date(value: str, precision: str) -> bool:
    """Whether the text is a date of the precision, ``2024-03-31`` or ``2024-03``."""
    written = _MONTH if precision == "month" else _DAY
    if not written.fullmatch(value):
        return False
    try:
        date.fromisoformat(f"{value}-01" if precision == "month" else value)
    except ValueError:
        return False
    return True


def date_text(value: str) -> str:
    """``21 Nov 2026`` or ``Nov 2026``; a text that is no date as it is."""
    if is_date(value, "day"):
        day = date.fromisoformat(value)
        return say(_DATE, day=day.day, month=say(_MONTHS[day.month - 1]), year=day.year)
    if is_date(value, "month"):
        return f"{say(_MONTHS[int(value[5:]) - 1])} {value[:4]}"
    return value
