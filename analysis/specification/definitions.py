"""Names that a plan defines, in the order in which they can be computed."""

import re
from collections.abc import Mapping
from typing import Any

from analysis.refusals import Refusal
from analysis.specification.expressions import Expression, names_in, parse_expression
from analysis.specification.problems import Ledger

NOT_AN_EXPRESSION = "Write it as one text, such as  age < 5."
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def is_expression_text(value: Any) -> bool:
    """Whether YAML gave a text or a number; yes and no and null are words of YAML's own."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def ordered_definitions(
    authored: Mapping[str, Any], ledger: Ledger
) -> tuple[tuple[str, Expression], ...]:
    """Definitions sorted so that each reads earlier ones only.

    Notes names that cannot be names, expressions that cannot be read, and circles.
    """
    parsed: dict[str, Expression] = {}
    for name, text in authored.items():
        where = f"define > {name}"
        if not _NAME.fullmatch(name):
            ledger.note(
                where,
                "bad_name",
                f"{name!r} cannot be a name.",
                "Use letters, digits and underscores.",
            )
            continue
        if not is_expression_text(text):
            ledger.note(where, "wrong_shape", "It is not an expression.", NOT_AN_EXPRESSION)
            continue
        try:
            parsed[name] = parse_expression(str(text), what=f"The definition of {name}")
        except Refusal as refusal:
            ledger.keep(where, refusal)
    return _sorted(parsed, ledger)


def _sorted(parsed: dict[str, Expression], ledger: Ledger) -> tuple[tuple[str, Expression], ...]:
    waiting = dict(parsed)
    placed: dict[str, Expression] = {}
    while waiting:
        ready = [
            name
            for name, expression in waiting.items()
            if not any(read in waiting for read in names_in(expression))
        ]
        if not ready:
            circle = ", ".join(sorted(waiting))
            ledger.note(
                "define",
                "circular_definition",
                f"These definitions need one another: {circle}.",
                "Break the circle.",
            )
            return tuple(placed.items())
        for name in ready:
            placed[name] = waiting.pop(name)
    return tuple(placed.items())
