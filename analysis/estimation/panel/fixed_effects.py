"""The within estimator: least squares with an effect of each unit, and of each wave if asked."""

import numpy as np
import pandas as pd

from analysis.estimation.blocks import Block
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import coordinates, weighted_moments
from analysis.estimation.design_matrix import INTERCEPT, Column
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Labels, Rows
from analysis.estimation.panel.equations import (
    least_squares,
    plain_columns,
    refuse_reproduced,
)
from analysis.estimation.panel.firm_waves import (
    OF_UNITS,
    PANEL,
    FirmWaves,
    firm_waves,
    wants_wave_effects,
    wave_indicators,
)
from analysis.estimation.panel.within import (
    changing,
    refuse_nothing_changes,
    refuse_unchanged_outcome,
    unit_means,
    within,
)
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution
from analysis.refusals import Refusal

UNMOVED = "does not change over the waves of any firm, whose own effect takes it up"


def solve_fixed_effects(sample: Sample, start: Floats | None) -> Solution:
    r"""Least squares of deviations from the units' means (Wooldridge 2010, 10.5).

    The intercept reported is the average of the units' effects, as in Stata: what is regressed
    is :math:`y_{it} - \bar y_i + \bar y` on :math:`x_{it} - \bar x_i + \bar x`. Under weights
    means are weighted, whether or not the weights change within units.

    Raises
    ------
    Refusal
        ``no_within_variation``, ``outcome_constant_within``, ``no_degrees_of_freedom``,
        ``perfect_fit``, and those of the panel's labels.
    """
    panel, weight = firm_waves(sample), sample.weight
    blocks, notes = within_blocks(sample, panel, has_intercept=True)
    Z = blocks[0].Z
    deviation = within(Z, panel, weight) + weight @ Z / weight.sum()
    y = within(sample.y[:, None], panel, weight)[:, 0]
    level = float(np.average(sample.y, weights=weight))
    fitted = least_squares(y + level, deviation, weight)
    spare = len(y) - Z.shape[1] - (panel.count - 1)
    if start is None:
        refuse_unchanged_outcome(sample, panel)
        _refuse_no_spare(spare, panel, Z.shape[1] - 1)
        refuse_reproduced(y, fitted.residual, weight, sample)
    predictor = Z @ fitted.coefficients
    return Solution(
        coefficients=fitted.coefficients,
        scores=deviation * fitted.residual[:, None],
        bread=fitted.bread,
        blocks=blocks,
        predictions=linear_predictions("at the average effect of the units"),
        dispersion=float(weight @ fitted.residual**2) / max(spare, 1),
        absorbed=effects_not_nested(sample, panel),
        residual_df=float(spare),
        fit_measures=r_squareds(sample, panel, predictor, fitted.residual),
        notes=(*notes, panel.note, panel.counts_note(), *_singletons(panel)),
    )


