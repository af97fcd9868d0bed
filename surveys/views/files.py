"""Files that a page hands over."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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


def _saved_as(name: str) -> str:
    return f'attachment; filename="{name}"'
