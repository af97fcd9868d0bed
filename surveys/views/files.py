"""Files that a page hands over."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse

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


def _saved_as(name: str) -> str:
    return f'attachment; filename="{name}"'
