"""What is told of an archive, and the sentence that refuses one that cannot be read."""

import io
import zipfile

import openpyxl
import pytest

from surveys.archives import NotAnArchive, look_into
from surveys.interchange import xlsform
from surveys.interchange.problems import UnreadableFile
from surveys.microdata import FileOptions, Limits, MicrodataRefused
from surveys.microdata.workbook import workbook_rows

LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


def with_bytes(data: bytes, mark: bytes, offset: int, value: int) -> bytes:
    """The archive with one byte of every record of a kind changed."""
    changed = bytearray(data)
    start = changed.find(mark)
    while start >= 0:
        changed[start + offset] = value
        start = changed.find(mark, start + 4)
    return bytes(changed)


def encrypted(data: bytes) -> bytes:
    """As an archive whose members have a password says that they have one."""
    return with_bytes(with_bytes(data, LOCAL, 6, 1), CENTRAL, 8, 1)


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def of_a_newer_version(data: bytes) -> bytes:
    return with_bytes(data, CENTRAL, 6, 99)


def test_the_table_tells_names_and_sizes() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"0" * 1000)
        archive.writestr("b.xml", b"0" * 500)
    found = look_into(file.getvalue())

    assert found.names == {"a.xml", "b.xml"}
    assert (found.members, found.unpacked) == (2, 1500)
    assert found.packed == len(file.getvalue())
    assert found.is_within(members=2, unpacked=1500)
    assert not found.is_within(members=1, unpacked=1500)
    assert not found.is_within(members=2, unpacked=1499)
    assert found.is_within(members=2, unpacked=1500, ratio=1500 / found.packed)
    assert not found.is_within(members=2, unpacked=1500, ratio=1499 / found.packed)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 nothing", truncated(workbook()), of_a_newer_version(workbook())],
    ids=["nothing", "a beginning", "half", "a newer version"],
)
def test_what_is_no_archive_is_not_looked_into(data: bytes) -> None:
    with pytest.raises(NotAnArchive):
        look_into(data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (encrypted, "The workbook is damaged and cannot be read."),
        (truncated, "The file is not an XLSX workbook."),
        (of_a_newer_version, "The file is not an XLSX workbook."),
    ],
)
def test_an_xlsform_that_cannot_be_unpacked_is_refused_with_a_sentence(change, sentence) -> None:
    with pytest.raises(UnreadableFile) as refused:
        xlsform.read(change(workbook()))

    assert [problem.message for problem in refused.value.problems] == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (encrypted, "The workbook is damaged and cannot be read."),
        (truncated, "The file starts like a workbook and is not one."),
        (of_a_newer_version, "The file starts like a workbook and is not one."),
    ],
)
def test_microdata_that_cannot_be_unpacked_are_refused_with_a_sentence(change, sentence) -> None:
    with pytest.raises(MicrodataRefused) as refused:
        list(workbook_rows(change(workbook()), FileOptions(), Limits()))

    assert [problem.message for problem in refused.value.report.shown] == [sentence]
