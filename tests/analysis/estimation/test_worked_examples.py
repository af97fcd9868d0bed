"""The numbers of the worked examples in docs/methods, computed."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.variance import linearized_variance
from tests.analysis.estimation.small import fitted, plain


def test_the_total_of_the_variance_page() -> None:
    values, count = np.array([3.0, 5, 4, 10, 14, 9]), np.array([12.0, 12, 12, 3, 3, 3])
    parts = {"weight": count / 3, "stratum": list("aaabbb")}
    everyone = np.ones(6, dtype=bool)

    with_counts = survey_design(count=6, **parts, population=count)
    without = survey_design(count=6, **parts)

    assert with_counts.weight @ values == pytest.approx(81)
    assert linearized_variance(values[:, None], with_counts, everyone) == pytest.approx(36)
    assert linearized_variance(values[:, None], without, everyone) == pytest.approx(69)


def test_the_logit_of_the_estimators_page() -> None:
    exporter = np.repeat([0.0, 1.0], 4)
    innovated = np.array([0.0, 0, 0, 1, 0, 1, 1, 1])

    model = fitted(innovated, plain(exporter=exporter), covariance="model")
    robust = fitted(innovated, plain(exporter=exporter), covariance="HC1")

    assert model.estimates.coefficients == pytest.approx([np.log(1 / 3), 2 * np.log(3)])
    assert np.diag(model.estimates.covariance) == pytest.approx([4 / 3, 8 / 3])
    assert np.diag(robust.estimates.covariance) == pytest.approx([16 / 9, 32 / 9])
    assert robust.margins is not None
    assert robust.margins.coefficients == pytest.approx([0.5])
