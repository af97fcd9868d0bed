"""Conditions on answers: the universe of a page, and when an edit speaks.

A comparison over a blank answer is neither true nor false, and neither is its negation,
so that nothing is asked and nothing is objected to because of an answer that is not there.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from surveys.questionnaire.expressions import (
    NOTHING,
    Absolute,
    AnswerTo,
    Arithmetic,
    Count,
    Either,
    Gathered,
    Literally,
    Operand,
    Rounded,
    Verdict,
    quoted,
)
from surveys.questionnaire.lookups import (
    STATED_MISSING,
    Answers,
    finite,
    holder_of,
    is_blank,
    is_number,
    look_up,
    prefixes,
    stated_missing,
)

__all__ = [
    "ALWAYS",
    "STATED_MISSING",
    "Absolute",
    "AllOf",
    "Always",
    "AnswerTo",
    "Answered",
    "Answers",
    "AnyOf",
    "Arithmetic",
    "Chose",
    "Compares",
    "Condition",
    "Count",
    "Either",
    "Gathered",
    "Literally",
    "Not",
    "Operand",
    "Rounded",
    "Verdict",
    "holder_of",
    "is_blank",
    "is_number",
    "look_up",
    "quoted",
    "stated_missing",
    "without_answers",
]

Comparator = Literal["=", "!=", "<", "<=", ">", ">="]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


class Condition(ABC):
    """A question about answers. It holds when its verdict is YES."""

    __slots__ = ()

    @abstractmethod
    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING, /) -> Verdict:
        """The verdict. Blank items that are not among `open_items` count as not asked."""

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """References to answers, as written: ``item``, ``item.part``, ``battery.row.facet``."""

    def holds(self, answers: Answers) -> bool:
        return self.weigh(answers) is Verdict.YES


def without_answers(
    references: frozenset[str], answers: Answers, open_items: AbstractSet[str]
) -> Verdict:
    """The verdict on what cannot be weighed or worked out for want of an answer."""
    rests_on_a_blank = False
    for name in references:
        if is_blank(look_up(answers, name)):
            if open_items.isdisjoint(prefixes(name)):
                return Verdict.DOES_NOT_APPLY
            rests_on_a_blank = True
    return Verdict.OPEN if rests_on_a_blank else Verdict.DOES_NOT_APPLY


def _yes_or_no(says: bool) -> Verdict:
    return Verdict.YES if says else Verdict.NO


@dataclass(frozen=True, slots=True)
class Always(Condition):
    def weigh(self, *_: object) -> Verdict:
        return Verdict.YES

    @property
    def reads(self) -> frozenset[str]:
        return NOTHING

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

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING) -> Verdict:
        answer = look_up(answers, self.reference)
        if is_blank(answer):
            return without_answers(self.reads, answers, open_items)
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
    reads: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", self.left.reads | self.right.reads)

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING) -> Verdict:
        says = compare(self.comparator, self.left.value(answers), self.right.value(answers))
        if says is None:
            return without_answers(self.reads, answers, open_items)
        return _yes_or_no(says)

    def __str__(self) -> str:
        return f"{self.left} {self.comparator} {self.right}"


def compare(comparator: Comparator, left: Any, right: Any) -> bool | None:
    """Two numbers, or two texts; None where there is nothing to compare.

    Of texts only dates have an order, which in ``YYYY-MM-DD`` is that of their characters.
    """
    if isinstance(left, str) and isinstance(right, str):
        ordered = _DATE.fullmatch(left) and _DATE.fullmatch(right)
        if not (left and right) or not (comparator in ("=", "!=") or ordered):
            return None
        return _compare(comparator, left, right)
    first, second = finite(left), finite(right)
    return None if first is None or second is None else _compare(comparator, first, second)


def _compare(comparator: Comparator, left: Any, right: Any) -> bool:
    match comparator:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
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

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING) -> Verdict:
        return min(condition.weigh(answers, open_items) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return NOTHING.union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " and ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    conditions: tuple[Condition, ...]

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING) -> Verdict:
        return max(condition.weigh(answers, open_items) for condition in self.conditions)

    @property
    def reads(self) -> frozenset[str]:
        return NOTHING.union(*(condition.reads for condition in self.conditions))

    def __str__(self) -> str:
        return "(" + " or ".join(str(condition) for condition in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class Not(Condition):
    condition: Condition

    def weigh(self, answers: Answers, open_items: AbstractSet[str] = NOTHING) -> Verdict:
        verdict = self.condition.weigh(answers, open_items)
        opposites = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}
        return opposites.get(verdict, verdict)

    @property
    def reads(self) -> frozenset[str]:
        return self.condition.reads

    def __str__(self) -> str:
        return f"not ({self.condition})"


ALWAYS = Always()
