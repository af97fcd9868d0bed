"""Whether one slope per term serves at every threshold of an ordered logit or probit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import scipy.linalg

from analysis.estimation.after.wald import WaldTest, wald_test
from analysis.estimation.blocks import copied
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.estimator import LIKELIHOOD, Estimator
from analysis.estimation.labels import named
from analysis.estimation.likelihood.levels import levels_of
from analysis.estimation.likelihood.ordered import ORDERED
from analysis.estimation.likelihood.solved import with_outcome
from analysis.estimation.regression import Model
from analysis.estimation.responses import Response
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class ParallelLines:
    """Tests that a term has the same slope at every threshold, and the slopes they compare.

    Attributes
    ----------
    overall : of all terms together
    by_term : of each for itself
    slopes : of the logits or probits of lying above each threshold, named ``above 2|exporter``
    """

    overall: WaldTest
    by_term: Mapping[str, WaldTest]
    slopes: Estimates


def parallel_lines_test(model: Model) -> ParallelLines:
    """Brant's test that the L - 1 models of lying above each threshold have the same slopes.

    Under model-based errors the covariance of the slopes of different thresholds is that of
    Brant (1990, section 3), and the test chi-square; under any other covariance it is made of
    the scores of all thresholds together, and the test is F with that covariance's degrees of
    freedom where they are finite.

    Raises
    ------
    Refusal
        ``not_ordered`` for another model; ``nothing_to_compare`` with two levels or no terms;
        ``separation`` at one of the thresholds; ``covariance_singular``; and those of the
        covariance.
    """
    _refuse_unfit(model)
    sample, design = model.fitted.sample, model.fitted.design
    estimator = Estimator(
        "parallel_lines",
        "Test of parallel lines",
        "",
        solve=partial(_at_every_threshold, model.fitted.estimator),
        covariances=LIKELIHOOD,
    )
    solution = estimator.solve(sample, None)
    fitted = Fitted(solution, sample, design, estimator)
    spread = uncertainty(model.covariance_type, fitted)
    working = spread.covariance
    if model.covariance_type == "model":
        working = _brant_covariance(sample, solution, ORDERED[model.fitted.estimator.name])
    # Without the intercepts.
    report = np.vstack([solution.report[place][1:] for place in solution.slices])
    slopes = Estimates(
        terms=tuple(term for each in solution.blocks for term in each.terms[1:]),
        coefficients=report @ solution.coefficients,
        covariance=report @ working @ report.T,
        residual_df=spread.residual_df,
    )
    roles = [each.role for each in solution.blocks]
    return ParallelLines(
        overall=wald_test(slopes, _equal(sample.names[1:], roles)),
        by_term={name: wald_test(slopes, _equal((name,), roles)) for name in sample.names[1:]},
        slopes=slopes,
    )


def _equal(names: tuple[str, ...], roles: list[str]) -> list[Mapping[str, float]]:
    """Each slope at each later threshold the same as at the first."""
    return [
        {f"{roles[0]}|{name}": 1.0, f"{role}|{name}": -1.0} for role in roles[1:] for name in names
    ]


def _at_every_threshold(estimator: Estimator, sample: Sample, start: Floats | None) -> Solution:
    """The L - 1 binary models, one after the other."""
    levels = levels_of(sample)
    starts = np.split(start, levels.count - 1) if start is not None else [None] * levels.count
    plain = replace(sample, words={})
    blocks, solutions = [], []
    for cut, name in enumerate(levels.names[:-1]):
        above = with_outcome(
            plain, (levels.codes > cut).astype(float), f"{sample.wording.outcome} above {name}"
        )
        solutions.append(estimator.solve(above, starts[cut]))
        blocks.append(copied(sample.main, f"above {name}"))
    return Solution(
        coefficients=np.concatenate([each.coefficients for each in solutions]),
        scores=np.hstack([each.scores for each in solutions]),
        bread=scipy.linalg.block_diag(*(each.bread for each in solutions)),
        blocks=tuple(blocks),
        predictions={},
        is_likelihood=False,
    )


def _brant_covariance(sample: Sample, solution: Solution, response: Response) -> Floats:
    """(k, k) of the working coefficients if the model of each threshold is right.

    The indicators of lying above a lower and a higher threshold have covariance
    P_high (1 - P_low).
    """
    eta = solution.linear_predictors
    above = response.mean(eta)
    pull = response.slope(eta) / (above * (1 - above))
    places = range(len(eta))
    middle = np.block(
        [
            [
                weighted_moments(
                    sample.Z, pull[j] * pull[i] * above[max(i, j)] * (1 - above[min(i, j)])
                )
                for j in places
            ]
            for i in places
        ]
    )
    result: Floats = solution.bread @ middle @ solution.bread
    return result


def _refuse_unfit(model: Model) -> None:
    name = model.fitted.estimator.name
    if name not in ORDERED:
        raise Refusal(
            "not_ordered",
            f"The test of parallel lines is of an ordered logit or probit; this is a {name}.",
            "Estimate an ordered model first.",
        )
    levels, terms = levels_of(model.fitted.sample), model.fitted.sample.names[1:]
    if levels.count < 3 or not terms:
        raise Refusal(
            "nothing_to_compare",
            f"The model has the levels {named(levels.names)} and {len(terms)} terms: the test "
            "compares slopes at two thresholds or more.",
            "Test a model of three levels or more, with terms.",
        )
