"""Runs that are cut into pieces however small they are."""

import pytest

from analysis.actions import preparing
from analysis.models import Run
from surveys.models import Wave
from tests.analysis.actions.divided_runs import requested
from tests.analysis.answered import make_answered_wave


@pytest.fixture
def every_run_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.pipeline.pieces.SMALL", 0)
    preparing._HELD.clear()


@pytest.fixture
def wave() -> Wave:
    return make_answered_wave()


@pytest.fixture
def run(wave: Wave) -> Run:
    return requested(wave)
