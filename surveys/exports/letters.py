"""Letters to firms as a PDF for the printer: address window, words, code and QR code.

Drawn in batches and joined at the end, so that thousands of letters need no more memory than
a batch and their finished pages.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import IO

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from pypdf import PdfReader, PdfWriter

from surveys.actions.mailing_batches import CannotBeMade, Letter
from surveys.exports import pdf
from surveys.models import ContactStep

_STYLES = "surveys/letter.css"
_WORDS = {
    "en": (
        "Your questionnaire",
        "Scan this code with a telephone, or go to",
        "and type your access code:",
    ),
    "nb": (
        "Spørreskjemaet deres",
        "Skann koden med en telefon, eller gå til",
        "og skriv inn tilgangskoden:",
    ),
    "de": (
        "Ihr Fragebogen",
        "Scannen Sie den Code mit einem Telefon, oder öffnen Sie",
        "und tippen Sie Ihren Zugangscode ein:",
    ),
    "it": (
        "Il vostro questionario",
        "Inquadrate il codice con un telefono, oppure aprite",
        "e digitate il codice di accesso:",
    ),
}


def draw(step: ContactStep, letters: Sequence[Letter], *, on: date) -> bytes:
    """The letters one after the other, each on pages of its own. Raises CannotBeMade."""
    shown = [_shown(letter, on) for letter in letters]
    context = {"letters": shown, "survey": step.wave.survey, "wave": step.wave}
    try:
        html = render_to_string("letters/post.html", context)
        return pdf.render(html, styles=_STYLES, variant=None)
    except pdf.PdfUnavailable as missing:
        raise CannotBeMade(str(missing)) from None


def join(parts: Sequence[IO[bytes]]) -> tuple[bytes, int]:
    """The parts as one PDF, and its number of pages."""
    writer = PdfWriter()
    for part in parts:
        writer.append(PdfReader(part))
    writer.compress_identical_objects()
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue(), len(writer.pages)


def qr_code(address: str) -> segno.QRCode:
    """The address as a QR code that may lose 15 % of its area to a fold or a stain."""
    return segno.make_qr(address, error="m")


def _shown(letter: Letter, on: date) -> dict[str, object]:
    language = letter.written.language
    heading, scan, type_code = _WORDS.get(language.partition("-")[0], _WORDS["en"])
    with _speaking(language):
        day = date_format(on, "DATE_FORMAT")
    return {
        "language": language,
        "to": _address_lines(letter),
        "subject": letter.written.subject,
        "body": letter.written.body.strip(),
        "day": day,
        "heading": heading,
        "scan": scan,
        "type_code": type_code,
        "code": letter.code,
        "entrance": letter.link.rsplit("/", 2)[0] + "/",
        "qr": _drawn(letter.link),
    }


def _address_lines(letter: Letter) -> list[str]:
    """Firm, person and postal address, without a line that stands twice."""
    lines = [letter.to.firm, letter.to.person, *letter.to.postal.splitlines()]
    kept = dict.fromkeys(" ".join(line.split()) for line in lines)
    return [line for line in kept if line]


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    # Django's plain English writes the month first; letters write British dates.
    with translation.override("en-gb" if language == "en" else language):
        yield


def _drawn(address: str) -> SafeString:
    drawn = BytesIO()
    qr_code(address).save(
        drawn, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, svgclass="letter-qr"
    )
    # Drawn by the library from an address of this site: nothing that a person typed.
    return mark_safe(drawn.getvalue().decode())  # noqa: S308
