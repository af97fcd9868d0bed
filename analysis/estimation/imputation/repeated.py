"""One model, estimated on every imputation and pooled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix, Values
from analysis.estimation.estimates import Covariance
from analysis.estimation.imputation.imputations import Imputations
from analysis.estimation.imputation.pooling import Pooled, pool
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model, estimate
from analysis.refusals import Refusal

Build = Callable[[Mapping[str, Values]], tuple[npt.ArrayLike, DesignMatrix]]


@dataclass(frozen=True, slots=True, eq=False)
class ImputedModel:
    """The same model of m completed data sets.

    Attributes
    ----------
    models : m Model, in the order of the imputations
    complete_df : what was given; None takes the models' own
    imputing : sentences on the imputation
    """

    models: tuple[Model, ...]
    complete_df: float | None
    imputing: tuple[str, ...]

    @property
    def pooled(self) -> Pooled:
        """The reported coefficients."""
        return pool(
            [model.estimates for model in self.models],
            complete_df=self.complete_df,
            covariances=self._covariances,
        )

    @property
    def derived(self) -> Pooled | None:
        """What follows from the coefficients on its own scale; None if nothing does."""
        found = [model.derived for model in self.models]
        known = [each for each in found if each is not None]
        if not known:
            return None
        return pool(known, complete_df=self.complete_df, covariances=self._covariances)

    def margins(self, prediction: str | None = None) -> Pooled | None:
        """Average marginal effects pooled; None if the model has no regressors."""
        effects = [average_marginal_effects(model.margins(prediction)) for model in self.models]
        known = [each for each in effects if each is not None]
        if not known:
            return None
        return pool(known, complete_df=self.complete_df, covariances=self._covariances)

    def under(self, covariance: Covariance) -> "ImputedModel":
        """The same coefficients with another covariance."""
        models = tuple(model.under(covariance) for model in self.models)
        return ImputedModel(models, self.complete_df, self.imputing)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was pooled, what imputing met with, what any model says."""
        of_models = (note for model in self.models for note in model.fitted.sample.notes)
        return tuple(dict.fromkeys((*self.pooled.notes, *self.imputing, *of_models)))

    @property
    def _covariances(self) -> list[str]:
        return [model.covariance_type for model in self.models]


def fit_imputed(
    imputations: Imputations,
    build: Build,
    *,
    estimator: str,
    covariance: Covariance,
    design: SurveyDesign,
    domain: Rows | Callable[[Mapping[str, Values]], Rows] | None = None,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
    parts: Callable[[Mapping[str, Values]], Parts] | None = None,
    complete_df: float | None = None,
) -> ImputedModel:
    """Estimate one model on every completed data set.

    Parameters
    ----------
    imputations : Imputations
        Of n firms.
    build : callable
        From a completed data set to the outcome, (n,), and the DesignMatrix.
    estimator, covariance, design, outcome, labels
        As `analysis.estimation.regression.fit`.
    domain : (n,) booleans or callable
        The subpopulation, perhaps from a completed data set; None is everyone.
    parts : callable
        From a completed data set to what the estimator reads besides.
    complete_df : float or None
        As `pool`.

    Raises
    ------
    Refusal
        As `fit`, saying in which imputation; as `pool`.
    """
    models = []
    for index in range(len(imputations)):
        data = imputations.completed(index)
        y, X = build(data)
        try:
            models.append(
                estimate(
                    y=y,
                    X=X,
                    estimator=estimator,
                    covariance=covariance,
                    design=design,
                    domain=_domain(domain, data, len(design.weight)),
                    outcome=outcome,
                    labels=labels,
                    parts=None if parts is None else parts(data),
                )
            )
        except Refusal as refusal:
            raise Refusal(
                refusal.code, f"In imputation {index + 1}: {refusal.message}", refusal.remedy
            ) from refusal
    return ImputedModel(tuple(models), complete_df, imputations.notes)


def _domain(
    domain: Rows | Callable[[Mapping[str, Values]], Rows] | None,
    data: Mapping[str, Values],
    count: int,
) -> Rows:
    if domain is None:
        return np.ones(count, dtype=bool)
    return domain(data) if callable(domain) else domain
