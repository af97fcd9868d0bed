"""What the made firms would tell beside what the truth is about: details of a respondent."""

import math
import random
from dataclasses import dataclass

from surveys.demonstration.population import INDUSTRIES, PARTNERS, REGIONS, SCALES, Population

TURNOVER_PER_HEAD = {
    "high-tech goods": 260_000,
    "other goods": 190_000,
    "knowledge services": 130_000,
    "other services": 170_000,
}
"""Euros a year, in the middle of each industry."""


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm of the population as plain values, with its own source of chance.

    `partners` are pairs of a partner type and the scales at which the firm works with it.
    """

    number: int
    industry: str
    region: str
    employees: int
    graduate_share: int
    in_group: bool
    foreign_share: int
    research: int
    partners: tuple[tuple[str, tuple[str, ...]], ...]
    product: bool
    process: bool
    openness: float
    chance: random.Random

    @property
    def cooperates(self) -> bool:
        """Whether any box of the battery is ticked."""
        return any(scales for _, scales in self.partners)

    @property
    def distant(self) -> int:
        """Partner types in Europe or beyond, counted once for each."""
        return sum(scale in ("europe", "global") for _, scales in self.partners for scale in scales)

    def happens(self, log_odds: float) -> bool:
        """A draw with those log odds."""
        return self.chance.random() < 1 / (1 + math.exp(-log_odds))

    def around(self, middle: float, spread: float) -> float:
        """A positive number around the middle; `spread` is the deviation of its logarithm."""
        return middle * math.exp(self.chance.gauss(0, spread))


def firm_of(population: Population, number: int, seed: int) -> Firm:
    """The firm at that position; what it tells depends on seed and position only."""
    boxes = population.cooperation[number]
    return Firm(
        number=number,
        industry=INDUSTRIES[population.industry[number]],
        region=REGIONS[population.region[number]],
        employees=int(population.employees[number]),
        graduate_share=int(population.graduate_share[number]),
        in_group=bool(population.in_group[number]),
        foreign_share=int(population.foreign_share[number]),
        research=int(population.research[number]),
        partners=tuple(
            (partner, tuple(scale for scale, ticked in zip(SCALES, row, strict=True) if ticked))
            for partner, row in zip(PARTNERS, boxes, strict=True)
        ),
        product=bool(population.product[number]),
        process=bool(population.process[number]),
        openness=float(population.openness[number]),
        chance=random.Random(f"{seed} {number}"),  # noqa: S311 -- made data, to be repeated
    )
