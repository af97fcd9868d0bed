"""Correlated random effects: the units' means of the regressors stand for their own effects."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.estimation.after.wald import WaldTest, zero_test
from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.glm import GENERALISED_LINEAR
from analysis.estimation.panel.equations import independent_block, plain_columns, with_columns
from analysis.estimation.panel.firm_waves import (
    PANEL,
    FirmWaves,
    firm_waves,
    wants_wave_effects,
    wave_indicators,
)
from analysis.estimation.panel.within import changing, unit_means, within
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

MEAN = "mean|"
RESPONSES = {each.name: each for each in GENERALISED_LINEAR}
RESPONSE = Role("response", "word", f"how the outcome responds: {', '.join(RESPONSES)}")


def solve_correlated_random_effects(sample: Sample, start: Floats | None) -> Solution:
    """A pooled model of x_it and its unit's mean (Mundlak 1978; Wooldridge 2010, 15.8.2, 2019).

    The pooled quasi-likelihood is right though the waves of a unit depend on one another;
    standard errors allow for it by clusters. Means are weighted, over the waves in the sample.

    Raises
    ------
    Refusal
        ``unknown_response``, ``no_within_variation``, what the pooled model refuses, and those
        of the panel's labels.
    """
    panel = firm_waves(sample)
    solve = _pooled(sample)
    block, notes = _with_means(sample, panel)
    pooled = solve(replace(sample, main=block, estimator=sample.words["response"]), start)
    return replace(
        pooled,
        is_likelihood=False,
        log_likelihood=None,
        null_log_likelihood=None,
        leverage=None,
        residual_df=None,
        fit_measures=_measures(pooled),
        notes=(*pooled.notes, *notes, panel.note, panel.counts_note(), *_unbalanced(panel)),
    )


def mundlak_test(estimates: Estimates) -> WaldTest:
    """Test that the coefficients of all unit means are zero (Mundlak 1978).

    That is Hausman's question, whether the units' own effects go with the regressors, in a form
    that stays right under clusters and designs (Wooldridge 2010, 10.7.3). If they do not go
    together, a random-effects model without means is enough.

    Raises: Refusal ``no_unit_means`` if the estimates have no term of a mean.
    """
    terms = [term for term in estimates.terms if term.startswith(MEAN)]
    if not terms:
        raise Refusal(
            "no_unit_means",
            "The model has no means of firms, so there is nothing to test.",
            "Estimate it with correlated_random_effects.",
        )
    return zero_test(estimates, terms)


def _pooled(sample: Sample) -> Callable[[Sample, Floats | None], Solution]:
    word = sample.words["response"]
    if word not in RESPONSES:
        raise Refusal(
            "unknown_response",
            f"There is no response '{word}'.",
            f"Write one of {', '.join(RESPONSES)}.",
        )
    return RESPONSES[word].solve


def _with_means(sample: Sample, panel: FirmWaves) -> tuple[Block, tuple[str, ...]]:
    """The main columns, indicators of waves if asked, and the unit means of what changes.

    A mean that follows from the other columns, as that of an indicator of a wave where every
    firm answered every wave, is dropped. That, and the coordinates, are by plain means: weights
    of replicates must not change them.
    """
    X, ones = sample.X[:, 1:], np.ones(len(sample.y))
    moving = np.flatnonzero(changing(X, within(X, panel, ones)))
    if not len(moving):
        raise Refusal(
            "no_within_variation",
            "None of the terms changes over the waves of a firm, so that their means are they.",
            "Use the pooled model, with standard errors clustered by firm.",
        )
    waves, indicators = _waves(sample, panel)
    means = [f"{MEAN}{sample.names[position + 1]}" for position in moving]
    columns = (*sample.columns, *plain_columns((*waves, *means)))

    def values(weight: Floats) -> Floats:
        of_units = unit_means(X[:, moving], panel, weight)[panel.unit]
        return np.hstack([sample.X, indicators, of_units])

    block, notes = independent_block(columns, values(ones), ones > 0, sample)
    kept = {id(column) for column in block.columns}
    chosen = [position for position, column in enumerate(columns) if id(column) in kept]
    return with_columns(block, values(sample.weight)[:, chosen]), notes


def _waves(sample: Sample, panel: FirmWaves) -> tuple[tuple[str, ...], Floats]:
    if not wants_wave_effects(sample):
        return (), np.empty((len(sample.y), 0))
    return wave_indicators(panel, np.ones(len(sample.y), dtype=bool))


def _measures(pooled: Solution) -> dict[str, float]:
    """Those that need no likelihood of all the waves of a firm together."""
    return {
        name: value for name, value in pooled.fit_measures.items() if name not in ("aic", "bic")
    }


def _unbalanced(panel: FirmWaves) -> tuple[str, ...]:
    if len(np.unique(panel.rows_of_unit)) == 1:
        return ()
    return (
        "Firms are in different numbers of waves: means are over the waves that a firm is in "
        "(Wooldridge 2019).",
    )


CORRELATED_RANDOM_EFFECTS = Estimator(
    "correlated_random_effects",
    "Correlated random effects",
    "As the response asks, in two or more waves. The pooled model with the firms' means.",
    solve_correlated_random_effects,
    frozenset({"cluster", "design", "replicate"}),
    roles=(*PANEL, RESPONSE),
)
