"""Rows of a delimited file, as lists of texts."""

import csv
import re
from collections.abc import Iterator

from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import refuse
from surveys.microdata.text import decode
from surveys.microdata.workbook import is_workbook, workbook_rows

_LINE_END = re.compile(r"\r\n|\r|\n")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


def rows_of(data: bytes, options: FileOptions, limits: Limits) -> Iterator[list[str]]:
    """Header and rows of a CSV file or an XLSX workbook, blank rows among them.

    Raises MicrodataRefused, when asked for the next row, at what stops the reading.
    """
    if len(data) > limits.bytes:
        refuse(
            "file_too_large",
            f"The file has {len(data):,} bytes; {limits.bytes:,} are read.",
            "Leave out columns that are not mapped, or split the file into waves.",
        )
    if is_workbook(data):
        yield from _within(workbook_rows(data, options, limits), limits)
        return
    text = decode(data, options.encoding)
    if text.count(options.delimiter) + text.count("\n") > limits.cells:
        # Probably too many: find out before anything is kept of the first ones.
        for _ in _within(_delimited(text, options), limits):
            pass
    yield from _within(_delimited(text, options), limits)


def _delimited(text: str, options: FileOptions) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), delimiter=options.delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refuse(
                "broken_quotes",
                f"Row {row} cannot be taken apart: {error}.",
                "A quotation mark is probably opened and not closed there. Write a quotation "
                'mark within a text twice ("").',
                row=row,
            )
        if row == 1:
            _refuse_wrong_delimiter(cells, options)
        yield cells


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends. A StringIO would hold the text once more, four bytes a letter."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]


def _refuse_wrong_delimiter(header: list[str], options: FileOptions) -> None:
    if len(header) != 1:
        return
    for delimiter, name in _DELIMITER_NAMES.items():
        found = header[0].count(delimiter)
        if delimiter != options.delimiter and found:
            refuse(
                "wrong_delimiter",
                f"The whole header stands in one column, with {found} times “{name}” in it.",
                f"Write “delimiter: {name}” under “file” in the mapping.",
                row=1,
                value=header[0],
            )


def _within(rows: Iterator[list[str]], limits: Limits) -> Iterator[list[str]]:
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if len(row) > limits.columns:
            refuse(
                "too_many_columns",
                f"Row {number} has {len(row):,} cells; {limits.columns:,} are read.",
                "Check the delimiter, or leave out columns.",
                row=number,
            )
        if cells > limits.cells:
            refuse(
                "too_many_cells",
                f"The file holds more than {limits.cells:,} cells, reached in row {number:,}. "
                "Nothing was imported.",
                "Leave out columns that are not mapped, or ask the operator to raise the setting "
                "MICRODATA_CELLS.",
                row=number,
            )
        yield row
