"""Files that a page hands over."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from surveys.exports.spreadsheet import TooLargeForSpreadsheet

_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

# Some ten seconds: a workbook goes out only when it is whole, and nobody should wait longer.
MOST_CELLS = 5_000_000


def attachment(content: bytes, name: str) -> HttpResponse:
    """The content as a file to be saved under that name; its type follows from the ending."""
    response = HttpResponse(content, content_type=_TYPES[name.rsplit(".", 1)[-1]])
    response["Content-Disposition"] = _saved_as(name)
    return response


def streamed(content: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """As `attachment`, piece by piece as it is made."""
    response = StreamingHttpResponse(content, content_type=_TYPES[name.rsplit(".", 1)[-1]])
    response["Content-Disposition"] = _saved_as(name)
    return response


def made_on_disk(write: Callable[[IO[bytes]], object], name: str) -> FileResponse:
    """As `attachment`, of what `write` writes: on disk first, so that none of it is held.

    Raises what `write` raises; nothing is then handed over.
    """
    file = TemporaryFile()  # noqa: SIM115 -- the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=_TYPES[name.rsplit(".", 1)[-1]]
    )


def refuse_to_wait(*, cells: int, command: str) -> None:
    """Raises TooLargeForSpreadsheet if a workbook of so many cells takes long to make."""
    if cells > MOST_CELLS:
        raise TooLargeForSpreadsheet(
            f"The workbook would have {cells:,} cells, and is not made while a page waits beyond"
            f" {MOST_CELLS:,}. The operator of the platform can write it with {command}."
        )


def _saved_as(name: str) -> str:
    return f'attachment; filename="{name}"'
