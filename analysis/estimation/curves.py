"""Many models of one outcome on the same firms: the specification curve.

The models differ in which columns they use. Rows, weights, coordinates and the design are
prepared once; each model starts one scoring step from the model of an intercept alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.blocks import Block, block
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.registry import ESTIMATORS
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, as_domain, estimation_sample
from analysis.refusals import Refusal


def estimate_each(
    choices: Iterable[Sequence[str]],
    *,
    y: "npt.ArrayLike | pd.Series[float]",
    X: DesignMatrix,
    estimator: str,
    covariance: Covariance,
    design: SurveyDesign,
    domain: Rows,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
) -> Iterator[Estimates | Refusal]:
    """Estimates of each model, or why it has none; in the order of the choices.

    Parameters
    ----------
    choices : iterable of column names
        The columns of each model, beside the intercept.
    y, X, covariance, design, domain, outcome, labels :
        As `analysis.estimation.regression.fit`; X has every column that any model uses. All
        models are estimated on the firms that answered all of them.
    estimator : str
        A generalised linear model.

    Raises
    ------
    Refusal
        If no model can be estimated, as without firms.
    """
    chosen = ESTIMATORS[estimator]
    sample = estimation_sample(
        y=np.asarray(y, dtype=float),
        matrix=X,
        design=design,
        domain=as_domain(domain),
        wording=Wording(outcome, labels or {}),
        estimator=estimator,
    )
    prepared = _Prepared(chosen, sample, design, covariance, X)
    for names in choices:
        try:
            yield prepared.estimates(names)
        except Refusal as refusal:
            yield refusal


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What all models share."""

    estimator: Estimator
    sample: Sample
    design: SurveyDesign
    covariance: Covariance
    matrix: DesignMatrix

    def estimates(self, names: Sequence[str]) -> Estimates:
        dropped = {name for name, _ in self.sample.dropped}
        sample = self._anew(names) if dropped.intersection(names) else self._of(names)
        solution = None if self.estimator.near is None else self.estimator.near(sample)
        if solution is None:
            solution = self.estimator.solve(sample, None)
        fitted = Fitted(solution, sample, self.design, self.estimator)
        return Model(fitted, uncertainty(self.covariance, fitted), self.covariance).estimates

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.sample.names)}

    def _anew(self, names: Sequence[str]) -> Sample:
        """With columns that follow from the others of all models, but not from these.

        Raises: Refusal ``terms_dependent`` if they follow from these, too.
        """
        places = [0, *(self.matrix.names.index(name) for name in names)]
        X = self.matrix.X[:, places][self.sample.rows]
        weight = self.sample.weight
        terms = [self.sample.wording.term(self.matrix.names[place]) for place in places]
        reasons = aliased(X, weight, weighted_moments(X, weight), terms)
        if reasons:
            told = "; ".join(f"{terms[place]} {why}" for place, why in reasons.items())
            raise Refusal(
                "terms_dependent",
                f"Terms of this model cannot be told apart: {told}.",
                "Leave the term out of this model.",
            )
        columns = tuple(self.matrix.columns[place] for place in places)
        return replace(self.sample, main=block("", columns, np.asfortranarray(X), weight))

    def _of(self, names: Sequence[str]) -> Sample:
        main = self.sample.main
        places = [0, *(self._place_of[name] for name in names)]
        columns = tuple(main.columns[place] for place in places)
        X = main.X.T[places].T
        if not self._is_well_conditioned:
            return replace(self.sample, main=block("", columns, X, self.sample.weight))
        # Whatever the columns' units, the information is scaled before it is inverted.
        plain = Block("", columns, X, X, np.eye(len(places)))
        return replace(self.sample, main=plain, near=self._start(places))

    @cached_property
    def _is_well_conditioned(self) -> bool:
        """Whether the columns, in other units, will do as coordinates: then any of them will."""
        back = self.sample.back
        return bool(np.count_nonzero(back) == len(back))

    @cached_property
    def _moments(self) -> Floats:
        return weighted_moments(self.sample.X, self.sample.weight)

    @cached_property
    def _pull(self) -> Floats:
        """(k,) weighted sums of the columns times the outcome less its mean."""
        y, weight = self.sample.y, self.sample.weight
        result: Floats = self.sample.X.T @ (weight * (y - np.average(y, weights=weight)))
        return result

    def _start(self, places: list[int]) -> Floats | None:
        """One scoring step from the intercept alone, on the estimator's own scale."""
        if self.estimator.step_from_mean is None:
            return None
        mean = float(np.average(self.sample.y, weights=self.sample.weight))
        level, steepness = self.estimator.step_from_mean(mean)
        start: Floats = np.asarray(
            np.linalg.solve(self._moments[np.ix_(places, places)], self._pull[places]) / steepness
        )
        start[0] += level
        return start
