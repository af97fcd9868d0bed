"""The curves that a plan wants drawn of a model."""

from typing import Any, Literal, cast, get_args

from analysis.specification.language import normal_name
from analysis.specification.model import Drawn
from analysis.specification.problems import Ledger, shown

Kind = Literal["prediction", "effect"]
KINDS = get_args(Kind)
MOST_DRAWN = 12


def read_drawn(where: str, value: Any, ledger: Ledger) -> tuple[Drawn, ...]:
    """The curves under ``draw``, each ``{prediction: variable}`` or ``{effect: variable}``."""
    if value is None:
        return ()
    where = f"{where} > draw"
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        ledger.note(where, "wrong_shape", "draw is not a list.", "Write  - {prediction: breadth}.")
        return ()
    if len(value) > MOST_DRAWN:
        ledger.note(
            where,
            "too_many_curves",
            f"{len(value)} curves are to be drawn.",
            f"A model has at most {MOST_DRAWN}.",
        )
    read = [_curve(where, each, ledger) for each in value[:MOST_DRAWN]]
    return tuple(dict.fromkeys(each for each in read if each is not None))


def _curve(where: str, entry: dict[str, Any], ledger: Ledger) -> Drawn | None:
    kinds = [kind for kind in KINDS if kind in entry]
    ledger.only(where, entry, (*KINDS, "by"))
    if len(kinds) != 1:
        ledger.note(
            where,
            "unknown_choice",
            f"{shown(entry)} says not which one curve it is.",
            "Write {prediction: breadth} or {effect: breadth}, and by: exporter beside it.",
        )
        return None
    names = {}
    for key in (*kinds, *(["by"] if "by" in entry else [])):
        name = entry.get(key)
        if not isinstance(name, str) or not name.strip():
            ledger.note(where, "wrong_shape", f"{key} is not a name.", "Write one variable's name.")
            return None
        names[key] = normal_name(name)
    return Drawn(cast(Kind, kinds[0]), names[kinds[0]], names.get("by", ""))
