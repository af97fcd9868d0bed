"""What a plan says of its specification curve, its bootstrap and its permutations."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from analysis.estimation.registry import ESTIMATORS
from analysis.refusals import Refusal
from analysis.specification.definitions import NOT_AN_EXPRESSION, is_expression_text
from analysis.specification.expressions import Expression, parse_expression
from analysis.specification.formula import Formula, parse_formula
from analysis.specification.language import did_you_mean, normal_name
from analysis.specification.model import (
    MOST_PERMUTED,
    MOST_SPECIFICATIONS,
    Bootstrap,
    Curve,
    DesignChoice,
    Effect,
    Permutation,
)
from analysis.specification.plan_parts import LARGEST_SEED, MOST_REPLICATES, note_covariance, whole
from analysis.specification.problems import Ledger, shown

CURVE_KEYS = (
    "outcomes", "measures", "controls", "optional", "subpopulations", "estimators", "weights",
    "covariance", "design", "effect", "permutations", "seed",
)  # fmt: skip
BOOTSTRAP_KEYS = ("replicates", "seed")
PERMUTATION_KEYS = ("of", "replicates", "seed")
EFFECTS = get_args(Effect)
FEWEST_REPLICATES = 20
WHERE = "curve"

Read = TypeVar("Read")


def read_curve(
    value: Any, *, covariance: Any, design: DesignChoice, estimator: str, ledger: Ledger
) -> Curve | None:
    """The curve that the plan asks for, or None; `covariance` and the others if it names none."""
    if value is None:
        return None
    if not isinstance(value, dict):
        ledger.note(WHERE, "wrong_shape", "curve is not a mapping.", "Write  choice: list  lines.")
        return None
    ledger.only(WHERE, value, CURVE_KEYS)
    reader = _Choices(value, ledger)
    curve = Curve(
        outcomes=reader.listed("outcomes", _name, needed=True),
        measures=reader.listed("measures", reader.formula, needed=True),
        controls=reader.named("controls", reader.formula) or (("none", Formula(())),),
        optional=reader.listed("optional", reader.formula),
        subpopulations=reader.named("subpopulations", reader.expression) or (("all", None),),
        estimators=reader.among("estimators", tuple(ESTIMATORS)) or (estimator,),
        weights=tuple(each == "design" for each in reader.among("weights", ("design", "none")))
        or (design.weights,),
        covariance=covariance,
        design=design,
        effect=reader.effect(),
        permutations=whole(WHERE, "permutations", value, (0, 0, MOST_REPLICATES), ledger),
        seed=whole(WHERE, "seed", value, (1, 1, LARGEST_SEED), ledger),
    )
    _note_size(curve, ledger)
    _note_estimators(curve, ledger)
    return curve


def _note_size(curve: Curve, ledger: Ledger) -> None:
    if curve.count > MOST_SPECIFICATIONS:
        ledger.note(
            WHERE,
            "too_many_specifications",
            f"The choices make {curve.count:,} models.",
            f"A curve holds at most {MOST_SPECIFICATIONS:,}: leave choices out.",
        )
    elif curve.count * curve.permutations > MOST_PERMUTED:
        ledger.note(
            WHERE,
            "too_many_permutations",
            f"{curve.permutations:,} permutations of {curve.count:,} models are "
            f"{curve.count * curve.permutations:,} estimations.",
            f"Ask for at most {MOST_PERMUTED:,}: fewer permutations or fewer choices.",
        )


def _note_estimators(curve: Curve, ledger: Ledger) -> None:
    for name in curve.estimators:
        if any(role.is_needed for role in ESTIMATORS[name].roles):
            ledger.note(
                WHERE,
                "missing_role",
                f"{name} needs more than outcome and formula, which a curve does not give.",
                "Choose an estimator without needed roles.",
            )
            continue
        note_covariance(WHERE, name, curve.covariance, curve.design, ledger)


class _Choices:
    """Reads the lists and mappings of a curve; notes problems and goes on."""

    def __init__(self, value: Mapping[str, Any], ledger: Ledger) -> None:
        self.value = value
        self.ledger = ledger

    def listed(
        self, key: str, read: Callable[[str, Any], Read | None], *, needed: bool = False
    ) -> tuple[Read, ...]:
        """What the list under the key says, each once."""
        entries = self.value.get(key)
        if entries is None and needed:
            self.ledger.note(WHERE, "missing_key", f"{key} is missing.", f"Add {key}: [a, b].")
        if entries is None:
            return ()
        if not isinstance(entries, list) or not entries:
            self.ledger.note(WHERE, "wrong_shape", f"{key} is not a list.", "Write [a, b].")
            return ()
        found = [read(f"{WHERE} > {key}", entry) for entry in entries]
        if None in found and read is _name:
            self.ledger.note(WHERE, "wrong_shape", f"{key} holds no names.", "Write [a, b].")
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def named(
        self, key: str, read: Callable[[str, Any], Read | None]
    ) -> tuple[tuple[str, Any], ...]:
        """Names and what stands under them."""
        entries = self.value.get(key)
        if entries is None:
            return ()
        if not isinstance(entries, dict) or not entries:
            self.ledger.note(
                WHERE, "wrong_shape", f"{key} is not a mapping.", "Write  name: choice  lines."
            )
            return ()
        return tuple(
            (str(name), read(f"{WHERE} > {key} > {name}", entry)) for name, entry in entries.items()
        )

    def among(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        found = self.listed(key, _name)
        for each in found:
            if each not in known:
                self.ledger.note(
                    WHERE,
                    "unknown_choice",
                    f"{key} names {shown(each)}.",
                    did_you_mean(each, known) or f"Choose among {', '.join(known)}.",
                )
        return tuple(each for each in found if each in known)

    def effect(self) -> Any:
        effect = self.value.get("effect", EFFECTS[0])
        if effect in EFFECTS:
            return effect
        self.ledger.note(
            WHERE, "unknown_choice", f"effect is {shown(effect)}.", f"Write {' or '.join(EFFECTS)}."
        )
        return EFFECTS[0]

    def formula(self, where: str, entry: Any) -> Formula:
        """The formula; an empty one, with a note, for what is none."""
        text = "" if isinstance(entry, bool | dict | list) or entry is None else str(entry)
        try:
            formula = parse_formula(text)
        except Refusal as refusal:
            self.ledger.keep(where, refusal)
            return Formula(())
        if where.endswith("measures") and not formula.terms:
            self.ledger.note(
                where, "wrong_shape", "A measure has no term.", "Write the name of a variable."
            )
        return formula

    def expression(self, where: str, entry: Any) -> Expression | None:
        if entry is None or entry == "none":
            return None
        if not is_expression_text(entry):
            self.ledger.note(
                where, "wrong_shape", "The subpopulation is not an expression.", NOT_AN_EXPRESSION
            )
            return None
        try:
            return parse_expression(str(entry), what="The subpopulation")
        except Refusal as refusal:
            self.ledger.keep(where, refusal)
            return None


def _name(_where: str, entry: Any) -> str | None:
    return normal_name(entry) if isinstance(entry, str) and entry.strip() else None


def read_bootstrap(where: str, value: Any, ledger: Ledger) -> Bootstrap | None:
    """``bootstrap: {replicates: 1000, seed: 1}``, or a number of replicates by itself."""
    found = _mapping(where, "bootstrap", value, BOOTSTRAP_KEYS, ledger)
    if found is None:
        return None
    where = f"{where} > bootstrap"
    return Bootstrap(
        whole(where, "replicates", found, (FEWEST_REPLICATES, 1000, MOST_REPLICATES), ledger),
        whole(where, "seed", found, (1, 1, LARGEST_SEED), ledger),
    )


def read_permutation(where: str, value: Any, ledger: Ledger) -> Permutation | None:
    """``permutation: {of: term, replicates: 999, seed: 1}``."""
    found = _mapping(where, "permutation", value, PERMUTATION_KEYS, ledger)
    if found is None:
        return None
    where = f"{where} > permutation"
    of = found.get("of")
    if not isinstance(of, str) or not of.strip():
        ledger.note(
            where, "missing_key", "of is missing.", "Write the term that is tested:  of: a."
        )
        of = ""
    return Permutation(
        normal_name(of) if of else "",
        whole(where, "replicates", found, (FEWEST_REPLICATES, 999, MOST_REPLICATES), ledger),
        whole(where, "seed", found, (1, 1, LARGEST_SEED), ledger),
    )


def _mapping(
    where: str, key: str, value: Any, known: tuple[str, ...], ledger: Ledger
) -> dict[str, Any] | None:
    if value is None or value == "none":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and key == "bootstrap":
        return {"replicates": value}
    if not isinstance(value, dict):
        ledger.note(
            where, "wrong_shape", f"{key} is not a mapping.", f"Write  {key}: {{replicates: 999}}."
        )
        return None
    ledger.only(f"{where} > {key}", value, known)
    return value