def within_blocks(
    sample: Sample, panel: FirmWaves, *, has_intercept: bool, rows: Rows | None = None
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The block of columns that change within units, waves last, and notes on those dropped.

    Independence is judged, and coordinates are chosen, in deviations from plain means, of the
    units of `rows` if not all: neither depends on the weights, so that replicates have the same.
    """
    names, indicators = _indicators(sample, panel)
    X = np.hstack([sample.X[:, 1:], indicators])
    columns = (*sample.columns[1:], *plain_columns(names))
    labels = [sample.wording.term(each.name) for each in columns]
    ones = np.ones(len(X))
    deviation = within(X, panel, ones)
    if rows is not None:
        deviation[~rows] = 0.0
    moves = changing(X, deviation)
    if not moves.any():
        raise refuse_nothing_changes(sample)
    moving = np.flatnonzero(moves)
    standing = np.column_stack([ones, deviation[:, moving]])
    terms = ["", *(labels[each] for each in moving)]
    found = aliased(standing, ones, weighted_moments(standing, ones), terms)
    reasons = dict.fromkeys((int(each) for each in np.flatnonzero(~moves)), UNMOVED)
    reasons |= {int(moving[position - 1]): why for position, why in found.items()}
    kept = [each for each in range(X.shape[1]) if each not in reasons]
    notes = tuple(f"{labels[each]} was dropped: it {why}." for each, why in sorted(reasons.items()))
    chosen = tuple(columns[each] for each in kept)
    return (_block(chosen, X[:, kept], deviation[:, kept], has_intercept=has_intercept),), notes


def _indicators(sample: Sample, panel: FirmWaves) -> tuple[tuple[str, ...], Floats]:
    if not wants_wave_effects(sample):
        return (), np.empty((len(sample.y), 0))
    return wave_indicators(panel, np.ones(len(sample.y), dtype=bool))


def _block(
    columns: tuple[Column, ...], X: Floats, deviation: Floats, *, has_intercept: bool
) -> Block:
    ones = np.ones(len(X))
    standing = np.column_stack([ones, deviation])
    back = coordinates(standing, ones, weighted_moments(standing, ones))[1]
    if has_intercept:
        columns, X = (Column(INTERCEPT), *columns), np.column_stack([ones, X])
    else:
        # Deviations are orthogonal to the intercept, so that their coordinates stand alone.
        back = back[1:, 1:]
    X = np.asfortranarray(X)
    return Block("", columns, X, X @ back, back)


def r_squareds(
    sample: Sample, panel: FirmWaves, predictor: Floats, residual: Floats
) -> dict[str, float]:
    """R squared within units, between their means, and overall, as Stata's xtreg has them.

    Between units each counts once, whatever the number of its waves.
    """
    weight = sample.weight
    y = within(sample.y[:, None], panel, weight)[:, 0]
    means = unit_means(np.column_stack([sample.y, predictor]), panel, weight)
    total = np.bincount(panel.unit, weight, panel.count) / panel.rows_of_unit
    prefix = "weighted_" if sample.is_weighted else ""
    return {
        f"{prefix}within_r_squared": float(1 - weight @ residual**2 / (weight @ y**2)),
        f"{prefix}between_r_squared": squared_correlation(means[:, 0], means[:, 1], total),
        f"{prefix}overall_r_squared": squared_correlation(sample.y, predictor, weight),
    }


def squared_correlation(one: Floats, other: Floats, weight: Floats) -> float:
    """Squared weighted correlation; 0 where one of them does not vary."""
    share = weight / weight.sum()
    one, other = one - share @ one, other - share @ other
    apart = (share @ one**2) * (share @ other**2)
    return float((share @ (one * other)) ** 2 / apart) if apart > 0 else 0.0


def linear_predictions(where: str) -> dict[str, Prediction]:
    """The expected outcome as the sum of all linear predictors."""

    def mean(eta: Floats) -> Curve:
        return Curve(eta.sum(axis=0), np.ones_like(eta), np.zeros((len(eta), *eta.shape)))

    return {"mean": Prediction("mean", f"Expected outcome, {where}", mean)}


def effects_not_nested(sample: Sample, panel: FirmWaves) -> int:
    """Unit effects that clustered standard errors must count.

    None where units lie in clusters: their effects are estimated anew in every cluster, and
    counting them doubles the variance of two waves (Cameron and Miller 2015, III.B). Clusters
    are the units themselves unless labels say otherwise; of two ways one is enough, as in
    Stata's reghdfe.
    """
    ways = [sample.labels[role] for role in ("cluster", "cluster_2") if role in sample.labels]
    if not ways or any(_are_nested(panel, each) for each in ways):
        return 0
    return panel.count - 1


def _are_nested(panel: FirmWaves, clusters: Labels) -> bool:
    """Whether each unit is in one cluster in all its waves."""
    codes = pd.factorize(clusters)[0]
    first = np.zeros(panel.count, dtype=np.intp)
    first[panel.unit] = codes
    return bool(np.all(first[panel.unit] == codes))


def _refuse_no_spare(spare: int, panel: FirmWaves, slopes: int) -> None:
    if spare <= 0:
        raise Refusal(
            "no_degrees_of_freedom",
            f"{int(panel.rows_of_unit.sum())} firm-waves leave no degrees of freedom after the "
            f"effects of {panel.count} firms and {slopes} terms.",
            "Leave terms out, or widen the subpopulation.",
        )


def _singletons(panel: FirmWaves) -> tuple[str, ...]:
    single = int(np.sum(panel.rows_of_unit == 1))
    if not single:
        return ()
    return (
        f"{single} of {panel.count} firms are in one wave only: their own effect fits them "
        "exactly, and they say nothing of the other terms.",
    )


FIXED_EFFECTS = Estimator(
    "fixed_effects",
    "Fixed effects",
    "A number, in two or more waves. Least squares with an effect of each firm.",
    solve_fixed_effects,
    OF_UNITS,
    roles=PANEL,
)
