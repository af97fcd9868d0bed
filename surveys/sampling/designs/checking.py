"""Reading plain data with a list of problems instead of the first one."""

import math
from collections.abc import Collection, Mapping
from typing import Any

from surveys.sampling.designs.problems import Problem


class Checker:
    """Reads values at named places; what is wrong is noted, and a default returned."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, code: str, where: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, where, message, remedy))

    def mapping(self, value: Any, where: str, known: Collection[str]) -> Mapping[str, Any]:
        """A mapping of known keys; without the unknown ones, which are noted."""
        if not isinstance(value, Mapping):
            self.note("wrong_shape", where, "is not a mapping of keys and values.", _keys(known))
            return {}
        for key in value:
            if key not in known:
                place = f"{where}.{str(key)[:60]}" if where != "plan" else str(key)[:60]
                self.note("unknown_key", place, "is not a key of this place.", _keys(known))
        return {key: each for key, each in value.items() if key in known}

    def number(
        self, value: Any, where: str, *, least: float, most: float, above: bool = False
    ) -> float:
        """A number from `least`, or above it, to `most`."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = is_number and math.isfinite(value) and least <= value <= most
        if fits and not (above and value == least):
            return float(value)
        start = f"above {least:g}" if above else f"from {least:g}"
        end = f" to {most:g}" if most < math.inf else " on"
        self.note("bad_number", where, f"is no number {start}{end}.", f"Give one {start}{end}.")
        return least if not above else min(1.0, most)

    def whole(self, value: Any, where: str, *, least: int, most: int = 2**62) -> int:
        """A whole number from `least` to `most`."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        end = f" to {most}" if most < 2**62 else " on"
        words = f"whole number from {least}{end}"
        self.note("bad_number", where, f"is no {words}.", f"Give a {words}.")
        return least

    def flag(self, value: Any, where: str) -> bool:
        if isinstance(value, bool):
            return value
        self.note("unknown_value", where, "is neither true nor false.", "Write true or false.")
        return False

    def choice(self, value: Any, where: str, possible: Collection[str], default: str) -> str:
        if isinstance(value, str) and value in possible:
            return value
        self.note("unknown_value", where, "is not known here.", f"Choose of {_listed(possible)}.")
        return default

    def name(self, value: Any, where: str) -> str:
        """A text that is not empty; numbers, as of an industry, are taken as text."""
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip() and len(value) <= 80:
            return value.strip()
        self.note("wrong_shape", where, "is no name.", "Give a text of up to 80 characters.")
        return ""

    def names(self, value: Any, where: str, possible: Collection[str] = ()) -> tuple[str, ...]:
        """A list of different names, of the possible ones if any are given."""
        if not isinstance(value, list):
            self.note("wrong_shape", where, "is no list.", "Give a list, as in [a, b].")
            return ()
        found = tuple(self.name(each, f"{where}[{n}]") for n, each in enumerate(value, start=1))
        for n, each in enumerate(found, start=1):
            if each and found.index(each) != n - 1:
                self.note("named_twice", f"{where}[{n}]", "stands twice.", "Name it once.")
            if possible and each and each not in possible:
                choices = f"Choose of {_listed(possible)}."
                self.note("unknown_value", f"{where}[{n}]", "is not known here.", choices)
        return tuple(each for each in found if not possible or each in possible)

    def by_size_class(self, value: Any, where: str, *, most: float) -> float | Mapping[str, float]:
        """One number above 0, or one for each size class."""
        if not isinstance(value, Mapping):
            return self.number(value, where, least=0, most=most, above=True)
        return {
            str(key): self.number(each, f"{where}.{key}", least=0, most=most, above=True)
            for key, each in value.items()
        }

    def needed(self, keys: Mapping[str, Any], where: str, *names: str) -> None:
        for name in names:
            if name not in keys:
                place = f"{where}.{name}" if where != "plan" else name
                self.note("missing_key", place, "is missing.", f"Add the key {name}.")


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


def _keys(known: Collection[str]) -> str:
    return f"Keys here are {_listed(known)}." if known else "Leave it out."
