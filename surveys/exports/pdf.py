"""HTML of our own templates as PDF, by WeasyPrint.

The library is brought in when it is needed: it rests on Pango, which not every machine has,
and everything else must work there.
"""

import logging
from types import ModuleType
from typing import NoReturn

from django.contrib.staticfiles import finders

_STYLES = "surveys/paper.css"
_MISSING = (
    "This machine cannot make PDF files: the library Pango is not installed. On Debian, install "
    "libpango-1.0-0 and libpangoft2-1.0-0; the HTML version works without them."
)


class PdfUnavailable(Exception):
    """The machine has no WeasyPrint or no Pango; the message says what to install."""


def render(html: str, *, styles: str = _STYLES, variant: str | None = "pdf/ua-1") -> bytes:
    """The page as PDF, in the project's paper style or another. Nothing is fetched from anywhere.

    `variant` is None for what is made for the printer only. Raises PdfUnavailable.
    """
    weasyprint = _weasyprint()
    style = weasyprint.CSS(string=style_sheet(styles), url_fetcher=_refuse)
    document = weasyprint.HTML(string=html, url_fetcher=_refuse)
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant=variant)
    return made


def _weasyprint() -> ModuleType:
    """The library, told not to log the texts that it sets. Raises PdfUnavailable."""
    try:
        import weasyprint  # noqa: PLC0415 -- rests on Pango, which may be absent
    except (ImportError, OSError):
        raise PdfUnavailable(_MISSING) from None
    for logger in ("weasyprint", "weasyprint.progress"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    module: ModuleType = weasyprint
    return module


def style_sheet(name: str = _STYLES) -> str:
    found = finders.find(name)
    if found is None:
        raise PdfUnavailable(f"The style sheet {name} is missing from this installation.")
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 -- a path of Django's
        return file.read()


def _refuse(_url: str, *_arguments: object, **_named: object) -> NoReturn:
    raise ValueError("A document may name no address of its own")
