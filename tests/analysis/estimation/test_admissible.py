"""Which estimators an outcome allows, held against what the estimators themselves refuse."""

import numpy as np
import pytest

from analysis.estimation.admissible import TAKES, covariances_for, estimators_for, outcome_kind
from analysis.estimation.registry import ESTIMATORS
from analysis.refusals import Refusal
from analysis.specification.plan import COVARIANCES
from tests.analysis.datasets import dataset_of

OUTCOMES = {
    "binary": [0.0, 1.0] * 30,
    "count": [float(n % 15) for n in range(60)],
    "share": [n / 60 for n in range(60)],
    "number": [n - 30.5 for n in range(60)],
    "levels": [float(n % 4) for n in range(60)],
}


def admitted(values, **more) -> set[str]:
    taken = outcome_kind(np.asarray(values, dtype=float))
    choices = estimators_for(taken, **({"has_waves": False} | more))
    return {each.name for each in choices if not each.why_not}


def test_every_estimator_says_what_it_takes():
    assert set(TAKES) == set(ESTIMATORS)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1, np.nan], "binary"),
        ([0, 0.4, 1], "share"),
        ([0, 0, 3], "count"),
        ([-1, 1], "number"),
        ([0.5, 3], "number"),
        ([1, 1, np.nan], "constant"),
        ([np.nan], "constant"),
    ],
)
def test_what_an_outcome_is(values, kind):
    assert outcome_kind(np.array(values, dtype=float)).kind == kind


def test_a_yes_or_no_outcome_takes_no_model_of_counts_or_shares():
    found = admitted(OUTCOMES["binary"])

    assert {"logit", "probit", "cloglog", "firth_logit", "linear"} <= found
    assert not found & {
        "poisson",
        "negative_binomial",
        "fractional_logit",
        "ordered_logit",
        "tobit",
    }


def test_a_few_levels_may_be_ordered_counted_or_taken_as_a_number():
    assert {"ordered_logit", "multinomial_logit", "poisson", "linear"} <= admitted(
        OUTCOMES["levels"]
    )
    assert "ordered_logit" not in admitted(OUTCOMES["count"])


def test_models_of_several_waves_need_several_waves():
    assert "fixed_effects" not in admitted(OUTCOMES["number"])
    assert "fixed_effects" in admitted(OUTCOMES["number"], has_waves=True)


SIMPLE = [
    "logit", "probit", "cloglog", "firth_logit", "fractional_logit", "fractional_probit",
    "poisson", "negative_binomial", "hurdle_poisson", "zero_inflated_poisson",
]  # fmt: skip


@pytest.mark.parametrize("estimator", SIMPLE)
@pytest.mark.parametrize("kind", ["count", "share", "number"])
def test_what_an_estimator_refuses_is_not_offered(estimator, kind):
    """The witness is the estimator's own refusal of the very values."""
    from analysis.pipeline import run
    from analysis.specification.plan import read_plan

    values = OUTCOMES[kind]
    data = dataset_of({"control.turnover": values, "control.age": list(np.arange(60.0) % 7)})
    plan = read_plan(
        "title: x\nmodels: [{name: a, outcome: control.turnover, formula: control.age, "
        f"estimator: {estimator}, covariance: HC1, design: none, margins: no}}]"
    )
    refusal = ""
    try:
        run(data, plan)
    except Refusal as refused:
        refusal = str(refused)
    wrong_kind = any(words in refusal for words in ("needs an outcome", "needs whole numbers"))

    assert (estimator not in admitted(values)) == wrong_kind, refusal


def why(estimator, **design) -> dict[str, str]:
    asked = {"weighted": True, "clustered": False, "replicates": False} | design
    return {each.name: each.why_not for each in covariances_for(estimator, **asked)}


def test_standard_errors_follow_estimator_and_design():
    assert tuple(why("logit")) == COVARIANCES
    assert {name for name, words in why("logit").items() if not words} == {
        "HC0", "HC1", "HC2", "HC3", "design",
    }  # fmt: skip
    assert why("logit", weighted=False)["model"] == ""
    assert why("logit", clustered=True)["cluster"] == ""
    assert why("logit", replicates=True)["replicate"] == ""
    assert why("tobit", weighted=False)["HC3"] == "It is not defined for this estimator."
