"""Every scenario by its name: module, estimator, and its place among those of the estimator."""

from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from benchmarks.monte_carlo import (
    bivariate,
    categories,
    cdm,
    censored,
    counts,
    decomposition,
    descriptive,
    designs,
    firth,
    glm,
    imputation,
    instrumental,
    multilevel,
    panel,
    panel_regions,
    selection,
    small_samples,
)
from benchmarks.monte_carlo.scenario import Scenario

MODULES = (
    glm,
    firth,
    categories,
    censored,
    counts,
    selection,
    bivariate,
    instrumental,
    cdm,
    panel,
    panel_regions,
    multilevel,
    descriptive,
    designs,
    decomposition,
    imputation,
    small_samples,
)


def _named() -> Iterator[tuple[str, Scenario]]:
    for module in MODULES:
        place: Counter[str] = Counter()
        for scenario in module.SCENARIOS:
            estimator = scenario.estimator.replace(" ", "_")
            place[estimator] += 1
            area = module.__name__.rpartition(".")[2]
            yield f"{area}.{estimator}.{place[estimator]}", scenario


SCENARIOS: Mapping[str, Scenario] = dict(_named())


def is_small(name: str) -> bool:
    """Whether the scenario only shows what small samples do, and is held to no bar."""
    return name.startswith("small_samples.")


def matching(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Names that match a pattern, in the order of the patterns; all without patterns.

    A pattern is a name, the beginning of one, or has asterisks.

    Raises
    ------
    ValueError
        If nothing matches a pattern.
    """
    found: dict[str, None] = {}
    for pattern in patterns or ("*",):
        names = [name for name in SCENARIOS if fnmatchcase(name, pattern.rstrip("*") + "*")]
        if not names:
            raise ValueError(f"No scenario is called {pattern}; --list names them.")
        found |= dict.fromkeys(names)
    return tuple(found)
