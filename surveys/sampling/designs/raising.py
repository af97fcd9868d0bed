"""How large a sample must be for its own draw to meet the targets.

Allocations are worked out as if firms were drawn with equal chances within strata. Drawn in
proportion to size, or by group, the same numbers can be less precise. Here the allocation is
made anew until the draw itself meets every target.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surveys.sampling.designs.design import Allocation, Design
from surveys.sampling.designs.precision import Question, cvs, is_simple, questions_of
from surveys.sampling.designs.sizing import Narrowed, Sized, bounds_of, by_stratum, sized
from surveys.sampling.designs.stratifying import Stratified
from surveys.sampling.refusals import PrecisionRefused, SamplingRefused

CLOSE = 1e-3
"""Of a budget, within which the smallest one is found."""
MOST_ROUNDS = 20
GROWTH = 1.5
NARROWEST = 1e-6
"""Of a target, beyond which it is not narrowed: the draw then misses it for another reason."""
HALVINGS = 8


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that is missed: coefficients of variation wanted and had, shares of 1."""

    variable: str
    domain: str
    wanted: float
    cv: float

    @property
    def is_finite(self) -> bool:
        return self.cv < float("inf")

    @property
    def times(self) -> float:
        """How many times as wide as it may be; infinite if there is no estimate."""
        return self.cv / self.wanted if self.is_finite else float("inf")

    def document(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "variable": self.variable,
            "domain": self.domain,
            "wanted": self.wanted,
            "cv": self.cv if self.is_finite else None,
        }


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Targets that a draw misses, and what would meet them.

    Attributes
    ----------
    missed : of the plan as it is
    change : keys of the plan's allocation with the values that would do; empty if none would
    drawn : firms, or groups, that would be drawn; None if none would do
    possible : what is missed even with all that may be drawn
    """

    missed: tuple[Missed, ...]
    change: dict[str, Any]
    drawn: int | None
    possible: tuple[Missed, ...] = ()

    def document(self) -> dict[str, Any]:
        """As plain data, to be kept with the preview; infinite values are None."""
        return {
            "missed": [each.document() for each in self.missed],
            "change": self.change,
            "drawn": self.drawn,
            "possible": [each.document() for each in self.possible],
        }


def sized_for_draw(design: Design, on: Stratified) -> Sized:
    """The plan's allocation; Bethel's, if the plan says so, made for the draw itself.

    Bethel's targets are narrowed by as much as the draw misses them, until it meets them all, and
    then widened together as far as it still does. Those that the draw meets more easily than one
    with equal chances are not widened. Raises SamplingRefused.
    """
    size = sized(design, on)
    if not design.allocation.for_draw or is_simple(design):
        return size
    attempts = _Attempts(design, on, questions_of(design.targets, on))
    missed = attempts.missed_by(size)
    if not missed:
        return size
    _refuse_empty(missed)
    return attempts.narrowest_that_does(missed)


def _refuse_empty(missed: Sequence[Missed]) -> None:
    """A stratum of which nobody is drawn: there no narrower target helps."""
    without = [each for each in missed if not each.is_finite]
    if without:
        raise PrecisionRefused(
            "Bethel’s allocation draws nobody of a stratum whose firms hardly differ, so that "
            f"this draw has no estimate of {without[0].variable} in {without[0].domain}. Draw at "
            "least 1 of every stratum (allocation.minimum), or draw with equal chances.",
            possible={},
            needed=None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Attempts:
    """Bethel's allocations for targets that are narrowed more or less."""

    design: Design
    on: Stratified
    questions: Sequence[Question]

    def missed_by(self, size: Sized) -> tuple[Missed, ...]:
        return _missed(self.questions, self.design, self.on, size)

    def narrowest_that_does(self, missed: tuple[Missed, ...]) -> Sized:
        """Narrowed in growing steps until every target is met, then halved towards the last miss.

        Too narrow a target is out of Bethel's reach: then the halving looks for one that is not.
        """
        low: Narrowed = {}
        speed = 1.0
        best: Sized | None = None
        refused: PrecisionRefused | None = None
        for _ in range(MOST_ROUNDS):
            high = _narrower(low, missed, speed)
            try:
                best, missed = self._tried(high)
            except PrecisionRefused as refusal:
                refused = refusal
                break
            if best is not None:
                break
            low, speed = high, speed * GROWTH
        for _ in range(HALVINGS):
            middle = _between(low, high)
            try:
                found, missed = self._tried(middle)
            except PrecisionRefused as refusal:
                high, refused = middle, refusal
                continue
            if found is None:
                low = middle
            else:
                best, high = found, middle
        if best is None:
            raise _out_of_reach(refused)
        return best

    def _tried(self, narrowed: Narrowed) -> tuple[Sized | None, tuple[Missed, ...]]:
        """The allocation if it does, and what it misses."""
        size = sized(self.design, self.on, narrowed)
        missed = self.missed_by(size)
        return (None if missed else size), missed


