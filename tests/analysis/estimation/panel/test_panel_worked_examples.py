"""The numbers of the worked examples in docs/methods, computed."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.panel.attrition import attrition_weights
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.correlated_random_effects import CORRELATED_RANDOM_EFFECTS
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from analysis.estimation.panel.following import effective
from analysis.estimation.panel.lagged_outcome import LAGGED_OUTCOME
from tests.analysis.estimation.panel.small_panel import estimated, sample_of
from tests.analysis.estimation.small import plain

# As many digits as the page prints.
PRINTED = 5e-5

TWO_FIRMS = pd.DataFrame(
    {
        "firm": list("aaabbb"),
        "wave": [1, 2, 3, 1, 2, 3],
        "x": [1.0, 2, 3, 2, 2, 5],
        "y": [2.0, 4, 5, 1, 3, 6],
    }
)


def of(estimator, data: pd.DataFrame, outcome: str, covariance: str, *terms: str, **choices):
    return estimated(
        estimator,
        data[outcome],
        plain(**{term: data[term] for term in terms}),
        covariance,
        survey_design(count=len(data), cluster=data["firm"]),
        labels={"unit": data["firm"].to_numpy(), "wave": data["wave"].to_numpy()},
        **choices,
    )


def test_the_within_estimator_of_the_panel_page() -> None:
    alike = of(FIXED_EFFECTS, TWO_FIRMS, "y", "model", "x").estimates
    clustered = of(FIXED_EFFECTS, TWO_FIRMS, "y", "cluster", "x").estimates

    assert alike.coefficients[1] == pytest.approx(11 / 8)
    assert alike.residual_df == 3
    assert alike.std_errors[1] == pytest.approx(0.3033, abs=PRINTED)
    assert clustered.std_errors[1] == pytest.approx(0.0699, abs=PRINTED)


def test_the_first_differences_of_the_panel_page() -> None:
    estimates = of(FIRST_DIFFERENCES, TWO_FIRMS, "y", "model", "x").estimates

    assert estimates.coefficients == pytest.approx([1.4737, 0.4211], abs=PRINTED)


def several_times(data: pd.DataFrame, times: int = 8) -> pd.DataFrame:
    """The same firms again under other names: more to compare, the same coefficients."""
    copies = [data.assign(firm=data["firm"].astype(str) + f"-{copy}") for copy in range(times)]
    return pd.concat(copies, ignore_index=True)


def test_the_means_of_the_panel_page() -> None:
    sample = sample_of(
        CORRELATED_RANDOM_EFFECTS,
        TWO_FIRMS["y"],
        plain(x=TWO_FIRMS["x"]),
        survey_design(count=len(TWO_FIRMS), cluster=TWO_FIRMS["firm"]),
        labels={"unit": TWO_FIRMS["firm"].to_numpy(), "wave": TWO_FIRMS["wave"].to_numpy()},
        words={"response": "linear"},
    )

    solution = CORRELATED_RANDOM_EFFECTS.solve(sample, None)

    # Two firms decide the intercept and the mean between them: neither has a standard error.
    coefficients = solution.report @ solution.coefficients
    assert solution.terms == ("(Intercept)", "x", "mean|x")
    assert coefficients[1:] == pytest.approx([11 / 8, -1 / 3 - 11 / 8])


def test_the_poisson_model_of_the_panel_page() -> None:
    data = pd.DataFrame(
        {
            "firm": list("aabbcc"),
            "wave": [1, 2] * 3,
            "x": [0.0, 1] * 3,
            "y": [2.0, 4, 1, 3, 3, 5],
        }
    )

    estimates = of(FIXED_EFFECTS_POISSON, data, "y", "model", "x").estimates

    assert estimates.coefficients == pytest.approx([np.log(2)])
    assert estimates.std_errors == pytest.approx([0.5])


def test_the_conditional_logit_of_the_panel_page() -> None:
    rises, falls = [0.0, 1.0], [1.0, 0.0]
    y = np.array([*rises * 6, *falls * 2, 1, 1])
    data = pd.DataFrame(
        {"firm": np.repeat(np.arange(9), 2), "wave": [1, 2] * 9, "x": rises * 9, "y": y}
    )

    estimates = of(CONDITIONAL_LOGIT, data, "y", "model", "x").estimates

    assert estimates.coefficients == pytest.approx([np.log(3)])
    assert estimates.std_errors == pytest.approx([np.sqrt(1 / 6 + 1 / 2)])


def four_firms() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "firm": list("aabbccdd"),
            "wave": [1, 2] * 4,
            "y": [-1.0, 0, -1, 2, 1, 1, 1, 5],
            "z": [-1.0, 1, 1, 1, -1, 3, 1, 5],
        }
    )


def test_the_pair_of_the_cross_lagged_page() -> None:
    data = several_times(four_firms())

    model = estimated(
        CROSS_LAGGED,
        data["y"],
        plain(k=[1.0, 0] * (len(data) // 2)),
        "cluster",
        survey_design(count=len(data), cluster=data["firm"]),
        labels={"unit": data["firm"].to_numpy(), "wave": data["wave"].to_numpy()},
        outcomes={"other": data["z"].to_numpy()},
    )

    assert model.estimates.terms == (
        "(Intercept)",
        "outcome_lag",
        "other_lag",
        "other|(Intercept)",
        "other|outcome_lag",
        "other|other_lag",
    )
    assert model.estimates.coefficients == pytest.approx([2, 1, 1.5, 2.5, 1.5, 0.5])
    derived = model.derived
    assert derived is not None
    assert derived.coefficients == pytest.approx(
        [0.5345, 0.8018, 0.9045, 0.3015, 0, -0.1028], abs=PRINTED
    )


def test_the_growth_of_the_cross_lagged_page() -> None:
    data = four_firms()

    estimates = of(LAGGED_OUTCOME, data, "y", "cluster", "z", words={"form": "growth"}).estimates

    assert estimates.terms == ("(Intercept)", "outcome_lag", "z (t-1)")
    assert estimates.coefficients == pytest.approx([2, 0, 1.5], abs=1e-12)


def test_the_weights_of_the_attrition_page() -> None:
    large = np.array([0.0] * 4 + [1.0] * 4)
    stays = np.array([1, 1, 0, 0, 1, 1, 1, 0], dtype=bool)
    firm = np.concatenate([np.arange(8), np.flatnonzero(stays)])
    wave = np.concatenate([np.ones(8), np.full(5, 2.0)])

    result = attrition_weights(
        unit=firm,
        wave=wave,
        X=plain(large=large[firm]),
        design=survey_design(count=13),
        covariance="HC1",
    )

    np.testing.assert_allclose(result.factor[8:], [2, 2, 4 / 3, 4 / 3, 4 / 3])
    step = result.transitions[0]
    assert (step.at_risk, step.stayed, step.share_stayed) == (8, 5, 5 / 8)
    assert step.effective_before == pytest.approx(4.8)
    assert effective(np.ones(5)) == 5
    balance = step.balance[0]
    assert (balance.at_risk, balance.stayed) == (0.5, 0.6)
    assert balance.weighted == pytest.approx(0.5)
