"""Made firms, and for every estimator one model of them: as a plan, and written out by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Variable
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    design_matrix,
)
from analysis.estimation.parts import Parts
from analysis.estimation.registry import ESTIMATORS

SATISFACTION = (("1", "Not at all"), ("2", "A little"), ("3", "Much"))
WAYS = (("1", "Alone"), ("2", "With partners"), ("3", "Bought"))
SECTORS = (("mining", "Mining"), ("services", "Services"), ("trade", "Trade"))
FIRMS = 420
UNITS, WAVES = 130, 3


@dataclass(frozen=True)
class Case:
    """One model: its outcome, its terms, and what is given besides, by role."""

    outcome: str
    terms: Sequence[str] = ("size", "exports")
    outcomes: Mapping[str, str] = field(default_factory=dict)
    matrices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, Any]:
        """`with` as a plan has it."""
        return {
            **self.outcomes,
            **{role: " + ".join(terms) for role, terms in self.matrices.items()},
            **self.labels,
            **self.numbers,
            **self.words,
        }

    @property
    def is_panel(self) -> bool:
        return "unit" in self.labels

    @property
    def dataset(self) -> Dataset:
        if self.is_panel:
            return firms_in_waves()
        return firms_in_regions() if "region" in self.labels else firms()

    def model(self, estimator: str, **more: Any) -> dict[str, Any]:
        """An entry of `models`."""
        return {
            "name": more.pop("name", estimator),
            "outcome": self.outcome,
            "estimator": estimator,
            "formula": " + ".join(self.terms),
            "with": self.given,
            **more,
        }

    def by_hand(self) -> dict[str, Any]:
        """The same model as arguments of `estimate`, made without the language of plans."""
        frame = self.dataset.frame
        return {
            "y": _floats(frame[self.outcome]),
            "X": _matrix(self.dataset, self.terms),
            "domain": np.ones(len(frame), dtype=bool),
            "outcome": _label_of(self.dataset, self.outcome),
            "parts": Parts(
                outcomes={role: _floats(frame[name]) for role, name in self.outcomes.items()},
                matrices={
                    role: _matrix(self.dataset, terms) for role, terms in self.matrices.items()
                },
                labels={
                    role: frame[name].to_numpy(dtype=object) for role, name in self.labels.items()
                },
                numbers=dict(self.numbers),
                words=dict(self.words),
            ),
        }


def design_of(dataset: Dataset, *, is_weighted: bool, has_strata: bool = True) -> SurveyDesign:
    """The design of the data, with or without its weights."""
    columns = dataset.design
    return survey_design(
        count=len(columns),
        weight=columns["weight"].to_numpy(dtype=float) if is_weighted else None,
        stratum=columns["stratum"].to_numpy() if has_strata else None,
        cluster=columns["cluster"].to_numpy(),
    )


_PANEL = {"unit": "firm", "wave": "year"}
_SEEN = {"outcomes": {"selected": "does_rd"}, "matrices": {"selection": ("size", "near")}}
_MOVED = {"matrices": {"instruments": ("subsidy",)}, "words": {"endogenous": "rd"}}

CASES: Mapping[str, Case] = {
    "linear": Case("sales"),
    "logit": Case("product"),
    "probit": Case("product"),
    "cloglog": Case("product"),
    "fractional_logit": Case("new_sales"),
    "fractional_probit": Case("new_sales"),
    "poisson": Case("patents", outcomes={"exposure": "staff"}),
    "firth_logit": Case("product"),
    "ordered_logit": Case("satisfaction"),
    "ordered_probit": Case("satisfaction", words={"levels": "1, 2, 3"}),
    "multinomial_logit": Case("way", words={"base": "2"}),
    "tobit": Case("spending", numbers={"lower": 0.0}),
    "interval_regression": Case("lowest", outcomes={"upper": "highest"}),
    "negative_binomial": Case("patents"),
    "hurdle_poisson": Case("patents", matrices={"participation": ("size", "near")}),
    "hurdle_negative_binomial": Case("patents"),
    "zero_inflated_poisson": Case("patents", matrices={"inflation": ("near",)}),
    "zero_inflated_negative_binomial": Case("patents", matrices={"inflation": ("near",)}),
    "heckman": Case("intensity", **_SEEN),
    "heckman_two_step": Case("intensity", **_SEEN),
    "bivariate_probit": Case("product", outcomes={"second_outcome": "process"}),
    "recursive_bivariate_probit": Case(
        "product",
        ("size", "process"),
        outcomes={"second_outcome": "process"},
        matrices={"second": ("size", "near")},
        words={"endogenous": "process"},
    ),
    "two_stage_least_squares": Case("sales", ("size", "rd"), **_MOVED),
    "control_function_linear": Case("sales", ("size", "rd"), **_MOVED),
    "control_function_logit": Case("product", ("size", "rd"), **_MOVED),
    "control_function_probit": Case("product", ("size", "rd"), **_MOVED),
    "cdm": Case(
        "sales",
        ("size",),
        outcomes={
            "rd_performer": "does_rd",
            "rd_intensity": "intensity",
            "product": "product",
            "process": "process",
        },
        matrices={
            "selection": ("size", "near", "exports"),
            "intensity": ("size", "exports", "subsidy"),
            "knowledge": ("size", "exports"),
        },
    ),
    "fixed_effects": Case("sales", labels=_PANEL, words={"wave_effects": "yes"}),
    "fixed_effects_poisson": Case("patents", labels=_PANEL),
    "conditional_logit": Case("product", labels=_PANEL),
    "first_differences": Case("sales", labels=_PANEL),
    "long_differences": Case("sales", labels=_PANEL, numbers={"lag": 2.0}),
    "correlated_random_effects": Case("product", labels=_PANEL, words={"response": "logit"}),
    "cross_lagged": Case("sales", ("size",), labels=_PANEL, outcomes={"other": "partners"}),
    "lagged_outcome": Case("sales", labels=_PANEL),
    "multilevel_linear": Case(
        "sales",
        labels={"region": "region"},
        outcomes={"within": "within"},
        words={"method": "ml"},
    ),
    "multilevel_logit": Case(
        "product",
        labels={"region": "region"},
        outcomes={"within": "within"},
        numbers={"points": 3.0},
    ),
}
PAIRS = [
    (name, covariance)
    for name, each in ESTIMATORS.items()
    for covariance in sorted(each.covariances)
]


@cache
def firms() -> Dataset:
    """Firms of one wave, in three strata and thirty regions; some did not answer everything."""
    rng = np.random.default_rng(8)
    size = rng.normal(3, 1, FIRMS).round(2)
    exports, near = rng.integers(0, 2, FIRMS), rng.integers(0, 4, FIRMS)
    subsidy, shock = rng.integers(0, 2, FIRMS), rng.normal(0, 1, FIRMS)
    noise, region = rng.normal(0, 0.8, FIRMS), rng.integers(0, 30, FIRMS)
    height = 0.7 * rng.normal(0, 1, 30)[region]
    rd = 0.5 * size + 1.2 * subsidy + shock + rng.normal(0, 1, FIRMS)
    does_rd = -1 + 0.3 * size + 0.4 * near - 0.5 + shock > 0
    eta = -1.4 + 0.3 * size + 0.5 * exports + 0.2 * shock + height
    latent = 0.4 * size + 0.5 * exports + rng.logistic(0, 1, FIRMS)
    spending = -1 + 0.6 * size + 0.5 * exports + rng.normal(0, 1.5, FIRMS)
    classes = np.array([-np.inf, 0.0, 1.0, 2.0, np.inf])
    place = np.searchsorted(classes, spending) - 1
    rate = rng.gamma(1.5, 1 / 1.5, FIRMS) * np.exp(-0.3 + 0.3 * size)
    age = rng.integers(1, 50, FIRMS).astype(float)
    age[::40] = np.nan
    stratum = np.array(["a", "b", "c"])[np.digitize(size, [2.4, 3.4])]
    weight = np.where(stratum == "a", 6.5, np.where(stratum == "b", 3.0, 1.5))
    return _dataset(
        {
            "size": ("Employees (ln)", "number", np.where(np.isnan(age), np.nan, size)),
            "staff": ("Employees", "number", np.exp(size).round() + 1),
            "exports": ("Exports", "binary", exports),
            "near": ("Partners nearby", "number", near),
            "subsidy": ("Was subsidised", "binary", subsidy),
            "rd": ("R&D spending", "number", rd),
            "does_rd": ("Does R&D", "binary", does_rd),
            "intensity": (
                "R&D per employee (ln)",
                "number",
                np.where(
                    does_rd, 1 + 0.4 * size + 0.5 * exports + subsidy + 0.4 * shock + noise, np.nan
                ),
            ),
            "sales": (
                "Sales per employee (ln)",
                "number",
                1 + 0.5 * size + 0.4 * rd + height + shock + rng.normal(0, 1, FIRMS),
            ),
            "product": ("Product innovation", "binary", rng.logistic(0, 1, FIRMS) < eta),
            "process": (
                "Process innovation",
                "binary",
                rng.normal(0, 1, FIRMS) < 0.4 * near - 0.4 + 0.5 * shock,
            ),
            "new_sales": (
                "Share of new sales",
                "number",
                np.clip(1 / (1 + np.exp(-eta + shock)) - 0.1, 0, 1),
            ),
            "patents": (
                "Patents",
                "number",
                np.where(rng.random(FIRMS) < 0.15 + 0.1 * near, 0, rng.poisson(rate)),
            ),
            "satisfaction": (
                "Content with the region",
                "category",
                (np.digitize(latent, [0.5, 2.0]) + 1).astype(str),
                SATISFACTION,
            ),
            "way": (
                "How it innovates",
                "category",
                (rng.integers(0, 2, FIRMS) + (latent > 1.5) + 1).astype(str),
                WAYS,
            ),
            "spending": ("Spending", "number", np.maximum(spending, 0)),
            "lowest": ("Spending", "number", _open(classes[place])),
            "highest": ("Spending, upper limit", "number", _open(classes[place + 1])),
            "region": ("Region", "category", np.char.add("R", region.astype(str))),
            "within": ("Weight within the region", "number", weight),
            "sector": ("Sector", "category", rng.choice([c for c, _ in SECTORS], FIRMS), SECTORS),
        },
        weight=weight,
        stratum=stratum,
        cluster=np.arange(FIRMS),
    )


@cache
def firms_in_regions() -> Dataset:
    """The same firms, had regions been drawn and then firms in them."""
    drawn = firms()
    region = drawn.frame["region"].to_numpy(dtype=str)
    design = drawn.design.assign(
        cluster=region, stratum=np.where(np.char.str_len(region) == 2, "few", "many")
    )
    return Dataset(drawn.frame, drawn.variables, design, drawn.provenance, drawn.fingerprint)


@cache
def firms_in_waves() -> Dataset:
    """Firms asked in three waves, stacked; the firm is what was sampled."""
    rng = np.random.default_rng(9)
    unit, wave = np.repeat(np.arange(UNITS), WAVES), np.tile(np.arange(WAVES), UNITS)
    count = len(unit)
    effect = rng.normal(0, 1, UNITS)[unit]
    size = 3 + 0.5 * effect + rng.normal(0, 1, count)
    exports = (rng.random(count) < 0.5).astype(float)
    stratum = np.array(["a", "b"])[unit % 2]
    eta = 0.4 * size + 0.7 * exports + 0.6 * effect
    return _dataset(
        {
            "firm": ("Firm", "text", np.char.add("F", unit.astype(str))),
            "year": ("Year", "number", 2021 + wave),
            "size": ("Employees (ln)", "number", size),
            "exports": ("Exports", "binary", exports),
            "sales": ("Sales (ln)", "number", eta + 0.1 * wave + rng.normal(0, 1, count)),
            "partners": ("Partners", "number", 0.5 * eta + rng.normal(0, 1, count)),
            "product": ("Product innovation", "binary", rng.logistic(1, 1, count) < eta),
            "patents": ("Patents", "number", rng.poisson(np.exp(0.3 * eta))),
        },
        weight=np.where(stratum == "a", 4.0, 2.0),
        stratum=stratum,
        cluster=unit,
    )


def _dataset(columns: Mapping[str, Any], *, weight: Any, stratum: Any, cluster: Any) -> Dataset:
    index = pd.Index([f"row {place}" for place in range(len(weight))], dtype=object)
    frame = pd.DataFrame(
        {
            name: pd.Series(
                list(values), index=index, dtype=object if kind in ("category", "text") else float
            )
            for name, (_, kind, values, *_) in columns.items()
        }
    )
    variables = tuple(
        Variable(name, name, kind, label, codes=codes[0] if codes else ())
        for name, (label, kind, _, *codes) in columns.items()
    )
    design = pd.DataFrame(
        {"weight": weight, "stratum": stratum, "cluster": cluster, "population": np.nan},
        index=index,
    )
    return Dataset(frame, variables, design, {"survey_title": "Made", "made_data": True}, "made")


def _open(limits: Any) -> Any:
    return np.where(np.isfinite(limits), limits, np.nan)


def _floats(column: Any) -> Any:
    return pd.to_numeric(column).to_numpy(dtype=float)


def _label_of(dataset: Dataset, name: str) -> str:
    return next(each.label for each in dataset.variables if each.name == name)


def _matrix(dataset: Dataset, terms: Sequence[str]) -> DesignMatrix:
    kinds = {each.name: each.measure for each in dataset.variables}
    return design_matrix(
        (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in terms)),
        {name: dataset.frame[name].to_numpy(dtype=float) for name in terms},
        {name: "binary" if kinds[name] == "binary" else "continuous" for name in terms},
    )
