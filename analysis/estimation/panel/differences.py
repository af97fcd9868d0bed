"""First and long differences: least squares of changes on changes."""

from functools import partial

import numpy as np

from analysis.estimation.blocks import Block
from analysis.estimation.design_matrix import INTERCEPT
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.panel.equations import (
    independent_block,
    least_squares,
    plain_columns,
    refuse_reproduced,
    with_columns,
)
from analysis.estimation.panel.firm_waves import (
    OF_UNITS,
    PANEL,
    FirmWaves,
    firm_waves,
    lag_asked,
    pairs_note,
    refuse_no_pairs,
    wants_wave_effects,
    wave_indicators,
)
from analysis.estimation.panel.fixed_effects import linear_predictions
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

LAG = Role("lag", "number", "how many waves back, 1 if not said", is_needed=False)


def solve_differences(sample: Sample, start: Floats | None, *, is_long: bool) -> Solution:
    """Least squares of y_t - y_{t-lag} on x_t - x_{t-lag} (Wooldridge 2010, 10.6).

    The intercept is the change common to all firms. A difference has the weight of its later
    wave. A wave that a firm left out leaves no difference across it, unless the lag spans it.

    Raises
    ------
    Refusal
        ``no_earlier_wave``, ``lag_not_whole``, ``no_change``, ``too_few_rows``,
        ``perfect_fit``, and those of the panel's labels.
    """
    panel = firm_waves(sample)
    lag = lag_asked(sample) if is_long else 1
    earlier = panel.earlier(lag)
    rows = earlier >= 0
    refuse_no_pairs(rows, lag)
    changes, levels, notes = _blocks(sample, panel, earlier)
    y = np.where(rows, sample.y - sample.y[earlier], 0.0)
    fitted = least_squares(y, changes.Z, sample.weight)
    if start is None:
        _refuse_unchanged(sample, y[rows])
        centred = np.where(rows, y - np.average(y, weights=sample.weight * rows), 0.0)
        refuse_reproduced(centred, fitted.residual, sample.weight, sample)
    spare = int(rows.sum()) - changes.width
    return Solution(
        coefficients=fitted.coefficients,
        scores=changes.Z * fitted.residual[:, None],
        bread=fitted.bread,
        blocks=(levels,),
        predictions=linear_predictions("without the level of each firm"),
        dispersion=float(sample.weight @ fitted.residual**2) / spare,
        used=rows,
        residual_df=float(spare),
        fit_measures=_measures(sample, rows, y, fitted.residual),
        notes=(*notes, panel.note, panel.counts_note(rows), pairs_note(rows, lag)),
    )


def _blocks(
    sample: Sample, panel: FirmWaves, earlier: Codes
) -> tuple[Block, Block, tuple[str, ...]]:
    """The block of changes, and that of levels, of which a marginal effect is the slope."""
    rows = earlier >= 0
    names, indicators = (
        wave_indicators(panel, rows)
        if wants_wave_effects(sample)
        else ((), np.empty((len(rows), 0)))
    )
    X = np.where(rows[:, None], sample.X[:, 1:] - sample.X[earlier, 1:], 0.0)
    changes, notes = independent_block(
        (*plain_columns((INTERCEPT, *names)), *sample.columns[1:]),
        np.column_stack([np.ones(len(rows)), indicators, X]),
        rows,
        sample,
        still="does not change between the waves of any firm",
    )
    places = {id(column): place for place, column in enumerate(sample.columns)}
    if not any(id(column) in places for column in changes.columns):
        raise _nothing_changes(sample)
    levels = [
        sample.X[:, places[id(column)]] if id(column) in places else changes.X[:, position]
        for position, column in enumerate(changes.columns)
    ]
    return changes, with_columns(changes, np.column_stack(levels)), notes


def _measures(sample: Sample, rows: Rows, y: Floats, residual: Floats) -> dict[str, float]:
    weight = sample.weight * rows
    variation = weight @ (y - np.average(y, weights=weight)) ** 2
    prefix = "weighted_" if sample.is_weighted else ""
    return {f"{prefix}r_squared_of_changes": float(1 - weight @ residual**2 / variation)}


def _refuse_unchanged(sample: Sample, change: Floats) -> None:
    if change.min() == change.max():
        raise Refusal(
            "no_change",
            f"{sample.wording.outcome} changes by {change[0]:g} for all firms, so there is no "
            "variation to explain.",
            "Choose another outcome or another lag.",
        )


def _nothing_changes(sample: Sample) -> Refusal:
    terms = ", ".join(sample.wording.term(name) for name in sample.names[1:])
    return Refusal(
        "no_change",
        f"None of the terms changes between the waves ({terms or 'there are none'}).",
        "Use terms that change, or correlated_random_effects.",
    )


FIRST_DIFFERENCES = Estimator(
    "first_differences",
    "First differences",
    "A number, in two or more waves. Least squares of changes from wave to wave.",
    partial(solve_differences, is_long=False),
    OF_UNITS,
    roles=PANEL,
)
LONG_DIFFERENCES = Estimator(
    "long_differences",
    "Long differences",
    "A number, in two or more waves. Least squares of changes over several waves.",
    partial(solve_differences, is_long=True),
    OF_UNITS,
    roles=(*PANEL, LAG),
)
