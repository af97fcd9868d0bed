"""Deviations from the means of units."""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.panel.firm_waves import FirmWaves
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

# Of a column's length: what rounding leaves of a variable that does not change within units.
UNCHANGED = 1e-10


def totals(values: Floats, unit: Codes, count: int) -> Floats:
    """(count, k) sums of (m, k) values over the rows of each unit."""
    return np.column_stack([np.bincount(unit, column, count) for column in values.T])


def unit_means(values: Floats, panel: FirmWaves, weight: Floats) -> Floats:
    """(units, k) weighted means of (m, k) values.

    A unit that a replicate leaves out, with weights of zero, has the plain mean: it takes no
    part, but must not be divided by zero.
    """
    present = np.bincount(panel.unit, weight, panel.count) > 0
    usable = np.where(present[panel.unit], weight, 1.0)
    whole = np.bincount(panel.unit, usable, panel.count)
    return totals(usable[:, None] * values, panel.unit, panel.count) / whole[:, None]


def within(values: Floats, panel: FirmWaves, weight: Floats) -> Floats:
    """(m, k) deviations of the values from their unit's weighted mean.

    Of (m, k) values whose common level was taken away first, so that it costs no digits.
    """
    centred = values - values.mean(axis=0)
    deviation: Floats = centred - unit_means(centred, panel, weight)[panel.unit]
    # Once more: the first mean is rounded at the size of the values, the second at its own.
    deviation -= unit_means(deviation, panel, weight)[panel.unit]
    return deviation


def changing(X: Floats, deviation: Floats) -> Rows:
    """(k,) columns that change within some unit, from their deviations within units."""
    result: Rows = np.linalg.norm(deviation, axis=0) > UNCHANGED * np.linalg.norm(X, axis=0)
    return result


def refuse_unchanged_outcome(sample: Sample, panel: FirmWaves) -> None:
    """Refuse an outcome that is the same in all waves of every unit."""
    y = sample.y[:, None]
    if not changing(y, within(y, panel, np.ones(len(y))))[0]:
        raise Refusal(
            "outcome_constant_within",
            f"{sample.wording.outcome} does not change over the waves of any firm, so changes "
            "cannot explain it.",
            "Choose an outcome that changes, or a model between firms.",
        )


def refuse_nothing_changes(sample: Sample) -> Refusal:
    """What to say where no term changes within units."""
    terms = ", ".join(sample.wording.term(name) for name in sample.names[1:])
    return Refusal(
        "no_within_variation",
        f"None of the terms changes over the waves of a firm ({terms or 'there are none'}), so "
        "the firms' own effects take up all that they could explain.",
        "Use terms that change, or correlated_random_effects.",
    )
