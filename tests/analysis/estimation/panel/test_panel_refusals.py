"""What panel estimators refuse, and what they leave out by name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.panel.conditional_logit import CONDITIONAL_LOGIT
from analysis.estimation.panel.correlated_random_effects import (
    CORRELATED_RANDOM_EFFECTS,
    mundlak_test,
)
from analysis.estimation.panel.cross_lagged import CROSS_LAGGED
from analysis.estimation.panel.differences import FIRST_DIFFERENCES, LONG_DIFFERENCES
from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from analysis.estimation.panel.fixed_effects_poisson import FIXED_EFFECTS_POISSON
from analysis.estimation.panel.lagged_outcome import LAGGED_OUTCOME
from analysis.estimation.replication import replicate_weights
from analysis.refusals import Refusal
from tests.analysis.estimation.panel.small_panel import on_panel, panel

X = ("networking", "size")


def refused(code: str, sentence: str, estimator, outcome: str, regressors=X, **choices) -> None:
    with pytest.raises(Refusal) as refusal:
        on_panel(estimator, outcome, regressors, **choices)
    assert refusal.value.code == code
    assert sentence in str(refusal.value)


def test_a_firm_twice_in_a_wave_is_named() -> None:
    data = pd.concat([panel(), panel().iloc[[7]]], ignore_index=True)

    refused(
        "duplicate_unit_wave",
        f"'{data['firm'][7]} in {data['wave'][7]}'",
        FIXED_EFFECTS,
        "productivity",
        data=data,
    )


def test_waves_of_which_none_follows_another() -> None:
    data = panel().assign(wave=panel()["wave"].map({2010: 1, 2012: 3, 2014: 6, 2016: 8}))

    refused("waves_irregular", "steps of 2", FIRST_DIFFERENCES, "productivity", data=data)


def test_one_wave() -> None:
    data = panel().query("wave == 2010").reset_index(drop=True)

    refused("one_wave", "'2010'", FIXED_EFFECTS, "productivity", data=data)


def test_terms_of_which_none_changes() -> None:
    refused(
        "no_within_variation", "'founded'", FIXED_EFFECTS, "productivity", regressors=("founded",)
    )
    refused(
        "no_within_variation",
        "means are they",
        CORRELATED_RANDOM_EFFECTS,
        "productivity",
        regressors=("founded",),
        words={"response": "linear"},
    )
    refused("no_change", "'founded'", FIRST_DIFFERENCES, "productivity", regressors=("founded",))


def test_a_term_that_does_not_change_is_dropped_by_name() -> None:
    for estimator in (FIXED_EFFECTS, FIRST_DIFFERENCES):
        model = on_panel(estimator, "productivity", (*X, "founded"))

        assert any(
            note.startswith("'founded' was dropped: it does not change")
            for note in model.fitted.solution.notes
        )
        assert "founded" not in model.estimates.terms


def test_an_outcome_that_never_changes() -> None:
    refused("outcome_constant_within", "does not change", FIXED_EFFECTS, "founded")
    refused("no_change", "changes by 0", FIRST_DIFFERENCES, "founded")


def test_an_outcome_made_from_the_terms() -> None:
    data = panel().assign(made=2 * panel()["networking"] - panel()["size"] + panel()["founded"])

    for estimator in (FIXED_EFFECTS, FIRST_DIFFERENCES):
        refused("perfect_fit", "exactly", estimator, "made", data=data)


def test_more_effects_than_rows() -> None:
    data = panel().query("wave <= 2012").groupby("firm").head(2).head(6).reset_index(drop=True)

    refused("no_degrees_of_freedom", "effects of 3 firms", FIXED_EFFECTS, "productivity",
            regressors=("networking", "size", "exporter"), data=data)  # fmt: skip


def test_no_firm_in_two_waves_in_a_row() -> None:
    data = panel()[panel()["wave"].isin([2010, 2016])].reset_index(drop=True)

    refused(
        "no_earlier_wave",
        "1 wave earlier",
        FIRST_DIFFERENCES,
        "productivity",
        data=data,
        numbers={"step": 2},
    )
    for estimator in (LONG_DIFFERENCES, LAGGED_OUTCOME):
        refused("no_earlier_wave", "9 waves", estimator, "productivity", numbers={"lag": 9})


def test_a_lag_of_half_a_wave() -> None:
    refused("lag_not_whole", "0.5", LONG_DIFFERENCES, "productivity", numbers={"lag": 0.5})


def test_words_that_are_not_understood() -> None:
    refused("unknown_word", "maybe", FIXED_EFFECTS, "productivity", words={"wave_effects": "maybe"})
    refused("unknown_form", "shape", LAGGED_OUTCOME, "productivity", words={"form": "shape"})
    refused("unknown_response", "tobit", CORRELATED_RANDOM_EFFECTS, "productivity",
            words={"response": "tobit"})  # fmt: skip


def test_firms_without_patents_are_left_out_by_number_and_not_by_name() -> None:
    model = on_panel(FIXED_EFFECTS_POISSON, "patents", X)

    data = panel()
    several = data.groupby("firm").filter(lambda rows: len(rows) > 1)
    none = several.groupby("firm")["patents"].sum().loc[lambda total: total == 0].index
    note = next(note for note in model.fitted.solution.notes if "zero in all" in note)
    assert note.startswith(f"{len(none)} firms with the outcome zero in all their waves")
    assert str(none[0]) not in note
    assert any("19 firms in one wave only" in note for note in model.fitted.solution.notes)


def test_what_is_no_count() -> None:
    refused("outcome_not_count", "whole numbers", FIXED_EFFECTS_POISSON, "productivity")


def test_counts_that_are_always_zero() -> None:
    data = panel().assign(none=np.arange(len(panel())) * 0.0)
    data.loc[data.groupby("firm")["wave"].transform("size") == 1, "none"] = 1.0

    refused("no_informative_units", "above zero", FIXED_EFFECTS_POISSON, "none", data=data)


def test_a_term_that_decides_where_counts_are_zero() -> None:
    data = panel()
    last = data["wave"] == data.groupby("firm")["wave"].transform("max")
    data = data.assign(last=last.astype(float), counts=np.where(last, 0, data["patents"] + 1))

    refused("separation", "'last'", FIXED_EFFECTS_POISSON, "counts",
            regressors=("last", "size"), data=data)  # fmt: skip


def test_a_term_that_decides_when_the_answer_is_yes() -> None:
    data = panel().assign(yes=(panel()["size"] > 3.3).astype(int))

    refused("separation", "'size'", CONDITIONAL_LOGIT, "yes", regressors=("size", "networking"),
            data=data)  # fmt: skip


def test_firms_that_never_change_are_counted() -> None:
    model = on_panel(CONDITIONAL_LOGIT, "innovator", X)

    changes = panel().groupby("firm")["innovator"].nunique()
    expected = f"{(changes == 1).sum()} of {len(changes)} firms"
    assert any(note.startswith(expected) for note in model.fitted.solution.notes)


def test_yes_or_no_that_never_changes() -> None:
    data = panel().assign(same=(panel()["founded"] > 1990).astype(int))

    refused("no_informative_units", "does not change", CONDITIONAL_LOGIT, "same", data=data)


def test_weights_that_change_within_a_firm_of_a_conditional_logit() -> None:
    refused("weights_vary_within_unit", "firms change between waves. The", CONDITIONAL_LOGIT,
            "innovator", weight="weight_t")  # fmt: skip


def test_what_is_not_yes_or_no() -> None:
    refused("outcome_not_binary", "0 and 1", CONDITIONAL_LOGIT, "patents")


@pytest.mark.parametrize("covariance", ["HC0", "HC1", "HC2", "HC3"])
@pytest.mark.parametrize(
    "estimator", [FIXED_EFFECTS, FIRST_DIFFERENCES, LONG_DIFFERENCES, LAGGED_OUTCOME]
)
def test_waves_of_a_firm_are_never_taken_for_independent(estimator, covariance: str) -> None:
    refused("covariance_not_defined", covariance, estimator, "productivity", covariance=covariance)


def test_a_process_that_is_the_other() -> None:
    twin = {"other": 2 * panel()["productivity"].to_numpy()}

    refused("paths_not_identified", "other_lag", CROSS_LAGGED, "productivity", outcomes=twin)


def test_a_mundlak_test_without_means() -> None:
    estimates = Estimates(("x",), np.ones(1), np.eye(1), 9.0)

    with pytest.raises(Refusal) as refusal:
        mundlak_test(estimates)
    assert refusal.value.code == "no_unit_means"


def test_firms_in_one_wave_are_noted() -> None:
    model = on_panel(FIXED_EFFECTS, "productivity", X)

    assert any("19 of 150 firms are in one wave" in note for note in model.fitted.solution.notes)


@pytest.mark.parametrize("covariance", ["design", "replicate"])
@pytest.mark.parametrize("cluster", ["wave", "row"])
@pytest.mark.parametrize(
    ("estimator", "outcome"),
    [
        (FIXED_EFFECTS, "productivity"),
        (CONDITIONAL_LOGIT, "innovator"),
        (FIRST_DIFFERENCES, "productivity"),
        (LAGGED_OUTCOME, "productivity"),
    ],
)
def test_a_design_that_takes_the_waves_of_a_firm_for_firms(
    estimator, outcome: str, cluster: str, covariance: str
) -> None:
    data = panel().assign(row=np.arange(len(panel())))
    design = survey_design(count=len(data), cluster=data[cluster])
    design = replace(design, replicates=replicate_weights(design, method="JK1"))

    refused("unit_in_two_clusters", "waves of one firm", estimator, outcome,
            covariance=covariance, design=design)  # fmt: skip


def test_a_design_of_firms_or_of_what_they_lie_in_is_not_refused() -> None:
    for cluster in ("firm", "region"):
        model = on_panel(FIXED_EFFECTS, "productivity", X, "design", cluster=cluster)

        assert model.spread.n_clusters == panel()[cluster].nunique()
