"""Every file ends in units or in problems, soon, and never in another exception."""

import io
import random
import zipfile
from time import monotonic

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.microdata import Limits, MicrodataRefused, read_codebook, read_mapping, read_microdata
from tests.microdata.small import HEADER, MAPPING, ROWS, csv_bytes

SECONDS = 30.0  # of a loaded machine; a quadratic reader would need many minutes
LIMITS = Limits(bytes=5_000_000, cells=200_000)


def outcome(data: bytes, mapping: str = MAPPING) -> int | set[str]:
    """The number of units, or the codes of the problems."""
    try:
        return len(read_microdata(data, read_mapping(mapping), limits=LIMITS).units)
    except MicrodataRefused as refused:
        report = refused.report
        assert report.shown
        assert all(problem.message and problem.remedy for problem in report.shown)
        assert all(problem.value.isprintable() for problem in report.shown)
        assert all(problem.message.isprintable() for problem in report.shown)
        assert all(len(problem.message) <= 1_500 for problem in report.shown)
        return {problem.code for problem in report.shown}


def refusal(read, given) -> MicrodataRefused | None:
    """What the reader refused, or None if it read what it was given."""
    try:
        read(given)
    except MicrodataRefused as refused:
        return refused
    return None


def small_workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row.split(","))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


GOOD = csv_bytes()
WORKBOOK = small_workbook()
FILES = {
    "nothing": b"",
    "one byte": b"\xff",
    "a byte order mark": b"\xef\xbb\xbf",
    "half a UTF-16": b"\xff\xfea",
    "UTF-32": GOOD.decode().encode("utf-32"),
    "all bytes": bytes(range(256)) * 20,
    "random bytes": random.Random(1).randbytes(100_000),
    "only commas": b"," * 100_000,
    "only newlines": b"\n" * 100_000,
    "only quotes": b'"' * 100_001,
    "one endless line": b"x" * 4_000_000,
    "one endless quoted cell": HEADER.encode() + b'\n"' + b"x\n" * 1_000_000,
    "carriage returns": GOOD.replace(b"\n", b"\r"),
    "carriage returns and newlines": GOOD.replace(b"\n", b"\r\n"),
    "form feeds": GOOD.replace(b"\n", b"\x0c"),
    "a million rows": b"firm\n" + b"1\n" * 1_000_000,
    "too many bytes": b"a,b\n" * 2_000_000,
    "quote in the middle": csv_bytes(ROWS[0].replace("fine", 'fi"ne')),
    "text after a quote": csv_bytes(ROWS[0].replace("fine", '"fine"x')),
    "surrogates": GOOD.replace(b"fine", b"\xed\xa0\x80"),
    "overlong": GOOD.replace(b"fine", b"\xc0\xaf"),
    "right to left": GOOD.replace(b"fine", "\u202e\u2066".encode()),
    "a hyperlink": csv_bytes(ROWS[0].replace(",12,", ',"=HYPERLINK(""http://a"",""b"")",')),
    "a dynamic data exchange": csv_bytes(ROWS[0].replace(",12,", ",=cmd|'/c calc'!A0,")),
    "at sum": csv_bytes(ROWS[0].replace(",12,", ",@SUM(1),")),
    "huge number": csv_bytes(ROWS[0].replace(",12,", "," + "9" * 10_000 + ",")),
    "arabic digits": csv_bytes(ROWS[0].replace(",12,", ",١٢,")),
    "hexadecimal": csv_bytes(ROWS[0].replace(",12,", ",0x1F,")),
    "underscored": csv_bytes(ROWS[0].replace(",12,", ",1_000,")),
    "nan": csv_bytes(ROWS[0].replace(",2.5,", ",nan,")),
    "header twice": GOOD + GOOD,
    "header of blanks": b"," * 18 + b"\n" + GOOD,
    "names that look like formulas": GOOD.replace(b"remark", b"=1+1"),
    "an endless name": GOOD.replace(b"staff", b"s" * 100_000),
    "a name that turns around": GOOD.replace(b"staff", "\u202estaff\u0007".encode()),
    "a page": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "json": b'{"firm": [1, 2, 3]}',
    "a truncated workbook": WORKBOOK[: len(WORKBOOK) // 2],
    "a workbook with a spoilt middle": WORKBOOK[:800] + b"\0" * 400 + WORKBOOK[1200:],
    "an empty archive": b"PK\x05\x06" + b"\0" * 18,
}


@pytest.mark.parametrize("name", FILES)
def test_an_evil_file_ends_in_units_or_problems_soon(name):
    started = monotonic()

    outcome(FILES[name])

    assert monotonic() - started < SECONDS


@pytest.mark.parametrize("name", FILES)
def test_an_evil_codebook_ends_in_meanings_or_problems_soon(name):
    started = monotonic()

    refused = refusal(read_codebook, FILES[name])

    assert refused is None or refused.report.shown
    assert monotonic() - started < SECONDS


def test_the_harmless_among_them_are_read():
    assert outcome(GOOD) == 3
    assert outcome(FILES["carriage returns and newlines"]) == 3
    assert outcome(FILES["carriage returns"]) == 3
    assert outcome(FILES["right to left"]) == 3
    assert outcome(WORKBOOK) == 3


def test_what_looks_like_a_number_to_python_only_is_no_number():
    for name in ("arabic digits", "hexadecimal", "underscored", "huge number", "nan"):
        assert outcome(FILES[name]) == {"not_a_number"}, name


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_spoilt_anywhere_ends_in_units_or_problems(data):
    base = bytearray(data.draw(st.sampled_from([GOOD, WORKBOOK])))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(base) - 1))
        base[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    outcome(bytes(base))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_for_a_mapping_ends_in_a_mapping_or_problems(text):
    refused = refusal(read_mapping, text)

    assert refused is None or refused.report.shown


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mapping_spoilt_anywhere_ends_in_a_mapping_or_problems(data):
    text = MAPPING
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 12))
        text = (
            text[:place]
            + data.draw(st.text("{}[]:,-&*!|>?'\"#%@ \nab01", max_size=6))
            + text[place + length :]
        )

    outcome(GOOD, text)


def test_a_member_with_a_password_is_refused_in_words():
    data = bytearray(WORKBOOK)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(mark, start + 4)

    assert outcome(bytes(data)) == {"not_a_table"}


def test_a_nested_archive_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.xlsx", WORKBOOK)

    assert outcome(file.getvalue()) == {"not_a_table"}
