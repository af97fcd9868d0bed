"""The dates of a wave as moments."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from surveys.models import Wave

_AT_LEAST = timedelta(days=14)


def codes_expire_at(wave: Wave, at: datetime) -> datetime:
    """When a code issued at that moment ends: with the last day of the field.

    A code issued in the last two weeks of the field, or after it, is good for two weeks.
    """
    day_after = wave.field_end + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(day_after, time.min))
    return max(midnight, at + _AT_LEAST)
