"""From the bytes of a delimited file to its text, or to why they cannot be read."""

import re
from typing import NoReturn

from surveys.microdata.problems import refuse

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "iso-8859-2": "iso8859-2",
    "macroman": "mac-roman",
}
"""Encodings a mapping may name, with the codec that reads each."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls), or one that a password protects",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"$FL2": "an SPSS file",
    b"$FL3": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"RDX": "an R file",
    b"PAR1": "a Parquet file",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
    b"7z\xbc\xaf": "a 7-Zip archive",
}
_CONTINUATIONS = "".join(
    sorted(
        set(bytes(range(0x80, 0xC0)).decode("latin-1"))
        | set(bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore"))
    )
)
MOJIBAKE = re.compile(f"[ÂÃ][{re.escape(_CONTINUATIONS)}]|â€[{re.escape(_CONTINUATIONS)}]")
"""Letters of UTF-8 that were read in another encoding, such as Ã¥."""


def decode(data: bytes, encoding: str) -> str:
    """The text of a file in one of ENCODINGS, without its byte order mark.

    Raises MicrodataRefused if the file is empty, is no text, is in another encoding, or
    holds text that went through a wrong encoding before.
    """
    if not data.strip():
        refuse("empty_file", "The file is empty.", "Choose the file with the data in it.")
    refuse_other_formats(data)
    if encoding != "utf-16":
        _refuse_utf16(data)
        _refuse_nul(data)
    try:
        text = data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        _refuse_encoding(data, encoding, error)
    if "\0" in text:
        _refuse_nul(text.encode("utf-8"))
    _refuse_mojibake(text, encoding)
    return text


def refuse_other_formats(data: bytes) -> None:
    """Raises MicrodataRefused if the file begins as one of another kind does."""
    for mark, name in _OTHER_FORMATS.items():
        if data.startswith(mark):
            refuse(
                "not_a_table",
                f"The file is {name}, not a delimited text or an XLSX workbook.",
                "Save the data as CSV (UTF-8) or as XLSX without a password and choose that file.",
            )


def _refuse_utf16(data: bytes) -> None:
    start = data[:2000]
    zeros = max(start[::2].count(0), start[1::2].count(0))
    if data.startswith(_UTF16_MARKS) or (len(start) >= 8 and zeros > len(start) / 4):
        refuse(
            "wrong_encoding",
            "The file is in UTF-16, in which spreadsheets save “Unicode text”.",
            "Write “encoding: utf-16” under “file” in the mapping, with “delimiter: tab” if "
            "columns are set apart by tabs, or save the file as “CSV UTF-8”.",
        )


def _refuse_nul(data: bytes) -> None:
    place = data.find(b"\0")
    if place >= 0:
        refuse(
            "nul_byte",
            f"The file holds {data.count(0)} NUL bytes, the first in row {_row(data, place)}. "
            "A text has none: the file is damaged or not a text.",
            "Export the data again.",
            row=_row(data, place),
        )


def _refuse_encoding(data: bytes, encoding: str, error: UnicodeDecodeError) -> NoReturn:
    row = _row(data, error.start)
    around = data[max(0, error.start - 12) : error.start + 12].split(b"\n")
    nearby = next((part for part in around if data[error.start : error.start + 1] in part), b"")
    guess = nearby.decode("cp1252", errors="replace")
    refuse(
        "wrong_encoding",
        f"Row {row} holds the byte 0x{data[error.start]:02X}, which is no {encoding.upper()}.",
        f"Read as Windows-1252 the place says “{guess}”. If that looks right, write "
        "“encoding: windows-1252” under “file” in the mapping; otherwise save the file as UTF-8.",
        row=row,
        value=guess,
    )


def _refuse_mojibake(text: str, encoding: str) -> None:
    found = MOJIBAKE.search(text)
    if found is None:
        return
    row = text.count("\n", 0, found.start()) + 1
    place = text[max(0, found.start() - 12) : found.end() + 12].replace("\n", " ").strip()
    remedy = (
        "Write “encoding: utf-8” under “file” in the mapping."
        if encoding != "utf-8"
        else "The harm was done when the file was made: export it again from its source as UTF-8."
    )
    refuse(
        "mojibake",
        f"Row {row} says “{place}”: letters of UTF-8 that were read in another encoding.",
        remedy,
        row=row,
        value=place,
    )


def _row(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
