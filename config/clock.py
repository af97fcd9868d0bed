"""Celery's clock as a light process: it names tasks and need not know them.

`celery -A config beat` does the same with the numerical libraries in memory.
"""

from celery import Celery

from config.celery import set_the_clock

app = Celery("milieu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.on_after_configure.connect(set_the_clock)
