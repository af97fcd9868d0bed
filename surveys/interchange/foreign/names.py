"""Names and codes of other programs, as the instrument language has them."""

import re
import unicodedata
from dataclasses import dataclass, field

_LONGEST = 56  # leaves room for a number that tells two apart
_RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "has",
        "in",
        "answered",
        "count",
        "sum",
        "min",
        "max",
        "round",
        "abs",
        "if",
        "last",
        "frame",
        "true",
        "false",
    ]
)


def plain_name(foreign: str, prefix: str = "q") -> str:
    """Lower-case letters, digits and underscores, a letter first: ``Q1 a`` is ``q1_a``."""
    name = plain_code(foreign, prefix)
    if not name[0].isalpha() or name in _RESERVED:
        name = f"{prefix}_{name}"[:_LONGEST]
    return name


def plain_code(foreign: str, fallback: str = "code") -> str:
    """As a name, but a digit may come first: ``-oth-`` is ``oth``, ``-1`` is ``minus_1``."""
    text = re.sub(r"^-(?=\d)", "minus_", foreign.strip())
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")[:_LONGEST].strip("_")
    return name or fallback


def slug(foreign: str, fallback: str = "imported") -> str:
    """A name of an instrument: lower-case letters, digits and hyphens."""
    return plain_name(foreign or fallback, "survey").replace("_", "-").strip("-")


@dataclass(slots=True)
class Names:
    """Names given so far, so that none is given twice."""

    taken: set[str] = field(default_factory=set)

    def give(self, foreign: str, prefix: str = "q") -> str:
        return self._free(plain_name(foreign, prefix))

    def give_code(self, foreign: str) -> str:
        return self._free(plain_code(foreign))

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self.taken:
            number += 1
            free = f"{name}_{number}"
        self.taken.add(free)
        return free
