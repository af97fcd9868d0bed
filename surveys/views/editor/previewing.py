"""One page of a draft as a firm would see it, as HTML for a frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from surveys import questionnaire
from surveys.forms.pages import PageForm
from surveys.models import Survey
from surveys.queries.drafts import compile_draft
from surveys.queries.trials import FIRM, PERIOD
from surveys.questionnaire import FillContext
from surveys.questionnaire.editing.places import Place
from surveys.questionnaire.editing.sheets import page_alone
from surveys.questionnaire.instrument import Instrument, Page


@dataclass(frozen=True, slots=True)
class Preview:
    """A page to show in a frame, or why it cannot be drawn.

    `sheets` are the titles of the pages that the page of the draft becomes; more than one
    for most batteries.
    """

    html: str
    problems: tuple[questionnaire.Problem, ...]
    sheets: tuple[str, ...] = ()
    sheet: int = 0


def preview_of(
    request: HttpRequest, survey: Survey, document: Mapping[str, Any], place: Place, sheet: int = 0
) -> Preview | None:
    """The page of the place; None where the place is no page, such as a section."""
    if len(place) < 2:
        return None
    try:
        instrument = compile_draft(page_alone(document, place))
    except questionnaire.InstrumentErrors as errors:
        return Preview("", errors.problems)
    sheets = tuple(page.title for page in instrument.pages)
    at = sheet if 0 <= sheet < len(sheets) else 0
    return Preview(_drawn(request, survey, instrument, instrument.pages[at]), (), sheets, at)


def example_context(instrument: Instrument, answers: Mapping[str, Any]) -> FillContext:
    """What fills stand for where there is no firm."""
    return FillContext(
        firm=FIRM,
        first_year=PERIOD[0],
        last_year=PERIOD[1],
        answers=answers,
        instrument=instrument,
    )


def _drawn(request: HttpRequest, survey: Survey, instrument: Instrument, page: Page) -> str:
    context = example_context(instrument, {})
    form = PageForm(page=page, context=context)
    return render_to_string(
        "research/editor/firm_page.html",
        {
            "survey": survey,
            "form": form,
            "page": page,
            "title": questionnaire.fill(page.title, context),
            "intro": questionnaire.fill(page.intro, context),
        },
        request=request,
    )
