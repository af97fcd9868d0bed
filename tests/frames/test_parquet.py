"""A Parquet file gives what the same list as CSV gives, and no file breaks more than itself."""

import csv
import io
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.frames import FrameMapping, FrameReading, FrameRow, first_rows, suggest
from surveys.frames import parquet as under_test
from surveys.microdata import MicrodataRefused
from surveys.microdata.mapping import FileOptions

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("id", "name", "nace", "region", "size_class", "employees", "size_measure", "email")
MAPPING = FrameMapping(
    {"register_id": "id"} | {name: name for name in COLUMNS[1:]}, ("zone",), FileOptions("", "")
)


def parquet(table: pa.Table, **options: Any) -> bytes:
    target = io.BytesIO()
    pa.parquet.write_table(table, target, **options)
    return target.getvalue()


def read(
    data: bytes, mapping: FrameMapping = MAPPING, most: int = 1_000_000
) -> tuple[list[FrameRow], FrameReading]:
    reading = FrameReading(io.BytesIO(data), mapping, most=most)
    return [unit for chunk in reading.chunks() for unit in chunk], reading


def told(reading: FrameReading) -> list[tuple[Any, ...]]:
    shown = reading.problems.report().shown
    return [(each.code, each.row, each.column, each.value, each.message) for each in shown]


def mapped(*names: str) -> FrameMapping:
    return FrameMapping({"register_id": "id", "name": "name", **{name: name for name in names}})


def firms(**columns: Any) -> bytes:
    length = len(next(iter(columns.values())))
    needed = {"id": [str(n) for n in range(length)], "name": ["Firm"] * length}
    return parquet(pa.table(needed | columns))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
FIRMS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.one_of(st.integers(0, 12).map(str), TEXTS),
            "name": TEXTS,
            "nace": st.sampled_from(["", "10.51", "C10.5", "bakery", "1.11", "=A1"]),
            "region": st.sampled_from(["", "NO01", "#REF!", "2026-11-01"]),
            "size_class": st.sampled_from(["", "10-49", "10-Dec", "45241"]),
            "employees": st.one_of(st.none(), st.integers(-5, 20_000_000)),
            "size_measure": st.one_of(st.none(), st.floats(-10, 1e9)),
            "email": st.sampled_from(["", "office@firm.example", "office"]),
            "zone": TEXTS,
        }
    ),
    min_size=1,
    max_size=40,
)


