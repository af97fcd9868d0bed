"""What a plan's model gives its estimator besides a formula, and the tests it asks for."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from analysis.estimation.estimator import SHARED_ROLES
from analysis.estimation.parts import Role
from analysis.estimation.registry import ESTIMATORS
from analysis.refusals import Refusal
from analysis.specification.formula import Formula, parse_formula
from analysis.specification.language import LONGEST, did_you_mean, normal_name
from analysis.specification.model import Asked, DesignChoice, Given
from analysis.specification.problems import Ledger, shown

DESIGN_PARTS = ("weights", "strata", "clusters", "population")
_CHOICES = dict.fromkeys(DESIGN_PARTS, ("design", "none")) | {
    "weights": ("design", "none", "longitudinal")
}
DESIGN_KEYS = (*DESIGN_PARTS, "lonely", "replicates", "count", "seed")
LONELY = ("refuse", "certainty", "adjust", "average")
REPLICATES = ("none", "published", "jackknife", "JK1", "JKn", "BRR", "Fay", "Rao-Wu", "bootstrap")
MOST_REPLICATES = 10_000
LARGEST_NUMBER = 1e100
LARGEST_SEED = 2**31 - 1
MOST_TESTS = 40
TEST_KINDS = ("hypothesis", "u_shape")


def read_given(where: str, estimator: str, value: Any, ledger: Ledger) -> tuple[Given, ...]:
    """The values of ``with``, checked against the roles of the estimator."""
    value = {} if value is None else value
    if not isinstance(value, dict):
        ledger.note(where, "wrong_shape", "with is not a mapping.", "Write  role: value  lines.")
        return ()
    roles = {role.name: role for role in (*ESTIMATORS[estimator].roles, *SHARED_ROLES)}
    _note_missing(where, estimator, value, ledger)
    found = []
    for name, entry in value.items():
        if name not in roles:
            ledger.note(
                f"{where} > with",
                "unknown_role",
                f"{estimator} does not read {shown(name)}.",
                did_you_mean(str(name), roles) or f"It reads {', '.join(roles)}.",
            )
            continue
        read = _value(f"{where} > with > {name}", roles[name], entry, ledger)
        if read is not None:
            found.append(Given(name, read))
    return tuple(found)


def _note_missing(where: str, estimator: str, value: Mapping[str, Any], ledger: Ledger) -> None:
    for role in ESTIMATORS[estimator].roles:
        if role.is_needed and role.name not in value:
            ledger.note(
                f"{where} > with",
                "missing_role",
                f"{estimator} needs {role.name}: {role.about}.",
                f"Write  with: {{{role.name}: ...}}.",
            )


def _value(where: str, role: Role, entry: Any, ledger: Ledger) -> Formula | str | float | None:
    if role.kind == "number":
        return _number(where, entry, ledger)
    text = _words(entry) if role.kind == "word" else _name(entry)
    if not text:
        what, remedy = (
            ("a text", "Write it as one text, several names apart by commas.")
            if role.kind in ("word", "matrix")
            else ("a name", "Write the name of one variable.")
        )
        ledger.note(where, "wrong_shape", f"{shown(entry)} is not {what}.", remedy)
        return None
    if len(text) > LONGEST:
        ledger.note(where, "too_long", f"It is longer than {LONGEST} characters.", "Shorten it.")
        return None
    if role.kind == "matrix":
        return _formula(where, text, ledger)
    return normal_name(text) if role.kind in ("outcome", "labels") else text


def _number(where: str, entry: Any, ledger: Ledger) -> float | None:
    """A number of moderate size; YAML takes 1e3 for a text."""
    if isinstance(entry, int | float | str) and not isinstance(entry, bool):
        with suppress(ValueError, OverflowError):
            number = float(entry)
            if -LARGEST_NUMBER < number < LARGEST_NUMBER:
                return number
    ledger.note(where, "wrong_shape", f"{shown(entry)} is not a number.", "Write a number.")
    return None


def _name(entry: Any) -> str:
    """A text; of a number its digits, for 1 is a formula of nothing but the intercept."""
    if isinstance(entry, bool) or not isinstance(entry, str | int):
        return ""
    return str(entry).strip()


def _words(entry: Any) -> str:
    """A word; YAML's yes and no as they were written, a list as its entries after commas."""
    if isinstance(entry, list):
        words = [_words(each) for each in entry]
        return ", ".join(words) if all(words) else ""
    if isinstance(entry, bool):
        return "yes" if entry else "no"
    if isinstance(entry, float):
        return f"{entry:g}"
    return _name(entry)


