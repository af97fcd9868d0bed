"""Messages of the collecting half. Each does one thing and may be delivered twice."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone


@shared_task(name="surveys.tasks.forget_expired_sessions")
def forget_expired_sessions() -> int:
    """Drop the sessions that are over; the database would keep them for ever."""
    dropped, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return dropped
