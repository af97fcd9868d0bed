"""Multilevel models fitted in a line, for tests."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.covariance import Fitted, uncertainty
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    design_matrix,
)
from analysis.estimation.multilevel.linear import MULTILEVEL_LINEAR
from analysis.estimation.multilevel.logit import MULTILEVEL_LOGIT
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model
from analysis.estimation.sample import Sample, Wording, estimation_sample

WITNESS = Path(__file__).parents[3] / "witness"
ESTIMATORS = {each.name: each for each in (MULTILEVEL_LINEAR, MULTILEVEL_LOGIT)}
LINEAR, LOGIT = ESTIMATORS


def sample_of(
    y: Any,
    X: DesignMatrix,
    region: Any,
    *,
    estimator: str = LINEAR,
    design: SurveyDesign | None = None,
    within: Any = None,
    points: int | None = None,
    **words: str,
) -> Sample:
    y = np.asarray(y, dtype=float)
    outcomes = {} if within is None else {"within": np.asarray(within, dtype=float)}
    return estimation_sample(
        y=y,
        matrix=X,
        design=design or survey_design(count=len(y)),
        domain=np.ones(len(y), dtype=bool),
        wording=Wording("growth", {}),
        parts=Parts(
            outcomes=outcomes,
            labels={"region": np.asarray(region)},
            numbers={} if points is None else {"points": points},
            words=words,
        ),
        estimator=estimator,
    )


def model(
    y: Any, X: DesignMatrix, region: Any, *, covariance: str = "model", **choices: Any
) -> Model:
    """A linear model by restricted maximum likelihood, unless the choices say otherwise."""
    design = choices.get("design") or survey_design(count=len(y))
    estimator = ESTIMATORS[choices.get("estimator", LINEAR)]
    sample = sample_of(y, X, region, **choices)
    fitted = Fitted(estimator.solve(sample, None), sample, design, estimator)
    return Model(fitted, uncertainty(covariance, fitted), covariance)


def alone(count: int) -> DesignMatrix:
    """An intercept and no regressor."""
    return design_matrix((Column(INTERCEPT),), {}, {}, count=count)


def values(model: Model) -> dict[str, float]:
    """Coefficients and what is derived from them, by name."""
    found = dict(zip(model.estimates.terms, model.estimates.coefficients, strict=True))
    if model.derived:
        found |= dict(zip(model.derived.terms, model.derived.coefficients, strict=True))
    return found


def errors(model: Model) -> dict[str, float]:
    """Standard errors, by name."""
    found = dict(zip(model.estimates.terms, model.estimates.std_errors, strict=True))
    if model.derived:
        found |= dict(zip(model.derived.terms, model.derived.std_errors, strict=True))
    return found


def made_firms() -> pd.DataFrame:
    return pd.read_csv(WITNESS / "multilevel_firms.csv")


def made_matrix(firms: pd.DataFrame) -> DesignMatrix:
    """`size * universities + exporter`, named and ordered as R does."""
    size, universities = Factor("size"), Factor("universities")
    return design_matrix(
        (
            Column(INTERCEPT),
            Column("size", (size,)),
            Column("universities", (universities,)),
            Column("exporter", (Factor("exporter"),)),
            Column("size:universities", (size, universities)),
        ),
        {name: firms[name].to_numpy(dtype=float) for name in ("size", "universities", "exporter")},
        {"size": "continuous", "universities": "continuous", "exporter": "binary"},
    )


def made_design(firms: pd.DataFrame) -> SurveyDesign:
    """Regions drawn within strata, firms within regions."""
    return SurveyDesign(
        weight=(firms["within"] * firms["region_weight"]).to_numpy(),
        stratum=firms["stratum"].to_numpy(),
        cluster=firms["region"].to_numpy(),
    )


def drawn(
    seed: int, regions: int = 25, size: int = 8, spread: float = 0.8
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Growth, product, a regressor and the region of seeded firms."""
    random = np.random.default_rng(seed)
    region = np.repeat(np.arange(regions), size)
    x = random.normal(size=len(region))
    linear = 0.3 + 0.7 * x + spread * random.normal(size=regions)[region]
    growth = linear + random.normal(size=len(x))
    product = (random.random(len(x)) < 1 / (1 + np.exp(-linear))).astype(float)
    return growth, product, x, region
