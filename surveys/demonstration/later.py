"""The made population a wave later: ties kept, lost and won, growth, and innovation anew."""

from dataclasses import replace

import numpy as np

from surveys.demonstration.population import (
    PARTNER_LEVELS,
    SCALES,
    Flags,
    Floats,
    Integers,
    Population,
    happens,
    process_innovation,
)
from surveys.demonstration.truth import (
    EMPLOYMENT_GROWTH,
    GROWTH_SPREAD,
    INTERCEPT,
    LATER_INNOVATION,
    REACHING_OUT,
    TIES_KEPT,
    TIES_WON,
)

_RESEARCH_MOVES = 0.12
_GRADUATES_SPREAD = 2.0
_FEWEST_EMPLOYEES = 3


def lagged(before: Population) -> dict[str, Floats]:
    """What the equations of the second wave read of the first, as columns of N floats."""
    counts = before.partner_types.astype(float)
    return {
        INTERCEPT: np.ones(len(before.employees)),
        "lag(partners.near)": counts[:, :2].sum(axis=1),
        "lag(partners.country)": counts[:, 2],
        "lag(partners.abroad)": counts[:, 3:].sum(axis=1),
        "lag(product)": before.product.astype(float),
        "lag(ln_employment)": np.log(before.employees),
        "lag(research_inside)": (before.research > 0).astype(float),
    }


def a_wave_later(before: Population, seed: int) -> Population:
    """The same N firms a wave later: always the same of that population and seed.

    Where a firm sits, what it does, whose it is, and the size class that the frame gives it
    stay; so does its openness, which nobody observes.
    """
    random = np.random.default_rng([seed, 5])
    earlier = lagged(before)
    employees = _employees(random, before, earlier)
    cooperation = _cooperation(random, before, earlier)
    won = (cooperation & ~before.cooperation).sum(axis=(1, 2)).astype(float)
    research = _research(random, before.research)
    return replace(
        before,
        employees=employees,
        graduate_share=_graduates(random, before.graduate_share),
        research=research,
        cooperation=cooperation,
        product=happens(random, _sum(LATER_INNOVATION, earlier | {"ties_new": won})),
        process=process_innovation(random, research, before.openness),
    )


def _sum(coefficients: dict[str, float], columns: dict[str, Floats]) -> Floats:
    """(N,) values of the equation."""
    start = np.zeros(len(columns[INTERCEPT]))
    return sum((number * columns[term] for term, number in coefficients.items()), start)


def _employees(
    random: np.random.Generator, before: Population, earlier: dict[str, Floats]
) -> Integers:
    growth = _sum(EMPLOYMENT_GROWTH, earlier) + GROWTH_SPREAD * random.normal(
        size=len(before.employees)
    )
    grown = np.rint(before.employees * np.exp(growth))
    return np.maximum(grown, _FEWEST_EMPLOYEES).astype(np.int64)


def _cooperation(
    random: np.random.Generator, before: Population, earlier: dict[str, Floats]
) -> Flags:
    """(N, 10, 5) boxes: some of those held are kept; who reaches out wins some of the others."""
    shape = before.cooperation.shape
    reaches_out = happens(random, _sum(REACHING_OUT, earlier))
    kept = happens(random, np.broadcast_to([TIES_KEPT[scale] for scale in SCALES], shape))
    level = np.array(PARTNER_LEVELS)[:, None] + np.array([TIES_WON[scale] for scale in SCALES])
    won = happens(random, np.broadcast_to(level, shape)) & reaches_out[:, None, None]
    won[:, 0] &= before.in_group[:, None]
    return np.where(before.cooperation, kept, won)


def _research(random: np.random.Generator, research: Integers) -> Integers:
    """Most firms do as before; a few do a step more, or less."""
    moves = random.random(len(research)) < _RESEARCH_MOVES
    step = random.choice([-1, 1], size=len(research))
    return np.asarray(np.clip(research + moves * step, 0, 2), dtype=np.int64)


def _graduates(random: np.random.Generator, share: Integers) -> Integers:
    moved = np.rint(share + _GRADUATES_SPREAD * random.normal(size=len(share)))
    return np.clip(moved, 0, 100).astype(np.int64)
