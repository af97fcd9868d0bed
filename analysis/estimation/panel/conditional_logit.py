"""Chamberlain's conditional logit: yes or no over waves, given how often yes."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.outcomes import refuse_not_binary
from analysis.estimation.panel.ascent import Height, ascend
from analysis.estimation.panel.existence import pairs, refuse_ordered
from analysis.estimation.panel.firm_waves import OF_UNITS, PANEL, FirmWaves, firm_waves
from analysis.estimation.panel.fixed_effects import within_blocks
from analysis.estimation.panel.fixed_effects_poisson import index_prediction
from analysis.estimation.panel.within import within
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Chance of another placing than that seen below which a firm may be predicted without error.
SURE = 1e-8
# Of a weight: what rounding may make of one weight in two waves.
SAME = 1e-9


def solve_conditional_logit(sample: Sample, start: Floats | None) -> Solution:
    """The likelihood of which waves were yes, given their number (Chamberlain 1980).

    The sum over all ways of placing d yeses in T waves is not enumerated but built up wave by
    wave (Gail, Lubin and Rubinstein 1981), and with it the mean and variance of the sum of
    x over the waves of yes, so that T and d may be large.

    Raises
    ------
    Refusal
        ``outcome_not_binary``, ``no_informative_units``, ``no_within_variation``,
        ``weights_vary_within_unit``, ``separation``, ``no_convergence``, and those of the
        panel's labels.
    """
    panel = firm_waves(sample)
    if start is None:
        refuse_not_binary(sample)
    informative = _informative(sample, panel)
    _refuse_none(sample, informative)
    blocks, notes = within_blocks(sample, panel, has_intercept=False, rows=informative)
    weight = _unit_weights(sample, panel)
    # Of the terms' levels nothing depends but digits.
    Z = within(blocks[0].Z, panel, np.ones(len(sample.y)))
    model = _Placings(sample.y, Z, weight, _table(panel, informative))
    begin = np.zeros(blocks[0].width)
    summit = ascend(model.at, begin if start is None else start)
    if start is None and (summit is None or summit.height.surest < SURE):
        _refuse_separated(sample, panel, blocks[0], informative)
    if summit is None:
        raise Refusal(
            "no_convergence",
            f"The conditional logit of {sample.wording.outcome} did not converge.",
            "Look for terms that nearly determine the outcome, or that are nearly the same.",
        )
    return Solution(
        coefficients=summit.coefficients,
        scores=model.scores(summit.coefficients),
        bread=summit.bread,
        blocks=blocks,
        predictions=index_prediction("log_odds", "Logarithm of the odds"),
        log_likelihood=summit.height.value,
        null_log_likelihood=model.at(begin).value,
        used=informative,
        notes=(
            *notes,
            panel.note,
            panel.counts_note(informative),
            *_left_out(sample, panel, informative),
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Placings:
    """The conditional likelihood of G units in up to T waves.

    Attributes
    ----------
    y : (m,) zeros and ones
    Z : (m, k) floats
    weight : (m,) floats, constant within units
    table : (G, T) rows of each unit, -1 where it has fewer than T
    """

    y: Floats
    Z: Floats
    weight: Floats
    table: Codes

    def _eta(self, coefficients: Floats) -> Floats:
        """(G, T) linear predictors less their unit's mean; minus infinity past its last wave."""
        there = self.table >= 0
        eta = np.where(there, (self.Z @ coefficients)[self.table], 0.0)
        eta -= np.where(there, (eta.sum(axis=1) / there.sum(axis=1))[:, None], 0.0)
        return np.where(there, eta, -np.inf)

    @property
    def yeses(self) -> Codes:
        """(G,) number of waves of yes."""
        result: Codes = np.where(self.table >= 0, self.y[self.table], 0.0).sum(axis=1).astype(int)
        return result

    def at(self, coefficients: Floats) -> Height:
        eta, yeses = self._eta(coefficients), self.yeses
        total, mean, variance = self._built_up(eta)
        units = np.arange(len(eta))
        seen = np.where(self.table >= 0, self.y[self.table], 0.0)
        observed = np.einsum("gt,gtk->gk", seen, self.Z[self.table])
        placed = np.where(seen > 0, eta, 0.0).sum(axis=1) - total[units, yeses]
        weight = self.weight[self.table[:, 0]]
        return Height(
            value=float(weight @ placed),
            gradient=weight @ (observed - mean[units, yeses]),
            information=np.einsum("g,gij->ij", weight, variance[units, yeses]),
            surest=float(-np.expm1(placed.max())),
        )

    def _built_up(self, eta: Floats) -> tuple[Floats, Floats, Floats]:
        """Over the ways of placing d yeses: log of the sum, (G, D + 1), mean and variance.

        The mean, (G, D + 1, k), and variance, (G, D + 1, k, k), are of the sum of z over the
        waves of yes. With one more wave a placing either leaves it no or makes it yes: a
        mixture of two, so nothing is ever subtracted.
        """
        units, k = len(eta), self.Z.shape[1]
        most = int(self.yeses.max())
        total = np.full((units, most + 1), -np.inf)
        total[:, 0] = 0.0
        mean, variance = np.zeros((units, most + 1, k)), np.zeros((units, most + 1, k, k))
        for wave in range(eta.shape[1]):
            z = self.Z[self.table[:, wave]]
            made_yes = eta[:, wave, None] + total[:, :-1]
            after = np.logaddexp(total[:, 1:], made_yes)
            with np.errstate(invalid="ignore"):
                share = np.where(np.isfinite(after), np.exp(made_yes - after), 0.0)
            apart = mean[:, :-1] + z[:, None] - mean[:, 1:]
            one, both = share[..., None], (share * (1 - share))[..., None, None]
            variance[:, 1:] = (
                (1 - one[..., None]) * variance[:, 1:]
                + one[..., None] * variance[:, :-1]
                + both * apart[..., :, None] * apart[..., None, :]
            )
            mean[:, 1:] = mean[:, 1:] + one * apart
            total[:, 1:] = after
        return total, mean, variance

    def scores(self, coefficients: Floats) -> Floats:
        """(m, k) z times outcome less its probability, given the number of yeses."""
        result = np.zeros_like(self.Z)
        probability = self.probabilities(coefficients)
        there = self.table >= 0
        rows = self.table[there]
        result[rows] = self.Z[rows] * (self.y[rows] - probability[there])[:, None]
        return result

    def probabilities(self, coefficients: Floats) -> Floats:
        """(G, T) chances of yes in each wave, given the number of yeses."""
        eta, units, yeses = self._eta(coefficients), np.arange(len(self.table)), self.yeses
        whole = _log_sums(eta, int(yeses.max()))[units, yeses]
        result = np.zeros_like(eta)
        for wave in range(eta.shape[1]):
            others = _log_sums(np.delete(eta, wave, axis=1), int(yeses.max()))
            result[:, wave] = np.exp(eta[:, wave] + others[units, yeses - 1] - whole)
        return result


