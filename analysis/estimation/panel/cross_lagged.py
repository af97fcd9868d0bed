"""Two processes, each explained by both a wave earlier: which leads, and which follows."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block, ancillary, copied
from analysis.estimation.design_matrix import INTERCEPT
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.panel.differences import LAG
from analysis.estimation.panel.equations import (
    LeastSquares,
    independent_block,
    least_squares,
    plain_columns,
    refuse_reproduced,
)
from analysis.estimation.panel.firm_waves import (
    PANEL,
    FirmWaves,
    firm_waves,
    lag_asked,
    pairs_note,
    refuse_no_pairs,
)
from analysis.estimation.panel.lagged_outcome import OWN_LAG, lagged_names, lagged_waves
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Derived, Solution
from analysis.refusals import Refusal

OTHER_LAG = "other_lag"
OTHER = Role("other", "outcome", "the second process, as networking beside innovation")


def solve_cross_lagged(sample: Sample, start: Floats | None) -> Solution:
    """Least squares of both processes on both a wave earlier (Kenny 1975; Finkel 1995).

    Both equations have the same terms, so that equation by equation is as good as together
    (Zellner 1962); the covariance is of both, as one firm's residuals go together. Beside the
    paths the four variances are parameters, so that standardised paths, in standard deviations,
    have standard errors that know these to be estimates.

    Raises
    ------
    Refusal
        ``no_earlier_wave``, ``paths_not_identified``, ``too_few_rows``, ``perfect_fit``, and
        those of the panel's labels.
    """
    panel = firm_waves(sample)
    lag = lag_asked(sample)
    earlier = panel.earlier(lag)
    rows = earlier >= 0
    refuse_no_pairs(rows, lag)
    other = sample.outcomes["other"]
    block, notes = _block(sample, panel, earlier, lag)
    y, z = np.where(rows, sample.y, 0.0), np.where(rows, other, 0.0)
    equations = tuple(least_squares(each, block.Z, sample.weight) for each in (y, z))
    spreads = _spreads((y, z, sample.y[earlier], other[earlier]), rows, sample.weight)
    if start is None:
        _refuse_unidentified(block)
        for each, fitted, place in zip((y, z), equations, (0, 1), strict=True):
            centred = np.where(rows, each - spreads.means[place], 0.0)
            refuse_reproduced(centred, fitted.residual, sample.weight * rows, sample)
    blocks = (block, copied(block, "other"), *(ancillary(name, len(y)) for name in VARIANCES))
    paths = block.width * 2
    return Solution(
        coefficients=np.concatenate(
            [*(each.coefficients for each in equations), spreads.variances]
        ),
        scores=np.hstack(
            [*(block.Z * each.residual[:, None] for each in equations), spreads.scores]
        ),
        bread=scipy.linalg.block_diag(
            *(each.bread for each in equations), np.eye(len(VARIANCES)) / spreads.total
        ),
        blocks=blocks,
        predictions={},
        report=scipy.linalg.block_diag(block.back, block.back, np.empty((0, len(VARIANCES)))),
        terms=tuple(term for each in blocks[:2] for term in each.terms),
        derived=_derived(block, equations, spreads, paths + len(VARIANCES)),
        is_likelihood=False,
        used=rows,
        fit_measures=_measures(sample, rows, equations, spreads),
        notes=(*notes, panel.note, panel.counts_note(rows), pairs_note(rows, lag)),
    )


VARIANCES = ("variance", "other|variance", "variance_lag", "other|variance_lag")


@dataclass(frozen=True, slots=True, eq=False)
class _Spreads:
    """Means and variances of both processes and both a wave earlier, in the order of VARIANCES.

    `scores` is (m, 4), `total` the sum of the weights.
    """

    means: Floats
    variances: Floats
    scores: Floats
    total: float


def _spreads(values: tuple[Floats, ...], rows: Rows, weight: Floats) -> _Spreads:
    table = np.where(rows[:, None], np.column_stack(values), 0.0)
    share = weight * rows
    means = share @ table / share.sum()
    apart = np.where(rows[:, None], table - means, 0.0)
    variances = share @ apart**2 / share.sum()
    scores = np.where(rows[:, None], apart**2 - variances, 0.0)
    return _Spreads(means, variances, scores, float(share.sum()))


def _block(
    sample: Sample, panel: FirmWaves, earlier: Codes, lag: int
) -> tuple[Block, tuple[str, ...]]:
    rows = earlier >= 0
    names, indicators = lagged_waves(sample, panel, rows)
    other = sample.outcomes["other"]
    X = np.column_stack(
        [np.ones(len(rows)), sample.y[earlier], other[earlier], sample.X[earlier, 1:], indicators]
    )
    terms = (INTERCEPT, OWN_LAG, OTHER_LAG, *lagged_names(sample, lag), *names)
    return independent_block(plain_columns(terms), X, rows, sample)


def _derived(
    block: Block, equations: tuple[LeastSquares, ...], spreads: _Spreads, width: int
) -> tuple[Derived, ...]:
    """Standardised paths, and how far the crossed ones are apart, as they are and standardised."""
    names = [column.name for column in block.columns]
    raw: dict[tuple[int, int], Derived] = {}
    standardised: dict[tuple[int, int], Derived] = {}
    for to, fitted in enumerate(equations):
        for source, name in enumerate((OWN_LAG, OTHER_LAG)):
            gradient = np.zeros(width)
            place = names.index(name)
            gradient[to * block.width : (to + 1) * block.width] = block.back[place]
            value = float(block.back[place] @ fitted.coefficients)
            raw[to, source] = Derived("", value, gradient)
            standardised[to, source] = _standardised(
                raw[to, source], to, source, spreads, f"{'other|' if to else ''}{name}"
            )
    return (
        *standardised.values(),
        _apart("crossed paths apart", raw),
        _apart("standardised|crossed paths apart", standardised),
    )


def _standardised(path: Derived, to: int, source: int, spreads: _Spreads, name: str) -> Derived:
    """The path times the standard deviation of its source over that of its goal."""
    variances = spreads.variances
    ratio = float(np.sqrt(variances[2 + source] / variances[to]))
    value = path.value * ratio
    gradient = path.gradient * ratio
    start = len(gradient) - len(variances)
    gradient[start + 2 + source] += value / (2 * variances[2 + source])
    gradient[start + to] -= value / (2 * variances[to])
    return Derived(f"standardised|{name}", value, gradient)


def _apart(term: str, paths: dict[tuple[int, int], Derived]) -> Derived:
    """The path from the other process to the outcome less that from the outcome to the other."""
    one, back = paths[0, 1], paths[1, 0]
    return Derived(term, one.value - back.value, one.gradient - back.gradient)


def _measures(
    sample: Sample, rows: Rows, equations: tuple[LeastSquares, ...], spreads: _Spreads
) -> dict[str, float]:
    share = sample.weight * rows / spreads.total
    left = [float(share @ each.residual**2) for each in equations]
    together = float(share @ (equations[0].residual * equations[1].residual))
    prefix = "weighted_" if sample.is_weighted else ""
    return {
        f"{prefix}r_squared": 1 - left[0] / float(spreads.variances[0]),
        f"{prefix}other_r_squared": 1 - left[1] / float(spreads.variances[1]),
        f"{prefix}residual_correlation": together / float(np.sqrt(left[0] * left[1])),
    }


def _refuse_unidentified(block: Block) -> None:
    names = {column.name for column in block.columns}
    missing = [name for name in (OWN_LAG, OTHER_LAG) if name not in names]
    if missing:
        raise Refusal(
            "paths_not_identified",
            f"{' and '.join(missing)} cannot be told apart from the other terms: in the earlier "
            "waves the process does not vary, or follows from the other.",
            "Choose two processes that both vary between firms.",
        )


CROSS_LAGGED = Estimator(
    "cross_lagged",
    "Cross-lagged pair",
    "Two numbers, in two or more waves. Each explained by both a wave earlier.",
    solve_cross_lagged,
    frozenset({"cluster", "design", "replicate"}),
    roles=(*PANEL, LAG, OTHER),
)
