"""Plan and draw 100,000 of a made frame of 1,000,000: `python -m benchmarks.sampling`."""

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from surveys.sampling.allocation import Target, bethel, limits, mean_of, power
from surveys.sampling.selection import (
    burden,
    inclusion_probabilities,
    permanent_random_numbers,
    proportional_sample,
    simple_sample,
)
from surveys.sampling.strata import Rule, collapse, cross, lavallee_hidiroglou

UNITS, CASES = 1_000_000, 100_000


def timed(name: str, act: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = act()
    print(f"{name:44} {time.perf_counter() - began:7.2f} s")
    return result


def main() -> None:
    chance = np.random.default_rng(1)
    names = np.array([f"NO{n:09}" for n in range(UNITS)])
    size = np.exp(chance.normal(3, 1.5, UNITS)).round(1)
    industry = chance.choice([f"{n:02}" for n in range(60)], UNITS)
    region = chance.choice([f"R{n:02}" for n in range(20)], UNITS)

    numbers = timed(
        "permanent random numbers",
        lambda: permanent_random_numbers(names, origin="benchmark", seed=1),
    )
    bounds = timed("size bounds", lambda: lavallee_hidiroglou(size, classes=4, cv=0.01)).bounds
    label = np.array(["a", "b", "c", "d"])[np.searchsorted(bounds, size, side="right")]
    cells = timed("cells", lambda: cross(label, industry, region, take_all=["d"]))
    rules = [Rule("size_class"), Rule("region"), Rule("industry")]
    strata = timed("collapse", lambda: collapse(cells, rules, minimum=20))
    print(f"  {len(cells.keys)} cells, {len(strata.keys)} strata")
    plan = limits(strata.population, minimum=5, take_all=strata.take_all)
    allocation = timed(
        "power allocation",
        lambda: power(plan, total=CASES, exponent=0.7, size=strata.population),
    )
    targets = [
        Target(
            mean_of(
                size,
                strata.code,
                variable="size",
                strata=len(strata.keys),
                inside=region == each,
                domain=each,
            ),
            0.02,
        )
        for each in np.unique(region)
    ]
    timed("Bethel, 20 domains", lambda: bethel(plan, targets))
    first = timed(
        "simple draw",
        lambda: simple_sample(numbers, strata.code, allocation.drawn, identifiers=names),
    )
    assert len(first.unit) == CASES
    wish = timed(
        "probabilities proportional to size",
        lambda: inclusion_probabilities(size, strata.code, allocation.drawn),
    )
    timed("Pareto draw", lambda: proportional_sample(numbers, strata.code, wish, identifiers=names))
    timed("burden after two waves", lambda: burden(names, [names[first.unit]] * 2))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
