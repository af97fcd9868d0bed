"""Expressions over variables: definitions and subpopulations of a plan.

A small language, parsed by a grammar and computed on arrays; nothing is ever evaluated as
Python. Missing values are contagious in arithmetic and comparisons; ``and`` and ``or`` are
three-valued, so that ``no and missing`` is no.
"""

from dataclasses import dataclass
from typing import Any, Literal

from lark import Lark, Token, Transformer

from analysis.refusals import Refusal
from analysis.specification.language import NAME, normal_name, parse

DEEPEST = 60
FUNCTIONS = {
    "log": 1, "exp": 1, "abs": 1, "min": 2, "max": 2, "missing_as": 2, "is_missing": 1,
    "lag": 1, "lead": 1, "change": 1, "first": 1,
}  # fmt: skip

_GRAMMAR = rf"""
?start: disjunction
?disjunction: conjunction ("or" conjunction)*  -> any_of
?conjunction: negation ("and" negation)*       -> all_of
?negation: "not" negation                      -> negated
         | comparison
?comparison: sum
           | sum COMPARATOR sum                -> compared
           | sum "in" "(" literal ("," literal)* ")" -> among
?sum: product
    | sum PLUS product                         -> arithmetic
?product: signed
        | product TIMES signed                 -> arithmetic
?signed: "-" signed                            -> minus
       | power
?power: atom
      | atom POWER exponent                    -> arithmetic
?exponent: "-" atom                            -> minus
         | atom
?atom: literal
     | CALL "(" disjunction ("," disjunction)* ")" -> call
     | NAME                                    -> name
     | "(" disjunction ")"
?literal: NUMBER                               -> number
        | CODE                                 -> code
COMPARATOR: "==" | "<=" | ">=" | "!=" | "=" | "<" | ">"
PLUS: "+" | "-"
TIMES: "*" | "/"
POWER: "^"
CALL.2: /(log|exp|abs|min|max|missing_as|is_missing|lag|lead|change|first)(?=\s*\()/
NAME: {NAME}
CODE: /'[^'\n]{{0,80}}'/ | /"[^"\n]{{0,80}}"/
NUMBER: /[0-9]{{1,15}}(\.[0-9]{{1,12}})?/
%import common.WS
%ignore WS
"""


@dataclass(frozen=True, slots=True)
class Number:
    value: float

    def __str__(self) -> str:
        return f"{self.value:.12f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class CodeText:
    value: str

    def __str__(self) -> str:
        return f"'{self.value}'" if "'" not in self.value else f'"{self.value}"'


@dataclass(frozen=True, slots=True)
class Name:
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Operation:
    """``+ - * / ^``, a comparison, ``and``, ``or``, ``not`` or ``minus`` on its operands."""

    operator: str
    operands: tuple["Expression", ...]

    def __str__(self) -> str:
        if self.operator == "not":
            return f"(not {self.operands[0]})"
        if self.operator == "minus":
            return f"(-{self.operands[0]})"
        return "(" + f" {self.operator} ".join(str(operand) for operand in self.operands) + ")"


@dataclass(frozen=True, slots=True)
class Among:
    operand: "Expression"
    choices: tuple["Number | CodeText", ...]

    def __str__(self) -> str:
        return f"({self.operand} in ({', '.join(str(choice) for choice in self.choices)}))"


@dataclass(frozen=True, slots=True)
class Call:
    function: Literal[
        "log", "exp", "abs", "min", "max", "missing_as", "is_missing",
        "lag", "lead", "change", "first",
    ]  # fmt: skip
    arguments: tuple["Expression", ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(str(argument) for argument in self.arguments)})"


Expression = Number | CodeText | Name | Operation | Among | Call


class _Builder(Transformer[Token, Any]):
    def any_of(self, parts: list[Expression]) -> Expression:
        return parts[0] if len(parts) == 1 else Operation("or", tuple(parts))

    def all_of(self, parts: list[Expression]) -> Expression:
        return parts[0] if len(parts) == 1 else Operation("and", tuple(parts))

    def negated(self, parts: list[Expression]) -> Expression:
        return Operation("not", (parts[0],))

    def compared(self, parts: list[Any]) -> Expression:
        operator = "=" if str(parts[1]) == "==" else str(parts[1])
        return Operation(operator, (parts[0], parts[2]))

    def arithmetic(self, parts: list[Any]) -> Expression:
        """One operation; sums and products of many are kept flat, from left to right."""
        left, operator, right = parts[0], str(parts[1]), parts[2]
        if operator in "+*" and isinstance(left, Operation) and left.operator == operator:
            return Operation(operator, (*left.operands, right))
        return Operation(operator, (left, right))

    def among(self, parts: list[Any]) -> Expression:
        return Among(parts[0], tuple(parts[1:]))

    def minus(self, parts: list[Expression]) -> Expression:
        return Operation("minus", (parts[0],))

    def call(self, parts: list[Any]) -> Expression:
        return Call(str(parts[0]), tuple(parts[1:]))  # type: ignore[arg-type]  # the grammar names them

    def name(self, parts: list[Token]) -> Expression:
        return Name(normal_name(str(parts[0])))

    def number(self, parts: list[Token]) -> Expression:
        return Number(float(parts[0]))

    def code(self, parts: list[Token]) -> Expression:
        return CodeText(str(parts[0])[1:-1])


# The transformer builds as the parser reads: no tree is walked, so depth costs no stack.
_PARSER = Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False, transformer=_Builder())


def parse_expression(text: str, *, what: str = "The expression") -> Expression:
    """The expression that a text says.

    Raises: Refusal ``cannot_read``, ``unknown_function``, ``too_long``, ``too_complex`` or
    ``wrong_count``.
    """
    expression: Expression = parse(_PARSER, text, what=what, functions=FUNCTIONS)
    if not _depth_within(expression, DEEPEST):
        raise Refusal(
            "too_complex",
            f"{what} holds operations within operations more than {DEEPEST} deep.",
            "Split it with names under define.",
        )
    for call in (part for part in parts_of(expression) if isinstance(part, Call)):
        _check_count(call, what)
    return expression


def _check_count(call: Call, what: str) -> None:
    wanted, found = FUNCTIONS[call.function], len(call.arguments)
    if found != wanted:
        raise Refusal(
            "wrong_count",
            f"{what}: {call.function} takes {wanted} argument{'s' * (wanted > 1)}, not {found}.",
            "",
        )


def _depth_within(expression: Expression, bound: int) -> bool:
    """Whether operations stand at most `bound` deep; level by level, so as to use no stack."""
    level = [expression]
    for _ in range(bound):
        level = [operand for part in level for operand in _inside(part)]
        if not level:
            return True
    return False


def _inside(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Operation(operands=inside) | Call(arguments=inside):
            return inside
        case Among(operand=operand):
            return (operand,)
        case _:
            return ()


def parts_of(expression: Expression) -> list[Expression]:
    """The expression and everything in it."""
    inner = [part for operand in _inside(expression) for part in parts_of(operand)]
    return [expression, *inner]


def names_in(expression: Expression) -> tuple[str, ...]:
    """Names that the expression reads, each once, in order."""
    found = (part.name for part in parts_of(expression) if isinstance(part, Name))
    return tuple(dict.fromkeys(found))
