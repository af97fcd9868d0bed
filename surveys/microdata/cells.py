"""One cell: from its text to the answer that is stored, or to what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surveys.microdata.code_names import allowed_name, allowed_names, next_free
from surveys.microdata.mapping import ColumnMapping, Kind
from surveys.microdata.node import as_number

LONGEST_TEXT = 5_000
LONGEST_CODE = 100
MOST_CODES = 500
EMPTY_CODE = "left_empty"
"""Code under which an empty cell is stored where the mapping says what it counts as."""

_PASTE_VALUES = "Replace formulas by their values (copy, paste values) and save again."
_FORMULA_AS_CODE = "holds a formula where a code was expected"
_FORMULA = re.compile(r"\s*(=|[@+-]\s*[A-Za-z(@=])")
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d{3})*,\d+\s*", re.ASCII)
_POINT_NUMBER = re.compile(r"\s*[+-]?\d+(,\d{3})*\.\d+\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CellFault:
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code that the file told: as written, and the name under which it is stored."""

    raw: str
    stored: str


Cell = Any
"""An answer as `questionnaire.items` shapes it, None, a FoundCode, or a CellFault."""


def reader(mapped: ColumnMapping, decimal: str) -> Callable[[str], Cell]:
    """The function that reads the cells of one column."""
    if mapped.kind == "choice":
        return _choice_reader(mapped)
    if mapped.kind == "text":
        return lambda raw: _text(raw, mapped)
    return lambda raw: _number_cell(raw, mapped, decimal)


def read_number(raw: str, decimal: str) -> float | CellFault:
    """The number in a cell, written with that decimal mark."""
    text = raw.strip()
    if _FORMULA.match(text):
        return CellFault(
            "formula",
            "holds a formula; formulas are not carried out",
            _PASTE_VALUES,
        )
    if decimal == "." and _COMMA_NUMBER.fullmatch(text):
        return CellFault(
            "decimal_comma",
            "is written with a decimal comma",
            "Write “decimal: ','” under “file” in the mapping.",
        )
    if decimal == "," and _POINT_NUMBER.fullmatch(text):
        return CellFault(
            "decimal_point",
            "is written with a decimal point, where the mapping says comma",
            "Write “decimal: '.'” under “file” in the mapping, or take out points between "
            "thousands.",
        )
    number = as_number(text.replace(decimal, ".") if decimal == "," else text)
    if number is None:
        return CellFault(
            "not_a_number",
            "is not a number",
            "Correct the cell, or name the value under “missing” if it means no answer.",
        )
    return number


def _number_cell(raw: str, mapped: ColumnMapping, decimal: str) -> Cell:
    text = raw.strip()
    if text in mapped.missing:
        return None
    number = mapped.empty if text == "" else read_number(text, decimal)
    if number is None or isinstance(number, CellFault):
        return number
    value = _plain(float(number) * (mapped.multiply if text else 1.0))
    low, high = _range(mapped)
    if (low is not None and value < low) or (high is not None and value > high):
        between = f"{low if low is not None else '…'} to {high if high is not None else '…'}"
        return CellFault(
            "out_of_range",
            f"is outside {between}",
            "Correct the cell, name the value under “missing”, or check “multiply” and the "
            "smallest and largest value in the mapping.",
        )
    return _as_answer(value, mapped.kind)


def _plain(value: float) -> float:
    """Free of the dust of a factor: 0.156 times 100 is 15.6."""
    rounded = round(value, 12)
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _range(mapped: ColumnMapping) -> tuple[float | None, float | None]:
    natural: dict[Kind, tuple[float | None, float | None]] = {
        "share": (0, 100),
        "year": (1500, 2100),
        "money": (0, None),
    }
    low, high = natural.get(mapped.kind, (None, None))
    return (
        mapped.minimum if mapped.minimum is not None else low,
        mapped.maximum if mapped.maximum is not None else high,
    )


def _as_answer(value: float, kind: Kind) -> Cell:
    if kind == "money":
        return {"amount": round(value), "unit": "units"}
    if kind == "year" and not isinstance(value, int):
        return CellFault("not_a_year", "is not a year", "Write years as four digits.")
    return value


def _text(raw: str, mapped: ColumnMapping) -> Cell:
    text = raw.strip()
    if text == "" or text in mapped.missing:
        return None
    if text.startswith("'") and _FORMULA.match(text[1:]):
        text = text[1:]  # the guard that an export put before a formula
    if len(text) > LONGEST_TEXT:
        return CellFault(
            "text_too_long",
            f"has {len(text):,} characters; {LONGEST_TEXT:,} are kept",
            "Shorten the text, or leave the column out.",
        )
    return text


def _choice_reader(mapped: ColumnMapping) -> Callable[[str], Cell]:
    if mapped.any_code:
        return _any_code_reader(mapped)
    stored = stored_codes(mapped)
    by_number = {as_number(raw): name for raw, name in stored.items()}
    by_number.pop(None, None)

    def listed(text: str) -> Cell:
        code = stored.get(text) or by_number.get(as_number(text))
        return code if code is not None else _impossible(text, mapped)

    return _unless_missing(mapped, listed)


def stored_codes(mapped: ColumnMapping) -> dict[str, str]:
    """For every code of the mapping the name under which an answer is stored."""
    return allowed_names((code.raw for code in mapped.codes), prefix="")


def _any_code_reader(mapped: ColumnMapping) -> Callable[[str], Cell]:
    stored: dict[str, str] = {}
    taken = {EMPTY_CODE}

    def found(text: str) -> Cell:
        if text not in stored:
            fault = _unlikely_code(text, len(stored))
            if fault:
                return fault
            stored[text] = next_free(allowed_name(text, prefix=""), taken)
            taken.add(stored[text])
        return FoundCode(text, stored[text])

    return _unless_missing(mapped, found)


def _unless_missing(mapped: ColumnMapping, code_of: Callable[[str], Cell]) -> Callable[[str], Cell]:
    """The reader of codes, for the cells that are neither empty nor a code of missing values."""

    def read(raw: str) -> Cell:
        text = raw.strip()
        if text == "":
            return None if mapped.empty is None else EMPTY_CODE
        return None if text in mapped.missing else code_of(text)

    return read


def _unlikely_code(text: str, known: int) -> CellFault | None:
    if known >= MOST_CODES:
        return CellFault(
            "too_many_codes",
            f"is one of more than {MOST_CODES} different values",
            "Write “kind: text”, or list the codes.",
        )
    if len(text) > LONGEST_CODE:
        return CellFault(
            "code_too_long",
            f"is longer than the {LONGEST_CODE} characters of a code",
            "Write “kind: text”.",
        )
    if _FORMULA.match(text):
        return CellFault("formula", _FORMULA_AS_CODE, _PASTE_VALUES)
    return None


def _impossible(text: str, mapped: ColumnMapping) -> CellFault:
    if _FORMULA.match(text) and as_number(text) is None:
        return CellFault("formula", _FORMULA_AS_CODE, _PASTE_VALUES)
    known = ", ".join(code.raw for code in mapped.codes[:12])
    more = ", …" if len(mapped.codes) > 12 else ""
    return CellFault(
        "impossible_code",
        f"is not one of the codes {known}{more}",
        "Correct the cell, add the code to the mapping, or name it under “missing”.",
    )
