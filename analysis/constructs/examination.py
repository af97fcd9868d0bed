"""Each index of a wave looked at: do its parts go together as its definition takes them to?"""

from dataclasses import dataclass

import numpy as np

from analysis.constructs.cells import side_by_side
from analysis.constructs.measured import Floats, Measured
from analysis.constructs.one_factor import OneFactor, one_factor
from analysis.constructs.reliability import Alpha, cronbach_alpha
from analysis.refusals import Refusal
from mathematics.replicates import ReplicateWeights

ADDS_UP = (
    "The parts of this index add up to it and need not agree: a low alpha is no fault of it, and "
    "one factor is not expected."
)
YES_NO = "The parts are yes or no and are taken as numbers: loadings and omega come out low."


@dataclass(frozen=True, slots=True)
class Examined:
    """An index with what could be told of it; `notes` say what to bear in mind, `refusals` why
    a figure is not there.
    """

    name: str
    parts: tuple[str, ...]
    alpha: Alpha | None
    factor: OneFactor | None
    notes: tuple[str, ...]
    refusals: tuple[str, ...]


def examined(
    measure: Measured,
    weight: Floats | None = None,
    replicates: ReplicateWeights | None = None,
) -> Examined | None:
    """Alpha, omega and one-factor fit of an index; None of a measure that is none.

    `weight` and `replicates` are of the firms of the measure. What cannot be had is told in
    words, and the rest is given.
    """
    if not measure.parts:
        return None
    names, values = tuple(measure.parts), side_by_side(measure.parts.values())
    refusals: list[str] = []
    alpha: Alpha | None = None
    factor: OneFactor | None = None
    try:
        alpha = cronbach_alpha(names, values, weight, replicates)
        factor = one_factor(names, values, weight)
    except Refusal as refusal:
        refusals.append(f"{refusal.message} {refusal.remedy}")
    return Examined(measure.name, names, alpha, factor, _notes(measure, values), tuple(refusals))


def _notes(measure: Measured, values: Floats) -> tuple[str, ...]:
    found = [] if measure.reflective else [ADDS_UP]
    given = values[~np.isnan(values)]
    if len(given) and np.isin(given, (0.0, 1.0)).all():
        found.append(YES_NO)
    return tuple(found)
