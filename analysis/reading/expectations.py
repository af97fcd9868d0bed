"""Whether what a plan expected came out, by fixed rules on the tests of estimates.json."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.specification.theory import BASES, THEMES, Theory

Outcome = Literal["borne_out", "against", "undecided", "untold"]
LEVEL = 0.05
OUTCOMES: dict[Outcome, str] = {
    "borne_out": "borne out",
    "against": "the other way round",
    "undecided": "undecided",
    "untold": "not told",
}
_SHAPES = {"inverted_u": "rises, then falls with", "u_shape": "falls, then rises with"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one model says to an expectation, and the test that says it."""

    model: str
    outcome: Outcome
    sentence: str

    @property
    def words(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class Expected:
    """An expectation with the verdicts of all models that test it, in the table's order."""

    about: str
    verdicts: tuple[Verdict, ...] = ()

    @property
    def words(self) -> str:
        """How many models bear it out, in one sentence; empty before a run."""
        if not self.verdicts:
            return ""
        count = len(self.verdicts)
        borne = sum(each.outcome == "borne_out" for each in self.verdicts)
        against = sum(each.outcome == "against" for each in self.verdicts)
        told = f"Borne out in {borne} of {count} model{'s' * (count > 1)} that test it"
        return f"{told}, the other way round in {against}." if against else f"{told}."


@dataclass(frozen=True, slots=True)
class Told:
    """A plan's theory as pages and commands tell it."""

    theme: str
    claims: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    estimand: str
    hypothesis: str
    against: str
    expected: tuple[Expected, ...]
    robustness: tuple[tuple[str, str], ...]


def told_theory(theory: Theory | Mapping[str, Any], document: Mapping[str, Any] | None) -> Told:
    """The theory in words; with estimates.json, what its models say to it."""
    data = theory.document() if isinstance(theory, Theory) else theory
    return Told(
        theme=THEMES[data["theme"]],
        claims=tuple(data["proposition"].items()),
        sources=tuple(_source(each) for each in data["source"]),
        estimand=data["estimand"],
        hypothesis=data["hypothesis"],
        against=data["against"],
        expected=tuple(
            Expected(_words(each), tuple(_verdicts(each, document or {})))
            for each in data["expects"]
        ),
        robustness=tuple(data["robustness"].items()),
    )


def theory_told_by(document: Mapping[str, Any]) -> Told | None:
    """The theory in a run's estimates.json beside its verdicts; None if the plan has none."""
    theory = document["plan"].get("theory")
    return None if theory is None else told_theory(theory, document)


def _source(source: Mapping[str, Any]) -> str:
    if not source["says"]:
        return f"{source['work']}."
    return f"{source['work']}: {source['says']} ({BASES[source['basis']]})."


def _words(expected: Mapping[str, Any]) -> str:
    shape = _SHAPES.get(expected["shape"])
    return f"{shape} {expected['about']}" if shape else str(expected["about"])


def _verdicts(expected: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Verdict]:
    is_direction = expected["shape"] == "direction"
    asked = expected["about"] if is_direction else f"u_shape: {expected['about']}"
    for model in document.get("models", ()):
        for test in model["tests"]:
            if test["asked"] == asked:
                outcome = _directed(test) if is_direction else _shaped(expected, test, model)
                yield Verdict(model["name"], outcome, test["sentence"])


def _directed(test: Mapping[str, Any]) -> Outcome:
    """By the one-sided p-value: below LEVEL, or above 1 less LEVEL, or neither."""
    if test["p_value"] is None:
        return "untold"
    if test["p_value"] < LEVEL:
        return "borne_out"
    return "against" if test["p_value"] > 1 - LEVEL else "undecided"


def _shaped(
    expected: Mapping[str, Any], test: Mapping[str, Any], model: Mapping[str, Any]
) -> Outcome:
    """By the test of Lind & Mehlum, and by the sign of the square which way it turns."""
    square = next((t for t in model["terms"] if t["term"] == f"{expected['about']}^2"), None)
    if test["p_value"] is None or square is None or square["estimate"] is None:
        return "untold"
    if test["p_value"] >= LEVEL:
        return "undecided"
    is_inverted = square["estimate"] < 0
    return "borne_out" if is_inverted == (expected["shape"] == "inverted_u") else "against"
