"""Who is selected: the probit of a sample selection model, and what it must have."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import special, stats

from analysis.estimation.design import Rows, named
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.glm import PROBIT_MODEL
from analysis.estimation.likelihood.mills import mills
from analysis.estimation.likelihood.solved import only, refuse_dependent_among, with_outcome
from analysis.estimation.outcomes import refuse_not_binary
from analysis.estimation.parts import Parts, Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve
from analysis.refusals import Refusal

# Probability of the Wald statistic of the excluded terms above which they say too little.
WEAK = 0.05

ROLES = (
    Role("selected", "outcome", "1 if the outcome of the firm is seen, else 0"),
    Role("selection", "matrix", "regressors of being selected"),
)


def complete(y: Floats, matrix: DesignMatrix, parts: Parts) -> Rows:
    """(n,) firms of which selection is known and, of the selected, outcome and regressors too."""
    selected = parts.outcomes["selected"]
    known = ~np.isnan(selected) & ~np.isnan(parts.matrices["selection"].X).any(axis=1)
    answered = ~np.isnan(y) & ~np.isnan(matrix.X).any(axis=1)
    result: Rows = known & (answered | (selected == 0))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """The first step, and the outcome with zeros where it is not seen.

    Attributes
    ----------
    selected : (m,) ones and zeros
    y : (m,) floats
    coefficients : of the probit, in working coordinates
    predictor : (m,) its linear predictor
    score, curvature : (m,) by the linear predictor, the latter as observed, sign changed
    bread : inverse information of the probit
    alone : the sample of the selected
    """

    selected: Floats
    y: Floats
    coefficients: Floats
    predictor: Floats
    score: Floats
    curvature: Floats
    bread: Floats
    alone: Sample


def selected_of(sample: Sample, start: Floats | None = None) -> Selected:
    """The probit of selection; checked, unless it starts from that of the whole sample.

    Raises
    ------
    Refusal
        ``outcome_not_binary``, ``nobody_selected``, ``everybody_selected``,
        ``selection_without_terms``, ``separation``, ``terms_dependent``, ``too_few_rows``.
    """
    selected = sample.outcomes["selected"]
    words = f"whether {sample.wording.outcome} is seen"
    seen = replace(with_outcome(sample, selected, words, "selection"), estimator="probit")
    alone = only(sample, selected == 1)
    if start is None:
        refuse_not_binary(seen)
        _refuse_one_kind(sample, selected)
        refuse_dependent_among(alone, "firms that are selected")
    probit = PROBIT_MODEL.solve(seen, start)
    predictor = seen.Z @ probit.coefficients
    sign = 2 * selected - 1
    ratio = mills(sign * predictor)
    return Selected(
        selected=selected,
        y=np.where(selected == 1, sample.y, 0.0),
        coefficients=probit.coefficients,
        predictor=predictor,
        score=sign * ratio,
        curvature=ratio * (ratio + sign * predictor),
        bread=probit.bread,
        alone=alone,
    )


def _refuse_one_kind(sample: Sample, selected: Floats) -> None:
    outcome = sample.wording.outcome
    if np.all(selected == 1):
        raise Refusal(
            "everybody_selected",
            f"All {len(selected)} firms are selected, so nothing tells who is not.",
            "Keep the firms of which the outcome is not seen, or use the linear estimator.",
        )
    if np.all(selected == 0):
        raise Refusal(
            "nobody_selected",
            f"None of {len(selected)} firms is selected: {outcome} is seen of nobody.",
            "Look at the definition of who is selected.",
        )
    if sample.blocks["selection"].width < 2:
        raise Refusal(
            "selection_without_terms",
            f"The selection equation of {outcome} has no terms, so selection is alike for all.",
            "Name what selection depends on.",
        )


def exclusion_notes(sample: Sample, firms: Selected) -> tuple[str, ...]:
    """A caution if nothing, or too little, moves selection that is not in the outcome."""
    block = sample.blocks["selection"]
    own = set(sample.names)
    excluded = [place for place, each in enumerate(block.columns) if each.name not in own]
    if not excluded:
        return (
            "Selection has no term of its own: without an exclusion restriction the model is "
            "identified by the normal distribution alone.",
        )
    report = block.back[excluded]
    chosen = report @ firms.coefficients
    # Robust under weights, and as good without.
    influence = sample.weight[:, None] * (block.Z * firms.score[:, None]) @ firms.bread
    covariance = report @ (influence.T @ influence) @ report.T
    wald = float(chosen @ np.linalg.lstsq(covariance, chosen, rcond=None)[0])
    p = float(stats.chi2.sf(wald, len(excluded)))
    if p < WEAK:
        return ()
    labels = named(
        [sample.wording.labels.get(block.columns[i].name, block.columns[i].name) for i in excluded]
    )
    verb = "moves" if len(excluded) == 1 else "move"
    return (
        f"The exclusion restriction is weak: {labels} hardly {verb} selection (Wald test with "
        f"robust standard errors, chi-squared {wald:.2f}, p = {p:.2f}).",
    )


def selection_probability(eta: Floats) -> Curve:
    """Of the second linear predictor."""
    density = np.exp(-(eta[1] ** 2) / 2) / np.sqrt(2 * np.pi)
    slope, bend = np.zeros_like(eta), np.zeros((len(eta), *eta.shape))
    slope[1], bend[1, 1] = density, -eta[1] * density
    return Curve(special.ndtr(eta[1]), slope, bend)
