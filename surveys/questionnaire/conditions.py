"""Conditions on answers: the universe of a page, and when an edit speaks.

A reference to a blank answer makes a comparison false, whichever way it points, so that
nothing is asked and nothing is objected to because of an answer that is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Answers = Mapping[str, Any]
Comparator = Literal["=", "!=", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]


class Condition(Protocol):
    """A yes-or-no question about answers."""

    def holds(self, answers: Answers) -> bool: ...

    @property
    def reads(self) -> frozenset[str]:
        """References to answers, as written: ``item``, ``item.part``, ``battery.row.facet``."""
        ...


class Operand(Protocol):
    """Something that has a value, or None where an answer is blank."""

    def value(self, answers: Answers) -> Any: ...

    @property
    def reads(self) -> frozenset[str]: ...


def look_up(answers: Answers, reference: str) -> Any:
    """The answer that a reference names: an item, a part of one, or a facet of a row."""
    if reference in answers:
        answer = answers[reference]
        return answer.get("amount") if isinstance(answer, dict) and "amount" in answer else answer
    holder, _, part = reference.rpartition(".")
    parts = answers.get(holder)
    return parts.get(part) if isinstance(parts, dict) else None


@dataclass(frozen=True, slots=True)
class Literally:
    """A number or a code written in the condition."""

    literal: float | int | str

    def value(self, answers: Answers) -> float | int | str:
        return self.literal

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()

    def __str__(self) -> str:
        return f"'{self.literal}'" if isinstance(self.literal, str) else repr(self.literal)


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
        return calculate(self.operator, float(left), float(right))

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
class Always:
    def holds(self, answers: Answers) -> bool:
        return True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()

    def __str__(self) -> str:
        return "always"


@dataclass(frozen=True, slots=True)
class Answered:
    """The item has an answer, whatever it says."""

    reference: str

    def holds(self, answers: Answers) -> bool:
        return look_up(answers, self.reference) not in (None, "", [], {})

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        return f"answered({self.reference})"


@dataclass(frozen=True, slots=True)
class Chose:
    """One of the codes is the answer, or is among the answers."""

    reference: str
    codes: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        answer = look_up(answers, self.reference)
        chosen = answer if isinstance(answer, list) else [answer]
        return any(code in self.codes for code in chosen)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset({self.reference})

    def __str__(self) -> str:
        codes = ", ".join(f"'{code}'" for code in self.codes)
        return f"{self.reference} in ({codes})"


@dataclass(frozen=True, slots=True)
class Compares:
    left: Operand
    comparator: Comparator
    right: Operand

    def holds(self, answers: Answers) -> bool:
        left, right = self.left.value(answers), self.right.value(answers)
        if left is None or right is None or is_number(left) != is_number(right):
            return False
        return compare(self.comparator, left, right)

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
class AllOf:
    conditions: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return all(condition.holds(answers) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset().union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " and ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return any(condition.holds(answers) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset().union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " or ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition

    def holds(self, answers: Answers) -> bool:
        return not self.condition.holds(answers)

    @property
    def reads(self) -> frozenset[str]:
        return self.condition.reads

    def __str__(self) -> str:
        return f"not ({self.condition})"


ALWAYS = Always()
