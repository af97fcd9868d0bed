"""What a sample can bear: separation, events per variable, effective sample sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from analysis.estimation.after.fitted_values import BINARY, refuse_other_estimators
from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, estimation_sample
from analysis.refusals import Refusal

SEPARABLE = ("logit", "probit", "cloglog", "fractional_logit", "fractional_probit", "poisson")
# Of standardised columns: what is zero but for rounding.
ON_THE_PLANE = 1e-7


@dataclass(frozen=True, slots=True)
class Separation:
    """What some combination of the terms predicts without error.

    Attributes
    ----------
    kind : ``none``; ``quasi`` if some firms are predicted without error, ``complete`` if all
    infinite : terms whose estimate is not finite; for those left out the data do suffice
    finite : the other terms
    certain : firms predicted without error, of `firms`
    cells : sentences on categories whose firms all have one outcome
    """

    kind: Literal["none", "quasi", "complete"]
    infinite: tuple[str, ...]
    finite: tuple[str, ...]
    certain: int
    firms: int
    cells: tuple[str, ...]


def separation(
    *,
    y: "npt.ArrayLike | pd.Series[float]",
    X: DesignMatrix,
    estimator: str,
    design: SurveyDesign,
    domain: Rows,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
    parts: Parts | None = None,
) -> Separation:
    """Look for separation before a model is fitted, and say which terms it makes infinite.

    Parameters as `analysis.estimation.regression.fit`. Of a Poisson, separated are firms with
    a count of zero whose expected count some direction takes to zero.

    Raises: Refusal ``measure_not_defined`` for an estimator that knows no separation; those
    of `estimation_sample`.

    Notes
    -----
    One linear programme finds a direction along which no firm is predicted worse and as many
    as possible better: maximise the sum of t with z'd >= t and 0 <= t <= 1 (Konis 2007; of
    Poisson models Correia, Guimarães and Zylkin 2019). A coefficient is infinite if it changes
    along some direction in which the remaining firms all stay where they are.
    """
    if estimator not in SEPARABLE:
        raise Refusal(
            "measure_not_defined",
            f"Separation is not defined for {estimator.replace('_', ' ')}.",
            f"It is defined for {', '.join(each.replace('_', ' ') for each in SEPARABLE)}.",
        )
    sample = estimation_sample(
        y=np.asarray(y, dtype=float),
        matrix=X,
        design=design,
        domain=np.asarray(domain, dtype=bool),
        wording=Wording(outcome, labels or {}),
        parts=parts,
        estimator=estimator,
    )
    return separation_of(sample)


def separation_of(sample: Sample) -> Separation:
    """The same of a sample that was made already."""
    rises = sample.y > 0
    falls = np.ones_like(rises) if sample.estimator == "poisson" else sample.y < 1
    columns = _standardized(sample.X)
    certain = _certain(columns, rises, falls)
    infinite = _free(columns[~certain]) if certain.any() else np.zeros(columns.shape[1], bool)
    pairs = list(zip(sample.names, infinite, strict=True))
    kind: Literal["none", "quasi", "complete"] = "none"
    if certain.any():
        kind = "complete" if certain.all() else "quasi"
    return Separation(
        kind=kind,
        infinite=tuple(name for name, is_infinite in pairs if is_infinite),
        finite=tuple(name for name, is_infinite in pairs if not is_infinite),
        certain=int(certain.sum()),
        firms=len(certain),
        cells=_cells(sample),
    )


def _certain(columns: Floats, rises: Rows, falls: Rows) -> Rows:
    """(m,) firms that the best direction takes off the plane."""
    stays = rises & falls
    sign = np.where(rises, 1.0, -1.0)[:, None]
    signed, place = np.unique((sign * columns)[~stays], axis=0, return_inverse=True)
    count, k = signed.shape
    fixed = np.unique(columns[stays], axis=0)
    answer = linprog(
        np.concatenate([np.zeros(k), -np.ones(count)]),
        A_ub=np.hstack([-signed, np.eye(count)]),
        b_ub=np.zeros(count),
        A_eq=np.hstack([fixed, np.zeros((len(fixed), count))]) if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=[(None, None)] * k + [(0, 1)] * count,
        method="highs",
    )
    # Feasible (nothing moves) and bounded (by the number of firms), so there is an answer.
    certain: Rows = np.zeros(len(rises), dtype=bool)
    certain[~stays] = (answer.x[k:] > 0.5)[place.reshape(-1)]
    return certain


def _free(columns: Floats) -> Rows:
    """(k,) coefficients that the firms leave undecided."""
    k = columns.shape[1]
    if not len(columns):
        return np.ones(k, dtype=bool)
    _, lengths, directions = np.linalg.svd(columns, full_matrices=True)
    rank = int(np.sum(lengths > ON_THE_PLANE * np.sqrt(len(columns))))
    result: Rows = np.any(np.abs(directions[rank:]) > ON_THE_PLANE, axis=0)
    return result


def _standardized(X: Floats) -> Floats:
    """Columns of length one and, but for the intercept, of any mean: zero stays zero."""
    result: Floats = X / np.sqrt(np.mean(X**2, axis=0))
    return result


def _cells(sample: Sample) -> tuple[str, ...]:
    """Sentences on the yes-or-no variables and categories with one outcome alone."""
    sentences = []
    what = "a count above zero" if sample.estimator == "poisson" else "outcome 1"
    for variable, kind in sample.kinds.items():
        if kind == "continuous":
            continue
        values = sample.variables[variable]
        for level in sorted(set(values), key=str):
            outcomes = sample.y[values == level]
            if outcomes.max() == 0 or (outcomes.min() == 1 and sample.estimator != "poisson"):
                words = _words(sample, variable, level)
                has = int(outcomes[0])
                which = "no firm" if has == 0 else "every firm"
                sentences.append(
                    f"{which} {words} has {what} ({has * len(outcomes)} of {len(outcomes)})"
                )
    return tuple(sentences)


def _words(sample: Sample, variable: str, level: object) -> str:
    term = sample.wording.term(variable)
    if sample.kinds[variable] == "binary":
        return f"with {term}" if level == 1 else f"without {term}"
    return f"with {term} at '{level}'"


@dataclass(frozen=True, slots=True)
class EventsPerVariable:
    """Firms with the rarer outcome beside the terms that they have to tell apart.

    Attributes
    ----------
    events : firms with the rarer outcome, counted
    effective_events : the same over Kish's design effect of their weights
    terms : columns beside the intercept
    """

    events: int
    effective_events: float
    terms: int

    @property
    def ratio(self) -> float:
        """Events for each term; under ten coefficients may be biased away from zero."""
        return self.events / self.terms if self.terms else np.inf


def events_per_variable(model: Model) -> EventsPerVariable:
    """Peduzzi et al. (1996). Raises: Refusal ``measure_not_defined``."""
    refuse_other_estimators(model, BINARY, "The number of events for each variable")
    sample = model.fitted.sample
    rarer = 1.0 if 2 * sample.y.sum() <= len(sample.y) else 0.0
    weight = sample.weight[sample.y == rarer]
    return EventsPerVariable(
        len(weight), float(weight.sum() ** 2 / (weight @ weight)), sample.X.shape[1] - 1
    )


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveSizes:
    """How many firms of a simple random sample would have told as much.

    Attributes
    ----------
    firms : m
    kish : (sum of w)² / sum of w², what unequal weights alone leave of them
    terms : k names
    design_effects : (k,) floats, variance of each coefficient over its model-based variance
    sizes : (k,) floats, firms over design effects
    """

    firms: int
    kish: float
    terms: tuple[str, ...]
    design_effects: Floats
    sizes: Floats


def effective_sizes(model: Model) -> EffectiveSizes:
    """Kish's (1965) effective sample size, and that of each coefficient.

    The latter is the number of firms times the model-based variance (of the weighted fit, the
    weights of mean one) over the variance under the model's covariance. It holds what weights,
    clusters and strata do, and what the model-based variance leaves out besides, such as
    unequal variances.

    Raises: Refusal ``measure_not_defined`` if the estimates have no model-based variance.
    """
    fitted = model.fitted
    solution, weight = fitted.solution, fitted.sample.weight
    if "model" not in fitted.estimator.covariances or not solution.is_likelihood:
        raise Refusal(
            "measure_not_defined",
            f"{fitted.estimator.title} estimates have no model-based variance to compare with.",
            "Read Kish's effective size from the weights.",
        )
    report = solution.report
    based = solution.dispersion * np.einsum("ij,jk,ik->i", report, solution.bread, report)
    effects = np.diag(model.estimates.covariance) / based
    return EffectiveSizes(
        firms=len(weight),
        kish=float(weight.sum() ** 2 / (weight @ weight)),
        terms=solution.terms,
        design_effects=effects,
        sizes=len(weight) / effects,
    )
