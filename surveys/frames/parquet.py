"""Rows of a Parquet file, a few thousand at a time, as the texts that a CSV file would hold."""

import math
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn

from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList, legible, refuse
from surveys.microdata.workbook import cell_text

LARGEST_PART = 500_000_000
_MARK = b"PAR1"
_AT_ONCE = 5_000
_BUFFER = 1_000_000
_MOST_OF_METADATA = 50_000_000
_REMEDY = "Write the file again from its source, or save the list as CSV (UTF-8)."

Text = Callable[[Any], str]


def is_parquet(start: bytes) -> bool:
    return start.startswith(_MARK)


def parquet_table(
    file: BinaryIO,
    options: FileOptions,
    problems: ProblemList,
    wanted: Collection[str] | None,
) -> tuple[list[str], Iterator[tuple[int, list[str]]], int]:
    """Names of columns, numbered rows as texts, and how many rows there are.

    Only the columns that are wanted are read, all of them with None; cells of the others are
    empty. Memory holds a few thousand rows and a buffer for each column, however many rows a
    row group has. A wanted column of lists or records is a problem. Raises MicrodataRefused.
    """
    # Half a second to load, which every command and page would wait for.
    import pyarrow.parquet  # noqa: PLC0415 -- see above

    try:
        source = pyarrow.parquet.ParquetFile(
            file,
            buffer_size=_BUFFER,
            pre_buffer=False,
            page_checksum_verification=True,
            thrift_string_size_limit=_MOST_OF_METADATA,
            thrift_container_size_limit=_MOST_OF_METADATA // 10,
        )
        schema, names = source.schema_arrow, [str(name) for name in source.schema_arrow.names]
    except Exception:  # a stranger's file can break the parser anywhere
        _refuse_unreadable("and cannot be opened")
    _refuse_large_parts(source.metadata)
    places = _places(schema, names, problems, wanted)
    return names, _rows(source, schema, places, len(names), options), source.metadata.num_rows


def _refuse_large_parts(metadata: Any) -> None:
    """A few kilobytes may unpack to more than there is memory."""
    for group in range(metadata.num_row_groups):
        part = metadata.row_group(group)
        for place in range(part.num_columns):
            size = part.column(place).total_uncompressed_size
            if size > LARGEST_PART:
                refuse(
                    "parquet_too_large",
                    f"The column “{legible(part.column(place).path_in_schema)}” takes "
                    f"{size:,} bytes in one row group; {LARGEST_PART:,} are read.",
                    "Write the file with smaller row groups, or leave the column out.",
                )


def _places(
    schema: Any, names: list[str], problems: ProblemList, wanted: Collection[str] | None
) -> dict[str, int]:
    """Columns to read by name; those of which a cell is no single value are left out."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if names.count(name) > 1 or (wanted is not None and name.strip() not in wanted):
            continue
        kind = schema.field(place).type
        if kind.num_fields == 0:
            places[name] = place
        elif wanted is not None:
            problems.add(
                "nested_column",
                f"The column “{legible(name)}” holds {legible(str(kind))}, not one value a firm.",
                "Leave the column out, or write one column for each value.",
                row=1,
                column=name,
            )
    return places


def _rows(
    source: Any, schema: Any, places: dict[str, int], width: int, options: FileOptions
) -> Iterator[tuple[int, list[str]]]:
    texts = {name: _text_of(schema.field(place).type, options) for name, place in places.items()}
    number = 1
    batches = source.iter_batches(_AT_ONCE, columns=list(places), use_threads=False)
    while True:
        try:
            batch = next(batches, None)
            columns = {} if batch is None else _columns(batch, places, texts)
        except Exception:  # a stranger's file can break the parser anywhere
            _refuse_unreadable("and cannot be read", row=number + 1)
        if batch is None:
            return
        for row in range(batch.num_rows):
            number += 1
            cells = [""] * width
            for place, values in columns.items():
                cells[place] = values[row]
            yield number, cells


def _columns(batch: Any, places: dict[str, int], texts: dict[str, Text]) -> dict[int, list[str]]:
    return {
        places[name]: _cells(column, texts[name])
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if name in places
    }


def _cells(column: Any, text: Text) -> list[str]:
    """Every value as text; of a dictionary each is made once, so that they share memory."""
    if hasattr(column, "dictionary"):
        known = [*_cells(column.dictionary, text), ""]
        return [known[-1 if code is None else code] for code in column.indices.to_pylist()]
    if _is_time(str(column.type)):
        column = column.cast("string")
    return ["" if value is None else text(value) for value in column.to_pylist()]


def _text_of(kind: Any, options: FileOptions) -> Text:
    """How values of that type are written, as in a workbook."""
    name = str(getattr(kind, "value_type", kind))
    if _is_time(name):
        return lambda value: str(value).replace(" ", "T")
    if name.startswith(("binary", "large_binary", "fixed_size_binary")):
        # Some programs write text without saying that it is text.
        return lambda value: bytes(value).decode()
    return lambda value: _plain(value, options.decimal)


def _is_time(kind: str) -> bool:
    return kind.startswith(("timestamp", "date", "time", "duration"))


def _plain(value: Any, decimal: str) -> str:
    if isinstance(value, float) and math.isnan(value):
        # With which some programs say that a number is not known.
        return ""
    if isinstance(value, Decimal) and value.is_finite():
        whole = value == value.to_integral_value()
        return str(int(value)) if whole else f"{value.normalize():f}".replace(".", decimal)
    return cell_text(value, decimal)


def _refuse_unreadable(how: str, row: int | None = None) -> NoReturn:
    refuse("not_a_table", f"The Parquet file is damaged {how}.", _REMEDY, row=row)
