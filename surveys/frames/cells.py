"""One cell of a frame: from its text to what is kept, or to what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import replace

from surveys.frames.columns import LONGEST
from surveys.microdata.cells import CellFault, read_number
from surveys.microdata.text import MOJIBAKE

Read = Callable[[str], str | int | float | CellFault | None]

_MOST_EMPLOYEES = 10_000_000
_MONTHS = (
    "jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec|des|"
    "gen|mag|giu|lug|ago|set|ott|dic"
)
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(T[\d:.]+)?|\d{{1,4}}[-./ ]+({_MONTHS})[a-zé]*\.?|"
    rf"({_MONTHS})[a-zé]*[-./ ]+\d{{2,4}}",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[2-5]\d{4}")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_NACE = re.compile(r"[A-V]|\d{2}(\.\d{1,3}){0,2}|\d{2,6}")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_SPREADSHEET_ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
_FORMULA = CellFault(
    "formula",
    "is a formula; formulas are not carried out",
    "Replace formulas by their values (copy, paste values) and save again.",
)
_REMEDIES = {
    "not_a_number": "Correct the cell, or empty it if the size is not known.",
    "decimal_comma": "Choose the comma as decimal mark of the file (“decimal” in a mapping).",
    "decimal_point": "Choose the point as decimal mark of the file (“decimal” in a mapping), or "
    "take out points between thousands.",
}


def reader(field: str, decimal: str) -> Read:
    """The function that reads the cells of one field; an empty cell is empty text or None."""
    if field == "employees":
        return lambda raw: _employees(raw, decimal)
    if field == "size_measure":
        return lambda raw: _measure(raw, decimal)
    special: dict[str, Read] = {
        "register_id": _register_id,
        "nace": _nace,
        "size_class": _size_class,
        "region": lambda raw: _code(raw, "region"),
        "industry": lambda raw: _code(raw, "industry"),
        "group_id": lambda raw: _code(raw, "group_id"),
        "email": _email,
        "address": lambda raw: _text(raw, "address"),
        "name": lambda raw: _line(raw, "name"),
    }
    return special.get(field, lambda raw: _line(raw, field))


def _text(raw: str, field: str) -> str | CellFault:
    text = raw.strip()
    if text[:1] == "=":
        return _FORMULA
    if fault := unreadable(text):
        return fault
    if text[:1] == "#" and text in _SPREADSHEET_ERRORS:
        return CellFault(
            "spreadsheet_error",
            "is an error that a formula left behind",
            "Mend the formula in the spreadsheet, or empty the cell.",
        )
    if len(text) > LONGEST[field]:
        return CellFault(
            "too_long",
            f"has {len(text):,} characters; {LONGEST[field]:,} are kept",
            "Shorten it, or check that columns did not slip.",
        )
    return text


def unreadable(text: str) -> CellFault | None:
    """What is wrong with the letters of a text; None where nothing is."""
    if "\0" in text:
        return CellFault(
            "nul_byte",
            "holds a NUL character, which no text has",
            "Export the data again: the file is damaged, or the column holds no text.",
        )
    if not text.isascii() and MOJIBAKE.search(text):
        return CellFault(
            "mojibake",
            "holds letters of UTF-8 that were read in another encoding",
            "Let the encoding be found out, if one was chosen; otherwise the harm was done when "
            "the file was made: export it again from its source as UTF-8.",
        )
    return None


def _line(raw: str, field: str) -> str | CellFault:
    """A text on one line: blanks and line breaks within become one blank."""
    text = _text(raw, field)
    return text if isinstance(text, CellFault) else " ".join(text.split())


def _code(raw: str, field: str) -> str | CellFault:
    return _date_fault(raw.strip()) or _line(raw, field)


def _date_fault(text: str) -> CellFault | None:
    if text.isalpha() or not _DATE.fullmatch(text):
        return None
    return CellFault(
        "date",
        "is a date: the spreadsheet made one of what was typed",
        "Format the column as text, type or paste the codes again, and save.",
    )


def _register_id(raw: str) -> str | CellFault:
    text = _code(raw, "register_id")
    if text == "":
        return CellFault(
            "no_register_id", "is empty", "Give every firm its identifier on the register."
        )
    if isinstance(text, str) and _ROUNDED.fullmatch(text):
        return CellFault(
            "rounded_identifier",
            "is a number that the spreadsheet rounded",
            "Format the column as text and paste the identifiers again.",
        )
    return text


def _nace(raw: str) -> str | CellFault:
    text = _code(raw.upper(), "nace")
    if isinstance(text, CellFault) or text == "":
        return text
    code = text[1:].strip() if len(text) > 1 and text[0].isalpha() else text
    code = f"0{code}" if code[1:2] == "." else code
    if not _NACE.fullmatch(code):
        return CellFault(
            "not_a_nace",
            "is no NACE code",
            "Write codes such as 10.51, 62.010 or C; format the column as text.",
        )
    return code


def industry_of(nace: str) -> str:
    """The division, or the section where the code tells no more."""
    return nace[:2]


def _size_class(raw: str) -> str | CellFault:
    text = _code(raw, "size_class")
    if isinstance(text, str) and _SERIAL.fullmatch(text):
        return CellFault(
            "excel_date_serial",
            "is a number of days, as a spreadsheet keeps a date: a class such as 10-12 became one",
            "Format the column as text and paste the classes again, or leave the column out and "
            "map the number of employees.",
        )
    return text.replace("–", "-") if isinstance(text, str) else text


def _employees(raw: str, decimal: str) -> int | CellFault | None:
    text = raw.strip()
    if not text:
        return None
    number = float(text) if text.isascii() and text.isdigit() else _number(text, decimal)
    if isinstance(number, CellFault):
        return number
    if not number.is_integer():
        return CellFault("not_whole", "is not a whole number", "Round the number of employees.")
    if number > _MOST_EMPLOYEES:
        return CellFault(
            "too_many_employees",
            f"is more than {_MOST_EMPLOYEES:,}",
            "Check that the column holds employees, and not turnover or an identifier.",
        )
    return int(number)


def _measure(raw: str, decimal: str) -> float | CellFault | None:
    text = raw.strip()
    return _number(text, decimal) if text else None


def _number(text: str, decimal: str) -> float | CellFault:
    if text[:1] == "=":
        return _FORMULA
    date = _date_fault(text)
    if date:
        return date
    number = read_number(text.replace("\u00a0", "").replace("\u202f", "").replace(" ", ""), decimal)
    if isinstance(number, CellFault):
        return replace(number, remedy=_REMEDIES.get(number.code, number.remedy))
    if number < 0:
        return CellFault(
            "negative_size",
            "is below zero",
            "Correct the number, or empty the cell if the size is not known.",
        )
    return number


def _email(raw: str) -> str | CellFault:
    text = raw.strip()
    if not text:
        return ""
    if "\n" in text or "\r" in text:
        return CellFault(
            "line_break",
            "holds a line break",
            "Keep one address in the cell, on one line.",
        )
    if fault := unreadable(text):
        return fault
    if not _EMAIL.fullmatch(text) or len(text) > LONGEST["email"]:
        return CellFault(
            "not_an_email",
            "is no e-mail address",
            "Keep one address such as office@firm.example, or empty the cell.",
        )
    return text