def _formula(where: str, text: str, ledger: Ledger) -> Formula | None:
    try:
        return parse_formula(text)
    except Refusal as refusal:
        ledger.keep(where, refusal)
        return None


def note_covariance(
    where: str, estimator: str, covariance: str, design: DesignChoice, ledger: Ledger
) -> None:
    """What keeps the estimator from having these standard errors, whatever the data."""
    defined = ESTIMATORS[estimator].covariances
    if covariance not in defined:
        ledger.note(
            where,
            "covariance_not_defined",
            f"{covariance} standard errors are not defined for {estimator}.",
            f"Choose one of {', '.join(sorted(defined))}.",
        )
    note_replicates(where, covariance, design, ledger)


def note_replicates(where: str, covariance: str, design: DesignChoice, ledger: Ledger) -> None:
    if covariance == "replicate" and design.replicates == "none":
        ledger.note(
            where,
            "no_replicates",
            "Standard errors from replicates need replicate weights, and the design has none.",
            "Name a method of making them, such as  design: {replicates: JKn}.",
        )


def read_tests(where: str, value: Any, ledger: Ledger) -> tuple[Asked, ...]:
    """The list of ``tests``: hypotheses in words, or ``u_shape: variable``."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_TESTS:
        ledger.note(
            where,
            "wrong_shape",
            f"tests is not a list of at most {MOST_TESTS}.",
            "Write  tests: [a = b, {u_shape: c}].",
        )
        return ()
    return tuple(
        asked for entry in value if (asked := _asked(f"{where} > tests", entry, ledger)) is not None
    )


def _asked(where: str, entry: Any, ledger: Ledger) -> Asked | None:
    kind, text = "hypothesis", entry
    if isinstance(entry, dict) and list(entry) == ["u_shape"]:
        kind, text = "u_shape", entry["u_shape"]
    if isinstance(text, str) and text.strip() and len(text) <= LONGEST:
        return Asked(kind, (normal_name(text) if kind == "u_shape" else text.strip(),))
    ledger.note(
        where,
        "wrong_shape",
        f"{shown(entry)} is not a test.",
        "Write a hypothesis such as  a = b  or  a > b,  or  {u_shape: a}.",
    )
    return None


def read_design(where: str, value: Any, ledger: Ledger) -> DesignChoice:
    """Parts of the design that count, what is done with lonely units, and replicates."""
    if value in ("none", "design"):
        value = dict.fromkeys(DESIGN_PARTS, value)
    if not isinstance(value, dict):
        ledger.note(
            where, "wrong_shape", "design is not a mapping.", "Write  design: none  or its parts."
        )
        return DesignChoice()
    where = f"{where} > design"
    ledger.only(where, value, DESIGN_KEYS)
    parts = {key: _either(where, key, value, _CHOICES[key], ledger) for key in DESIGN_PARTS}
    return DesignChoice(
        **{key: choice != "none" for key, choice in parts.items()},
        longitudinal=parts["weights"] == "longitudinal",
        lonely=_either(where, "lonely", value, LONELY, ledger),
        replicates=_either(where, "replicates", value, REPLICATES, ledger),
        count=whole(where, "count", value, (2, 200, MOST_REPLICATES), ledger),
        seed=whole(where, "seed", value, (1, 1, LARGEST_SEED), ledger),
    )


def _either(
    where: str, key: str, value: Mapping[str, Any], known: tuple[str, ...], ledger: Ledger
) -> Any:
    choice = value.get(key, known[0])
    if choice in known:
        return choice
    ledger.note(
        where, "unknown_choice", f"{key} is {shown(choice)}.", f"Write {' or '.join(known)}."
    )
    return known[0]


def whole(
    where: str,
    key: str,
    value: Mapping[str, Any],
    limits: tuple[int, int, int],
    ledger: Ledger,
) -> int:
    """The number under the key; `limits` are least, what is taken if it is left out, most."""
    least, default, most = limits
    number = value.get(key, default)
    if isinstance(number, int) and not isinstance(number, bool) and least <= number <= most:
        return number
    ledger.note(
        where,
        "wrong_shape",
        f"{key} is {shown(number)}.",
        f"Write a whole number from {least} to {most}.",
    )
    return default
