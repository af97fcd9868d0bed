"""Weights for firms that stayed, so that they stand for those who left too."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.labels import Labels
from analysis.estimation.panel.firm_waves import as_firm_waves
from analysis.estimation.panel.following import Follower, Transition
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class AttritionWeights:
    """Attrition weights of n rows.

    Attributes
    ----------
    factor : (n,) floats: one in a firm's first wave, then the running product; zero after a
        wave that the firm left out
    weight : (n,) floats, the factor times the design's weight
    transitions : one for each wave but the first
    notes : sentences of caution
    """

    factor: Floats
    weight: Floats
    transitions: tuple[Transition, ...]
    notes: tuple[str, ...]


def attrition_weights(
    *,
    unit: Labels,
    wave: Labels,
    X: DesignMatrix,
    design: SurveyDesign,
    numerator: DesignMatrix | None = None,
    trim: float | None = None,
    step: float | None = None,
    covariance: Covariance = "design",
    labels: Mapping[str, str] | None = None,
) -> AttritionWeights:
    """Inverse probabilities of staying in the panel (Robins, Rotnitzky and Zhao 1995).

    From each wave to the next a logit of staying on the earlier wave's X, under the design;
    a firm's factor is the running product of 1 / p, or of q / p where the numerator gives q.
    Leaving is taken as for good: a firm that comes back has weight zero from then on. A firm
    that enters later starts from one.

    Parameters
    ----------
    unit : (n,) labels
        The firm, named alike in all its waves.
    wave : (n,) labels
        A number, or a name that sorts in time.
    X : DesignMatrix of the same n rows
        What staying may depend on, as of the earlier wave.
    design : SurveyDesign of the n rows
        Its weights count in the logits.
    numerator : DesignMatrix or None
        Stabilises the weights (Robins, Hernan and Brumback 2000). Its variables must be in the
        model that the weights are for; an intercept alone is always allowed.
    trim : float or None
        Quantile of the factors of a wave, as 0.99, at which they are cut.
    step : float or None
        How far apart consecutive waves are, where waves are numbers.
    covariance : str
        Of the logits' coefficients.
    labels : mapping
        From names of columns to what sentences call them.

    Raises
    ------
    Refusal
        ``nobody_left``, ``everybody_left``, ``cell_always_leaves``, ``attrition_unanswered``,
        ``trim_out_of_range``, what a logit refuses, and those of the panel's labels.
    """
    _refuse_trim(trim)
    panel = as_firm_waves(unit, wave, step)
    follower = Follower(panel, design, X, numerator, covariance, labels or {})
    factor, untrimmed = np.zeros(len(X.X)), np.zeros(len(X.X))
    factor[follower.entering] = untrimmed[follower.entering] = 1.0
    transitions = [follower.step(each, factor, untrimmed, trim) for each in follower.order[:-1]]
    if all(each.fit is None for each in transitions):
        raise Refusal(
            "nobody_left",
            "Every firm of a wave is in the next, so there is no attrition to weight for.",
            "Use the design's weights as they are. Look whether the file holds only firms that "
            "answered every wave: those who left must be in it to be learnt from.",
        )
    return AttritionWeights(
        factor, factor * design.weight, tuple(transitions), follower.notes(transitions)
    )


def _refuse_trim(trim: float | None) -> None:
    if trim is not None and not 0.5 < trim < 1:
        raise Refusal(
            "trim_out_of_range",
            f"Weights are to be cut at the quantile {trim:g}.",
            "Write a quantile above 0.5 and below 1, such as 0.99.",
        )
