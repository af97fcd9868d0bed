"""Conditions as XLSForms write them: ``selected(${sources}, 'fairs') and ${staff} > 3``."""

from collections.abc import Collection

from surveys.interchange.expressions.tree import Untranslatable
from surveys.questionnaire.condition_language import (
    ConditionError,
    parse_condition,
    parse_expression,
)
from surveys.questionnaire.conditions import (
    AllOf,
    Answered,
    AnyOf,
    Chose,
    Compares,
    Condition,
    Not,
)
from surveys.questionnaire.expressions import (
    Absolute,
    AnswerTo,
    Arithmetic,
    Count,
    Either,
    Gathered,
    Literally,
    Operand,
    Rounded,
)

_NOT_ASKED = ("last.", "frame.")  # of the wave before and of the frame, which no form has


def xpath_of_condition(text: str, rosters: Collection[str] = ()) -> str:
    """The condition in XPath. Raises Untranslatable for what XPath has no words for."""
    try:
        return _condition(parse_condition(text), rosters)
    except (ConditionError, RecursionError) as error:
        raise Untranslatable(str(error)) from None


def xpath_of_expression(text: str, rosters: Collection[str] = ()) -> str:
    """The expression of a computed value in XPath. Raises Untranslatable."""
    try:
        return _operand(parse_expression(text), rosters)
    except (ConditionError, RecursionError) as error:
        raise Untranslatable(str(error)) from None


def _condition(condition: Condition, rosters: Collection[str]) -> str:
    match condition:
        case AllOf(conditions):
            return _joined(" and ", conditions, rosters)
        case AnyOf(conditions):
            return _joined(" or ", conditions, rosters)
        case Not(inner):
            return f"not({_condition(inner, rosters)})"
        case Answered(reference):
            return f"{_question(reference)} != ''"
        case Chose(reference, codes):
            return _chose(reference, codes)
        case Compares(left, comparator, right):
            return f"{_operand(left, rosters)} {comparator} {_operand(right, rosters)}"
    raise Untranslatable("XPath has no words for it")


def _joined(word: str, conditions: tuple[Condition, ...], rosters: Collection[str]) -> str:
    return "(" + word.join(_condition(each, rosters) for each in conditions) + ")"


def _chose(reference: str, codes: tuple[str, ...]) -> str:
    tests = [f"selected({_question(reference)}, {_quoted(code)})" for code in codes]
    return tests[0] if len(tests) == 1 else "(" + " or ".join(tests) + ")"


def _operand(operand: Operand, rosters: Collection[str]) -> str:
    match operand:
        case Literally(literal):
            return _quoted(literal) if isinstance(literal, str) else str(operand)
        case AnswerTo(reference):
            return _question(reference)
        case Arithmetic(operator, left, right):
            sign = "div" if operator == "/" else operator
            return f"({_operand(left, rosters)} {sign} {_operand(right, rosters)})"
        case Count(reference):
            function = "count" if reference in rosters else "count-selected"
            return f"{function}({_question(reference)})"
        case Gathered(function, operands):
            return f"{function}({', '.join(_operand(each, rosters) for each in operands)})"
        case Rounded(inner, decimals):
            return f"round({_operand(inner, rosters)}, {decimals})"
        case Either(test, then, otherwise) if isinstance(test, Condition):
            return (
                f"if({_condition(test, rosters)}, {_operand(then, rosters)}, "
                f"{_operand(otherwise, rosters)})"
            )
        case Absolute(inner):
            return f"abs({_operand(inner, rosters)})"
    raise Untranslatable("XPath has no words for it")


def _question(reference: str) -> str:
    if reference.startswith(_NOT_ASKED):
        raise Untranslatable(f"{reference} is no question of the form")
    return f"${{{reference}}}"


def _quoted(text: str) -> str:
    if "'" in text and '"' in text:
        raise Untranslatable("a text holds both kinds of quotation marks")
    return f'"{text}"' if "'" in text else f"'{text}'"
