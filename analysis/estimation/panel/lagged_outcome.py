"""The outcome, or its growth, on what the firm was some waves earlier."""

import numpy as np

from analysis.estimation.design_matrix import INTERCEPT
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Rows
from analysis.estimation.panel.differences import LAG
from analysis.estimation.panel.equations import (
    independent_block,
    least_squares,
    plain_columns,
    refuse_reproduced,
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

OWN_LAG = "outcome_lag"
FORM = Role("form", "word", "level, or growth: the outcome less its lag", is_needed=False)


def solve_lagged_outcome(sample: Sample, start: Floats | None) -> Solution:
    """Least squares of y_t, or y_t - y_{t-lag}, on x_{t-lag} and y_{t-lag}.

    The form of Belderbos, Carree and Lokshin (2004): growth from one wave to the
    next, explained by networking and all else at the earlier wave, and the outcome's own level
    there. Both forms have the same coefficients, but for one of the own lag.

    Raises
    ------
    Refusal
        ``unknown_form``, ``no_earlier_wave``, ``lag_not_whole``, ``too_few_rows``,
        ``perfect_fit``, and those of the panel's labels.
    """
    panel = firm_waves(sample)
    lag = lag_asked(sample)
    earlier = panel.earlier(lag)
    rows = earlier >= 0
    refuse_no_pairs(rows, lag)
    names, indicators = lagged_waves(sample, panel, rows)
    block, notes = independent_block(
        plain_columns((INTERCEPT, OWN_LAG, *lagged_names(sample, lag), *names)),
        np.column_stack([np.ones(len(rows)), sample.y[earlier], sample.X[earlier, 1:], indicators]),
        rows,
        sample,
    )
    y = np.where(rows, sample.y - sample.y[earlier] * _is_growth(sample), 0.0)
    fitted = least_squares(y, block.Z, sample.weight)
    weight = sample.weight * rows
    centred = np.where(rows, y - np.average(y, weights=weight), 0.0)
    if start is None:
        refuse_reproduced(centred, fitted.residual, weight, sample)
    left = float(weight @ fitted.residual**2)
    spare = int(rows.sum()) - block.width
    prefix = "weighted_" if sample.is_weighted else ""
    return Solution(
        coefficients=fitted.coefficients,
        scores=block.Z * fitted.residual[:, None],
        bread=fitted.bread,
        blocks=(block,),
        predictions=linear_predictions("given the earlier wave"),
        dispersion=left / spare,
        used=rows,
        residual_df=float(spare),
        fit_measures={f"{prefix}r_squared": 1 - left / float(weight @ centred**2)},
        notes=(*notes, panel.note, panel.counts_note(rows), pairs_note(rows, lag)),
    )


def lagged_names(sample: Sample, lag: int) -> tuple[str, ...]:
    """Names of the terms as they were `lag` waves earlier."""
    return tuple(f"{name} (t-{lag})" for name in sample.names[1:])


def lagged_waves(sample: Sample, panel: FirmWaves, rows: Rows) -> tuple[tuple[str, ...], Floats]:
    """Indicators of the later waves, if asked, but the first of them."""
    if not wants_wave_effects(sample):
        return (), np.empty((len(rows), 0))
    return wave_indicators(panel, rows)


def _is_growth(sample: Sample) -> bool:
    form = sample.words.get("form", "level")
    if form not in ("level", "growth"):
        raise Refusal("unknown_form", f"There is no form '{form}'.", "Write level or growth.")
    return form == "growth"


LAGGED_OUTCOME = Estimator(
    "lagged_outcome",
    "Lagged outcome",
    "A number, in two or more waves. Explained by the firm's earlier wave.",
    solve_lagged_outcome,
    OF_UNITS,
    roles=(*PANEL, LAG, FORM),
)
