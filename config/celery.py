"""The Celery application and its clock."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init
from django.conf import settings

from config import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("milieu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def bound_the_memory(**_: object) -> None:
    memory.bound(settings.WORKER_MEMORY_MB)


@app.on_after_configure.connect
def set_the_clock(sender: Celery, **_: object) -> None:
    """Periodic tasks. Two clocks at once do no harm: a sweep only repeats messages."""
    seconds = settings.SWEEP_SECONDS
    sender.conf.beat_schedule = {
        # Finds runs whose message was lost and runs whose worker died.
        "sweep-stalled-runs": {
            "task": "analysis.tasks.sweep_stalled_runs",
            "schedule": float(seconds),
            "options": {"expires": seconds},
        },
        # A wave changes no more once its correction period is over.
        "freeze-due-waves": {
            "task": "surveys.tasks.freeze_due_waves",
            "schedule": crontab(hour=1, minute=10),
        },
        # The protocol's steps of the day, and whatever waits to be sent.
        "send-contacts": {
            "task": "surveys.tasks.send_contacts",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        # Letters of the day, apart from e-mails, which they must not hold up; who gets one is
        # found by reading every case.
        "ask-for-letters": {
            "task": "surveys.tasks.ask_for_letters",
            "schedule": crontab(minute="*/10"),
            "options": {"expires": 600},
        },
        # Letters, weights, samples, lists and figures whose message was lost or whose worker died.
        "carry-on-waiting-work": {
            "task": "surveys.tasks.carry_on_waiting_work",
            "schedule": float(seconds),
            "options": {"expires": seconds},
        },
        # How alike firms respond, and whom to follow up, read every case and every answer.
        "refresh-open-fieldwork": {
            "task": "surveys.tasks.refresh_open_fieldwork",
            "schedule": crontab(minute=25),
        },
        # Every visit of a firm leaves a session; those that are over serve nobody.
        "forget-expired-sessions": {
            "task": "surveys.tasks.forget_expired_sessions",
            "schedule": crontab(hour=3, minute=20),
        },
    }
