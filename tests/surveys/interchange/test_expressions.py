"""Expressions of every other program: what cannot be read is said, and nothing breaks the reader."""

import pytest

from surveys.interchange.expressions.limesurvey import parse_limesurvey
from surveys.interchange.expressions.surveyjs import parse_surveyjs
from surveys.interchange.expressions.tree import (
    DEEPEST_EXPRESSION,
    LONGEST_EXPRESSION,
    Call,
    Literal,
    Name,
    Operation,
    Untranslatable,
)
from surveys.interchange.expressions.xpath import parse_xpath

PARSERS = {"limesurvey": parse_limesurvey, "surveyjs": parse_surveyjs, "xpath": parse_xpath}
QUESTION = {"limesurvey": "a", "surveyjs": "{a}", "xpath": "${a}"}
CALLED = {
    "limesurvey": "an equation of LimeSurvey",
    "surveyjs": "an expression of SurveyJS",
    "xpath": "an expression of XLSForm",
}


@pytest.mark.parametrize("program", PARSERS)
def test_the_same_expression_is_the_same_tree_in_every_language(program):
    a = QUESTION[program]

    tree = PARSERS[program](f"{a} > 1 and Sum({a}, -2) = 1.5 + {a} or {a} != 'x'")

    total = Operation("+", (Literal(1.5), Name("a")))
    large = Operation(">", (Name("a"), Literal(1)))
    summed = Operation("=", (Call("sum", (Name("a"), Literal(-2))), total))
    unlike = Operation("!=", (Name("a"), Literal("x")))
    assert tree == Operation("or", (Operation("and", (large, summed)), unlike))


@pytest.mark.parametrize("program", PARSERS)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" " * LONGEST_EXPRESSION + "1", f"longer than {LONGEST_EXPRESSION}"),
        ("(" * 61 + "1" + ")" * 61, f"brackets are nested more than {DEEPEST_EXPRESSION}"),
        ("1 = " + "-" * 61 + "f(1)", f"parts are nested more than {DEEPEST_EXPRESSION}"),
        ("1 = " + "-" * 3_000 + "f(1)", f"parts are nested more than {DEEPEST_EXPRESSION}"),
        ("1 = 1" + " + 1" * 900, f"parts are nested more than {DEEPEST_EXPRESSION}"),
    ],
)
def test_what_is_no_expression_or_unwieldy_is_refused_with_the_reason(program, text, reason):
    with pytest.raises(Untranslatable, match=reason):
        PARSERS[program](text)


@pytest.mark.parametrize("program", PARSERS)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 +", "it ends where {called} has to go on"),
        ("  ", "it ends where {called} has to go on"),
        ("§", "“§”, at character 1, cannot be read in {called}"),
        ("1 =  % 2", "“% 2”, at character 6, cannot be read in {called}"),
        ("1 = 'x", "“'x”, at character 5, cannot be read in {called}"),
        (
            "1 = 1 ? " + "2" * 30,
            "“? " + "2" * 18 + " …”, at character 7, cannot be read in {called}",
        ),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place_and_the_program(program, text, reason):
    with pytest.raises(Untranslatable) as refused:
        PARSERS[program](text)

    assert str(refused.value) == reason.format(called=CALLED[program])