def _log_sums(eta: Floats, most: int) -> Floats:
    """(G, most + 1) logs of the sums over placings of d yeses of the products of exp(eta)."""
    total = np.full((len(eta), most + 1), -np.inf)
    total[:, 0] = 0.0
    for wave in range(eta.shape[1]):
        total[:, 1:] = np.logaddexp(total[:, 1:], eta[:, wave, None] + total[:, :-1])
    return total


def _table(panel: FirmWaves, informative: Rows) -> Codes:
    """(G, T) rows of the informative units, -1 past the last."""
    rows = np.flatnonzero(informative)
    order = rows[np.argsort(panel.unit[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(panel.unit[order], prepend=-1))
    lengths = np.diff(np.append(starts, len(order)))
    table = np.full((len(starts), int(lengths.max())), -1)
    place = np.arange(len(order)) - np.repeat(starts, lengths)
    table[np.repeat(np.arange(len(starts)), lengths), place] = order
    return table


def _informative(sample: Sample, panel: FirmWaves) -> Rows:
    """(m,) rows of units with both outcomes."""
    yeses = np.bincount(panel.unit, sample.y, panel.count)
    result: Rows = ((yeses > 0) & (yeses < panel.rows_of_unit))[panel.unit]
    return result


def _unit_weights(sample: Sample, panel: FirmWaves) -> Floats:
    """The weights, if each unit has one: the likelihood is of a unit as a whole."""
    first = np.full(panel.count, np.nan)
    first[panel.unit[::-1]] = sample.weight[::-1]
    varies = np.abs(sample.weight - first[panel.unit]) > SAME * first[panel.unit]
    if varies.any():
        units = len(np.unique(panel.unit[varies]))
        raise Refusal(
            "weights_vary_within_unit",
            f"The weights of {units} firms change between waves. The "
            "conditional logit is of a firm's waves together, and has one weight for them.",
            "Give each firm one weight, such as that of its first wave.",
        )
    return sample.weight


def _refuse_none(sample: Sample, informative: Rows) -> None:
    if not informative.any():
        raise Refusal(
            "no_informative_units",
            f"{sample.wording.outcome} does not change over the waves of any firm.",
            "Use correlated_random_effects, which compares firms with one another too.",
        )


def _refuse_separated(sample: Sample, panel: FirmWaves, block: Block, rows: Rows) -> None:
    names = [column.name for column in block.columns]
    high, low = pairs(panel.unit, rows & (sample.y == 1), rows & (sample.y == 0))
    refuse_ordered(block.X, high, low, names, sample)


def _left_out(sample: Sample, panel: FirmWaves, informative: Rows) -> tuple[str, ...]:
    if informative.all():
        return ()
    units = np.unique(panel.unit[~informative])
    return (
        f"{len(units)} of {panel.count} firms ({int(np.sum(~informative))} firm-waves) never "
        f"change in {sample.wording.outcome}: they say nothing of the effects and are left out.",
    )


CONDITIONAL_LOGIT = Estimator(
    "conditional_logit",
    "Conditional logit",
    "Yes or no, in two or more waves. An effect of each firm.",
    solve_conditional_logit,
    OF_UNITS,
    roles=PANEL,
)
