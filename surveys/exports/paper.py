"""A questionnaire on paper: the same questions as HTML that prints, or as PDF."""

import re
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from surveys.exports import pdf
from surveys.queries.preview import Fill, all_questions
from surveys.questionnaire.fills import neutral
from surveys.questionnaire.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom the paper is; empty for nobody in particular."""

    firm: str = ""
    title: str = ""
    until: date | None = None


NOBODY = Addressee()
_EARLIER = re.compile(r"\[answer:[^\]]*\]")


def for_nobody(text: str) -> str:
    """The text as it stands for no firm in particular; dots stand for earlier answers."""
    return _EARLIER.sub("…", neutral(text))


def as_html(
    instrument: Instrument,
    *,
    fill: Fill = for_nobody,
    to: Addressee = NOBODY,
    has_styles: bool = True,
) -> str:
    """One page of HTML that needs no other file."""
    told = {
        "title": to.title or fill(instrument.title),
        "intro": fill(instrument.intro),
        "sections": all_questions(instrument, fill),
        "language": instrument.language,
        "styles": _style_element() if has_styles else "",
        "firm": to.firm,
        "until": to.until,
    }
    with translation.override(instrument.language):
        return render_to_string("respondent/paper_questionnaire.html", told)


def _style_element() -> SafeString:
    return format_html("<style>{}</style>", mark_safe(pdf.style_sheet()))  # noqa: S308 -- a file of ours


def as_pdf(instrument: Instrument, *, fill: Fill = for_nobody, to: Addressee = NOBODY) -> bytes:
    """Raises pdf.PdfUnavailable where the machine cannot make PDF."""
    return pdf.render(as_html(instrument, fill=fill, to=to, has_styles=False))
