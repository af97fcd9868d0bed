"""Made surveys with missing answers, and what is asked of them, for the tests of this folder."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.imputation import ImputationModel, Imputations, Recipe, impute
from analysis.estimation.imputation.recipe import Kind
from tests.witness import firms

KINDS: dict[str, Kind] = {
    "size": "continuous",
    "graduates": "continuous",
    "exporter": "binary",
    "industry": "category",
    "novelty": "ordered",
    "growth": "continuous",
}


def witness_firms() -> dict[str, np.ndarray]:
    """The made firms of imputation_firms.csv as imputation takes them."""
    data = pd.read_csv(firms.FOLDER / "imputation_firms.csv", keep_default_na=False)
    result: dict[str, np.ndarray] = {}
    for name, kind in KINDS.items():
        if kind == "category":
            words = data[name].to_numpy(dtype=object)
            result[name] = np.where(words == "NA", None, words)
        else:
            result[name] = pd.to_numeric(data[name].replace("NA", np.nan)).to_numpy(dtype=float)
    return result


def drawn(seed: int = 0, n: int = 300) -> dict[str, np.ndarray]:
    """x complete; a, b, c related to it and with a fifth missing: a number, yes or no, a level."""
    random = np.random.default_rng(seed)
    x = random.normal(size=n)
    a = 0.6 * x + random.normal(size=n)
    b = (0.8 * a + random.logistic(size=n) > 0).astype(float)
    c = np.array(["p", "q", "r"], dtype=object)[
        np.digitize(0.7 * x + random.normal(size=n), [-0.5, 0.6])
    ]
    data = {"x": x, "a": a, "b": b, "c": c}
    for name in ("a", "b", "c"):
        data[name][random.random(n) < 0.2] = None if name == "c" else np.nan
    return data


def recipe(**changes: Any) -> Recipe:
    """Of the survey that `drawn` gives."""
    models = {
        "a": ImputationModel("continuous"),
        "b": ImputationModel("binary"),
        "c": ImputationModel("category"),
    }
    return Recipe(**({"models": models, "complete": {"x": "continuous"}} | changes))


def imputed(data: Mapping[str, Any], asked: Recipe | None = None, **choices: Any) -> Imputations:
    settings = {"count": 3, "iterations": 3, "seed": 1} | choices
    return impute(data, asked or recipe(), **settings)


def of(data: Mapping[str, Any], *names: str) -> DesignMatrix:
    """Intercept and numeric variables as they are; of a category an indicator per later level."""
    columns, kinds = [Column(INTERCEPT)], {}
    for name in names:
        if data[name].dtype == object:
            kinds[name] = "category"
            columns += [
                Column(f"{name}[{level}]", (Factor(name, "indicator", level),))
                for level in sorted(set(data[name]))[1:]
            ]
        else:
            kinds[name] = "continuous"
            columns.append(Column(name, (Factor(name),)))
    return design_matrix(columns, {name: data[name] for name in names}, kinds)


def plainly(n: int) -> SurveyDesign:
    return survey_design(count=n)
