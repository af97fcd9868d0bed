"""Texts of a workbook that its cells name by number, in as little memory as they take.

Spreadsheets keep every different text of a workbook in one part of its archive. A million firms
have some millions of them; as a list of Python's texts they would take over a gigabyte.
"""

from array import array
from typing import IO, NoReturn
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

_AT_ONCE = 65_536


class SharedStrings:
    """The texts, read from their part only as far as they are asked for; UTF-8 and its places.

    Programs number texts in the order of their first cells, so that the first rows of a sheet
    need the beginning of the part alone.
    """

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part
        self._parsed = _Texts()
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __getitem__(self, place: int) -> str:
        """The text of that number. Raises IndexError for one that the part does not hold."""
        if place < 0:
            raise IndexError(place)
        while place >= len(self._ends) - 1:
            self._read_on()
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode()

    def _read_on(self) -> None:
        piece = self._part.read(_AT_ONCE)
        if not piece:
            raise IndexError
        for text in self._parsed.of(piece):
            self._bytes += text.encode()
            self._ends.append(len(self._bytes))


class _Texts:
    """The items of the part as they come: their runs in one, without how a word is pronounced."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._take
        # A text could grow without end by entities.
        self._parser.StartDoctypeDeclHandler = _refuse_entities
        self._found: list[str] = []
        self._runs: list[str] = []
        self._is_text = False
        self._is_said = False

    def of(self, piece: bytes) -> list[str]:
        """The texts that end in the next bytes. Raises ExpatError for what is no XML."""
        self._parser.Parse(piece)
        found, self._found = self._found, []
        return found

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        self._is_text = kind == "t" and not self._is_said
        self._is_said = self._is_said or kind == "rPh"

    def _close(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        self._is_text = False
        if kind == "rPh":
            self._is_said = False
        elif kind == "si":
            self._found.append("".join(self._runs))
            self._runs.clear()

    def _take(self, text: str) -> None:
        if self._is_text:
            self._runs.append(text)


class WorkbookReader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's reader, with texts kept as above."""

    def read_strings(self) -> None:
        found = self.package.find(SHARED_STRINGS)
        if found is not None:
            self.shared_strings = SharedStrings(self.archive.open(found.PartName[1:]))


def _refuse_entities(*_: object) -> NoReturn:
    raise expat.ExpatError("a document type is not read")
