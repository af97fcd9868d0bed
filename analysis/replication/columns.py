"""Names of the columns of an extract: plain words that R, Python and other programs all read."""

import re
from collections.abc import Iterable
from keyword import iskeyword, issoftkeyword

DESIGN_COLUMNS = ("firm", "weight", "stratum", "cluster", "population")
# Words of R, and what the scripts themselves call something.
_TAKEN = frozenset(
    {
        *DESIGN_COLUMNS,
        "if", "else", "repeat", "while", "function", "for", "next", "break", "true", "false",
        "null", "inf", "nan", "na", "t", "f", "c", "i", "q", "np", "log", "factor", "offset",
        "one", "firms", "inside", "data", "fit", "design", "effects", "expected", "center",
        "standardize", "treatment", "poly", "te", "cr", "bs", "cc", "terms",
        "formula", "w", "x", "y",
    }
)  # fmt: skip


def column_names(names: Iterable[str]) -> dict[str, str]:
    """For each name of Milieu a column name of letters, digits and underscores.

    ``networking.cooperation[suppliers,local]`` becomes ``networking_cooperation_suppliers_local``.
    No two are the same, capitals or not, and none is a word of R or Python.
    """
    found: dict[str, str] = {}
    taken = set(_TAKEN)
    for name in dict.fromkeys(names):
        plain = _plain(name)
        unique, number = plain, 2
        while unique.lower() in taken or iskeyword(unique) or issoftkeyword(unique):
            unique, number = f"{plain}_{number}", number + 1
        taken.add(unique.lower())
        found[name] = unique
    return found


def _plain(name: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_") or "column"
    return plain if plain[0].isalpha() else f"v_{plain}"


def quoted(text: str) -> str:
    """A text in double quotes, which R and Python both read as the same text.

    Anything but plain signs is written by its number, so that no locale reads it differently.
    """
    return '"' + "".join(_sign(sign) for sign in text if sign != "\0") + '"'


def _sign(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if 32 <= ord(sign) < 127:
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def one_line(text: str) -> str:
    """A text that stays within the one line of a comment."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())
