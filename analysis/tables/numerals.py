"""How numbers are printed: decimals, signs, thousands, p-values, dashes.

Printed texts carry the minus sign U+2212 and narrow spaces between thousands. Formats that
hold numbers as numbers take them from `Cell.value`, never from these texts.
"""

import math
import re
from collections.abc import Iterable

MINUS = "\u2212"
NARROW_SPACE = "\u202f"
DASH = "\u2013"

_MOST_DECIMALS = 8
_NUMERAL = re.compile(
    rf"(?P<before>[(]?)(?P<sign>{MINUS}?)(?P<whole>\d[\d{NARROW_SPACE}]*)"
    r"(?P<fraction>\.\d+)?(?P<after>[)]?[*†‡+]*)"
)


def fixed(value: float, decimals: int) -> str:
    """The value with so many decimals; a dash where it is not a finite number.

    What rounds to nought has no sign.
    """
    if not math.isfinite(value):
        return DASH
    text = f"{abs(value):,.{decimals}f}".replace(",", NARROW_SPACE)
    is_nought = not text.strip(f"0.{NARROW_SPACE}")
    return f"{MINUS}{text}" if value < 0 and not is_nought else text


def whole(value: float | None) -> str:
    """A count; a dash where there is none."""
    return DASH if value is None else fixed(value, 0)


def significant(value: float, digits: int = 3) -> str:
    """The value to so many significant digits, without an exponent."""
    if value == 0 or not math.isfinite(value):
        return fixed(value, 0)
    rounded = float(f"{value:.{digits - 1}e}")
    return fixed(rounded, max(0, digits - 1 - math.floor(math.log10(abs(rounded)))))


def decimals_for(std_errors: Iterable[float]) -> int:
    """Decimals for a line of estimates, so that its smallest standard error shows two digits.

    Three at least where the standard error is below ten, so that the lines of a usual table
    align; one where it is larger; eight at most.
    """
    sizes = [size for size in std_errors if math.isfinite(size) and size > 0]
    if not sizes:
        return 3
    smallest = min(sizes)
    if smallest >= 10:
        return 1
    return min(_MOST_DECIMALS, max(3, 1 - math.floor(math.log10(smallest))))


def p_value(value: float) -> str:
    """Three decimals; never an exact nought."""
    if not math.isfinite(value):
        return DASH
    return "< 0.001" if value < 0.0005 else fixed(value, 3)


def in_parentheses(text: str) -> str:
    return text if text == DASH else f"({text})"


def is_numeral(text: str) -> bool:
    """True for what `fixed` writes, bare, in parentheses or with stars."""
    return _NUMERAL.fullmatch(text) is not None


def parts(text: str) -> tuple[str, str, str]:
    """A printed numeral as what stands before the point, from the point on, and after it.

    ``(−1 234.50)`` is ``("(−1 234", ".50", ")")``. What is no numeral is all before.
    """
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return text, "", ""
    before = match["before"] + match["sign"] + match["whole"]
    return before, match["fraction"] or "", match["after"]


def spreadsheet_format(text: str) -> str:
    """The number format that shows a value as `text` shows it; as it is, if `text` is no number."""
    if not is_numeral(text):
        return "General"
    _, fraction, after = parts(text)
    body = "#,##0" + ("." + "0" * (len(fraction) - 1) if fraction else "")
    opening = '"("' if text.startswith("(") else ""
    closing = f'"{after}"' if after else ""
    positive = f"{opening}{body}{closing}"
    return f"{positive};{opening}-{body}{closing}" if opening or closing else positive
