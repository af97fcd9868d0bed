"""From an uploaded file to its rows, a few at a time."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from surveys.frames.merged import merged_ranges
from surveys.frames.parquet import is_parquet, parquet_table
from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList, legible, refuse
from surveys.microdata.text import ENCODINGS, refuse_other_formats
from surveys.microdata.workbook import is_workbook, open_sheet

LARGEST_WORKBOOK = 100_000_000
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MOST_COLUMNS = 500
_WORKBOOK_LIMITS = Limits(unpacked_bytes=1_500_000_000, columns=_MOST_COLUMNS)
_GUESSED_LAST = "windows-1252"


@dataclass(slots=True)
class Table:
    """A file as header and numbered rows; `lines` is about how many rows it has, if known.

    `is_text` is told of a delimited text, where rows can be taken apart wrongly.
    """

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    options: FileOptions
    lines: int | None = None
    is_text: bool = False


def open_table(
    file: BinaryIO,
    options: FileOptions,
    problems: ProblemList,
    *,
    whole: bool = True,
    wanted: Collection[str] | None = None,
) -> Table:
    """The table of a CSV or Parquet file or of a workbook's sheet.

    With `whole` all of the file is looked at for its encoding and for merged cells, otherwise
    only its beginning. `wanted` are the columns that will be looked at; cells of others may be
    empty. Raises MicrodataRefused at what stops the reading.
    """
    start = file.read(4_000)
    file.seek(0)
    if not start.strip():
        refuse("empty_file", "The file is empty.", "Choose the file with the list of firms.")
    if is_workbook(start):
        return _workbook(file, options, problems, whole=whole)
    if is_parquet(start):
        names, numbered, lines = parquet_table(file, options, problems, wanted)
        return Table(_names(names), numbered, options, lines)
    refuse_other_formats(start)
    return _delimited(file, options, problems, whole=whole)


def _workbook(file: BinaryIO, options: FileOptions, problems: ProblemList, *, whole: bool) -> Table:
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if size > LARGEST_WORKBOOK:
        refuse(
            "workbook_too_large",
            f"The workbook has {size:,} bytes; {LARGEST_WORKBOOK:,} are read.",
            "Save the sheet as CSV (UTF-8) and upload that.",
        )
    sheet = open_sheet(file.read(), options, _WORKBOOK_LIMITS)
    header = next(sheet.rows, [])
    if whole:
        for place in merged_ranges(file, options.sheet):
            problems.add(
                "merged_cells",
                f"The cells {place.ref} are merged: only the first of them holds a value.",
                "Unmerge the cells and fill in the value in each row.",
                row=place.row,
                column=place.column_of(header),
            )
    lines = None if sheet.lines is None else sheet.lines - 1
    return Table(_names(header), enumerate(sheet.rows, start=2), options, lines)


def _delimited(
    file: BinaryIO, options: FileOptions, problems: ProblemList, *, whole: bool
) -> Table:
    found = _Encoding(file, options.encoding)
    encoding = found.settle(problems, most=None if whole else 2_000)
    file.seek(0)
    text = io.TextIOWrapper(file, ENCODINGS[encoding], errors="replace", newline="")
    first = text.readline(1_000_000)
    delimiter = options.delimiter or max(",;\t|", key=first.count)
    reader = csv.reader(_restored(first, text), delimiter=delimiter, strict=True)
    rows = _numbered(reader)
    header = next(rows, (1, []))[1]
    told = replace(options, encoding=encoding, delimiter=delimiter)
    return Table(_names(header), rows, told, found.lines if whole else None, is_text=True)


def _restored(first: str, rest: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield first
        yield from rest
    finally:
        # Without this the wrapper would close a file that is not its own.
        if not rest.closed:
            rest.detach()


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
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
        yield row, cells


def _names(header: list[str]) -> list[str]:
    names = [name.strip() for name in header]
    if any("\0" in name for name in names):
        refuse(
            "nul_byte",
            "The name of a column holds a NUL character, which no text has.",
            "Export the data again: the file is damaged.",
            row=1,
        )
    if not any(names):
        refuse("empty_file", "The first row is blank.", "Put the names of columns there.", row=1)
    if len(names) > _MOST_COLUMNS:
        refuse(
            "too_many_columns",
            f"The file has {len(names):,} columns; {_MOST_COLUMNS} are read.",
            "Leave out columns, or check what sets them apart.",
            row=1,
        )
    return names


@dataclass(slots=True)
class _Encoding:
    """Finds out how a text is written, line by line, so that a mixture is told with its rows."""

    file: BinaryIO
    told: str
    lines: int = 0

    def settle(self, problems: ProblemList, *, most: int | None) -> str:
        """The encoding, by its name in ENCODINGS; a problem for each line that is in another."""
        mark = self.file.read(2)
        self.file.seek(0)
        if self.told not in ("", "utf-8"):
            self._count(most)
            return self.told
        if mark in _MARKS:
            return _MARKS[mark]
        wrong, right = self._sort_lines(most)
        if not wrong.total:
            return "utf-8"
        if not right and not self.told:
            return _GUESSED_LAST
        wrong.tell(problems)
        return "utf-8"

    def _count(self, most: int | None) -> None:
        for number, _ in enumerate(self.file):
            self.lines = number
            if most is not None and number > most:
                return

    def _sort_lines(self, most: int | None) -> tuple["_WrongLines", int]:
        """Lines that are no UTF-8, and how many hold letters that only UTF-8 explains."""
        wrong, right = _WrongLines(), 0
        for number, line in enumerate(self.file, start=1):
            self.lines = number - 1
            if most is not None and number > most:
                break
            if b"\0" in line:
                refuse(
                    "nul_byte",
                    f"Line {number} holds a NUL byte: the file is damaged or not a text.",
                    "Export the data again, as CSV (UTF-8).",
                    row=number,
                )
            if line.isascii():
                continue
            try:
                line.decode()
            except UnicodeDecodeError as error:
                wrong.add(number, line, error.start)
            else:
                right += 1
        return wrong, right


@dataclass(slots=True)
class _WrongLines:
    total: int = 0
    kept: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, line: bytes, place: int) -> None:
        self.total += 1
        if len(self.kept) < 1_000:
            around = line[max(0, place - 12) : place + 12].decode("cp1252", errors="replace")
            self.kept.append((number, around.strip()))

    def tell(self, problems: ProblemList) -> None:
        kept = iter(self.kept)
        for _ in range(self.total):
            number, value = next(kept, self.kept[-1])
            problems.add(
                "mixed_encoding",
                f"Line {number} is no UTF-8, though other lines are; read as Windows-1252 it "
                f"says “{legible(value)}”.",
                "Save the whole file anew as CSV (UTF-8), or export it again from the register.",
                row=number,
                value=value,
            )
