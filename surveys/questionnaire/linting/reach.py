"""Pages and items that no answers can lead to: only what is certain is told.

Conditions are read as facts about single items: which codes, which numbers, whether there
is an answer. Facts that exclude each other make a condition that never holds. What is not
understood (arithmetic, functions, last wave's answers) gives no facts and proves nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from surveys.questionnaire.conditions import (
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    is_number,
)
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Year,
)
from surveys.questionnaire.problems import About, Problem

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_YES, _NO = frozenset({"yes"}), frozenset({"no"})


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two bounds; with `above` or `below` the bound itself is outside."""

    low: float = -inf
    high: float = inf
    above: bool = False
    below: bool = False

    def __bool__(self) -> bool:
        strict = self.above or self.below
        return self.low < self.high if strict else self.low <= self.high

    def __and__(self, other: "Range") -> "Range":
        low, above = max((self.low, self.above), (other.low, other.above))
        high, not_below = min((self.high, not self.below), (other.high, not other.below))
        return Range(low, high, above, not not_below)

    def __or__(self, other: "Range") -> "Range":
        low, above = min((self.low, self.above), (other.low, other.above))
        high, not_below = max((self.high, not self.below), (other.high, not other.below))
        return Range(low, high, above, not not_below)


Fact = frozenset[str] | Range
Facts = dict[tuple[str, str], Fact]  # by item and aspect: codes, range, answered, has CODE


def unreachable(instrument: Instrument) -> Iterator[Problem]:
    """Pages whose condition never holds, and items of other pages whose condition never does."""
    reader = _Reader({})
    for page in instrument.pages:
        on_page = reader.facts(page.universe)
        if on_page is None:
            yield _never(f"page {page.name}", page.universe)
        for item in page.items:
            asked = _meet(on_page, reader.facts(item.universe))
            if asked is None and on_page is not None:
                yield _never(f"item {item.name}", item.universe)
            reader.known[item.name] = (item, asked)


def _never(where: str, universe: Condition) -> Problem:
    return Problem(
        "unreachable",
        where,
        f"The condition “{str(universe)[:200]}” can never hold.",
        "Correct the condition, or take out what no firm is asked.",
        About("", "when", (str(universe)[:200],)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads conditions as facts. `known` holds the items so far with the facts of their firms.

    Facts of None are those of a condition that never holds.
    """

    known: dict[str, tuple[Item, Facts | None]]

    def facts(self, condition: Condition, *, says: bool = True) -> Facts | None:
        """What is certain where the condition is YES; with `says` false, where it is NO."""
        match condition:
            case Not():
                return self.facts(condition.condition, says=not says)
            case AllOf() | AnyOf():
                parts = [self.facts(each, says=says) for each in condition.conditions]
                return _all(parts) if isinstance(condition, AllOf) == says else _any(parts)
            case Answered():
                return self._answered(condition.reference, says=says)
            case Chose():
                return self._chose(condition, says=says)
            case Compares():
                return self._compares(condition, says=says)
            case _:
                return {}

    def _answered(self, reference: str, *, says: bool) -> Facts | None:
        if reference not in self.known:
            return {}
        if not says:
            return {(reference, "answered"): _NO}
        return _meet({(reference, "answered"): _YES}, self.known[reference][1])

    def _chose(self, condition: Chose, *, says: bool) -> Facts | None:
        reference = condition.reference
        item = self.known.get(reference, (None, None))[0]
        if isinstance(item, SingleChoice):
            return self._one_of(reference, item, frozenset(condition.codes), says=says)
        if not isinstance(item, MultipleChoice):
            return {}
        about: Facts = {}
        if not says:
            about = {(reference, f"has {code}"): _NO for code in condition.codes}
        elif len(condition.codes) == 1:
            about = {(reference, f"has {condition.codes[0]}"): _YES}
        return _meet(about, self._answered(reference, says=True))

    def _one_of(
        self, reference: str, item: SingleChoice, codes: frozenset[str], *, says: bool
    ) -> Facts | None:
        every = frozenset(code.value for code in item.codes)
        allowed = every & codes if says else every - codes
        return _meet({(reference, "codes"): allowed}, self._answered(reference, says=True))

    def _compares(self, condition: Compares, *, says: bool) -> Facts | None:
        left, comparator, right = condition.left, condition.comparator, condition.right
        sign = comparator if says else _OPPOSITE[comparator]
        if isinstance(left, Literally):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        if not (isinstance(left, AnswerTo) and isinstance(right, Literally)):
            return {}
        item = self.known.get(left.reference, (None, None))[0]
        if isinstance(item, SingleChoice) and sign in ("=", "!="):
            codes = frozenset({str(right.literal)})
            return self._one_of(left.reference, item, codes, says=sign == "=")
        if isinstance(item, Number | Share | Year | Money) and is_number(right.literal):
            about: Facts = {(left.reference, "range"): _range(sign, float(right.literal))}
            return _meet(about, self._answered(left.reference, says=True))
        return {}


def _range(sign: str, number: float) -> Range:
    match sign:
        case "=":
            return Range(number, number)
        case "<" | "<=":
            return Range(high=number, below=sign == "<")
        case ">" | ">=":
            return Range(low=number, above=sign == ">")
        case _:
            return Range()


def _all(parts: list[Facts | None]) -> Facts | None:
    together: Facts | None = {}
    for part in parts:
        together = _meet(together, part)
    return together


def _any(parts: list[Facts | None]) -> Facts | None:
    """What is certain whichever of the parts holds."""
    possible = [part for part in parts if part is not None]
    if not possible:
        return None
    shared = possible[0]
    for part in possible[1:]:
        shared = {key: _either(fact, part[key]) for key, fact in shared.items() if key in part}
    return shared


def _meet(one: Facts | None, other: Facts | None) -> Facts | None:
    """Both at once; None where that cannot be."""
    if one is None or other is None:
        return None
    met = dict(one)
    for key, fact in other.items():
        met[key] = _both(met[key], fact) if key in met else fact
    return None if any(not fact for fact in met.values()) else met


def _both(one: Fact, other: Fact) -> Fact:
    if isinstance(one, Range) and isinstance(other, Range):
        return one & other
    return _words(one) & _words(other)


def _either(one: Fact, other: Fact) -> Fact:
    if isinstance(one, Range) and isinstance(other, Range):
        return one | other
    return _words(one) | _words(other)


def _words(fact: Fact) -> frozenset[str]:
    """Facts of one key are of one sort, so that this is never a range."""
    return fact if isinstance(fact, frozenset) else frozenset()
