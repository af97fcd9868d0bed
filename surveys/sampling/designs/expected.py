r"""Expected variance of a total under the plan's own draw: in proportion to size, by group.

With \pi_i the probability of unit i and n_h units drawn of stratum h, the total of known values y
under Pareto sampling, and nearly under sequential Poisson, has the variance (Rosén 1997)

    \sum_h N_h / (N_h - 1) \sum_i \pi_i (1 - \pi_i) (y_i / \pi_i - B_h)²,
    B_h = \sum_i y_i (1 - \pi_i) / \sum_i \pi_i (1 - \pi_i),

certain units left out. With equal probabilities it is that of simple sampling (Cochran 1977,
theorem 5.3). Groups add the variance of drawing m of their M firms, nonresponse that of a simple
sample of the firms drawn.
"""

from dataclasses import dataclass

import numpy as np

from surveys.sampling.arrays import Floats, Integers, counts, sums
from surveys.sampling.designs.design import Design, PrecisionTarget
from surveys.sampling.designs.drawing import primary_probabilities
from surveys.sampling.designs.sizing import Sized, by_stratum
from surveys.sampling.designs.stratifying import Stratified


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """How N primary units come to be drawn, and M_i firms of each with them.

    Attributes
    ----------
    probability, firms, taken : (N,) floats
        Of the unit; firms in it, and how many of them are drawn with it.
    stratum : (N,) integers
    strata : number of strata
    response : (H,) floats, above 0 to 1
    """

    probability: Floats
    firms: Floats
    taken: Floats
    stratum: Integers
    strata: int
    response: Floats

    @property
    def of_firm(self) -> Floats:
        """(N,) probability of a firm of the unit."""
        result: Floats = self.probability * self.taken / self.firms
        return result


def stages(design: Design, on: Stratified, size: Sized) -> Stages:
    """The stages of the plan on the frame."""
    number = len(on.primary)
    firms = np.ones(number) if on.groups is None else on.groups.establishments.astype(float)
    most = design.selection.most_of_a_group
    return Stages(
        probability=primary_probabilities(design, on, size),
        firms=firms,
        taken=firms if most is None else np.minimum(firms, most),
        stratum=on.strata.code,
        strata=len(on.strata.keys),
        response=by_stratum(design.allocation.response_rate, on, use="Response rate"),
    )


def expected_cv(
    target: PrecisionTarget, inside: Floats, design: Design, on: Stratified, by: Stages
) -> float:
    """Coefficient of variation of what the target is about; `inside` flags primary units.

    NaN for a total of 0, infinite where a unit of a positive value is never drawn.
    """
    if (by.probability[inside > 0] <= 0).any():
        return float("inf")
    if target.share is None:
        firm_values, value = _known(target, inside, on)
        variance = variance_of_known(firm_values, _unit_of_firm(on), by)
    else:
        value = target.share * float(by.firms @ inside)
        spread = target.share * (1 - target.share)
        alike = design.selection.correlation
        variance = variance_of_unknown(spread * inside, alike, by)
    return float(np.sqrt(max(variance, 0.0)) / abs(value)) if value else float("nan")


def variance_of_known(values: Floats, unit: Integers, by: Stages) -> float:
    """Of the total of (F,) values of firms, each in its primary unit."""
    count = len(by.firms)
    total = sums(values, unit, count)
    squares = sums(values**2, unit, count)
    within = np.maximum(squares - total**2 / by.firms, 0.0) / np.maximum(by.firms - 1, 1)
    return (
        _rosen(total, by)
        + float(np.sum(_second_stage(within, by)))
        + _nonresponse(values, by.of_firm[unit], by.stratum[unit], by)
    )


def variance_of_unknown(spread: Floats, correlation: float, by: Stages) -> float:
    """Of the total of values that are not on the frame and have mean 0, as expected.

    `spread` (N,) is the variance of one firm's value, `correlation` that of two firms of a unit.
    """
    total = by.firms * spread * (1 + (by.firms - 1) * correlation)
    within = np.maximum(by.firms * spread - total / by.firms, 0.0) / np.maximum(by.firms - 1, 1)
    number = counts(by.stratum, by.strata)
    finite = (number / np.maximum(number - 1, 1))[by.stratum]
    first = finite * total * (1 / by.probability - 1)
    response = by.response[by.stratum]
    lost = finite * by.firms * spread * (1 - response) / response / by.of_firm
    return float(np.sum(first + _second_stage(within, by) + lost))


def _rosen(values: Floats, by: Stages) -> float:
    is_open = by.probability < 1
    p, y, stratum = by.probability[is_open], values[is_open], by.stratum[is_open]
    weight = p * (1 - p)
    below = sums(weight, stratum, by.strata)
    centre = sums(y * (1 - p), stratum, by.strata) / np.where(below > 0, below, 1.0)
    squares = sums(weight * (y / p - centre[stratum]) ** 2, stratum, by.strata)
    number = counts(stratum, by.strata)
    return float(np.sum(squares * number / np.maximum(number - 1, 1)))


def _second_stage(within: Floats, by: Stages) -> Floats:
    """(N,) M² (1/m - 1/M) S² / pi."""
    result: Floats = by.firms**2 * (1 / by.taken - 1 / by.firms) * within / by.probability
    return result


def _nonresponse(values: Floats, probability: Floats, stratum: Integers, by: Stages) -> float:
    """Of firms drawn a simple sample of share r answers, weighted up within the stratum."""
    expected = sums(probability, stratum, by.strata)
    mean = sums(values, stratum, by.strata) / np.where(expected > 0, expected, 1.0)
    squares = sums(probability * (values / probability - mean[stratum]) ** 2, stratum, by.strata)
    number = counts(stratum, by.strata)
    finite = number / np.maximum(number - 1, 1)
    return float(np.sum(finite * squares * (1 - by.response) / by.response))


def _known(target: PrecisionTarget, inside: Floats, on: Stratified) -> tuple[Floats, float]:
    """(F,) values of firms that belong to units inside, and their sum."""
    of_firm = inside[_unit_of_firm(on)] > 0
    values = on.firms.measure(target.variable, use="Precision targets", inside=of_firm)
    return values, float(values.sum())


def _unit_of_firm(on: Stratified) -> Integers:
    return np.arange(len(on.primary)) if on.groups is None else on.groups.code
