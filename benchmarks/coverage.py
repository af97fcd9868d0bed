"""How often design-based 95 % intervals hold the true coefficients of the made data.

    python -m benchmarks.coverage [--samples 500] [--seed 1] [--json FILE]

Every replication makes a new population of 12,000 firms, draws and answers a sample as the
demonstration does (the same plan, response by chance within strata, a few blanks), and runs
measures, equation, fit and intervals of the product on it.

There are two truths. The coefficients from which populations are made are the truth for an
inference to the process; its variance takes the population as infinite. The coefficients of
the logit on all 12,000 firms are the truth for an inference to these firms; its variance has
the finite population correction. A third model leaves out the weights, to show that they are
needed.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import pipeline
from analysis.dataset import Dataset, Variable
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan
from surveys.demonstration import (
    PRODUCT_INNOVATION,
    SCALES,
    Population,
    Responding,
    make_population,
    responding,
)
from surveys.demonstration.population import INTERCEPT, PARTNERS

Floats = npt.NDArray[np.float64]

TERMS = tuple(PRODUCT_INNOVATION)
TRUTH = np.array(list(PRODUCT_INNOVATION.values()))
BLANKS = {
    "control.employment": 0.015,
    "control.graduate_share": 0.03,
    "control.foreign_share": 0.02,
}
"""Chances of a blank answer, as in the demonstration."""

_FORMULA = " + ".join(term for term in TERMS if term != INTERCEPT)
_PLAN = f"""
title: Coverage
estimator: logit
models:
  - name: process
    outcome: product
    formula: {_FORMULA}
    covariance: design
    design: {{weights: design, strata: design, clusters: none, population: none}}
    margins: no
  - name: these firms
    outcome: product
    formula: {_FORMULA}
    covariance: design
    design: {{weights: design, strata: design, clusters: none, population: design}}
    margins: no
  - name: process, without weights
    outcome: product
    formula: {_FORMULA}
    covariance: HC1
    design: none
    margins: no
"""
_CENSUS = f"""
title: All firms
models:
  - name: census
    outcome: product
    formula: {_FORMULA}
    estimator: logit
    covariance: model
    design: none
    margins: no
