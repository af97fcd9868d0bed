"""The small language of conditions, parsed by a grammar and bounded in size.

``cooperated in ('research', 'other_innovation') and not (employment_last < 10)``
"""

import re
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput

from surveys.questionnaire.conditions import (
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    Operand,
)

LONGEST_CONDITION = 2000
DEEPEST_NESTING = 40
MOST_WORDS = 200

_GRAMMAR = r"""
?start: disjunction
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
COMPARATOR: "<=" | ">=" | "!=" | "=" | "<" | ">"
_OR.2: /or\b/
_AND.2: /and\b/
_NOT.2: /not\b/
_ANSWERED.2: /answered\b/
_HAS.2: /has\b/
_IN.2: /in\b/
NAME: /[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*){0,3}/
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

    def number(self, parts: list[Token]) -> Operand:
        text = str(parts[0])
        return Literally(float(text) if "." in text else int(text))

    def code(self, parts: list[Token]) -> Operand:
        return Literally(str(parts[0])[1:-1])

    def answer(self, parts: list[Token]) -> Operand:
        return AnswerTo(str(parts[0]))


_WORD = re.compile(r"[\w.]+|[^\w\s.]")
_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual")


def parse_condition(text: str) -> Condition:
    """The condition that the text says.

    Raises
    ------
    ConditionError
        If the text is too long, nested too deeply or not in the language; says where.
    """
    if len(text) > LONGEST_CONDITION:
        raise ConditionError(f"it is longer than {LONGEST_CONDITION} characters")
    if deepest_nesting(text) > DEEPEST_NESTING:
        raise ConditionError(f"its brackets are nested more than {DEEPEST_NESTING} deep")
    if len(_WORD.findall(text)) > MOST_WORDS:
        raise ConditionError(f"it has more than {MOST_WORDS} words and signs")
    try:
        condition: Condition = _Builder().transform(_PARSER.parse(text))
    except UnexpectedInput as error:
        raise ConditionError(_unreadable(text, error)) from None
    return condition


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
