"""How firms answered is told in classes that no single firm can be read from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis.constructs import vocabulary
from analysis.constructs.described import described, families_of
from analysis.constructs.distributions import distribution
from analysis.constructs.measured import Measured
from tests.analysis.datasets import dataset_of

LEAST = 10


def told(values, kind="continuous", codes=(), weight=None):
    values = np.asarray(values, dtype=object if kind == "category" else float)
    measured = Measured("x", values, kind, "X", codes=tuple((code, code.upper()) for code in codes))
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=float)
    return distribution(measured, weight, least_firms=LEAST)


def bars(found) -> dict[str, float]:
    return {bar.label: round(bar.share, 4) for bar in found.bars}


def test_yes_and_no_are_shares_of_those_who_answered():
    found = told([1] * 30 + [0] * 10 + [np.nan] * 10)

    assert (found.n, found.missing, found.weighted) == (40, 0.2, False)
    assert bars(found) == {"no": 0.25, "yes": 0.75}


def test_shares_are_weighted_where_weights_differ():
    found = told([1] * 20 + [0] * 20, weight=[3.0] * 20 + [1.0] * 20)

    assert found.weighted
    assert bars(found) == {"no": 0.25, "yes": 0.75}


def test_few_values_are_told_one_by_one_and_thin_ones_together_with_their_neighbours():
    found = told([0] * 30 + [1] * 3 + [2] * 27 + [3] * 12 + [4] * 4 + [9] * 4)

    assert bars(found) == {"0": 0.375, "1 to 2": 0.375, "3 or more": 0.25}


@pytest.mark.parametrize(
    "values", [[1] * 95 + [0] * 5, [7] * 40, [1] * 9 + [np.nan] * 90, []],
    ids=["nearly-all-alike", "one-value", "too-few", "nobody"],
)  # fmt: skip
def test_where_a_few_firms_could_be_told_apart_nothing_is_shown(values):
    found = told(values)

    assert found.bars == ()
    assert found.words
    assert found.n is None or found.n >= LEAST


def test_codes_of_too_few_firms_are_put_together_with_enough_others_to_hide_them():
    found = told(["a"] * 40 + ["b"] * 12 + ["c"] * 15 + ["d"] * 3, "category", "abcd")

    assert list(bars(found)) == ["A", "C", "all others"]
    assert bars(found)["all others"] == round(15 / 70, 4)


def test_answers_in_words_are_never_shown():
    assert told(["Acme Ltd"] * 40 + ["Other"] * 40, "category").words == (
        "Answers in words are not shown."
    )


def test_bounds_are_round_and_neither_smallest_nor_largest_answer_is_told():
    turnover = np.exp(np.random.default_rng(1).normal(8, 2, 3_000)) + 0.37
    found = told(turnover)

    assert found.bars[0].label.startswith("below ")
    assert found.bars[-1].label.endswith(" or more")
    assert f"{turnover.max():.0f}" not in str(found.bars)
    assert len(found.bars) >= 6


NUMBERS = st.one_of(st.integers(-3, 15), st.floats(-1e9, 1e9), st.just(float("nan")))


@settings(max_examples=200, deadline=None)
@given(arrays.arrays(float, st.integers(0, 150), elements=NUMBERS.map(float)))
def test_every_class_holds_enough_firms_and_all_together_are_everybody(values):
    found = told(values)

    if found.bars:
        answered = int((~np.isnan(values)).sum())
        firms = [round(bar.share * answered) for bar in found.bars]
        assert min(firms) >= LEAST
        assert sum(firms) == answered == found.n
        assert len({bar.label for bar in found.bars}) == len(found.bars)


def test_every_name_of_a_wave_has_its_family_and_measures_come_before_answers():
    data = dataset_of(
        {
            "control.employment": [float(n) for n in range(40)],
            "innovation.product[good]": [1.0, 0.0] * 20,
            "control.region": ["a", "b"] * 20,
        },
        codes={"control.region": (("a", "North"), ("b", "South"))},
    )
    lines = described(data, vocabulary(data), least_firms=LEAST)
    by_name = {line["name"]: line for line in lines}

    assert by_name["ln_employment"]["family"] == "controls"
    assert by_name["product"]["bars"] == [["no", 0.5], ["yes", 0.5]]
    assert by_name["control.region"]["bars"] == [["North", 0.5], ["South", 0.5]]
    assert by_name["control.employment"]["missing"] == 0
    assert [words for _, words, _ in families_of(lines)] == [
        "Outcomes", "Controls", "As answered: control",
        "As answered: innovation",
    ]  # fmt: skip