def _narrower(narrowed: Narrowed, missed: Sequence[Missed], speed: float) -> Narrowed:
    parts = {(each.variable, each.domain): each.times**-speed for each in missed}
    return narrowed | {
        name: max(narrowed.get(name, 1.0) * part, NARROWEST) for name, part in parts.items()
    }


def _between(low: Narrowed, high: Narrowed) -> Narrowed:
    """Half way of the narrowing, in factors."""
    return {name: (low.get(name, 1.0) * factor) ** 0.5 for name, factor in high.items()}


def _out_of_reach(refused: PrecisionRefused | None) -> PrecisionRefused:
    """The refusal of targets that this draw does not meet, with what Bethel said of narrower."""
    return PrecisionRefused(
        "The draw of this plan is less precise than one with equal chances, so its allocation was "
        "made for narrower targets, and no sample was found with which it meets every one. Draw "
        "with equal chances, widen the targets, or draw more of the strata. "
        f"{refused or ''}".strip(),
        possible=refused.possible if refused else {},
        needed=refused.needed if refused else None,
    )


def shortfall(design: Design, on: Stratified, size: Sized) -> Shortfall | None:
    """Targets that the draw misses with what would meet them; None where it meets all."""
    questions = questions_of(design.targets, on)
    missed = _missed(questions, design, on, size)
    if not missed:
        return None
    if design.allocation.method == "bethel":
        return _for_bethel(design, on, missed)
    find = _budget if design.allocation.method == "optimal" else _total
    return find(design, on, questions, missed)


def _missed(
    questions: Sequence[Question], design: Design, on: Stratified, size: Sized
) -> tuple[Missed, ...]:
    found = cvs(questions, design, on, size)
    return tuple(
        Missed(*each.named, each.wanted or 0.0, float(cv))
        for each, cv in zip(questions, found, strict=True)
        if each.is_missed(cv)
    )


def _for_bethel(design: Design, on: Stratified, missed: tuple[Missed, ...]) -> Shortfall:
    change: dict[str, Any] = {"for_draw": True}
    if not all(each.is_finite for each in missed):
        change["minimum"] = max(Allocation().minimum, design.allocation.minimum)
    asked = replace(design, allocation=replace(design.allocation, **change, most=None))
    try:
        found = sized_for_draw(asked, on)
    except SamplingRefused:
        return Shortfall(missed, {}, None, missed)
    drawn = found.allocation.total
    if design.allocation.most is not None and drawn > design.allocation.most:
        change["most"] = drawn
    return Shortfall(missed, change, drawn)


def _total(
    design: Design,
    on: Stratified,
    questions: Sequence[Question],
    missed: tuple[Missed, ...],
) -> Shortfall:
    """The smallest total that does, to the unit: the precision rises with it."""

    def made(total: int) -> Sized:
        return sized(replace(design, allocation=replace(design.allocation, total=total)), on)

    def is_enough(total: int) -> bool:
        return not _missed(questions, design, on, made(total))

    most = int(bounds_of(design, on).upper.sum())
    left = _missed(questions, design, on, made(most))
    if left:
        return Shortfall(missed, {}, None, left)
    total = _smallest(is_enough, design.allocation.total or 0, most)
    return Shortfall(missed, {"total": total}, total)


def _smallest(is_enough: Callable[[int], bool], low: int, high: int) -> int:
    """Of whole numbers above `low` and up to `high`, which is enough, the smallest that is."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _budget(
    design: Design,
    on: Stratified,
    questions: Sequence[Question],
    missed: tuple[Missed, ...],
) -> Shortfall:
    """The smallest budget that does, to a thousandth of it."""

    def made(budget: float) -> Sized:
        return sized(replace(design, allocation=replace(design.allocation, budget=budget)), on)

    price = by_stratum(design.allocation.cost, on, use="Cost of a firm")
    low = design.allocation.budget or 0.0
    high = float(price @ bounds_of(design, on).upper)
    left = _missed(questions, design, on, made(high))
    if left:
        return Shortfall(missed, {}, None, left)
    while high - low > CLOSE * high:
        middle = (low + high) / 2
        if _missed(questions, design, on, made(middle)):
            low = middle
        else:
            high = middle
    return Shortfall(missed, {"budget": high}, made(high).allocation.total)
