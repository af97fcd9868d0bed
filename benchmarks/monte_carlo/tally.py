"""What replications add up to: enough for bias and coverage, and to go on from later."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.estimation.estimates import Estimates
from benchmarks.monte_carlo.scenario import Floats, Scenario

LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One replication under one covariance: (k,) each, of the terms whose truth is known."""

    deviation: Floats
    std_error: Floats
    covered: Floats


@dataclass(slots=True, eq=False)
class Sums:
    """Of one covariance, over the replications that gave estimates.

    `together` is the sum of squares of the share of terms covered in a replication: the terms
    of a replication are not independent of each other.
    """

    deviation: Floats
    square: Floats
    std_error: Floats
    covered: Floats
    together: float = 0.0

    @classmethod
    def none(cls, terms: int) -> "Sums":
        return cls(*(np.zeros(terms) for _ in range(4)))

    def add(self, outcome: Outcome) -> None:
        self.deviation += outcome.deviation
        self.square += outcome.deviation**2
        self.std_error += outcome.std_error
        self.covered += outcome.covered
        self.together += float(outcome.covered.mean()) ** 2


@dataclass(slots=True, eq=False)
class Tally:
    """Of one scenario: replications tried, what failed, and the sums by covariance."""

    tried: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)

    @property
    def estimated(self) -> int:
        return self.tried - self.failures.total()

    def add(self, outcomes: Mapping[str, Outcome] | str) -> None:
        """The next replication: its outcomes, or the code of what kept it from having any."""
        self.tried += 1
        if isinstance(outcomes, str):
            self.failures[outcomes] += 1
            return
        for covariance, outcome in outcomes.items():
            self.sums.setdefault(covariance, Sums.none(len(outcome.deviation))).add(outcome)

    def to_json(self) -> dict[str, Any]:
        return {
            "tried": self.tried,
            "seconds": round(self.seconds, 3),
            "failures": dict(self.failures),
            "sums": {
                covariance: {
                    "deviation": sums.deviation.tolist(),
                    "square": sums.square.tolist(),
                    "std_error": sums.std_error.tolist(),
                    "covered": sums.covered.tolist(),
                    "together": sums.together,
                }
                for covariance, sums in self.sums.items()
            },
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Tally":
        sums = {
            covariance: Sums(
                *(np.array(each[name]) for name in ("deviation", "square", "std_error", "covered")),
                together=each["together"],
            )
            for covariance, each in saved["sums"].items()
        }
        return cls(saved["tried"], saved["seconds"], Counter(saved["failures"]), sums)


def outcome(scenario: Scenario, estimates: Estimates) -> Outcome:
    """Deviation from the truth, standard errors, and whether the intervals hold it.

    Raises
    ------
    ValueError
        If a term whose truth is known was not estimated.
    """
    order = [estimates.terms.index(term) for term in scenario.terms]
    low, high = estimates.intervals(LEVEL)[order].T
    return Outcome(
        deviation=estimates.coefficients[order] - scenario.truth,
        std_error=estimates.std_errors[order],
        covered=((low <= scenario.truth) & (scenario.truth <= high)).astype(float),
    )
