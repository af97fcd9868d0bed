"""Follows firms from wave to wave: who stays, how probably, and how weighting balances them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Covariance, Fit, Floats
from analysis.estimation.labels import Codes, Rows, named
from analysis.estimation.panel.firm_waves import FirmWaves
from analysis.estimation.regression import fit
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Balance:
    """Means of one term, under the design: does weighting bring those who stayed back?

    `at_risk` of all firms of the earlier wave, `stayed` of those in the next too, `weighted`
    the same with their attrition weights, `trimmed` with trimmed ones.
    """

    term: str
    at_risk: float
    stayed: float
    weighted: float
    trimmed: float


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """From one wave to the next.

    Attributes
    ----------
    earlier, later : the waves
    at_risk, stayed : firms that could be followed, and that were
    share_stayed : under the design's weights
    least_probability : of staying, among those who stayed; 1 where nobody left
    largest, trimmed : largest weight of the later wave before trimming; firms whose was cut
    effective_before, effective_after : Kish's effective number of firms of the later wave
        before and after trimming, under attrition weights times the design's
    balance : of each term
    fit : the logit of staying; None where nobody left
    """

    earlier: str
    later: str
    at_risk: int
    stayed: int
    share_stayed: float
    least_probability: float
    largest: float
    trimmed: int
    effective_before: float
    effective_after: float
    balance: tuple[Balance, ...]
    fit: Fit | None


@dataclass(frozen=True, slots=True, eq=False)
class _Staying:
    """The logit of staying, None where nobody left, and the least probability of a stayer."""

    fit: Fit | None
    least: float


class Follower:
    """Follows firms from wave to wave."""

    def __init__(
        self,
        panel: FirmWaves,
        design: SurveyDesign,
        X: DesignMatrix,
        numerator: DesignMatrix | None,
        covariance: Covariance,
        labels: Mapping[str, str],
    ) -> None:
        self.panel, self.design, self.X, self.numerator = panel, design, X, numerator
        self.covariance, self.labels = covariance, labels
        self.counted: Rows = design.weight > 0
        self.order = sorted({int(each) for each in panel.wave[self.counted]})
        first = np.full(panel.count, np.iinfo(np.intp).max)
        np.minimum.at(first, panel.unit[self.counted], panel.wave[self.counted])
        self.entering: Rows = self.counted & (panel.wave == first[panel.unit])
        self.followed = self.entering.copy()

    def step(
        self, earlier: int, factor: Floats, untrimmed: Floats, trim: float | None
    ) -> Transition:
        """Weights of the wave after `earlier`, written into both arrays, and how it went."""
        later = self.order[self.order.index(earlier) + 1]
        at_risk = self.followed & (self.panel.wave == earlier)
        follows = self._next(earlier, later)
        stayed = at_risk & (follows >= 0)
        ratio, staying = self._ratio(at_risk, stayed, self._words(earlier, later))
        here, there = np.flatnonzero(stayed), follows[stayed]
        untrimmed[there] = untrimmed[here] * ratio[here]
        cut = np.quantile(untrimmed[there], trim or 1.0)
        factor[there] = np.minimum(untrimmed[there], cut)
        self.followed[there] = True
        weight = self.design.weight
        return Transition(
            earlier=self.panel.waves[earlier],
            later=self.panel.waves[later],
            at_risk=int(at_risk.sum()),
            stayed=len(there),
            share_stayed=float(np.average(stayed[at_risk], weights=weight[at_risk])),
            least_probability=staying.least,
            largest=float(untrimmed[there].max()),
            trimmed=int(np.sum(untrimmed[there] > cut)),
            effective_before=effective(untrimmed[there] * weight[there]),
            effective_after=effective(factor[there] * weight[there]),
            balance=self._balance(at_risk, here, there, factor, untrimmed),
            fit=staying.fit,
        )

    def _words(self, earlier: int, later: int) -> str:
        return f"from {self.panel.waves[earlier]} to {self.panel.waves[later]}"

    def _ratio(self, at_risk: Rows, stayed: Rows, words: str) -> "tuple[Floats, _Staying]":
        """(n,) what the factor of those who stayed is multiplied by, and the model of it."""
        if stayed.sum() == at_risk.sum() and stayed.any():
            return np.ones(len(stayed)), _Staying(None, 1.0)
        self._refuse(at_risk, stayed, words)
        result, p = self._probability(self.X, at_risk, stayed)
        q = np.ones(len(p))
        if self.numerator is not None:
            q = self._probability(self.numerator, at_risk, stayed)[1]
        ratio = np.divide(q, p, out=np.ones(len(p)), where=at_risk)
        return ratio, _Staying(result, float(p[stayed].min()))

    def _next(self, earlier: int, later: int) -> Codes:
        """(n,) row of the same firm in the later wave, -1 where there is none."""
        position = np.full(self.panel.count, -1)
        rows = np.flatnonzero(self.counted & (self.panel.wave == later))
        position[self.panel.unit[rows]] = rows
        return np.where(self.panel.wave == earlier, position[self.panel.unit], -1)

    def _probability(self, X: DesignMatrix, at_risk: Rows, stayed: Rows) -> tuple[Fit, Floats]:
        result = fit(
            y=np.where(at_risk, stayed.astype(float), np.nan),
            X=X,
            estimator="logit",
            covariance=self.covariance,
            design=self.design,
            domain=at_risk,
            margins=False,
            outcome="staying in the panel",
            labels=self.labels,
        )
        beta = dict(zip(result.estimates.terms, result.estimates.coefficients, strict=True))
        places = [X.names.index(term) for term in beta]
        return result, special.expit(X.X[:, places] @ np.array(list(beta.values())))

    def _balance(
        self, at_risk: Rows, here: Codes, there: Codes, factor: Floats, untrimmed: Floats
    ) -> tuple[Balance, ...]:
        """Terms as of the earlier wave."""
        weight, X = self.design.weight, self.X.X

        def means(rows: Rows | Codes, weights: Floats) -> Floats:
            result: Floats = weights @ X[rows] / weights.sum()
            return result

        before = untrimmed[at_risk] * weight[at_risk]
        columns = zip(
            means(at_risk, before),
            means(here, untrimmed[here] * weight[here]),
            means(here, untrimmed[there] * weight[here]),
            means(here, factor[there] * weight[here]),
            strict=True,
        )
        return tuple(
            Balance(name, *(float(each) for each in values))
            for name, values in list(zip(self.X.names, columns, strict=True))[1:]
        )

    def _refuse(self, at_risk: Rows, stayed: Rows, words: str) -> None:
        if not stayed.any():
            raise Refusal(
                "everybody_left",
                f"None of the {at_risk.sum()} firms stayed {words}.",
                "Look whether firms are named alike in both waves, or end the panel before.",
            )
        missing = np.isnan(self.X.X[at_risk]).any(axis=1)
        if missing.any():
            raise Refusal(
                "attrition_unanswered",
                f"{missing.sum()} of {at_risk.sum()} firms that could be followed {words} lack an "
                "answer that staying is explained by, so they would have no weight.",
                "Impute the answers first, or explain staying by what the frame knows.",
            )
        cells = [
            cell
            for cell, rows in self._cells()
            if (rows & at_risk).any() and not (rows & stayed).any()
        ]
        if cells:
            raise Refusal(
                "cell_always_leaves",
                f"All firms leave {words} among those with {named(cells)}: nobody is left to "
                "stand for them.",
                "Join the category with another that it is like, or say that results do not "
                "speak of these firms and leave them out from the start.",
            )

    def _cells(self) -> list[tuple[str, Rows]]:
        cells: list[tuple[str, Rows]] = []
        for name, column in zip(self.X.names[1:], self.X.X.T[1:], strict=True):
            if np.all((column == 0) | (column == 1) | np.isnan(column)):
                label = self.labels.get(name, name)
                cells += [(f"{label} = 1", column == 1), (f"{label} = 0", column == 0)]
        return cells

    def notes(self, transitions: list[Transition]) -> tuple[str, ...]:
        notes = [self.panel.note]
        returned = self.counted & ~self.followed
        if returned.any():
            firms = len(np.unique(self.panel.unit[returned]))
            notes.append(
                f"{firms} firms came back after a wave that they left out: their {returned.sum()} "
                "later firm-waves have weight zero."
            )
        notes += [
            f"Nobody left from {each.earlier} to {each.later}."
            for each in transitions
            if each.fit is None
        ]
        notes += [
            f"{each.trimmed} of {each.stayed} weights of {each.later} were cut, the largest from "
            f"{each.largest:.3g}: less variance, some bias (see the balance)."
            for each in transitions
            if each.trimmed
        ]
        return tuple(notes)


def effective(weight: Floats) -> float:
    """Kish's effective number of firms: the square of the sum over the sum of squares."""
    squares = float(weight @ weight)
    return float(weight.sum() ** 2 / squares) if squares else 0.0
