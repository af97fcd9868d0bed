"""Weighting classes: which thin cells are joined with which."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.weighting import weighting_cells
from surveys.weighting.cells import Join


def cases(
    *groups: tuple[str, str, int, int],
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Size, region and responses of (size, region, respondents, nonrespondents)."""
    size = np.concatenate([np.repeat(size, yes + no) for size, _, yes, no in groups])
    region = np.concatenate([np.repeat(region, yes + no) for _, region, yes, no in groups])
    takes = np.concatenate([np.arange(yes + no) < yes for _, _, yes, no in groups])
    return {"size": size, "region": region}, ~takes, takes


def test_cells_that_are_not_thin_stand() -> None:
    levels, gives, takes = cases(("small", "n", 10, 10), ("small", "s", 12, 4))

    found = weighting_cells(levels, np.ones(36), gives, takes)

    assert [line.label for line in found.lines] == ["small · n", "small · s"]
    assert [(line.cases, line.respondents, line.factor) for line in found.lines] == [
        (20, 10, 2.0),
        (16, 12, 16 / 12),
    ]
    assert found.joins == ()


def test_a_thin_cell_joins_the_one_of_its_leading_category_with_the_nearest_rate() -> None:
    levels, gives, takes = cases(
        ("large", "n", 3, 3),
        ("large", "s", 10, 12),
        ("large", "w", 30, 1),
        ("small", "n", 10, 10),
    )

    found = weighting_cells(levels, np.ones(len(gives)), gives, takes)

    assert found.joins == (Join("large · n", "large · s", "3 respondents"),)
    assert [line.label for line in found.lines] == [
        "large · s + large · n",
        "large · w",
        "small · n",
    ]
    assert found.lines[0].respondents == 13


def test_a_cell_alone_in_its_leading_category_joins_another() -> None:
    levels, gives, takes = cases(
        ("large", "n", 3, 3), ("small", "n", 10, 10), ("small", "s", 20, 5)
    )

    found = weighting_cells(levels, np.ones(len(gives)), gives, takes)

    assert found.joins == (Join("large · n", "small · n", "3 respondents"),)


def test_a_factor_that_is_too_large_makes_a_cell_thin() -> None:
    levels, gives, takes = cases(("small", "n", 10, 40), ("small", "s", 20, 5))

    found = weighting_cells(levels, np.ones(len(gives)), gives, takes, most=1.9)

    # 1.9 times the 2.5 of all cases is 4.75.
    assert found.joins == (Join("small · n", "small · s", "a factor of 5"),)
    assert found.lines[0].factor == 75 / 30


def test_a_small_cell_in_which_all_responded_may_stand() -> None:
    levels, gives, takes = cases(("large", "n", 2, 0), ("small", "n", 10, 10))

    found = weighting_cells(levels, np.ones(22), gives, takes)

    assert found.joins == ()
    assert found.lines[0].factor == 1


def test_when_all_cases_form_one_cell_it_stands() -> None:
    levels, gives, takes = cases(("large", "n", 1, 9), ("small", "n", 2, 9))

    found = weighting_cells(levels, np.ones(21), gives, takes)

    assert len(found.lines) == 1
    assert found.lines[0].factor == 7


def test_cases_that_neither_give_nor_take_need_no_label() -> None:
    label = np.array(["a", "a", None], dtype=object)

    found = weighting_cells({"size": label}, np.ones(3), [True, False, False], [False, True, False])

    assert len(found.lines) == 1


@pytest.mark.parametrize(
    ("label", "takes", "code"),
    [
        (["a", "b"], [False, False], "nobody_takes"),
        (np.array(["a", None], dtype=object), [False, True], "cell_label_missing"),
    ],
)
def test_cells_that_cannot_be_formed_are_refused(label, takes, code) -> None:
    with pytest.raises(Refusal) as refused:
        weighting_cells({"size": label}, np.ones(2), [True, False], takes)

    assert refused.value.code == code
    assert refused.value.remedy


def test_without_variables_all_cases_are_one_cell() -> None:
    assert weighting_cells({}, np.ones(2), [True, False], [False, True]).lines[0].label == "all"


groups = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from("nsw"), st.integers(0, 15), st.integers(0, 15)
    ),
    min_size=1,
    max_size=8,
).filter(lambda told: sum(yes for _, _, yes, _ in told) > 0)


@given(groups, st.integers(1, 12), st.floats(1.5, 5))
def test_no_cell_is_left_thin_unless_it_is_the_only_one(told, least, most) -> None:
    levels, gives, takes = cases(*told)

    found = weighting_cells(levels, np.ones(len(gives)), gives, takes, least=least, most=most)

    for number, line in enumerate(found.lines):
        inside = found.codes == number
        assert line.cases == inside.sum()
        assert line.respondents == (inside & takes).sum()
        if len(found.lines) > 1 and (inside & gives).any():
            assert line.respondents >= least
            assert line.factor <= most * len(gives) / takes.sum() + 1e-9
    assert sum(line.cases for line in found.lines) == len(gives)


def test_cases_that_an_earlier_step_left_without_weight_form_no_cell() -> None:
    levels, gives, takes = cases(("small", "n", 10, 10), ("gone", "n", 2, 3))
    weight = np.repeat([1.0, 0.0], [20, 5])

    found = weighting_cells(levels, weight, gives, takes)

    assert [line.label for line in found.lines] == ["small · n"]
    assert [line.factor for line in found.lines] == [2.0]
