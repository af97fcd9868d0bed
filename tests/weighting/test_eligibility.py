"""Cases of unknown eligibility: known ones of their cell stand for them, eligible or not."""

from typing import Any

import numpy as np
import pytest

from mathematics.refusals import Refusal
from surveys.fieldwork.eligibility import proportional
from surveys.weighting import weigh
from surveys.weighting.carrying_out import Drawn, carry_out
from surveys.weighting.nonresponse import by_known_eligibility
from surveys.weighting.recipe import read_recipe

# Two cells. A: 4 answered, 2 did not, 2 were not eligible, 4 are unknown, each of weight 10.
# B: 6 answered, 3 did not, 1 is unknown, each of weight 5.
DISPOSITION = np.array(
    ["complete"] * 4 + ["refusal"] * 2 + ["not_eligible"] * 2 + ["non_contact"] * 4
    + ["complete"] * 6 + ["refusal"] * 3 + ["non_contact"]
)  # fmt: skip
CELL = np.array(["A"] * 12 + ["B"] * 10)
BASE = np.where(CELL == "A", 10.0, 5.0)
FIRMS = Drawn(
    base=BASE,
    disposition=DISPOSITION,
    categories={"stratum": CELL, "region": CELL},
    numbers={},
    frame={},
    totals={},
    stratum=CELL,
    cluster=np.arange(22).astype(str),
    population=np.full(22, np.nan),
    unknown=DISPOSITION == "non_contact",
)
APART: dict[str, Any] = {"variables": ["stratum"], "least": 1, "most": 100}
RECIPE = {"eligibility": APART, "nonresponse": APART}


def weight_of(recipe: dict[str, Any], who: str, cell: str) -> float:
    final = carry_out(read_recipe(recipe), FIRMS).weights.final
    (found,) = set(np.round(final[(who == DISPOSITION) & (cell == CELL)], 10))
    return float(found)


def test_the_weights_are_those_of_the_closed_form() -> None:
    """In A every known case counts 120/80 times; then (4 + 2)/4 for those who did not answer."""
    assert weight_of(RECIPE, "complete", "A") == pytest.approx(10 * (120 / 80) * (6 / 4))
    assert weight_of(RECIPE, "complete", "B") == pytest.approx(5 * (50 / 45) * (9 / 6))
    for silent in ("refusal", "non_contact", "not_eligible"):
        assert weight_of(RECIPE, silent, "A") == 0


def test_respondents_stand_for_the_eligible_part_of_the_unknown_and_no_more() -> None:
    final = carry_out(read_recipe(RECIPE), FIRMS).weights.final

    # A: 60 known eligible and 6/8 of 40 unknown. B: 45 known eligible and all of 5.
    assert final.sum() == pytest.approx(60 + 40 * 6 / 8 + 50)


def test_without_the_step_unknown_cases_count_as_nonresponse() -> None:
    without = {"nonresponse": APART}

    assert weight_of(without, "complete", "A") == pytest.approx(10 * (4 + 2 + 4) / 4)


def test_the_report_names_the_cases_and_the_share_taken_as_eligible() -> None:
    report = carry_out(read_recipe(RECIPE), FIRMS).report

    assert report["eligibility"] == {
        "unknown": 5,
        "share": pytest.approx((40 * 6 / 8 + 5) / 45),
    }
    assert report["cases"]["not_eligible"] == 2
    assert report["cases"]["nonrespondents"] == 5
    assert report["steps"][0]["name"] == "unknown eligibility"


def test_in_one_cell_it_is_the_proportional_allocation_of_the_response_rates() -> None:
    one = {"all": np.full(22, "all")}
    step = by_known_eligibility(one, BASE, FIRMS.unknown, least=1, most=100)
    after = weigh(BASE, [step]).final

    class Sums:
        known_eligible = float(BASE[np.isin(DISPOSITION, ["complete", "refusal"])].sum())
        not_eligible = float(BASE[DISPOSITION == "not_eligible"].sum())

    eligible = np.isin(DISPOSITION, ["complete", "refusal"])
    gained = after[eligible].sum() - BASE[eligible].sum()
    assert gained / BASE[FIRMS.unknown].sum() == pytest.approx(proportional(Sums()).e)


def test_replicates_take_the_step_again() -> None:
    made = carry_out(read_recipe(RECIPE | {"replicates": {"method": "jackknife"}}), FIRMS)

    assert made.replicates is not None
    # Without the first firm of A: its cell has seven known of eleven, three of five answered.
    weight = 10 * 12 / 11
    first = made.replicates.weights[1, 0]
    assert first == pytest.approx(weight * (11 / 7) * (5 / 3))


@pytest.mark.parametrize(
    ("part", "word"),
    [({"variables": []}, "at least one"), ({"method": "x"}, "method"), ({"least": 0}, "least")],
)
def test_a_step_that_cannot_be_meant_is_refused(part: dict[str, Any], word: str) -> None:
    with pytest.raises(Refusal, match=word):
        read_recipe({"eligibility": part})
