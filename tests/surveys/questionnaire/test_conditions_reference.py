"""The reference of conditions says what the grammar, the checks and the trees have."""

import re

import pytest

from surveys.questionnaire import parse_condition
from surveys.questionnaire.condition_json import condition_json, operand_json
from surveys.questionnaire.condition_kinds import FRAME
from surveys.questionnaire.condition_language import (
    DEEPEST_NESTING,
    LONGEST_CONDITION,
    MOST_WORDS,
    parse_expression,
)
from tests.surveys.questionnaire.authored import ROOT

PAGE = (ROOT / "docs" / "reference" / "conditions.md").read_text()


def lines(fence: str) -> list[str]:
    return [
        line
        for block in re.findall(rf"```{fence}\n(.*?)```", PAGE, re.S)
        for line in block.splitlines()
    ]


@pytest.mark.parametrize("text", lines("text"))
def test_an_example_of_a_condition_is_read(text: str) -> None:
    parse_condition(text)


@pytest.mark.parametrize("text", lines("expression"))
def test_an_example_of_an_expression_is_read(text: str) -> None:
    parse_expression(text)


@pytest.mark.parametrize("name", FRAME)
def test_every_attribute_of_the_frame_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    assert (
        f"at most {LONGEST_CONDITION} characters, {MOST_WORDS} words and signs, "
        f"and brackets {DEEPEST_NESTING} deep"
    ) in PAGE


TREES = [
    condition_json(parse_condition(text))
    for text in [
        "answered(x)",
        "x in ('a', 'b')",
        "1 < 2 and 1 < 2",
        "1 < 2 or not 1 < 2",
    ]
] + [
    operand_json(parse_expression(text))
    for text in [
        "1.5",
        "'a'",
        "x",
        "count(x)",
        "x + 1",
        "sum(x)",
        "min(x)",
        "max(x)",
        "round(x, 2)",
        "abs(x)",
        "if(1 < 2, 1, 2)",
    ]
]


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_every_key_of_a_tree_stands_in_its_table(tree) -> None:
    table = PAGE.partition("| tree | is |")[2]

    assert all(f'"{key}": ' in table for key in tree)
