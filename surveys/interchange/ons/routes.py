"""Gotos to universes: under which condition each block of a section is reached.

The blocks of a section are walked in their order. A goto leads forward only, so that all ways
to a block are known when it is reached; what they say together is one truth function.
"""

from dataclasses import dataclass, field

from surveys.interchange.ons.known import Scope
from surveys.interchange.ons.logic import FALSE, TRUE
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.rules import function_of
from surveys.interchange.ons.writing import TooLong, condition_text


@dataclass(frozen=True, slots=True)
class Stop:
    """A block, and the condition under which its group is skipped."""

    block: Part
    name: str
    group_skips: Part | None


@dataclass(slots=True)
class Routes:
    """The ways through one section, worked out block by block."""

    stops: list[Stop]
    scope: Scope
    reached: list[int] = field(default_factory=list)
    _shown: int = FALSE

    def __post_init__(self) -> None:
        self.reached = [FALSE] * (len(self.stops) + 1)
        self.reached[0] = TRUE

    def enter(self, place: int) -> int:
        """The function under which the block is shown."""
        logic, stop = self.scope.logic, self.stops[place]
        skipped = self._skipped(stop.group_skips, stop.block)
        skipped = logic.either(skipped, self._skipped(_skips(stop.block), stop.block))
        reached = self.reached[place]
        self._shown = logic.both(reached, logic.negation(skipped))
        self._lead(place + 1, logic.both(reached, skipped))
        return self._shown

    def leave(self, place: int) -> None:
        """Follow the rules of the block, which may read its own answers."""
        block, logic = self.stops[place].block, self.scope.logic
        rules = block.parts("routing_rules")
        if not rules:
            self._lead(place + 1, self._shown)
            return
        left = self._shown
        for rule in rules:
            holds = function_of(rule.get("when"), rule.where, self.scope)
            target = self._target(rule, place, always=holds == TRUE)
            if target is not None:
                self._lead(target, logic.both(left, holds))
            left = logic.both(left, logic.negation(holds))
        if left != FALSE:
            block.kept("rules of which none may hold", "the section ends there, as in eq")

    def _skipped(self, skips: Part | None, block: Part) -> int:
        if skips is None:
            return FALSE
        when = skips.get("when")
        if when is None:
            block.problem("missing_part", "skip_conditions has no when.", "Add it.")
            return FALSE
        return function_of(when, skips.where, self.scope)

    def _lead(self, place: int, function: int) -> None:
        self.reached[place] = self.scope.logic.either(self.reached[place], function)

    def _target(self, rule: Part, place: int, *, always: bool) -> int | None:
        """The place the rule leads to; None at the end of the section."""
        if rule.get("section") is not None:
            return None
        if rule.has("goto"):
            rule.kept("a rule of an older form", "the section ends there")
            return None
        name = rule.word("block", needed=True)
        places = [at for at, stop in enumerate(self.stops) if stop.name == name]
        if not places:
            if name:
                rule.problem(
                    "unknown_target",
                    f"The rule leads to {name[:80]!r}, which is no block of the section.",
                    "Name a block of the same section.",
                )
            return None
        if places[0] <= place:
            self._note_going_back(rule, name, always)
            return None
        return places[0]

    @staticmethod
    def _note_going_back(rule: Part, name: str, always: bool) -> None:
        if always:
            rule.problem(
                "going_back",
                f"The rule always leads back to {name[:80]!r}.",
                "Let it lead forward, or give it a condition.",
            )
        else:
            rule.kept("a rule that leads back", "the section ends there; the firm can go back")


def _skips(block: Part) -> Part | None:
    if isinstance(block.data.get("skip_conditions"), list):
        block.get("skip_conditions")
        block.kept("skip conditions of an older form", "asked of all firms")
        return None
    return block.part("skip_conditions")


def when_text(function: int, where: str, scope: Scope) -> str | None:
    """The condition as a text; None if it never holds. What is too long is listed."""
    try:
        return condition_text(function, scope.logic)
    except TooLong:
        scope.notes.kept("a condition beyond 2,000 characters or 200 words", where, "always")
        return ""
    except ValueError:
        return None
