"""From sums to bias and coverage, and the bars they are held to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.monte_carlo.registry import SCENARIOS
from benchmarks.monte_carlo.tally import LEVEL, Sums, Tally

BIAS = 2.0
"""Monte Carlo standard errors that a bias may reach."""
LOWEST, HIGHEST = 0.94, 0.96
"""Bounds of the coverage of 95 % intervals."""
JOINT = 0.05
"""How often chance alone may fail one of all the rows together."""

Row = dict[str, Any]


@dataclass(slots=True, eq=False)
class Results:
    """Tallies by scenario, kept in a file if there is one."""

    seed: int
    tallies: dict[str, Tally]
    path: Path | None = None

    @classmethod
    def read(cls, path: Path | None, seed: int | None) -> "Results":
        """What a file holds; nothing yet where there is none.

        Raises
        ------
        ValueError
            If the file holds another seed's.
        """
        if path is None or not path.exists():
            return cls(1 if seed is None else seed, {}, path)
        saved = json.loads(path.read_text())
        if seed is not None and seed != saved["seed"]:
            raise ValueError(f"{path} is of seed {saved['seed']}, not {seed}.")
        tallies = {name: Tally.from_json(each) for name, each in saved["tallies"].items()}
        return cls(saved["seed"], tallies, path)

    def tally(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())

    def keep(self) -> None:
        if self.path is None:
            return
        tallies = {name: each.to_json() for name, each in self.tallies.items()}
        beside = self.path.with_suffix(".part")
        beside.write_text(json.dumps({"seed": self.seed, "tallies": tallies}))
        beside.replace(self.path)


def rows_of(results: Results, names: Iterable[str] | None = None) -> list[Row]:
    """A row for each scenario and covariance, with one for each term in it."""
    chosen = SCENARIOS if names is None else names
    return [
        _row(results.seed, name, covariance, results.tallies[name])
        for name in chosen
        if name in results.tallies
        for covariance in results.tallies[name].sums
    ]


def _row(seed: int, name: str, covariance: str, tally: Tally) -> Row:
    scenario, sums, count = SCENARIOS[name], tally.sums[covariance], tally.estimated
    pooled = float(sums.covered.mean()) / count
    spread = max(sums.together / count - pooled**2, 0.0)
    return {
        "scenario": name,
        "estimator": scenario.estimator,
        "covariance": covariance,
        "note": scenario.note,
        "seed": seed,
        "replications": tally.tried,
        "failures": dict(tally.failures),
        "coverage": pooled,
        "coverage_error": (spread / max(count - 1, 1)) ** 0.5,
        "coverage_holds": LOWEST <= pooled <= HIGHEST,
        "seconds_per_replication": tally.seconds / tally.tried,
        "terms": _terms(scenario.terms, scenario.truth.tolist(), sums, count),
    }


def _terms(names: Sequence[str], truth: Sequence[float], sums: Sums, count: int) -> list[Row]:
    bias = sums.deviation / count
    variance = (sums.square - count * bias**2) / max(count - 1, 1)
    error = np.sqrt(np.maximum(variance, 0) / count)
    covered = sums.covered / count
    return [
        {
            "term": name,
            "truth": truth[k],
            "mean": truth[k] + float(bias[k]),
            "bias": float(bias[k]),
            "bias_error": float(error[k]),
            "bias_in_errors": float(bias[k] / error[k]) if error[k] > 0 else 0.0,
            "sd": float(variance[k] ** 0.5),
            "mean_std_error": float(sums.std_error[k]) / count,
            "coverage": float(covered[k]),
            "coverage_error": float((covered[k] * (1 - covered[k]) / count) ** 0.5),
            "bias_holds": bool(abs(bias[k]) <= BIAS * error[k]),
            "coverage_holds": bool(LOWEST <= covered[k] <= HIGHEST),
        }
        for k, name in enumerate(names)
    ]


@dataclass(frozen=True, slots=True)
class Joint:
    """Biases of all rows together.

    Attributes
    ----------
    count : biases that differ: covariances of one fit share their estimates
    over : those beyond two Monte Carlo standard errors
    expected : how many chance alone puts there
    largest : the largest, in Monte Carlo standard errors
    bound : what the largest of so many exceeds by chance alone in one run of twenty at most
        (Sidak 1967; for normal biases, whatever their dependence)
    """

    count: int
    over: int
    expected: float
    largest: float
    bound: float


def joint_bias(rows: Iterable[Row]) -> Joint:
    found = {
        (row["scenario"], term["term"], term["bias"]): abs(term["bias_in_errors"])
        for row in rows
        for term in row["terms"]
    }
    values = np.array(list(found.values()))
    alone = 1 - (1 - JOINT) ** (1 / len(values))
    return Joint(
        count=len(values),
        over=int(np.sum(values > BIAS)),
        expected=float(len(values) * 2 * stats.norm.sf(BIAS)),
        largest=float(values.max()),
        bound=float(stats.norm.isf(alone / 2)),
    )


@dataclass(frozen=True, slots=True)
class JointCoverage:
    """Coverage of all terms under all covariances together.

    Attributes
    ----------
    count : terms under covariances
    over : those outside the bar
    expected : how many exact 95 % intervals put there by chance
    smallest : the smallest p-value of a coverage against 95 % (binomial, two-sided)
    bound : what the smallest of so many falls below by chance in one run of twenty at most
    """

    count: int
    over: int
    expected: float
    smallest: float
    bound: float


def joint_coverage(rows: Iterable[Row]) -> JointCoverage:
    expected, smallest, over, count = 0.0, 1.0, 0, 0
    for row in rows:
        tried = row["replications"] - sum(row["failures"].values())
        exact = stats.binom(tried, LEVEL)
        below = np.ceil(LOWEST * tried - 1e-9) - 1
        outside = exact.cdf(below) + exact.sf(np.floor(HIGHEST * tried + 1e-9))
        for term in row["terms"]:
            hits = round(term["coverage"] * tried)
            p = min(1.0, 2 * min(float(exact.cdf(hits)), float(exact.sf(hits - 1))))
            smallest, count = min(smallest, p), count + 1
            expected, over = expected + float(outside), over + (not term["coverage_holds"])
    return JointCoverage(count, over, expected, smallest, 1 - (1 - JOINT) ** (1 / max(count, 1)))
