"""How well predicted probabilities tell firms with the outcome from those without: ROC and AUC."""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from analysis.estimation.after.fitted_values import (
    BINARY,
    FittedValues,
    fitted_values,
    spread_of,
)
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import Codes
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

# Of the size of the predictors: those of firms with the same answers may differ by rounding.
SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Discrimination:
    """Receiver operating characteristic and the area under it.

    Attributes
    ----------
    auc : Estimates of one term, the area
    cuts : (c,) falling probabilities; the outcome is predicted from each upwards
    sensitivity, specificity : (c,) floats, weighted shares rightly predicted of the firms with
        and without the outcome
    """

    auc: Estimates
    cuts: Floats
    sensitivity: Floats
    specificity: Floats

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Confidence limits of the area, from its logit so that they stay between 0 and 1.

        Raises: Refusal ``no_interval`` if the area is 0 or 1.
        """
        area, error = float(self.auc.coefficients[0]), float(self.auc.std_errors[0])
        if not 0 < area < 1:
            raise Refusal(
                "no_interval",
                f"The area under the curve is {area:g}: no pair of firms contradicts it.",
                "Look for a term that gives the outcome away.",
            )
        half = float(stats.t.ppf((1 + level) / 2, self.auc.residual_df)) * error
        at, half = float(special.logit(area)), half / (area * (1 - area))
        return float(special.expit(at - half)), float(special.expit(at + half))


def discrimination(model: Model) -> Discrimination:
    r"""Area under the ROC: the probability that of two firms the one with the outcome ranks higher.

    Pairs count by the product of their weights, ties by half. The standard error takes the
    predictions as given, as DeLong, DeLong and Clarke-Pearson (1988); it is that of the
    linearised two-sample U-statistic under the design (Yao, Li and Graubard 2015 estimate the
    same variance).

    Raises: Refusal ``measure_not_defined``, those of `spread_of`.

    Notes
    -----
    With F_0 and F_1 the weighted distributions of the predictions of firms without and with
    the outcome, counted by half where they jump, and W_0, W_1 the sums of their weights, the
    influence of firm i is

    .. math:: y_i (F_0(p_i) - A) / W_1 + (1 - y_i) (1 - F_1(p_i) - A) / W_0
    """
    values = fitted_values(model, BINARY, "The area under the ROC")
    level = _levels(values)
    count = int(level.max()) + 1
    with_it, without = values.weight * values.y, values.weight * (1 - values.y)
    has, has_not = np.bincount(level, with_it, count), np.bincount(level, without, count)
    total, rest = has.sum(), has_not.sum()
    below = (np.cumsum(has_not) - has_not / 2) / rest
    above = 1 - (np.cumsum(has) - has / 2) / total
    area = float(has @ below / total)
    influence = np.where(values.y == 1, (below[level] - area) / total, (above[level] - area) / rest)
    spread = spread_of(model, influence[:, None])
    cuts = np.array([values.mean[level == each].min() for each in range(count)])[::-1]
    return Discrimination(
        auc=Estimates(("auc",), np.array([area]), spread.covariance, spread.degrees_of_freedom),
        cuts=cuts,
        sensitivity=np.cumsum(has[::-1]) / total,
        specificity=1 - np.cumsum(has_not[::-1]) / rest,
    )


def _levels(values: FittedValues) -> Codes:
    """(m,) ranks from 0 of the predictors, equal ones together."""
    order = np.argsort(values.predictor, kind="stable")
    rising = values.predictor[order]
    apart = np.diff(rising) > SAME * np.maximum(np.abs(rising[1:]), 1.0)
    level = np.empty(len(order), dtype=np.intp)
    level[order] = np.concatenate([[0], np.cumsum(apart)])
    return level