"""
_LOWEST, _HIGHEST = 0.93, 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Replication:
    """Estimates of the three models in one sample: (3, k) each, and the census (k,)."""

    estimates: Floats
    std_errors: Floats
    low: Floats
    high: Floats
    census: Floats


def dataset(
    population: Population, sample: Responding, random: np.random.Generator | None
) -> Dataset:
    """The sample in construct space, with blanks if there is a source of chance."""
    firms = sample.firm
    columns: dict[str, Floats] = {
        f"networking.cooperation[{partner},{scale}]": population.cooperation[firms, row, column]
        for row, partner in enumerate(PARTNERS)
        for column, scale in enumerate(SCALES)
    }
    columns |= {
        "innovation.product[good]": population.product[firms],
        "control.employment": population.employees[firms],
        "control.graduate_share": population.graduate_share[firms],
        "control.foreign_share": population.foreign_share[firms],
        "control.group": population.in_group[firms],
        "research.inside": population.research[firms],
    }
    frame = pd.DataFrame({name: np.asarray(values, float) for name, values in columns.items()})
    if random is not None:
        for name, chance in BLANKS.items():
            frame.loc[random.random(len(frame)) < chance, name] = np.nan
    design = pd.DataFrame(
        {
            "weight": sample.weight,
            "stratum": sample.stratum.astype(str),
            "cluster": firms.astype(str),
            "population": sample.population,
        }
    )
    return Dataset(frame, tuple(_variable(name) for name in frame), design)


def _variable(name: str) -> Variable:
    construct, _, place = name.rstrip("]").partition("[")
    dimensions = {"networking.cooperation": ("partner", "scale"), "innovation.product": ("kind",)}
    coordinates = tuple(zip(dimensions.get(construct, ()), place.split(","), strict=False))
    return Variable(name, construct, "number", name, coordinates)


def everybody(population: Population) -> Responding:
    """All firms of the population, each standing for itself."""
    firms = np.arange(len(population.employees))
    ones = np.ones(len(firms))
    return Responding(firms, ones, np.zeros(len(firms), dtype=np.int64), ones * len(firms))


def replicate(seed: int, plan: Plan, census: Plan) -> Replication:
    """One new population, its sample, and what the product makes of both."""
    population = make_population(seed)
    sample = responding(population, seed)
    blanks = np.random.default_rng([seed, 9])
    fits = pipeline.run(dataset(population, sample, blanks), plan).fits
    (whole,) = pipeline.run(dataset(population, everybody(population), None), census).fits
    order = [fits[0].estimates.terms.index(term) for term in TERMS]
    intervals = np.array([fit.estimates.intervals()[order] for fit in fits])
    return Replication(
        estimates=np.array([fit.estimates.coefficients[order] for fit in fits]),
        std_errors=np.array([fit.estimates.std_errors[order] for fit in fits]),
        low=intervals[:, :, 0],
        high=intervals[:, :, 1],
        census=whole.estimates.coefficients[order],
    )


def summary(replications: list[Replication], names: list[str]) -> list[dict[str, Any]]:
    """Per model: coverage by coefficient and over all, with its simulation error."""
    stacked = {
        name: np.array([getattr(each, name) for each in replications])
        for name in ("estimates", "std_errors", "low", "high", "census")
    }
    models = []
    for place, name in enumerate(names):
        truth = (
            stacked["census"] if name == "these firms" else np.tile(TRUTH, (len(replications), 1))
        )
        holds = (stacked["low"][:, place] <= truth) & (truth <= stacked["high"][:, place])
        deviation = stacked["estimates"][:, place] - truth
        models.append(
            {
                "model": name,
                "pooled_coverage": float(holds.mean()),
                "pooled_simulation_error": float(
                    holds.mean(axis=1).std(ddof=1) / len(holds) ** 0.5
                ),
                "coefficients": [
                    {
                        "term": term,
                        "truth": float(truth[:, at].mean()),
                        "mean_deviation": float(deviation[:, at].mean()),
                        "std_deviation": float(deviation[:, at].std(ddof=1)),
                        "mean_std_error": float(stacked["std_errors"][:, place, at].mean()),
                        "coverage": float(holds[:, at].mean()),
                    }
                    for at, term in enumerate(TERMS)
                ],
            }
        )
    return models


def print_table(models: list[dict[str, Any]]) -> None:
    for model in models:
        pooled, error = model["pooled_coverage"], model["pooled_simulation_error"]
        print(
            f"\n{model['model']}: {100 * pooled:.1f} % over all coefficients (± {100 * error:.1f})"
        )
        print(f"  {'term':<18}{'truth':>8}{'bias':>9}{'s.d.':>8}{'s.e.':>8}{'coverage':>10}")
        for row in model["coefficients"]:
            mark = "" if _LOWEST <= row["coverage"] <= _HIGHEST else "  outside 93-97 %"
            print(
                f"  {row['term']:<18}{row['truth']:>8.3f}{row['mean_deviation']:>9.4f}"
                f"{row['std_deviation']:>8.4f}{row['mean_std_error']:>8.4f}"
                f"{100 * row['coverage']:>9.1f}%{mark}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1, help="of the first sample; others follow")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    chosen = parser.parse_args()
    plan, census = read_plan(_PLAN), read_plan(_CENSUS)
    began = time.perf_counter()
    seeds = range(chosen.seed, chosen.seed + chosen.samples)
    replications = [replicate(seed, plan, census) for seed in seeds]
    seconds = time.perf_counter() - began
    models = summary(replications, [each.name for each in plan.specifications])
    print(f"{chosen.samples} samples, seeds from {chosen.seed}, {seconds:.0f} s")
    print_table(models)
    if chosen.json:
        document = {"samples": chosen.samples, "seed": chosen.seed, "models": models}
        chosen.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
