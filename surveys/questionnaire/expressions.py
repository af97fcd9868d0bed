"""Expressions over answers: what stands on the sides of a comparison, or is worked out.

Numbers are doubles, as in a browser: what is divided by 0 or grows beyond them has no value.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import IntEnum
from typing import Any, Literal, Protocol

from surveys.questionnaire.lookups import Answers, finite, is_blank, look_up

Operator = Literal["+", "-", "*", "/"]
Gathering = Literal["sum", "min", "max"]

NOTHING: frozenset[str] = frozenset()
_EVERY_DIGIT = Context(prec=400)


class Verdict(IntEnum):
    """What a condition says. In this order ``and`` is the least and ``or`` the greatest.

    OPEN: it rests on a question left blank, so that an answer could yet make it YES.
    DOES_NOT_APPLY: it rests on a question that the firm is not asked, or on a quotient by 0.
    """

    NO = 0
    DOES_NOT_APPLY = 1
    OPEN = 2
    YES = 3


class Operand(Protocol):
    """Something that has a value, or None where an answer is blank."""

    def value(self, answers: Answers) -> Any: ...

    @property
    def reads(self) -> frozenset[str]: ...


class Question(Protocol):
    """A condition, as far as ``if`` needs one."""

    def weigh(self, answers: Answers, /) -> Verdict: ...

    @property
    def reads(self) -> frozenset[str]: ...


def quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


@dataclass(frozen=True, slots=True)
class Literally:
    """A number or a text written in the condition."""

    literal: float | int | str

    def value(self, answers: Answers) -> float | int | str:  # noqa: ARG002 -- as every operand
        return self.literal

    @property
    def reads(self) -> frozenset[str]:
        return NOTHING

    def __str__(self) -> str:
        if isinstance(self.literal, float):
            digits = f"{self.literal:.6f}".rstrip("0")
            return f"{digits}0" if digits.endswith(".") else digits
        return quoted(self.literal) if isinstance(self.literal, str) else str(self.literal)


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """The value of an answer."""

    reference: str

    def value(self, answers: Answers) -> Any:
        return look_up(answers, self.reference)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        return self.reference


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Operator
    left: Operand
    right: Operand

    def value(self, answers: Answers) -> float | None:
        left, right = finite(self.left.value(answers)), finite(self.right.value(answers))
        if left is None or right is None:
            return None
        return finite(calculate(self.operator, left, right))

    @property
    def reads(self) -> frozenset[str]:
        return self.left.reads | self.right.reads

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


def calculate(operator: Operator, left: float, right: float) -> float | None:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right if right != 0 else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many codes were chosen, or how many entries a roster has.

    A roster that was closed empty has none. No tick at all is saved as a blank, not as [].
    """

    reference: str

    def value(self, answers: Answers) -> int | None:
        answer = look_up(answers, self.reference)
        if not isinstance(answer, list) or not (answer or self.reference in answers):
            return None
        return sum(not is_blank(each) for each in answer)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        return f"count({self.reference})"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Sum, least or greatest of the numbers that are there; none if all are blank."""

    function: Gathering
    operands: tuple[Operand, ...]

    def value(self, answers: Answers) -> float | None:
        numbers = [
            number
            for operand in self.operands
            for each in _several(operand.value(answers))
            if (number := finite(each)) is not None
        ]
        if not numbers:
            return None
        return finite(_gather(self.function, numbers))

    @property
    def reads(self) -> frozenset[str]:
        return NOTHING.union(*(operand.reads for operand in self.operands))

    def __str__(self) -> str:
        return f"{self.function}({', '.join(str(operand) for operand in self.operands)})"


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _gather(function: Gathering, numbers: list[float]) -> float:
    if function != "sum":
        return min(numbers) if function == "min" else max(numbers)
    total = 0.0
    for number in numbers:  # from left to right, as the browser does; sum() may compensate
        total += number
    return total


@dataclass(frozen=True, slots=True)
class Rounded:
    operand: Operand
    decimals: int = 0

    def value(self, answers: Answers) -> float | None:
        number = finite(self.operand.value(answers))
        return None if number is None else round_half_away(number, self.decimals)

    @property
    def reads(self) -> frozenset[str]:
        return self.operand.reads

    def __str__(self) -> str:
        return f"round({self.operand}, {self.decimals})"


def round_half_away(number: float, decimals: int) -> float:
    """The finite number to so many decimals, halves away from zero.

    What is rounded is the shortest decimal text of the number, 2.675 and not the double just
    below it, so that the result is what a person expects and the same in a browser.
    """
    if number.is_integer():
        return number
    text = Decimal(repr(float(number)))
    return float(text.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EVERY_DIGIT))


@dataclass(frozen=True, slots=True)
class Absolute:
    operand: Operand

    def value(self, answers: Answers) -> float | None:
        number = finite(self.operand.value(answers))
        return None if number is None else abs(number)

    @property
    def reads(self) -> frozenset[str]:
        return self.operand.reads

    def __str__(self) -> str:
        return f"abs({self.operand})"


@dataclass(frozen=True, slots=True)
class Either:
    """``if(condition, a, b)``; no value where the condition is neither true nor false."""

    condition: Question
    then: Operand
    otherwise: Operand
    reads: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reads = self.condition.reads | self.then.reads | self.otherwise.reads
        object.__setattr__(self, "reads", reads)

    def value(self, answers: Answers) -> Any:
        match self.condition.weigh(answers):
            case Verdict.YES:
                return self.then.value(answers)
            case Verdict.NO:
                return self.otherwise.value(answers)
            case _:
                return None

    def __str__(self) -> str:
        return f"if({self.condition}, {self.then}, {self.otherwise})"
