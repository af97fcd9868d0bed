"""Codes, choices and batteries from the answer lists of other programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.expressions.translate import Kind, Target
from surveys.interchange.foreign.names import Names
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.limits import MOST_CODES
from surveys.interchange.problems import unreadable


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that another program offers; `more` are further keys of the code."""

    value: str
    label: str
    more: dict[str, Any] = field(default_factory=dict)


def codes_of(
    reading: Reading, options: Iterable[Option], where: str
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The codes, and ours by those of the other program. One that stands twice is noted."""
    names = Names()
    codes: list[dict[str, Any]] = []
    ours: dict[str, str] = {}
    for option in options:
        if option.value in ours:
            reading.lack(f"the answer “{option.value[:80]}”, which stands twice", where, "once")
            continue
        code = names.give_code(option.value)
        ours[option.value] = code
        codes.append({"value": code, "label": option.label or option.value or code} | option.more)
    if len(codes) > MOST_CODES:
        raise unreadable(
            "too_many",
            where,
            f"A question has {len(codes):,} answers.",
            f"It may have {MOST_CODES:,}.",
        )
    return codes, ours


def choice(
    reading: Reading, base: dict[str, Any], options: Sequence[Option], where: str, *, many: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """A single or multiple choice, and its codes by those of the other program.

    A choice needs two codes: a lone one gets a second that says no, and without any the
    firm writes its answer.
    """
    codes, ours = codes_of(reading, options, where)
    if not codes:
        reading.lack("a choice without answers", where, "a text")
        return base | {"kind": "text"}, ours
    if len(codes) == 1:
        reading.lack("a choice with a single answer", where, "a choice with “No” beside it")
        value = "no" if codes[0]["value"] != "no" else "not"
        codes.append({"value": value, "label": "No"} | ({"exclusive": "yes"} if many else {}))
    kind = "multiple_choice" if many else "single_choice"
    return base | {"kind": kind, "codes": codes}, ours


def register(
    reading: Reading,
    foreign: str,
    reference: str,
    kind: Kind,
    codes: dict[str, str] | None = None,
    *,
    code: str = "",
    roster: str = "",
) -> None:
    """Remember what a question became, under the name that expressions give it."""
    reading.targets[foreign] = Target(reference, kind, codes or {}, code)
    if roster:
        reading.rosters[foreign] = roster


def battery(
    base: dict[str, Any], rows: list[dict[str, Any]], facets: list[dict[str, Any]]
) -> dict[str, Any]:
    """A battery that asks the facets of every row, a page a row."""
    label = str(base.get("label") or "")
    return base | {
        "kind": "battery",
        "label": label if "{row}" in label else f"{label} {{row}}".strip(),
        "rows": rows,
        "facets": facets,
    }
