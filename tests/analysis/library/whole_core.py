"""Made firms that answered the whole core instrument: nothing of it was found in firms.

Numbers follow from a seed. Firms that are more open have more partners, sources and hires, and
innovate more often; otherwise answers are drawn independently.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Variable
from surveys.queries.modules import library
from surveys.questionnaire import bound_columns
from surveys.questionnaire.constructs import CATALOGUE
from tests.surveys.questionnaire.core_firms import composed

SCALES = ("local", "region", "country", "europe", "global")
_LEVEL = dict(zip(SCALES, (-2.3, -2.7, -2.5, -3.3, -3.7), strict=True))
_INDUSTRIES = ("26", "62", "25", "55")
_CHOSEN = {"control.region": ("north", "coast", "inland"), "control.size_class": ("s", "m", "l")}
_ORDINAL = {
    "sourcing.importance": 3, "informal.frequency": 3, "informal.untraded": 3,
    "control.anchored": 3, "control.spin_off_contact": 3, "learning.way": 3,
    "obstacle.weight": 3, "market.strategy": 3, "interaction.frequency": 3,
    "access.importance": 3, "research.inside": 2, "knowledge.usable_outside": 2,
}  # fmt: skip
_HIGHEST = 4
_PROXIMITIES = tuple(
    f"proximity.{kind}"
    for kind in (
        "cognitive", "institutional", "organisational", "social", "geographical", "problem_solving"
    )
)  # fmt: skip


@lru_cache(maxsize=2)
def whole_core(firms: int = 900, seed: int = 20_260_101) -> Dataset:
    """The answers of that many firms in construct space, with a stratified design."""
    columns = [
        Variable(c.name, c.construct, c.measure, c.label, c.coordinates, c.unit, c.codes)
        for c in bound_columns(composed(dict(library())))
    ]
    columns += [
        Variable(name, name, "category", CATALOGUE[name].label, codes=tuple((c, c) for c in codes))
        for name, codes in _CHOSEN.items()
    ]
    made = _Made(firms, seed)
    index = pd.Index([f"F{number:04d}" for number in range(firms)], dtype=object)
    frame = pd.DataFrame({each.name: made.column(each) for each in columns}, index=index)
    for each in columns:
        text = each.measure in ("category", "text")
        frame[each.name] = frame[each.name].astype(object if text else float)
    return Dataset(
        frame, tuple(columns), made.design(index), {"reference_last_year": 2025, "made_data": True}
    )


class _Made:
    """The columns, each drawn when it is asked for, in the order of the codebook."""

    def __init__(self, firms: int, seed: int) -> None:
        self.n, self.random = firms, np.random.default_rng(seed)
        self.open = self.random.normal(size=firms)
        self.ln_size = self.random.normal(3.8, 1.2, firms).clip(2.3, 8)
        self.employees = np.exp(self.ln_size).round()
        self.partners = {
            (partner, scale): self.happens(level + 1.0 * self.open + 0.25 * (self.ln_size - 3.6))
            for partner in range(10)
            for scale, level in _LEVEL.items()
        }
        far = sum(self.partners[partner, "global"] for partner in range(10))
        self.research = self.random.binomial(2, _chance(-0.7 + 0.5 * self.open))
        self.product = self.happens(-0.6 + 0.35 * far + 0.4 * self.research)
        self.process = self.happens(-0.2 + 0.3 * self.open)
        self.stratum = self.random.integers(0, 6, firms)

    def happens(self, log_odds: object) -> np.ndarray:
        return (self.random.random(self.n) < _chance(log_odds)).astype(float)

    def column(self, variable: Variable) -> Iterable[object]:
        makers = {
            "control": self._control, "networking": self._networking, "innovation": self._innovation,
            "mobility": self._mobility, "research": self._research, "contact": self._contact,
        }  # fmt: skip
        maker = makers.get(variable.construct.partition(".")[0])
        made = None if maker is None else maker(variable)
        if made is None and variable.construct in _PROXIMITIES:
            made = np.where(self.at(_scale(variable)), self.ordinal(4), np.nan)
        return self.anything(variable) if made is None else made

    def at(self, scale: str) -> np.ndarray:
        return sum(self.partners[partner, scale] for partner in range(10)) > 0

    def ordinal(self, highest: int) -> np.ndarray:
        return self.random.binomial(highest, _chance(0.3 * self.open)).astype(float)

    def anything(self, variable: Variable) -> Iterable[object]:
        match variable.measure:
            case "category":
                codes = [code for code, _ in variable.codes]
                return self.random.choice(np.array(codes, dtype=object), self.n)
            case "text":
                return [f"Town {each}" for each in self.random.integers(0, 14, self.n)]
            case "binary":
                return self.happens(-0.6 + 0.3 * self.open)
            case "ordinal":
                return self.ordinal(_ORDINAL.get(variable.construct, _HIGHEST))
            case "share":
                return self.random.integers(0, 101, self.n).astype(float)
            case _:
                return self.random.poisson(4, self.n).astype(float)

    def _control(self, variable: Variable) -> Iterable[object] | None:
        spin_off = self.random.random(self.n) < 0.4
        made = {
            "control.industry": lambda: self.random.choice(
                np.array(_INDUSTRIES, dtype=object), self.n
            ),
            "control.start_year": lambda: 2025 - self.random.geometric(0.06, self.n).astype(float),
            "control.employment": lambda: self.employees,
            "control.employment_first": lambda: (
                (self.employees * self.random.uniform(0.7, 1.2, self.n)).round().clip(1)
            ),
            "control.turnover": lambda: self.employees * self.random.lognormal(11.5, 0.4, self.n),
            "control.turnover_first": lambda: (
                self.employees * self.random.lognormal(11.4, 0.4, self.n)
            ),
            "control.foreign_share": lambda: np.where(self.random.random(self.n) < 0.2, 60.0, 0.0),
            "control.export_share": lambda: np.where(self.random.random(self.n) < 0.5, 20.0, 0.0),
            "control.spin_off": lambda: np.where(spin_off, "firm", "no").astype(object),
        }.get(variable.construct)
        return None if made is None else made()

    def _networking(self, variable: Variable) -> Iterable[object] | None:
        coordinates = dict(variable.coordinates)
        if variable.construct != "networking.cooperation":
            return None
        kinds = list(_partners())
        return self.partners[kinds.index(coordinates["partner"]), coordinates["scale"]]

    def _innovation(self, variable: Variable) -> Iterable[object] | None:
        made = {
            "innovation.product[good]": self.product,
            "innovation.product[service]": self.product * self.happens(-0.5),
            "innovation.novelty[any]": self.product * (1 + self.ordinal(4)),
            "innovation.turnover_share[new_to_market]": (
                self.product * self.random.binomial(30, 0.3, self.n)
            ),
            "innovation.turnover_share[new_to_firm]": (
                self.product * self.random.binomial(40, 0.3, self.n)
            ),
        }
        if variable.construct == "innovation.process":
            return self.process * self.happens(-0.3)
        return made.get(variable.name)

    def _mobility(self, variable: Variable) -> Iterable[object] | None:
        if variable.construct in ("mobility.hires", "mobility.leavers"):
            return self.random.poisson(0.5 + 0.1 * self.employees).clip(None, self.employees)
        return self.random.poisson(0.2 + 0.02 * self.employees).astype(float)

    def _research(self, variable: Variable) -> Iterable[object] | None:
        some = self.research > 0
        return {
            "research.inside": self.research.astype(float),
            "research.staff": np.where(some, 0.05 * self.employees, 0.0),
            "research.spending": np.where(
                some, self.employees * self.random.lognormal(8.0, 0.5, self.n), 0.0
            ),
        }.get(variable.name)

    def _contact(self, variable: Variable) -> Iterable[object] | None:
        place = _partners().index(dict(variable.coordinates)["partner"])
        has = sum(self.partners[place, scale] for scale in SCALES) > 0
        made = self.anything(variable)
        if variable.measure == "category":
            return np.where(has, made, None)
        return np.where(has, made, np.nan)

    def design(self, index: pd.Index) -> pd.DataFrame:
        sizes = np.bincount(self.stratum, minlength=6)
        population = (sizes * np.array([3, 4, 5, 6, 8, 10]))[self.stratum].astype(float)
        return pd.DataFrame(
            {
                "weight": population / sizes[self.stratum],
                "stratum": [f"stratum {each}" for each in self.stratum],
                "cluster": index,
                "population": population,
            },
            index=index,
        )


def _chance(log_odds: object) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(log_odds, dtype=float)))


def _scale(variable: Variable) -> str:
    return dict(variable.coordinates)["scale"]


@lru_cache(maxsize=1)
def _partners() -> tuple[str, ...]:
    columns = bound_columns(composed(dict(library())))
    return tuple(
        dict.fromkeys(
            dict(each.coordinates)["partner"]
            for each in columns
            if each.construct == "networking.cooperation"
        )
    )
