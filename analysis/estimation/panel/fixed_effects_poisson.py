"""Poisson with an effect of each unit, which the sums of the units' outcomes take out."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Rows
from analysis.estimation.outcomes import refuse_not_counts
from analysis.estimation.panel.ascent import Height, ascend
from analysis.estimation.panel.existence import pairs, refuse_ordered
from analysis.estimation.panel.firm_waves import OF_UNITS, PANEL, FirmWaves, firm_waves
from analysis.estimation.panel.fixed_effects import within_blocks
from analysis.estimation.panel.within import totals, within
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution
from analysis.refusals import Refusal

# Share of a firm's sum below which it may be predicted without error.
SURE = 1e-8


def solve_fixed_effects_poisson(sample: Sample, start: Floats | None) -> Solution:
    r"""The conditional likelihood of Hausman, Hall and Griliches (1984).

    Given its sum n_i a firm's outcomes are multinomial with shares
    :math:`p_{it} = e^{x_{it}'b} / \sum_s e^{x_{is}'b}`. It is the Poisson likelihood with an
    effect of each firm, and right for any outcome whose conditional mean is so (Wooldridge
    1999) if standard errors are clustered by firm. Weights may change within units: effects
    are then those that maximise the weighted Poisson likelihood.

    Raises
    ------
    Refusal
        ``outcome_not_count``, ``no_within_variation``, ``separation``, ``no_convergence``,
        ``no_informative_units``, and those of the panel's labels.
    """
    panel = firm_waves(sample)
    informative = _informative(sample, panel)
    if start is None:
        refuse_not_counts(sample)
        _refuse_none(sample, informative)
    blocks, notes = within_blocks(sample, panel, has_intercept=False, rows=informative)
    # Of the terms' levels nothing depends but digits.
    Z = within(blocks[0].Z, panel, np.ones(len(sample.y)))
    model = _Multinomial(sample, panel, Z, informative)
    begin = np.zeros(model.Z.shape[1])
    summit = ascend(model.at, begin if start is None else start)
    if start is None and (summit is None or summit.height.surest < SURE):
        _refuse_separated(sample, panel, blocks[0], informative)
    if summit is None:
        raise Refusal(
            "no_convergence",
            f"The Poisson model of {sample.wording.outcome} with effects of firms did not "
            "converge.",
            "Look for terms that nearly determine the outcome, or that are nearly the same.",
        )
    constant = _constant(sample, panel, informative)
    return Solution(
        coefficients=summit.coefficients,
        scores=model.scores(summit.coefficients),
        bread=summit.bread,
        blocks=blocks,
        predictions=index_prediction("log_mean", "Logarithm of the expected outcome"),
        log_likelihood=summit.height.value + constant,
        null_log_likelihood=model.at(begin).value + constant,
        used=informative,
        notes=(*notes, panel.note, panel.counts_note(informative), *_left_out(sample, panel)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Multinomial:
    """Shares of the units' sums. Z is (m, k); rows that are not informative take no part."""

    sample: Sample
    panel: FirmWaves
    Z: Floats
    rows: Rows

    def shares(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """(m,) weighted shares that sum to one in each unit, and their logarithms."""
        unit, count = self.panel.unit, self.panel.count
        with np.errstate(divide="ignore"):
            eta = self.Z @ coefficients + np.log(self.sample.weight)
        highest = np.full(count, -np.inf)
        np.maximum.at(highest, unit, eta)
        # A unit that a replicate leaves out has weights of zero throughout.
        highest[~np.isfinite(highest)] = 0.0
        relative = eta - highest[unit]
        total = np.bincount(unit, np.exp(relative), count)
        logarithm = relative - np.log(np.where(total > 0, total, 1.0))[unit]
        return np.exp(logarithm), logarithm

    @property
    def weighted(self) -> Floats:
        """(m,) outcomes times weights, zero in rows that take no part."""
        result: Floats = np.where(self.rows, self.sample.weight * self.sample.y, 0.0)
        return result

    def at(self, coefficients: Floats) -> Height:
        share, logarithm = self.shares(coefficients)
        y, unit, count = self.weighted, self.panel.unit, self.panel.count
        expected = np.bincount(unit, y, count)[unit] * share
        apart = self._apart(share)
        counted = y > 0
        log_weight = np.log(self.sample.weight, where=counted, out=np.zeros(len(y)))
        return Height(
            value=float(y[counted] @ (logarithm - log_weight)[counted]),
            gradient=self.Z.T @ (y - expected),
            information=apart.T @ (expected[:, None] * apart),
            surest=float(share[self.rows & (self.sample.weight > 0)].min(initial=1.0)),
        )

    def _apart(self, share: Floats) -> Floats:
        """(m, k) deviations of Z from the units' means under the shares."""
        mean = totals(share[:, None] * self.Z, self.panel.unit, self.panel.count)
        result: Floats = self.Z - mean[self.panel.unit]
        return result

    def scores(self, coefficients: Floats) -> Floats:
        """(m, k) before weighting: residuals times deviations from the unit's own mean."""
        share = self.shares(coefficients)[0]
        sums = np.bincount(self.panel.unit, self.weighted, self.panel.count)[self.panel.unit]
        weight = np.where(self.sample.weight > 0, self.sample.weight, 1.0)
        residual = np.where(self.rows, self.sample.y - sums * share / weight, 0.0)
        return self._apart(share) * residual[:, None]


def _informative(sample: Sample, panel: FirmWaves) -> Rows:
    """(m,) rows of units in two or more waves with an outcome that is not always zero."""
    total = np.bincount(panel.unit, np.abs(sample.y), panel.count)
    result: Rows = ((total > 0) & (panel.rows_of_unit > 1))[panel.unit]
    return result


def _constant(sample: Sample, panel: FirmWaves, rows: Rows) -> float:
    """What of the multinomial log-likelihood does not depend on the coefficients."""
    y = np.where(rows, sample.y, 0.0)
    weight = np.bincount(panel.unit, sample.weight, panel.count) / panel.rows_of_unit
    sums = np.bincount(panel.unit, y, panel.count)
    return float(weight @ special.gammaln(sums + 1) - sample.weight @ special.gammaln(y + 1))


def _refuse_none(sample: Sample, informative: Rows) -> None:
    if not informative.any():
        raise Refusal(
            "no_informative_units",
            f"No firm is in two or more waves with {sample.wording.outcome} above zero in one.",
            "Look whether firms are named alike in all waves, or use poisson.",
        )


def _refuse_separated(sample: Sample, panel: FirmWaves, block: Block, rows: Rows) -> None:
    positive = rows & (sample.y > 0)
    names = [column.name for column in block.columns]
    refuse_ordered(block.X, *pairs(panel.unit, positive, rows), names, sample)


def _left_out(sample: Sample, panel: FirmWaves) -> tuple[str, ...]:
    total = np.bincount(panel.unit, sample.y, panel.count)
    single = panel.rows_of_unit == 1
    notes = []
    if np.any(none := (total == 0) & ~single):
        notes.append(
            f"{none.sum()} firms with {sample.wording.outcome} zero in all their waves say nothing "
            "of the effects and are left out."
        )
    if single.any():
        notes.append(f"{single.sum()} firms in one wave only are left out.")
    return tuple(notes)


def index_prediction(name: str, title: str) -> dict[str, Prediction]:
    """The sum of the linear predictors, in which a firm's own level is not known."""

    def index(eta: Floats) -> Curve:
        return Curve(eta.sum(axis=0), np.ones_like(eta), np.zeros((len(eta), *eta.shape)))

    return {name: Prediction(name, f"{title}, without the level of each firm", index)}


FIXED_EFFECTS_POISSON = Estimator(
    "fixed_effects_poisson",
    "Poisson with fixed effects",
    "A count, in two or more waves. An effect of each firm.",
    solve_fixed_effects_poisson,
    OF_UNITS,
    roles=PANEL,
)
