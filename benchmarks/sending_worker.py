"""The Celery application of the product with short leases, for `benchmarks.sending`."""

from celery.signals import worker_init

from benchmarks.sending import shorten_leases
from config.celery import app

__all__ = ["app"]


@worker_init.connect
def _shorten(**_: object) -> None:
    shorten_leases()
