"""Weights against attrition: R's logits, the product by hand, refusals."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, design_matrix
from analysis.estimation.panel.attrition import AttritionWeights, attrition_weights
from analysis.refusals import Refusal
from tests.analysis.estimation.panel.small_panel import panel, witness
from tests.analysis.estimation.small import plain

# Both logits converge fully.
EXACT = 1e-9


def weights_of(
    data: pd.DataFrame, *terms: str, weight: str = "weight", **choices
) -> AttritionWeights:
    return attrition_weights(
        unit=data["firm"].to_numpy(),
        wave=data["wave"].to_numpy(),
        X=plain(**{term: data[term].to_numpy() for term in terms or ("networking", "size")}),
        design=survey_design(count=len(data), weight=data[weight]),
        covariance="HC1",
        **choices,
    )


def alone(data: pd.DataFrame):
    return design_matrix([Column(INTERCEPT)], {}, {}, count=len(data))


def test_stabilised_weights_and_their_logits_agree_with_r() -> None:
    data = panel()

    result = weights_of(data, numerator=alone(data))

    expected = witness().loc["attrition_weights"]["estimate"]
    keys = data["firm"] + " " + data["wave"].astype(str)
    np.testing.assert_allclose(result.factor, expected.loc[keys].to_numpy(), rtol=EXACT)
    logits = witness().loc["attrition_logit"]["estimate"].to_numpy().reshape(3, 3)
    for step, coefficients in zip(result.transitions, logits, strict=True):
        assert step.fit is not None
        np.testing.assert_allclose(step.fit.estimates.coefficients, coefficients, rtol=1e-8)


def test_factors_are_running_products_of_inverse_probabilities() -> None:
    data = panel()

    result = weights_of(data)

    rows = {key: place for place, key in enumerate(zip(data["firm"], data["wave"], strict=True))}
    for (firm, wave), place in rows.items():
        expected, at = 1.0, wave
        entered = data.loc[data["firm"] == firm, "wave"].min()
        while at > entered and expected:
            before = rows.get((firm, at - 2))
            fit = result.transitions[(at - 2012) // 2].fit
            assert fit is not None
            if before is None:
                expected = 0.0
                break
            b = fit.estimates.coefficients
            eta = b[0] + b[1] * data["networking"][before] + b[2] * data["size"][before]
            expected *= 1 + np.exp(-eta)
            at -= 2
        assert result.factor[place] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(result.weight, result.factor * data["weight"], rtol=1e-14)


def test_the_counts_of_each_transition() -> None:
    data = panel()

    steps = weights_of(data).transitions

    assert [(step.earlier, step.later) for step in steps] == [
        ("2010", "2012"),
        ("2012", "2014"),
        ("2014", "2016"),
    ]
    first = set(data.loc[data["wave"] == 2010, "firm"])
    second = set(data.loc[data["wave"] == 2012, "firm"])
    assert (steps[0].at_risk, steps[0].stayed) == (len(first), len(first & second))
    assert sum(1 for step in steps if step.trimmed) == 0


def test_weighting_brings_the_means_of_those_who_stayed_back() -> None:
    for step in weights_of(panel()).transitions:
        for term in step.balance:
            assert abs(term.weighted - term.at_risk) < abs(term.stayed - term.at_risk) + 0.02
            assert term.trimmed == term.weighted


def test_trimming_cuts_the_largest_and_tells_what_it_cost() -> None:
    data = panel()
    free, cut = weights_of(data), weights_of(data, trim=0.9)

    for before, after in zip(free.transitions, cut.transitions, strict=True):
        assert after.trimmed == pytest.approx(0.1 * after.stayed, abs=1)
        assert after.effective_after > before.effective_after == after.effective_before
        assert any(term.trimmed != term.weighted for term in after.balance)
        assert any(after.later in note and "were cut" in note for note in cut.notes)
    assert cut.factor.max() < free.factor.max()


def test_firms_that_come_back_have_weight_zero_and_are_counted() -> None:
    result = weights_of(panel())

    data = panel()
    skipped = {
        firm
        for firm, waves in data.groupby("firm")["wave"]
        if 2016 in set(waves) and 2014 not in set(waves)
    }
    assert set(data["firm"][result.factor == 0]) == skipped
    assert any(note.startswith(f"{len(skipped)} firms came back") for note in result.notes)


def test_firms_that_enter_later_start_from_one() -> None:
    data = panel().query("not (wave == 2010 and firm < 'f010')").reset_index(drop=True)

    result = weights_of(data)

    entering = (data["firm"] < "f010") & (data["wave"] == 2012)
    np.testing.assert_array_equal(result.factor[entering], 1.0)


def test_weights_of_the_design_count_in_the_logits() -> None:
    data = panel().assign(one=1.0)

    assert not np.allclose(weights_of(data).factor, weights_of(data, weight="one").factor)


def refused(code: str, words: str, data: pd.DataFrame, *terms: str, **choices) -> None:
    with pytest.raises(Refusal) as refusal:
        weights_of(data, *terms, **choices)
    assert refusal.value.code == code
    assert words in str(refusal.value)


def test_nobody_left() -> None:
    whole = panel().groupby("firm")["wave"].transform("size") == 4

    refused("nobody_left", "no attrition", panel()[whole].reset_index(drop=True))


def test_one_transition_without_loss_is_noted() -> None:
    data = panel()
    stayed = data["firm"].isin(data.loc[data["wave"] == 2012, "firm"])
    data = data[stayed].reset_index(drop=True)

    result = weights_of(data)

    assert result.transitions[0].fit is None
    assert "Nobody left from 2010 to 2012." in result.notes
    np.testing.assert_array_equal(result.factor[data["wave"] == 2012], 1.0)


def test_everybody_left() -> None:
    data = panel()
    renamed = np.where(data["wave"] >= 2014, data["firm"] + "x", data["firm"])

    refused("everybody_left", "from 2012 to 2014", data.assign(firm=renamed))


def test_a_cell_that_always_leaves_is_named() -> None:
    data = panel()
    young = data["founded"] == 1980
    data = data[~young | (data["wave"] == 2010)].assign(young=young.astype(float))

    refused("cell_always_leaves", "'young = 1'", data.reset_index(drop=True), "young", "networking")


def test_an_answer_that_is_missing() -> None:
    data = panel().copy()
    data.loc[0, "networking"] = np.nan

    refused("attrition_unanswered", "1 of 150", data)


def test_a_quantile_that_cuts_everybody() -> None:
    refused("trim_out_of_range", "0.3", panel(), trim=0.3)
