"""Expressions computed on a few firms, missing answers among them."""

import numpy as np
import pytest

from analysis.constructs import vocabulary
from analysis.refusals import Refusal
from analysis.specification.computing import compute, kind_of
from analysis.specification.expressions import parse_expression
from tests.analysis.datasets import dataset_of

NAN = float("nan")
VARIABLES = vocabulary(
    dataset_of(
        {
            "control.age": [0, 1, 4, None],
            "control.group": [0, 1, None, 1],
            "control.region": ["north", "south", None, "south"],
        },
        codes={"control.region": (("north", "North"), ("south", "South"), ("west", "West"))},
    )
)


def computed(text):
    return compute(parse_expression(text), VARIABLES, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", [3, 3, 3, 3]),
        ("control.age + 1", [1, 2, 5, NAN]),
        ("10 - control.age - 1", [9, 8, 5, NAN]),
        ("2 * control.age * 3", [0, 6, 24, NAN]),
        ("2 / control.age", [NAN, 2, 0.5, NAN]),
        ("control.age ^ 2", [0, 1, 16, NAN]),
        ("-control.age ^ 2", [0, -1, -16, NAN]),
        ("2 + 3 * 4 ^ 2", [50] * 4),
        ("log(control.age)", [NAN, 0, np.log(4), NAN]),
        ("exp(control.age)", [1, np.e, np.exp(4), NAN]),
        ("exp(control.age * 1000)", [1, NAN, NAN, NAN]),
        ("abs(control.age - 2)", [2, 1, 2, NAN]),
        ("min(control.age, 2)", [0, 1, 2, NAN]),
        ("max(control.age, 2)", [2, 2, 4, NAN]),
        ("missing_as(control.age, 7)", [0, 1, 4, 7]),
        ("is_missing(control.age)", [0, 0, 0, 1]),
        ("is_missing(control.region)", [0, 0, 1, 0]),
        ("control.age >= 1", [0, 1, 1, NAN]),
        ("control.age != 1", [1, 0, 1, NAN]),
        ("control.age in (1, 4)", [0, 1, 1, NAN]),
        ("control.region = 'south'", [0, 1, NAN, 1]),
        ("'south' != control.region", [1, 0, NAN, 0]),
        ("control.region in ('north', 'west')", [1, 0, NAN, 0]),
        ("not control.group", [1, 0, NAN, 0]),
    ],
)
def test_expressions_are_computed_firm_by_firm(text, expected):
    assert np.allclose(computed(text), expected, rtol=1e-15, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("control.age > 2 and control.group", [0, 0, NAN, NAN]),
        ("control.age > 9 and control.group", [0, 0, 0, NAN]),
        ("control.age > 2 or control.group", [0, 1, 1, 1]),
        ("control.age > 9 or control.group", [0, 1, NAN, 1]),
        ("control.group and control.age > 9 or control.age = 0", [1, 0, 0, NAN]),
    ],
)
def test_no_and_missing_is_no_and_yes_or_missing_is_yes(text, expected):
    assert np.array_equal(computed(text), expected, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("control.age", "continuous"),
        ("control.group", "binary"),
        ("control.region", "category"),
        ("control.age > 1", "binary"),
        ("not control.group", "binary"),
        ("is_missing(control.age)", "binary"),
        ("control.region in ('north')", "binary"),
        ("missing_as(control.group, 0)", "binary"),
        ("missing_as(control.group, 2)", "continuous"),
        ("control.group + 1", "continuous"),
    ],
)
def test_an_expression_knows_whether_it_is_a_yes_or_no(text, kind):
    assert kind_of(parse_expression(text), VARIABLES) == kind


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("control.aeg", "unknown_term", "Did you mean control.age?"),
        ("depth.global", "unknown_term", "made of sourcing.importance and sourcing.scale"),
        ("control.region + 1", "not_a_number", "the category “control.region”"),
        ("control.region < 'south'", "not_a_number", "the code 'south'"),
        ("control.region = 'east'", "unknown_code", "Its codes are north, south, west."),
        ("control.age = '1'", "not_a_category", "Write the number without quotation marks."),
        ("'south'", "not_a_number", "the code 'south'"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_way_out(text, code, words):
    with pytest.raises(Refusal) as caught:
        computed(text)

    assert (caught.value.code, words in str(caught.value)) == (code, True), str(caught.value)
