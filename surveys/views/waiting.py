"""What was asked for on a page and is left to the workers: told to them, and told to the person."""

from functools import partial

from celery import Task
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from config import workers

WAITS = (
    "The workers cannot be reached at the moment. What you asked for is kept: it waits, and "
    "begins by itself as soon as they are back."
)


def tell_workers(request: HttpRequest, task: Task, *arguments: str | int, told: str = "") -> None:
    """Tell the workers once the wish is committed; if none can be told, say that it waits.

    Never raises, never waits long. The sweep finds what nobody was told of.
    """
    transaction.on_commit(partial(_tell, request, task, arguments, told), robust=True)


def _tell(request: HttpRequest, task: Task, arguments: tuple[str | int, ...], told: str) -> None:
    if not workers.tell(task, *arguments):
        messages.warning(request, WAITS)
    elif told:
        messages.success(request, told)
