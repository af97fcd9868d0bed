"""What a survey logit costs, as a ratio to one plain statsmodels GLM fit in the same run.

Run with one BLAS thread, as every worker does:

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python -m benchmarks.estimation

Prints JSON: per sample size the fastest and the median seconds of both, taken in turn so that
a busy machine slows both, and the ratio of each. The bar, a ratio of at most 1.5, is held
against the fastest: what else the machine does can only add to a time. The design is read,
checked and grouped within the time of the survey logit; the matrix is given to both.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import statsmodels
import statsmodels.api as sm

from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.regression import fit

SIZES = (2_000, 20_000)
REGRESSORS = 20
STRATA = 40
BAR = 1.5


def made_firms(count: int) -> tuple[np.ndarray, DesignMatrix, dict[str, np.ndarray]]:
    """Outcome, regressors and design of seeded firms."""
    random = np.random.default_rng(20_261_101)
    variables = {f"x{number}": random.normal(size=count) for number in range(REGRESSORS)}
    columns = [Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in variables)]
    matrix = design_matrix(columns, variables, dict.fromkeys(variables, "continuous"))
    predictor = matrix.X @ random.normal(scale=0.3, size=REGRESSORS + 1)
    y = (random.random(count) < 1 / (1 + np.exp(-predictor))).astype(float)
    stratum = random.integers(0, STRATA, count)
    design = {
        "weight": random.uniform(1, 10, count),
        "stratum": np.array([f"stratum {number}" for number in stratum], dtype=object),
        "cluster": np.array([f"firm {number}" for number in range(count)], dtype=object),
        "population": 5.0 * np.bincount(stratum)[stratum],
    }
    return y, matrix, design


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(count: int, pairs: int) -> dict[str, float]:
    y, matrix, design = made_firms(count)
    everyone = np.ones(count, dtype=bool)

    def plain() -> object:
        return sm.GLM(y, matrix.X, family=sm.families.Binomial()).fit()

    def survey() -> object:
        return fit(
            y=y,
            X=matrix,
            estimator="logit",
            covariance="design",
            design=SurveyDesign(**design),
            domain=everyone,
            margins=False,
        )

    plain(), survey()
    taken = [(seconds(plain), seconds(survey)) for _ in range(pairs)]
    plain_times, survey_times = zip(*taken, strict=True)
    return {
        "plain_glm_seconds": min(plain_times),
        "survey_logit_seconds": min(survey_times),
        "ratio": min(survey_times) / min(plain_times),
        "plain_glm_seconds_median": statistics.median(plain_times),
        "survey_logit_seconds_median": statistics.median(survey_times),
        "ratio_median": statistics.median(second / first for first, second in taken),
    }


def main() -> int:
    results = {str(size): measure(size, pairs=61) for size in SIZES}
    within = all(result["ratio"] <= BAR for result in results.values())
    print(
        json.dumps(
            {
                "benchmark": "survey logit with linearised covariance over one plain GLM fit",
                "regressors": REGRESSORS,
                "strata": STRATA,
                "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "unset"),
                "python": platform.python_version(),
                "statsmodels": statsmodels.__version__,
                "bar": BAR,
                "within_bar": within,
                "results": results,
            },
            indent=2,
        )
    )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
