"""What a plan says under ``theory``: proposition, source, estimand, hypothesis, and the rest."""

from collections.abc import Iterable
from typing import Any

from analysis.specification.language import LONGEST, normal_name
from analysis.specification.model import Curve, Specification
from analysis.specification.problems import Ledger, shown
from analysis.specification.theory import (
    BASES,
    THEMES,
    Claim,
    Expectation,
    Robustness,
    Shape,
    Source,
    Theory,
)

THEORY_KEYS = (
    "theme", "proposition", "source", "estimand", "hypothesis", "expects", "against", "robustness",
)  # fmt: skip
SOURCE_KEYS = ("work", "says", "basis")
SHAPES: tuple[Shape, ...] = ("inverted_u", "u_shape")
CURVE = "curve"
MOST = 40
WHERE = "theory"


def read_theory(
    value: Any, specifications: tuple[Specification, ...], curve: Curve | None, ledger: Ledger
) -> Theory | None:
    """The theory of a plan with these models; None if it has none, or after a problem."""
    if value is None:
        return None
    if not isinstance(value, dict):
        ledger.note(
            WHERE, "wrong_shape", "theory is not a mapping.", "Write  proposition: ...  and so on."
        )
        return None
    known_so_far = len(ledger.problems)
    ledger.only(WHERE, value, THEORY_KEYS)
    theory = Theory(
        theme=_one_of("theme", value.get("theme"), THEMES, ledger),
        claims=_claims(value.get("proposition"), ledger),
        sources=_sources(value.get("source"), ledger),
        estimand=_text("estimand", value.get("estimand"), ledger),
        hypothesis=_text("hypothesis", value.get("hypothesis"), ledger),
        against=_text("against", value.get("against"), ledger),
        expects=_expects(value.get("expects"), specifications, ledger),
        robustness=_robustness(value.get("robustness"), specifications, curve, ledger),
    )
    return None if len(ledger.problems) > known_so_far else theory


def _text(key: str, value: Any, ledger: Ledger, *, where: str = WHERE) -> str:
    """A text that has to be there."""
    if value is None:
        ledger.note(where, "missing_key", f"{key} is missing.", f"Add {key}.")
        return ""
    if isinstance(value, dict | list) or not str(value).strip() or len(str(value)) > LONGEST:
        ledger.note(
            where,
            "wrong_shape",
            f"{key} is {shown(value)}.",
            f"Write one text of at most {LONGEST} characters.",
        )
        return ""
    return " ".join(str(value).split())


def _one_of(
    key: str, value: Any, known: Iterable[str], ledger: Ledger, *, where: str = WHERE
) -> Any:
    words = list(known)
    if value is None:
        ledger.note(
            where, "missing_key", f"{key} is missing.", f"Choose one of {', '.join(words)}."
        )
    elif value not in words:
        ledger.note(
            where,
            "unknown_choice",
            f"{key} is {shown(value)}.",
            f"Choose one of {', '.join(words)}.",
        )
    return value


def _claims(value: Any, ledger: Ledger) -> tuple[Claim, ...]:
    if not isinstance(value, dict) or not 0 < len(value) <= MOST:
        ledger.note(
            WHERE,
            "wrong_shape",
            "proposition is not a mapping of names to words.",
            "Write  proposition: {L12: What it says.}",
        )
        return ()
    return tuple(
        Claim(str(name), _text(str(name), words, ledger, where=f"{WHERE} > proposition"))
        for name, words in value.items()
    )


def _sources(value: Any, ledger: Ledger) -> tuple[Source, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST:
        ledger.note(
            WHERE,
            "wrong_shape",
            "source is not a list.",
            "Write  source: [{work: Author (year), says: ..., basis: memory}].",
        )
        return ()
    return tuple(
        _source(f"{WHERE} > source {place}", entry, ledger) for place, entry in enumerate(value, 1)
    )


def _source(where: str, entry: Any, ledger: Ledger) -> Source:
    if isinstance(entry, str):
        return Source(_text("work", entry, ledger, where=where))
    if not isinstance(entry, dict):
        ledger.note(
            where, "wrong_shape", f"{shown(entry)} is no source.", "Write  {work: Author (year)}."
        )
        return Source("")
    ledger.only(where, entry, SOURCE_KEYS)
    work = _text("work", entry.get("work"), ledger, where=where)
    if entry.get("says") is None:
        return Source(work)
    return Source(
        work,
        _text("says", entry["says"], ledger, where=where).rstrip("."),
        _one_of("basis", entry.get("basis"), BASES, ledger, where=where),
    )


def _expects(
    value: Any, specifications: tuple[Specification, ...], ledger: Ledger
) -> tuple[Expectation, ...]:
    """What is expected, each of it a test that at least one model carries out."""
    where = f"{WHERE} > expects"
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST:
        ledger.note(
            where, "wrong_shape", "expects is not a list.", "Write  expects: [a > b, a > 0]."
        )
        return ()
    tests = {test.about[0] for each in specifications for test in each.tests}
    found = [each for entry in value if (each := _expectation(where, entry, ledger)) is not None]
    for each in found:
        if each.about not in tests:
            ledger.note(
                where,
                "untested_expectation",
                f"No model of the plan tests {each.about}.",
                "Write it, word for word, among the tests of a model.",
            )
    return tuple(found)


def _expectation(where: str, entry: Any, ledger: Ledger) -> Expectation | None:
    if isinstance(entry, str) and ("<" in entry or ">" in entry):
        return Expectation("direction", entry.strip())
    if isinstance(entry, dict) and len(entry) == 1:
        ((shape, about),) = entry.items()
        if shape in SHAPES and isinstance(about, str):
            return Expectation(shape, normal_name(about))
    ledger.note(
        where,
        "undirected_expectation",
        f"{shown(entry)} does not say in which direction.",
        "Write  a > b,  a < 0,  {inverted_u: a}  or  {u_shape: a}.",
    )
    return None


def _robustness(
    value: Any, specifications: tuple[Specification, ...], curve: Curve | None, ledger: Ledger
) -> tuple[Robustness, ...]:
    """Models that the finding has to survive; each is one of the plan, or its curve."""
    where = f"{WHERE} > robustness"
    if value is None:
        return ()
    if not isinstance(value, dict) or len(value) > MOST:
        ledger.note(
            where,
            "wrong_shape",
            "robustness is not a mapping of models to words.",
            "Write  robustness: {Unweighted: Whether the weights decide it.}",
        )
        return ()
    known = [each.name for each in specifications] + [CURVE] * (curve is not None)
    for name in value:
        if str(name) not in known:
            ledger.note(
                where,
                "unknown_model",
                f"The plan has no model {shown(name)}.",
                f"Name one of its models{', or curve' if curve else ''}.",
            )
    return tuple(
        Robustness(str(name), _text(str(name), why, ledger, where=where))
        for name, why in value.items()
    )
