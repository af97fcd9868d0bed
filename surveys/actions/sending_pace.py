"""How many e-mails go out in one minute, counted over all workers in the database."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from surveys.models import SendingMinute


def take_of_the_minute(at: datetime, wanted: int) -> int:
    """How many of the e-mails wanted this minute still has room for, over all workers."""
    minute = at.replace(second=0, microsecond=0)
    SendingMinute.objects.get_or_create(minute=minute)
    with transaction.atomic():
        row = SendingMinute.objects.select_for_update().get(minute=minute)
        granted = max(0, min(wanted, settings.EMAILS_PER_MINUTE - row.taken))
        row.taken += granted
        row.save(update_fields=["taken"])
    if 0 < granted == row.taken:  # the first of this minute clears away what is long over
        SendingMinute.objects.filter(minute__lt=minute - timedelta(hours=1)).delete()
    return granted


@transaction.atomic
def give_back(at: datetime, number: int) -> None:
    minute = at.replace(second=0, microsecond=0)
    row = SendingMinute.objects.select_for_update().filter(minute=minute).first()
    if row is not None:
        row.taken = max(0, row.taken - number)
        row.save(update_fields=["taken"])
