"""The dates of a wave as moments."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from surveys.models import Wave

_AT_LEAST = timedelta(days=14)


def codes_expire_at(wave: Wave, at: datetime) -> datetime:
    """When a code issued at that moment ends: with the last day of the field.

    A code issued in the last two weeks of the field, or after it, is good for two weeks.
    """
    return max(day_begins(wave.field_end + timedelta(days=1)), at + _AT_LEAST)


def day_begins(day: date) -> datetime:
    """Midnight, with which the day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))
