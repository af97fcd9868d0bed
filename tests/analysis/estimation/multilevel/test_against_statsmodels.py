"""The linear model against statsmodels' MixedLM."""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from tests.analysis.estimation.multilevel.made import WITNESS, errors, model, values
from tests.analysis.estimation.small import plain

# MixedLM stops where its gradient is below 1e-5 of a likelihood of a thousand.
COEFFICIENT = 1e-6
VARIANCE = 1e-3


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_sleepstudy_agrees_with_mixedlm(method: str) -> None:
    data = pd.read_csv(WITNESS / "multilevel_sleepstudy.csv")
    exog = sm.add_constant(data["Days"].to_numpy(dtype=float))
    mixed = sm.MixedLM(data["Reaction"], exog, groups=data["Subject"], exog_re=exog)
    with warnings.catch_warnings():
        # Whether it is satisfied with its gradient depends on the processor's rounding.
        warnings.simplefilter("ignore", ConvergenceWarning)
        expected = mixed.fit(reml=method == "reml", method="bfgs", gtol=1e-10)
    fitted = model(
        data["Reaction"], plain(Days=data["Days"]), data["Subject"], slopes="Days", method=method
    )
    found = values(fitted)
    assert [found["(Intercept)"], found["Days"]] == pytest.approx(
        expected.fe_params.to_numpy(), rel=COEFFICIENT
    )
    G = np.asarray(expected.cov_re)
    assert found["region_variance|Days"] == pytest.approx(G[1, 1], rel=VARIANCE)
    assert found["residual_variance"] == pytest.approx(expected.scale, rel=VARIANCE)
    assert errors(fitted)["Days"] == pytest.approx(expected.bse_fe.iloc[1], rel=VARIANCE)
    height = fitted.fitted.solution.log_likelihood
    if method == "ml":
        assert height == pytest.approx(expected.llf, rel=1e-9)
