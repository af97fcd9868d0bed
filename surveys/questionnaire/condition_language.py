"""The small language of conditions, parsed by a grammar and bounded in size.

``cooperated in ('research', 'other_innovation') and not (employment_last < 10)``
"""

import re
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from surveys.questionnaire.conditions import (
    Absolute,
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Count,
    Either,
    Gathered,
    Literally,
    Not,
    Operand,
    Rounded,
)

LONGEST_CONDITION = 2000
DEEPEST_NESTING = 40
MOST_WORDS = 200
_DECIMALS = tuple("0123456")

_GRAMMAR = r"""
?condition: disjunction
?expression: sum
?disjunction: conjunction (_OR conjunction)*   -> any_of
?conjunction: negation (_AND negation)*        -> all_of
?negation: _NOT negation                       -> negated
         | _ANSWERED "(" NAME ")"              -> answered
         | NAME _HAS CODE                      -> chose
         | NAME _IN "(" CODE ("," CODE)* ")"   -> chose
         | sum COMPARATOR sum                  -> compares
         | "(" disjunction ")"
?sum: product
    | sum "+" product -> add
    | sum "-" product -> subtract
?product: operand
    | product "*" operand -> multiply
    | product "/" operand -> divide
?operand: NUMBER -> number
    | CODE -> code
    | NAME -> answer
    | "(" sum ")"
    | _COUNT "(" NAME ")" -> count
    | GATHER "(" sum ("," sum)* ")" -> gathered
    | _ROUND "(" sum ("," NUMBER)? ")" -> rounded
    | _ABS "(" sum ")" -> absolute
    | _IF "(" disjunction "," sum "," sum ")" -> either
COMPARATOR: "<=" | ">=" | "!=" | "=" | "<" | ">"
_OR.2: /or\b/
_AND.2: /and\b/
_NOT.2: /not\b/
_ANSWERED.2: /answered\b/
_HAS.2: /has\b/
_IN.2: /in\b/
_COUNT.2: /count(?=\s*\()/
GATHER.2: /(sum|min|max)(?=\s*\()/
_ROUND.2: /round(?=\s*\()/
_ABS.2: /abs(?=\s*\()/
_IF.2: /if(?=\s*\()/
NAME: /[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*){0,5}/
CODE: /'[^'\n]{0,80}'/ | /"[^"\n]{0,80}"/
NUMBER: /-?[0-9]{1,15}(\.[0-9]{1,6})?/
%import common.WS
%ignore WS
"""


class ConditionError(ValueError):
    """A condition that cannot be read, with what and where."""


class _Builder(Transformer[Token, Any]):
    def any_of(self, parts: list[Condition]) -> Condition:
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self, parts: list[Condition]) -> Condition:
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def negated(self, parts: list[Condition]) -> Condition:
        return Not(parts[0])

    def answered(self, parts: list[Token]) -> Condition:
        return Answered(str(parts[0]))

    def chose(self, parts: list[Token]) -> Condition:
        return Chose(str(parts[0]), tuple(str(code)[1:-1] for code in parts[1:]))

    def compares(self, parts: list[Any]) -> Condition:
        left, comparator, right = parts
        return Compares(left, str(comparator), right)  # type: ignore[arg-type]  # the grammar allows comparators only

    def add(self, parts: list[Operand]) -> Operand:
        return Arithmetic("+", *parts)

    def subtract(self, parts: list[Operand]) -> Operand:
        return Arithmetic("-", *parts)

    def multiply(self, parts: list[Operand]) -> Operand:
        return Arithmetic("*", *parts)

    def divide(self, parts: list[Operand]) -> Operand:
        return Arithmetic("/", *parts)

    def count(self, parts: list[Token]) -> Operand:
        return Count(str(parts[0]))

    def gathered(self, parts: list[Any]) -> Operand:
        return Gathered(str(parts[0]), tuple(parts[1:]))  # type: ignore[arg-type]  # the grammar allows these functions only

    def rounded(self, parts: list[Any]) -> Operand:
        return Rounded(parts[0], _decimals(str(parts[1])) if len(parts) > 1 else 0)

    def absolute(self, parts: list[Operand]) -> Operand:
        return Absolute(parts[0])

    def either(self, parts: list[Any]) -> Operand:
        return Either(*parts)

    def number(self, parts: list[Token]) -> Operand:
        text = str(parts[0])
        return Literally(float(text) if "." in text else int(text))

    def code(self, parts: list[Token]) -> Operand:
        return Literally(str(parts[0])[1:-1])

    def answer(self, parts: list[Token]) -> Operand:
        return AnswerTo(str(parts[0]))


_WORD = re.compile(r"[\w.]+|[^\w\s.]")


@cache
def _parser() -> Lark:
    """Built when the first condition is read: many a start of a program reads none."""
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", start=["condition", "expression"])


def _decimals(text: str) -> int:
    if text not in _DECIMALS:
        raise ConditionError(f"round has {text} decimals, where a whole number from 0 to 6 stands")
    return int(text)


def parse_condition(text: str) -> Condition:
    """The condition that the text says.

    Raises
    ------
    ConditionError
        If the text is too long, nested too deeply or not in the language; says where.
    """
    condition: Condition = _parse(text, "condition")
    return condition


def parse_expression(text: str) -> Operand:
    """The expression that the text says, such as ``sum(staff_men, staff_women) / 2``.

    Raises
    ------
    ConditionError
        As `parse_condition`.
    """
    operand: Operand = _parse(text, "expression")
    return operand


def _parse(text: str, start: str) -> Any:
    """Within the limits every text is read, printed and weighed in a bounded number of steps."""
    if len(text) > LONGEST_CONDITION:
        raise ConditionError(f"it is longer than {LONGEST_CONDITION} characters")
    if deepest_nesting(text) > DEEPEST_NESTING:
        raise ConditionError(f"its brackets are nested more than {DEEPEST_NESTING} deep")
    if len(_WORD.findall(text)) > MOST_WORDS:
        raise ConditionError(f"it has more than {MOST_WORDS} words and signs")
    try:
        return _Builder().transform(_parser().parse(text, start=start))
    except UnexpectedInput as error:
        raise ConditionError(_unreadable(text, error)) from None
    except VisitError as error:  # lark wraps what the builder refuses
        if isinstance(error.orig_exc, ConditionError):
            raise error.orig_exc from None
        raise


def _unreadable(text: str, error: UnexpectedInput) -> str:
    """Where reading stopped. At the end of the text lark gives the last word, or none."""
    place = error.pos_in_stream
    token = getattr(error, "token", None)
    if place is None or place < 0 or (isinstance(token, Token) and token.type == "$END"):
        return "it ends too soon"
    return f"it cannot be read from character {place + 1}, “{text[place : place + 20]}”"


def deepest_nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
