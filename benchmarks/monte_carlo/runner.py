"""Replications by a pool of workers, whose number the results do not depend on."""

import multiprocessing
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import starmap
from zlib import crc32

import numpy as np

from analysis.refusals import Refusal
from benchmarks.monte_carlo.registry import SCENARIOS
from benchmarks.monte_carlo.scenario import Scenario
from benchmarks.monte_carlo.tally import Outcome, Tally, outcome

AT_ONCE = 100
"""Replications after which what was found is kept."""

Outcomes = Mapping[str, Outcome] | str
Replicate = Callable[[str, int, int], Outcomes]
Many = Callable[[list[tuple[str, int, int]]], Iterator[Outcomes]]


def generator(name: str, seed: int, number: int) -> np.random.Generator:
    """That of one replication of one scenario, whatever else is run before or beside it."""
    return np.random.default_rng(
        np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()), number))
    )


def replication(name: str, seed: int, number: int) -> Outcomes:
    """What one replication gives, or the code of what it failed of."""
    return outcomes(SCENARIOS[name], generator(name, seed, number))


def outcomes(scenario: Scenario, random: np.random.Generator) -> Outcomes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = scenario.replicate(random)
            found = {name: outcome(scenario, each) for name, each in made.items()}
        except Refusal as refusal:
            return refusal.code
        except Exception as error:
            return type(error).__name__
    return found if all(map(_is_finite, found.values())) else "not_finite"


def _is_finite(found: Outcome) -> bool:
    return bool(np.isfinite(found.deviation).all() and np.isfinite(found.std_error).all())


def advance(
    name: str, tally: Tally, *, seed: int, replications: int, many: Many, keep: Callable[[], None]
) -> None:
    """Replicate until so many were tried, keeping what was found on the way."""
    while tally.tried < replications:
        began = time.perf_counter()
        until = min(tally.tried + AT_ONCE, replications)
        for each in many([(name, seed, number) for number in range(tally.tried, until)]):
            tally.add(each)
        tally.seconds += time.perf_counter() - began
        keep()


@contextmanager
def pool(workers: int, replicate: Replicate = replication) -> Iterator[Many]:
    """Many replications at once, given back in their order."""
    if workers == 1:
        yield partial(starmap, replicate)
        return
    with multiprocessing.get_context("fork").Pool(workers) as processes:
        yield lambda numbers: processes.imap(partial(_spread, replicate), numbers, chunksize=5)


def _spread(replicate: Replicate, arguments: tuple[str, int, int]) -> Outcomes:
    return replicate(*arguments)
