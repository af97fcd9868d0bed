"""A worker's time limit is heard wherever in the work it strikes."""

import os
import signal
import time
import weakref

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from analysis.tasks import told_until_heard


class Thing:
    pass


def strike() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def work(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def struck() -> None:
    with told_until_heard():
        strike()
        work(20)


def struck_where_python_drops_exceptions() -> None:
    thing = Thing()
    watched = weakref.ref(thing, lambda _: strike())
    with told_until_heard():
        del thing
        assert watched() is None
        work(20)


def test_a_limit_stops_the_work_it_strikes():
    with pytest.raises(SoftTimeLimitExceeded):
        struck()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_limit_that_strikes_where_python_drops_exceptions_is_told_again():
    with pytest.raises(SoftTimeLimitExceeded):
        struck_where_python_drops_exceptions()


def test_after_the_work_nothing_strikes_and_the_handlers_are_as_before():
    before = signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGALRM)

    with pytest.raises(SoftTimeLimitExceeded):
        struck()

    work(0.7)
    assert (signal.getsignal(signal.SIGUSR1), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
