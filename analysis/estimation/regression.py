"""The one way in: outcome, regressors and design to a fit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.covariance import Fitted, Uncertainty, uncertainty
from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Estimates, Fit, Floats
from analysis.estimation.margins import Margins, average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.estimation.registry import ESTIMATORS
from analysis.estimation.sample import Missing, Sample, Wording, as_domain, estimation_sample
from analysis.estimation.solution import Solution

FEW_EVENTS_PER_TERM = 10


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A solved model, to be read under any covariance and to be tested further.

    Attributes
    ----------
    fitted : solution, sample, design and estimator
    spread : covariance of the working coefficients, and how to read it
    covariance_type : its name
    """

    fitted: Fitted
    spread: Uncertainty
    covariance_type: Covariance

    @property
    def estimates(self) -> Estimates:
        """The reported coefficients."""
        report = self.fitted.solution.report
        return Estimates(
            terms=self.fitted.solution.terms,
            coefficients=report @ self.fitted.solution.coefficients,
            covariance=report @ self.spread.covariance @ report.T,
            residual_df=self.spread.residual_df,
        )

    @property
    def derived(self) -> Estimates | None:
        """What follows from the coefficients on its own scale; None if nothing does."""
        derived = self.fitted.solution.derived
        if not derived:
            return None
        jacobian = np.vstack([each.gradient for each in derived])
        return Estimates(
            terms=tuple(each.term for each in derived),
            coefficients=np.array([each.value for each in derived]),
            covariance=jacobian @ self.spread.covariance @ jacobian.T,
            residual_df=self.spread.residual_df,
        )

    def margins(self, prediction: str | None = None) -> Margins:
        """What `analysis.estimation.margins` averages."""
        return Margins(
            solution=self.fitted.solution,
            sample=self.fitted.sample,
            covariance=self.spread.covariance,
            residual_df=self.spread.residual_df,
            prediction=prediction,
        )

    def under(self, covariance: Covariance) -> "Model":
        """The same coefficients with another covariance."""
        return Model(self.fitted, uncertainty(covariance, self.fitted), covariance)


def estimate(
    *,
    y: "npt.ArrayLike | pd.Series[float]",
    X: DesignMatrix,
    estimator: str,
    covariance: Covariance,
    design: SurveyDesign,
    domain: Rows,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
    parts: Parts | None = None,
    near: Estimates | None = None,
    missing: Missing = "leave_out",
) -> Model:
    """Solve one model; parameters and refusals as `fit`.

    `near` are the estimates of a model like it, from which the iterations of a generalised
    linear model then start: the models of a specification curve are much like each other.
    """
    if estimator not in ESTIMATORS:
        raise ValueError(f"There is no estimator {estimator!r}; there are {tuple(ESTIMATORS)}.")
    chosen, parts = ESTIMATORS[estimator], parts or Parts()
    values, rows = np.asarray(y, dtype=float), as_domain(domain)
    if not len(values) == len(X.X) == len(design.weight) == len(rows):
        raise ValueError("Outcome, regressors, design and domain differ in length.")
    chosen.check_roles(parts)
    sample = estimation_sample(
        y=values,
        matrix=X,
        design=design,
        domain=rows,
        wording=Wording(outcome, labels or {}),
        parts=parts,
        complete=None if chosen.complete is None else chosen.complete(values, X, parts),
        estimator=estimator,
        missing=missing,
    )
    if near is not None:
        sample = sample.starting_near(dict(zip(near.terms, near.coefficients, strict=True)))
    fitted = Fitted(chosen.solve(sample, None), sample, design, chosen)
    return Model(fitted, uncertainty(covariance, fitted), covariance)


def fit(
    *,
    y: "npt.ArrayLike | pd.Series[float]",
    X: DesignMatrix,
    estimator: str,
    covariance: Covariance,
    design: SurveyDesign,
    domain: Rows,
    margins: bool = True,
    outcome: str = "the outcome",
    labels: Mapping[str, str] | None = None,
    parts: Parts | None = None,
    missing: Missing = "leave_out",
) -> Fit:
    """Estimate one model.

    Parameters
    ----------
    y : (n,) floats
        NaN where missing. A firm with a missing answer stays in the design with influence 0.
    X : DesignMatrix
        The same n firms, in the same order.
    estimator : str
        One of `analysis.estimation.registry.ESTIMATORS`.
    covariance : {"model", "HC0", "HC1", "HC2", "HC3", "cluster", "design", "replicate"}
        What standard errors are to allow for.
    design : SurveyDesign
        Its weights hold for every covariance; strata and population for ``design`` only.
    domain : (n,) booleans
        The subpopulation.
    margins : bool
        Whether average marginal effects are wanted.
    outcome : str
        What sentences for people call the outcome.
    labels : mapping
        From names of columns and variables to what sentences call them.
    parts : Parts
        What the estimator reads besides: other outcomes, equations, labels, numbers.
    missing : {"leave_out", "refuse"}
        What becomes of firms with a missing answer: they stay in the design with influence
        0, and their number is noted; or the model is refused.

    Raises
    ------
    Refusal
        Where no honest estimate exists; docs/methods lists the codes.
    """
    model = estimate(
        y=y,
        X=X,
        estimator=estimator,
        covariance=covariance,
        design=design,
        domain=domain,
        outcome=outcome,
        labels=labels,
        parts=parts,
        missing=missing,
    )
    return assembled(model, margins=margins)


def assembled(model: Model, *, margins: bool) -> Fit:
    """A solved model as what tables show."""
    solution, sample, design = model.fitted.solution, model.fitted.sample, model.fitted.design
    wanted = margins and bool(solution.predictions)
    return Fit(
        estimator=model.fitted.estimator.name,
        covariance_type=model.covariance_type,
        estimates=model.estimates,
        n=model.fitted.n,
        n_strata=model.spread.n_strata,
        n_clusters=model.spread.n_clusters,
        population=float(design.weight[model.fitted.rows].sum()) if design.is_weighted else None,
        log_likelihood=None if design.is_weighted else solution.log_likelihood,
        fit_measures=dict(solution.fit_measures),
        margins=average_marginal_effects(model.margins()) if wanted else None,
        margins_of=next(iter(solution.predictions.values())).title if wanted else "",
        derived=model.derived,
        ancillary=_ancillary(solution),
        dropped=sample.dropped,
        notes=sample.notes + _events_note(sample, solution) + solution.notes + model.spread.notes,
    )


def _ancillary(solution: Solution) -> tuple[str, ...]:
    """Terms that no column of any equation has."""
    of_columns = {term for each in solution.blocks if not each.is_ancillary for term in each.terms}
    return tuple(term for term in solution.terms if term not in of_columns)


def _events_note(sample: Sample, solution: Solution) -> tuple[str, ...]:
    terms = solution.blocks[0].width - 1
    # Firth's penalty is there to take this bias away.
    if terms == 0 or not _is_binary(sample.y) or sample.estimator == "firth_logit":
        return ()
    rarer: Floats = np.minimum(sample.y.sum(), (1 - sample.y).sum())
    if rarer >= FEW_EVENTS_PER_TERM * terms:
        return ()
    return (
        f"The rarer outcome was seen {rarer:.0f} times, fewer than {FEW_EVENTS_PER_TERM} for each "
        f"of the {terms} terms: estimates may be biased away from zero.",
    )


def _is_binary(y: Floats) -> bool:
    return bool(np.all((y == 0) | (y == 1)))
