"""Merged cells of a workbook's sheet, found without loading the sheet."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from defusedxml import ElementTree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_AT_ONCE = 1_000_000
_OVERLAP = 300
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Cells that were merged, such as ``A5:A9``."""

    ref: str

    @property
    def row(self) -> int:
        """The row in which they begin."""
        row: int = coordinate_from_string(self.ref.split(":")[0])[1]
        return row

    def column_of(self, header: Sequence[str]) -> str:
        """The name of the column in which they begin."""
        letters = coordinate_from_string(self.ref.split(":")[0])[0]
        place = column_index_from_string(letters) - 1
        return header[place] if place < len(header) else str(letters)


def merged_ranges(file: BinaryIO, sheet: str) -> Iterator[MergedRange]:
    """The merged cells of the sheet of that name, or of the first; the archive is trusted."""
    with zipfile.ZipFile(file) as archive:
        member = _member(archive, sheet)
        if member not in archive.namelist():
            return
        with archive.open(member) as part:
            before = b""
            while piece := part.read(_AT_ONCE):
                text = before + piece
                end = 0
                for found in _MERGED.finditer(text):
                    end = found.end()
                    yield MergedRange(found[1].decode())
                before = text[max(end, len(text) - _OVERLAP) :]


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that holds the sheet."""
    if not {_BOOK, _RELATIONS} <= set(archive.namelist()):
        return ""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(archive.read(_RELATIONS))
    }
    for each in ElementTree.fromstring(archive.read(_BOOK)).iter():
        if each.tag.endswith("}sheet") and sheet in ("", each.get("name")):
            target = targets.get(each.get(_ID), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""
