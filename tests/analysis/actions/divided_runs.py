"""Runs that are cut into pieces however small they are, and what is asked of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis import actions, pipeline
from analysis.models import Run, RunPiece
from surveys.models import Wave
from tests.analysis.answered import make_plan_version
from tests.factories import NOON

MODEL = (
    "outcome: 'innovation.product[good]', covariance: HC1, "
    "design: {weights: none, strata: none, clusters: none, population: none}"
)
PLAN = f"""
title: Three models and a curve
models:
  - {{name: A, formula: ln_employment, bootstrap: 40, {MODEL}}}
  - {{name: Nobody, formula: ln_employment, subpopulation: control.employment < 0, {MODEL}}}
  - {{name: C, formula: control.employment, {MODEL}}}
curve:
  outcomes: ['innovation.product[good]']
  measures: [ln_employment, control.employment]
  estimators: [logit, probit, linear]
  covariance: HC1
  design: none
"""


def requested(wave: Wave, source: str = PLAN, slug: str = "size", by: Any = None) -> Run:
    version = make_plan_version(wave, source, slug)
    return actions.request(plan_version=version, by=by, at=NOON)[0]


def divided(run: Run) -> Run:
    assert actions.carry_out(run_id=run.pk)
    return reread(run)


def reread(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def states(run: Run) -> list[str]:
    return list(run.pieces.values_list("state", flat=True))


def left_behind(piece: RunPiece) -> None:
    """As its worker leaves it that is killed now."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    RunPiece.objects.filter(pk=piece.pk).update(lease_until=past)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of the pieces that are worked out."""
    done: list[str] = []
    plain = pipeline.worked

    def worked(prepared: Any, piece: pipeline.Piece) -> Any:
        done.append(piece.title)
        return plain(prepared, piece)

    monkeypatch.setattr(pipeline, "worked", worked)
    return done
