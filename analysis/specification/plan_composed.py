"""What a plan asks for that makes a table of its own: “Table 1”, correlations, the frame."""

from typing import Any

from analysis.specification.expressions import Expression
from analysis.specification.language import normal_name
from analysis.specification.model import Described, DesignChoice
from analysis.specification.plan_parts import note_replicates
from analysis.specification.problems import Ledger, shown

KEYS = {
    "table_one": ("by", "covariance"),
    "correlation": ("covariance", "missing"),
    "respondents_against_frame": (),
}
_EVERY = ("name", "statistic", "variables", "design", "subpopulation")
COVARIANCES = ("design", "replicate")
MISSING = ("listwise", "pairwise")
SHARES = ("row", "column", "total")
FRAME_VARIABLES = ("size_class", "industry", "region")
FEWEST = {"table_one": 1, "correlation": 2}
MOST_IN_A_TABLE = 40
MOST_VARIABLES = 200


def read_composed(
    where: str,
    entry: dict[str, Any],
    *,
    design: DesignChoice,
    subpopulation: Expression | None,
    ledger: Ledger,
) -> Described | None:
    """One entry of ``descriptives`` that makes a table of its own."""
    statistic = str(entry["statistic"])
    keys = (*_EVERY, *KEYS[statistic])
    if statistic == "respondents_against_frame":
        keys = tuple(key for key in keys if key != "subpopulation")
    ledger.only(where, entry, keys)
    known_so_far = len(ledger.problems)
    covariance = one_of(where, "covariance", entry, COVARIANCES, "design", ledger)
    missing = one_of(where, "missing", entry, MISSING, "listwise", ledger)
    variables = _variables(where, statistic, entry, ledger)
    by = normal_name(word(where, "by", entry, ledger))
    note_replicates(where, covariance, design, ledger)
    if len(ledger.problems) > known_so_far:
        return None
    return Described(
        name=word(where, "name", entry, ledger),
        statistic=statistic,
        outcome="",
        covariance=covariance,
        design=design,
        by=by,
        subpopulation=subpopulation,
        variables=variables,
        missing=missing if statistic == "correlation" else "",
    )


def _variables(
    where: str, statistic: str, entry: dict[str, Any], ledger: Ledger
) -> tuple[str, ...]:
    """The variables, each once; of the frame all that every frame has, if none is named."""
    given = tuple(dict.fromkeys(names_of(where, "variables", entry, ledger)))
    if statistic == "respondents_against_frame":
        for name in given:
            if name not in FRAME_VARIABLES:
                ledger.note(
                    where,
                    "unknown_choice",
                    f"{shown(name)} is no variable of the frame.",
                    f"Name some of {', '.join(FRAME_VARIABLES)}, or leave  variables  out.",
                )
        return given or FRAME_VARIABLES
    if len(given) < FEWEST[statistic]:
        ledger.note(
            where,
            "missing_key",
            f"variables has {len(given)} names; a {statistic} is of {FEWEST[statistic]} at least.",
            "Write  variables: [a, b].",
        )
    if len(given) > MOST_IN_A_TABLE:
        ledger.note(
            where,
            "too_many_variables",
            f"variables has {len(given)} names.",
            f"A table is of at most {MOST_IN_A_TABLE}.",
        )
    return given


def table_shares(
    where: str, statistic: str, entry: dict[str, Any], ledger: Ledger
) -> tuple[str, ...]:
    """Which shares the table of a cross-tabulation shows; within rows and columns by itself."""
    given = entry.get("shares")
    if statistic != "cross_tabulation":
        if given is not None:
            ledger.note(
                where, "unused_key", f"A {statistic} has no use for shares.", "Leave it out."
            )
        return ()
    if given is None:
        return SHARES[:2]
    chosen = given if isinstance(given, list) else [given]
    if not chosen or not all(each in SHARES for each in chosen):
        ledger.note(
            where,
            "unknown_choice",
            f"shares is {shown(given)}.",
            f"Write a list of {', '.join(SHARES)}.",
        )
        return SHARES[:2]
    return tuple(dict.fromkeys(chosen))


def one_of(
    where: str,
    key: str,
    entry: dict[str, Any],
    known: tuple[str, ...],
    default: str,
    ledger: Ledger,
) -> Any:
    """The value of a key if it is one of those known, or else the default, noted."""
    value = entry.get(key, default)
    if value in known:
        return value
    ledger.note(
        where,
        "unknown_choice",
        f"{key} is {shown(value)}.",
        f"Choose one of {', '.join(known)}.",
    )
    return default


def word(where: str, key: str, entry: dict[str, Any], ledger: Ledger) -> str:
    """A name as the plan writes it; empty where there is none."""
    value = entry.get(key)
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return "" if value is None else str(value).strip()
    ledger.note(where, "wrong_shape", f"{key} is {shown(value)}, not a name.", "Write one name.")
    return ""


def names_of(where: str, key: str, value: dict[str, Any], ledger: Ledger) -> tuple[str, ...]:
    """A list of names; empty where there is none."""
    names = value.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        ledger.note(
            where, "wrong_shape", f"{key} is {shown(names)}, not a list of names.", "Write [a, b]."
        )
        return ()
    if len(names) > MOST_VARIABLES:
        ledger.note(
            where,
            "too_many_variables",
            f"{key} has {len(names)} names.",
            f"Name at most {MOST_VARIABLES}.",
        )
    return tuple(normal_name(name) for name in names[:MOST_VARIABLES])