def plain(value: Any) -> Any:
    """As a spreadsheet writes numbers: 10.0 as 10."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, [*COLUMNS, "zone"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: plain(value) for name, value in row.items()})
    return target.getvalue().encode()


@given(FIRMS, st.booleans(), st.integers(1, 50), st.sampled_from(["snappy", "zstd", "none"]))
@settings(deadline=None, max_examples=60)
def test_the_same_list_gives_the_same_firms_and_problems_as_csv(
    rows: list[dict[str, Any]], dictionary: bool, group: int, compression: str
) -> None:
    text, whole, decimal = pa.string(), pa.int64(), pa.float64()
    kinds = dict.fromkeys([*COLUMNS, "zone"], text) | {"employees": whole, "size_measure": decimal}
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))
    data = parquet(table, use_dictionary=dictionary, row_group_size=group, compression=compression)

    units, reading = read(data)
    expected, of_csv = read(as_csv(rows))

    assert units == expected
    assert told(reading) == told(of_csv)
    assert (reading.rows_read, reading.fingerprint) == (of_csv.rows_read, of_csv.fingerprint)


@pytest.mark.parametrize(
    ("values", "kind", "wanted"),
    [
        ([913456789.0, None], pa.float64(), ["913456789", ""]),
        ([1.5, float("nan")], pa.float32(), ["1.5", ""]),
        ([Decimal("12.50"), Decimal("3.00")], pa.decimal128(9, 2), ["12.5", "3"]),
        ([True, False], pa.bool_(), ["1", "0"]),
        ([date(2026, 11, 1), None], pa.date32(), ["2026-11-01", ""]),
        ([datetime(2026, 11, 1, 9, tzinfo=UTC), None], pa.timestamp("ns", "UTC"), None),
        ([time(9, 30), None], pa.time64("us"), ["09:30:00.000000", ""]),
        ([2**63 - 1, 0], pa.timestamp("us"), None),
        (["Ås".encode(), None], pa.binary(), ["Ås", ""]),
        (["a", "a"], pa.dictionary(pa.int8(), pa.string()), ["a", "a"]),
        ([None, None], pa.null(), ["", ""]),
        ([2**64 - 1, 0], pa.uint64(), ["18446744073709551615", "0"]),
    ],
)
def test_values_of_every_kind_are_written_as_texts(
    values: list[Any], kind: pa.DataType, wanted: list[str] | None
) -> None:
    data = parquet(pa.table({"x": pa.array(values, kind)}))

    _, rows = first_rows(io.BytesIO(data))

    if wanted is not None:
        assert [row[0] for row in rows] == wanted
    assert all(isinstance(row[0], str) for row in rows)


def test_a_decimal_mark_of_the_mapping_does_not_hurt() -> None:
    comma = FrameMapping(mapped("size_measure").columns, (), FileOptions("", "", ","))

    units, reading = read(firms(size_measure=[1.5, 2.0]), comma)

    assert [unit.size_measure for unit in units] == [1.5, 2.0]
    assert not reading.problems


def test_dates_where_codes_should_be_are_told() -> None:
    _, reading = read(firms(size_class=[date(2049, 10, 1)]), mapped("size_class"))

    assert [each[:3] for each in told(reading)] == [("date", 2, "size_class")]


def test_a_mapping_is_suggested_as_for_other_files() -> None:
    table, rows = first_rows(io.BytesIO(firms(Ansatte=[1, 2], mail=["a@b.example"] * 2)))

    found = suggest(table.header, rows).columns

    assert found == {"register_id": "id", "name": "name", "employees": "Ansatte", "email": "mail"}


def test_a_column_of_lists_is_told_if_it_is_mapped_and_else_left_alone() -> None:
    data = firms(phone=[["1", "2"], []], extra=[{"a": 1}, {"a": 2}])

    assert not read(data, mapped())[1].problems
    _, reading = read(data, mapped("phone"))
    assert [each[:3] for each in told(reading)] == [("nested_column", 1, "phone")]
    assert "list<" in told(reading)[0][4]


def test_two_columns_of_one_name_are_told() -> None:
    table = pa.table([["1"], ["A"], ["B"]], names=["id", "name", "name"])

    _, reading = read(parquet(table), mapped())

    assert [each[0] for each in told(reading)] == ["duplicate_column"]


def test_names_with_dots_and_blanks_are_columns_of_their_own() -> None:
    table = pa.table({"id ": ["1"], "a": ["x"], "a.b": ["Firm"]})

    units, _ = read(parquet(table), FrameMapping({"register_id": "id", "name": "a.b"}))

    assert [(unit.register_id, unit.name) for unit in units] == [("1", "Firm")]


def test_a_list_without_firms_or_with_too_many_is_told() -> None:
    empty = parquet(pa.table({"id": pa.array([], pa.string()), "name": pa.array([], pa.string())}))

    assert told(read(empty, mapped())[1])[0][0] == "no_rows"
    assert told(read(firms(x=[1, 2, 3]), mapped(), most=2)[1])[0][:2] == ("too_many_units", 4)


def test_a_part_that_would_fill_memory_is_refused_before_it_is_read(monkeypatch: Any) -> None:
    data = parquet(
        pa.table({"id": [str(n) for n in range(9)], "name": ["x" * 9_000] * 9}),
        use_dictionary=False,
        compression="zstd",
    )
    monkeypatch.setattr(under_test, "LARGEST_PART", 50_000)

    _, reading = read(data, mapped())

    assert told(reading)[0][0] == "parquet_too_large"
    assert "name" in told(reading)[0][4]


def test_a_text_that_is_no_utf_8_is_told_and_not_guessed() -> None:
    with pytest.raises(MicrodataRefused, match="damaged"):
        first_rows(io.BytesIO(parquet(pa.table({"x": pa.array([b"\xff\xfe"], pa.binary())}))))


def long_list() -> bytes:
    names = [f"Firm {n}" for n in range(400)]
    return parquet(pa.table({"id": [str(n) for n in range(400)], "name": names}))


LONG = long_list()
PLAIN_PAGES = {"use_dictionary": False, "write_statistics": False}


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=500)
def test_a_damaged_file_is_refused_or_read_and_breaks_nothing(data: st.DataObject) -> None:
    damaged = bytearray(LONG)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(4, len(LONG) - 1))] = data.draw(st.integers(0, 255))
    cut = damaged[: data.draw(st.one_of(st.just(len(LONG)), st.integers(4, len(LONG))))]

    units, reading = read(bytes(cut), mapped())

    assert units or reading.problems


def test_a_page_that_was_changed_is_noticed_where_the_writer_kept_checksums() -> None:
    table = pa.table({"id": ["1", "2"], "name": ["Alpha", "Beta"]})
    data = parquet(table, compression="none", write_page_checksum=True, **PLAIN_PAGES)

    _, reading = read(data.replace(b"Alpha", b"Alpho", 1), mapped())

    assert [each[:2] for each in told(reading)] == [("not_a_table", 2)]
    assert "damaged" in told(reading)[0][4]


@pytest.mark.slow
def test_the_library_is_loaded_with_the_first_file_and_not_before() -> None:
    program = (
        "import sys, surveys.frames.parquet as it\nprint('pyarrow' in sys.modules)\n"
        "import io\ntry: it.parquet_table(io.BytesIO(b'PAR1'), None, None, None)\n"
        "except Exception: pass\nprint('pyarrow' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ), capture_output=True,
        text=True, check=True,
    ).stdout  # fmt: skip

    assert said.split() == ["False", "True"]
