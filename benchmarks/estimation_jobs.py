"""The jobs that benchmarks/estimation.py times, on made firms."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm

from analysis.estimation.calibration.margins import Margin
from analysis.estimation.calibration.raking import rake
from analysis.estimation.curves import estimate_each
from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import estimate
from analysis.estimation.replication import replicate_weights

Floats = npt.NDArray[np.float64]
Firms = dict[str, Floats]

REGRESSORS = 20
STRATA = 40
REPLICATES = 200
MARGINS = {"a": 8, "b": 12, "c": 5}
ALWAYS, OPTIONAL = 3, 9


def made_firms(count: int) -> Firms:
    """Outcome, regressors, design and margins of seeded firms."""
    random = np.random.default_rng(20_261_101)
    firms: Firms = {f"x{number}": random.normal(size=count) for number in range(REGRESSORS)}
    effects = random.normal(scale=0.3, size=REGRESSORS + 1)
    predictor = effects[0] + sum(
        effect * values for effect, values in zip(effects[1:], firms.values(), strict=True)
    )
    stratum = random.integers(0, STRATA, count)
    firms |= {
        "y": (random.random(count) < 1 / (1 + np.exp(-predictor))).astype(float),
        "weight": random.uniform(1, 10, count),
        "stratum": stratum.astype(float),
        "population": 5.0 * np.bincount(stratum)[stratum],
    }
    firms |= {
        name: random.integers(1, levels + 1, count).astype(float)
        for name, levels in MARGINS.items()
    }
    # What margins are to be raked to: the weights of a population somewhat unlike the sample.
    firms["target"] = firms["weight"] * np.exp(0.1 * firms["a"] - 0.05 * firms["b"])
    return firms


def write_firms(firms: Firms, folder: Path) -> None:
    """For R: a line of names, and the columns as doubles."""
    (folder / "columns.txt").write_text(",".join(firms))
    np.concatenate(list(firms.values())).tofile(folder / "firms.bin")


def read_firms(folder: Path) -> Firms:
    names = (folder / "columns.txt").read_text().split(",")
    values = np.fromfile(folder / "firms.bin").reshape(len(names), -1)
    return dict(zip(names, values, strict=True))


def matrix(firms: Firms, names: list[str]) -> DesignMatrix:
    columns = [Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in names)]
    return design_matrix(
        columns, {name: firms[name] for name in names}, dict.fromkeys(names, "continuous")
    )


def regressors() -> list[str]:
    return [f"x{number}" for number in range(REGRESSORS)]


def designed(firms: Firms, *, correction: bool = True) -> SurveyDesign:
    count = len(firms["y"])
    return SurveyDesign(
        weight=firms["weight"],
        stratum=firms["stratum"],
        cluster=np.arange(count),
        population=firms["population"] if correction else None,
    )


def _model(
    firms: Firms,
    X: DesignMatrix,
    design: SurveyDesign,
    covariance: Any = "design",
    near: Estimates | None = None,
) -> Estimates:
    everyone = np.ones(len(firms["y"]), dtype=bool)
    model = estimate(
        y=firms["y"],
        X=X,
        estimator="logit",
        covariance=covariance,
        design=design,
        domain=everyone,
        near=near,
    )
    return model.estimates


def _first(estimates: Estimates) -> Floats:
    return np.concatenate([estimates.coefficients[:3], estimates.std_errors[:3]])


def logit(firms: Firms) -> Callable[[], Floats]:
    """The design is read, checked and grouped within the time; as svydesign and svyglm do."""

    def work() -> Floats:
        return _first(_model(firms, matrix(firms, regressors()), designed(firms)))

    return work


def plain(firms: Firms) -> Callable[[], Floats]:
    """One statsmodels fit of the same model, without weights or design."""
    X = matrix(firms, regressors()).X

    def work() -> Floats:
        fit = sm.GLM(firms["y"], X, family=sm.families.Binomial()).fit()
        return np.asarray(fit.params[:3])

    return work


def ready(firms: Firms) -> Callable[[], Floats]:
    """The survey logit on a matrix that is there already, as `plain` has it."""
    X = matrix(firms, regressors())

    def work() -> Floats:
        return _first(_model(firms, X, designed(firms)))

    return work


def bootstrap(firms: Firms) -> Callable[[], Floats]:
    """The replicate weights are made beforehand, as in R; with replacement, so uncorrected."""
    design = designed(firms, correction=False)
    replicates = replicate_weights(design, method="bootstrap", count=REPLICATES, seed=1)
    design = design.with_replicates(replicates)

    def work() -> Floats:
        return _first(_model(firms, matrix(firms, regressors()), design, "replicate"))

    return work


def curve(firms: Firms) -> Callable[[], Floats]:
    """Every combination of nine controls beside three regressors."""
    design, names = designed(firms), regressors()

    choices = [
        [*names[:ALWAYS], *(names[ALWAYS + bit] for bit in range(OPTIONAL) if place >> bit & 1)]
        for place in range(2**OPTIONAL)
    ]

    def work() -> Floats:
        *_, last = estimate_each(
            choices,
            y=firms["y"],
            X=matrix(firms, names[: ALWAYS + OPTIONAL]),
            estimator="logit",
            covariance="design",
            design=design,
            domain=np.ones(len(firms["y"]), dtype=bool),
        )
        return _first(last)

    return work


def raking(firms: Firms) -> Callable[[], Floats]:
    """Three margins; the margins' totals are counted beforehand, as in R."""
    count = len(firms["y"])
    labels = {name: firms[name].astype(int) for name in MARGINS}
    margins = [
        Margin(
            name,
            label,
            {level: float(firms["target"][label == level].sum()) for level in np.unique(label)},
        )
        for name, label in labels.items()
    ]
    design = SurveyDesign(
        weight=firms["weight"], stratum=np.zeros(count, dtype=int), cluster=np.arange(count)
    )

    def work() -> Floats:
        return rake(design, margins, tolerance=1e-8).weight[:3]

    return work


JOBS: dict[str, Callable[[Firms], Callable[[], Floats]]] = {
    "logit": logit,
    "plain": plain,
    "ready": ready,
    "bootstrap": bootstrap,
    "curve": curve,
    "raking": raking,
}
