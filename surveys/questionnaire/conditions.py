"""Conditions on answers: the universe of a page, and when an edit speaks.

A comparison over a blank answer is neither true nor false, and neither is its negation,
so that nothing is asked and nothing is objected to because of an answer that is not there.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, Protocol

Answers = Mapping[str, Any]
Comparator = Literal["=", "!=", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]

_NOTHING: frozenset[str] = frozenset()


class Verdict(IntEnum):
    """What a condition says. In this order ``and`` is the least and ``or`` the greatest.

    OPEN: it rests on a question left blank, so that an answer could yet make it YES.
    DOES_NOT_APPLY: it rests on a question that the firm is not asked, or on a quotient by 0.
    """

    NO = 0
    DOES_NOT_APPLY = 1
    OPEN = 2
    YES = 3


class Condition(ABC):
    """A question about answers. It holds when its verdict is YES."""

    __slots__ = ()

    @abstractmethod
    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING, /) -> Verdict:
        """The verdict. Blank items that are not among `open_items` count as not asked."""

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """References to answers, as written: ``item``, ``item.part``, ``battery.row.facet``."""

    def holds(self, answers: Answers) -> bool:
        return self.weigh(answers) is Verdict.YES


class Operand(Protocol):
    """Something that has a value, or None where an answer is blank."""

    def value(self, answers: Answers) -> Any: ...

    @property
    def reads(self) -> frozenset[str]: ...


def is_blank(answer: Any) -> bool:
    """Whether nothing was said: no code, no amount, no part and no facet."""
    if isinstance(answer, dict):
        if "amount" in answer:
            return answer["amount"] is None
        return all(part is None or part in ("", []) for part in answer.values())
    return answer is None or answer in ("", [])


def look_up(answers: Answers, reference: str) -> Any:
    """The answer that a reference names: an item, a part of one, or a facet of a row."""
    if reference in answers:
        answer = answers[reference]
        return answer.get("amount") if isinstance(answer, dict) and "amount" in answer else answer
    parts = answers.get(holder_of(reference))
    return parts.get(reference.rpartition(".")[2]) if isinstance(parts, dict) else None


def holder_of(reference: str) -> str:
    """The item of which the reference names a part or a facet; empty if it has no dot."""
    return reference.rpartition(".")[0]


def _without_answers(
    references: frozenset[str], answers: Answers, open_items: AbstractSet[str]
) -> Verdict:
    """The verdict on a comparison that cannot be made for want of an answer."""
    blanks = [name for name in references if is_blank(look_up(answers, name))]
    if blanks and all(name in open_items or holder_of(name) in open_items for name in blanks):
        return Verdict.OPEN
    return Verdict.DOES_NOT_APPLY


def _yes_or_no(says: bool) -> Verdict:
    return Verdict.YES if says else Verdict.NO


@dataclass(frozen=True, slots=True)
class Literally:
    """A number or a text written in the condition."""

    literal: float | int | str

    def value(self, answers: Answers) -> float | int | str:  # noqa: ARG002 -- as every operand
        return self.literal

    @property
    def reads(self) -> frozenset[str]:
        return _NOTHING

    def __str__(self) -> str:
        if isinstance(self.literal, float):
            digits = f"{self.literal:.6f}".rstrip("0")
            return f"{digits}0" if digits.endswith(".") else digits
        return quoted(self.literal) if isinstance(self.literal, str) else str(self.literal)


def quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


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
        left, right = self.left.value(answers), self.right.value(answers)
        if not (is_number(left) and is_number(right)):
            return None
        try:
            return calculate(self.operator, float(left), float(right))
        except OverflowError:  # a whole number too large for a float
            return None

    @property
    def reads(self) -> frozenset[str]:
        return self.left.reads | self.right.reads

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
class Always(Condition):
    def weigh(self, *_: object) -> Verdict:
        return Verdict.YES

    @property
    def reads(self) -> frozenset[str]:
        return _NOTHING

    def __str__(self) -> str:
        return "always"


@dataclass(frozen=True, slots=True)
class Answered(Condition):
    """The item has an answer, whatever it says. This one is never open."""

    reference: str

    def weigh(self, answers: Answers, *_: object) -> Verdict:
        return _yes_or_no(not is_blank(look_up(answers, self.reference)))

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        return f"answered({self.reference})"


@dataclass(frozen=True, slots=True)
class Chose(Condition):
    """One of the codes is the answer, or is among the answers."""

    reference: str
    codes: tuple[str, ...]

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING) -> Verdict:
        answer = look_up(answers, self.reference)
        if is_blank(answer):
            return _without_answers(self.reads, answers, open_items)
        chosen = answer if isinstance(answer, list) else [answer]
        return _yes_or_no(any(code in self.codes for code in chosen))

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        return f"{self.reference} in ({', '.join(quoted(code) for code in self.codes)})"


@dataclass(frozen=True, slots=True)
class Compares(Condition):
    left: Operand
    comparator: Comparator
    right: Operand

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING) -> Verdict:
        left, right = self.left.value(answers), self.right.value(answers)
        if is_blank(left) or is_blank(right) or is_number(left) != is_number(right):
            return _without_answers(self.reads, answers, open_items)
        return _yes_or_no(compare(self.comparator, left, right))

    @property
    def reads(self) -> frozenset[str]:
        return self.left.reads | self.right.reads

    def __str__(self) -> str:
        return f"{self.left} {self.comparator} {self.right}"


def compare(comparator: Comparator, left: Any, right: Any) -> bool:
    if comparator == "=":
        return bool(left == right)
    if comparator == "!=":
        return bool(left != right)
    if not (is_number(left) and is_number(right)):
        return False
    match comparator:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    conditions: tuple[Condition, ...]

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING) -> Verdict:
        return min(condition.weigh(answers, open_items) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return _NOTHING.union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " and ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    conditions: tuple[Condition, ...]

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING) -> Verdict:
        return max(condition.weigh(answers, open_items) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return _NOTHING.union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " or ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class Not(Condition):
    condition: Condition

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = _NOTHING) -> Verdict:
        verdict = self.condition.weigh(answers, open_items)
        opposites = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}
        return opposites.get(verdict, verdict)

    @property
    def reads(self) -> frozenset[str]:
        return self.condition.reads

    def __str__(self) -> str:
        return f"not ({self.condition})"


ALWAYS = Always()
