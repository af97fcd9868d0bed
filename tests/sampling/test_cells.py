"""Cells of the frame, and the collapse of thin ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.sampling import SamplingRefused, StratumKey
from surveys.sampling.strata import Rule, collapse, cross


def frame(*cells):
    """Cells as (size, industry, region, firms)."""
    rows = [cell[:3] for cell in cells for _ in range(cell[3])]
    whole = {cell[0] for cell in cells} & {"large"}
    return cross(*zip(*rows, strict=True), take_all=whole)


def test_cells_are_counted_and_named():
    cells = frame(("small", "goods", "coast", 3), ("large", "goods", "coast", 2))

    assert cells.keys == (
        StratumKey("large", "goods", "coast"),
        StratumKey("small", "goods", "coast"),
    )
    assert cells.population.tolist() == [2, 3]
    assert cells.take_all.tolist() == [True, False]
    assert cells.code.tolist() == [1, 1, 1, 0, 0]


def test_a_thin_cell_joins_its_neighbour_in_size_first_and_only_then_in_region():
    cells = frame(
        ("small", "goods", "coast", 20),
        ("medium", "goods", "coast", 3),
        ("medium", "goods", "inland", 30),
        ("small", "services", "coast", 2),
        ("small", "services", "inland", 9),
    )
    rules = [Rule("size_class", order=("small", "medium", "large")), Rule("region")]

    found = collapse(cells, rules, minimum=5)

    assert [key.label for key in found.keys] == [
        "medium · goods · inland",
        "medium+small · goods · coast",
        "small · services · coast+inland",
    ]
    assert [(step.thin, step.rule) for step in found.joined] == [
        ("medium · goods · coast", "size_class"),
        ("small · services · coast", "region"),
    ]
    assert found.population.tolist() == [30, 23, 11]
    original = {key.label: at for key, at in zip(cells.keys, found.stratum_of_cell, strict=True)}
    assert original["medium · goods · coast"] == original["small · goods · coast"] == 1


def test_the_nearer_neighbour_in_the_stated_order_is_taken_and_of_two_the_smaller():
    sizes = ("micro", "small", "medium", "big")
    rule = Rule("size_class", order=sizes)
    near = frame(("micro", "a", "r", 2), ("medium", "a", "r", 9), ("big", "a", "r", 8))
    even = frame(("micro", "a", "r", 9), ("small", "a", "r", 2), ("medium", "a", "r", 8))

    assert collapse(near, [rule], minimum=5).joined[0].with_ == "medium · a · r"
    assert collapse(even, [rule], minimum=5).joined[0].with_ == "medium · a · r"


def test_a_join_gives_a_neighbour_to_one_that_had_none():
    cells = frame(
        ("c", "g", "s", 1),
        ("b", "h", "r", 1),
        ("b", "h", "s", 2),
        ("b", "i", "r", 1),
        ("c", "i", "r", 1),
    )

    found = collapse(cells, [Rule("size_class"), Rule("region"), Rule("industry")], minimum=5)

    # Alone, c·g·s shares size and region with nobody; with what the others become it does.
    assert found.still_thin == ()
    assert len(found.keys) == 1


def test_a_take_all_stratum_is_left_alone_however_thin():
    cells = frame(("small", "a", "r", 2), ("large", "a", "r", 1))

    found = collapse(cells, [Rule("size_class")], minimum=5)

    assert found.joined == ()
    assert found.still_thin == ("small · a · r",)
    assert found.take_all.tolist() == [True, False]


def test_a_join_stays_within_its_group():
    cells = frame(("small", "10", "r", 2), ("small", "11", "r", 9), ("small", "62", "r", 3))
    sections = {"10": "C", "11": "C", "62": "J"}

    found = collapse(cells, [Rule("industry", within=sections)], minimum=5)

    assert [key.industry for key in found.keys] == ["10+11", "62"]
    assert found.still_thin == ("small · 62 · r",)


CELLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("ghij"), st.sampled_from("rst")),
    min_size=1,
    max_size=150,
)


@given(CELLS, st.integers(1, 12), st.permutations(["size_class", "industry", "region"]))
def test_every_firm_keeps_exactly_one_stratum_and_what_is_thin_is_said(rows, minimum, order):
    cells = cross(*zip(*rows, strict=True), take_all=[rows[0][0]])

    found = collapse(cells, [Rule(name) for name in order], minimum=minimum)

    assert found.population.sum() == len(rows)
    assert (np.bincount(found.code, minlength=len(found.keys)) == found.population).all()
    assert (found.code == found.stratum_of_cell[cells.code]).all()
    assert len(set(found.keys)) == len(found.keys)
    thin = (found.population < minimum) & ~found.take_all
    assert thin.sum() == len(found.still_thin)
    assert len(found.keys) == len(cells.keys) - len(found.joined)
    assert (found.take_all.sum()) == cells.take_all.sum()


@settings(max_examples=40)
@given(CELLS)
def test_after_all_three_rules_a_thin_stratum_has_no_neighbour(rows):
    cells = cross(*zip(*rows, strict=True))

    found = collapse(cells, [Rule("size_class"), Rule("region"), Rule("industry")], minimum=4)

    # Under the last rule, over industry, a neighbour shares size and region.
    values = [(set(key.size_class.split("+")), set(key.region.split("+"))) for key in found.keys]
    for at in np.flatnonzero(found.population < 4):
        size, region = values[at]
        others = values[:at] + values[at + 1 :]
        assert not any(size & other[0] and region & other[1] for other in others)


def test_an_empty_frame_or_an_unknown_class_is_refused():
    with pytest.raises(SamplingRefused, match="no firm"):
        cross([], [], [])
    with pytest.raises(SamplingRefused, match="size class huge"):
        cross(["small"], ["a"], ["r"], take_all=["huge"])
    with pytest.raises(ValueError, match="differ in length"):
        cross(["small"], ["a", "b"], ["r"])
