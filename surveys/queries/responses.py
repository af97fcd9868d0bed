"""Reading a firm's response: the words it is asked in, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys import questionnaire
from surveys.models import Case, Response
from surveys.queries.instruments import compiled
from surveys.questionnaire import FillContext, Route, SectionStatus
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import Item


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a firm stands in its questionnaire at one moment.

    `saved` names the pages that were saved, with answers or left blank.
    """

    case: Case
    instrument: Instrument
    response: Response | None
    route: Route
    saved: frozenset[str]

    @property
    def context(self) -> FillContext:
        return fill_context(self.case, self.instrument, self.route.answers)

    @property
    def revision(self) -> int:
        return self.response.revision if self.response else 0

    @property
    def is_submitted(self) -> bool:
        return self.response is not None and self.response.is_submitted

    @property
    def sections(self) -> tuple[SectionStatus, ...]:
        return questionnaire.section_statuses(self.instrument, self.route, self.saved)

    @property
    def first_open_page(self) -> Page | None:
        """The first page of the route that was not gone through."""
        return next((page for page in self.route.pages if page.name not in self.saved), None)

    def fill(self, text: str) -> str:
        return questionnaire.fill(text, self.context)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question and what the firm said to it; `answer` is empty if nothing was given."""

    page: str
    item: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    title: str
    lines: tuple[AnswerLine, ...]


def standing(case: Case) -> Standing:
    """Where the case stands now. The case comes with its wave and response: no query."""
    response: Response | None = getattr(case, "response", None)
    instrument = compiled(case.wave.instrument)
    return Standing(
        case=case,
        instrument=instrument,
        response=response,
        route=questionnaire.route(instrument, response.answers if response else {}),
        saved=saved_pages(instrument, response),
    )


def answer_sheet(firm: Standing) -> tuple[SectionAnswers, ...]:
    """The answers that count, section by section, in the words of the instrument."""
    sheet = []
    for section in firm.instrument.sections:
        pages = [page for page in section.pages if firm.route.holds(page.name)]
        if pages:
            lines = tuple(line for page in pages for line in answer_lines(page, firm))
            sheet.append(SectionAnswers(firm.fill(section.title), lines))
    return tuple(sheet)


def answer_lines(
    page: Page, firm: Standing, answers: Mapping[str, Any] | None = None
) -> tuple[AnswerLine, ...]:
    """The questions of one page with the given answers, or with the saved ones."""
    given = firm.route.answers if answers is None else answers
    return tuple(
        AnswerLine(
            page=page.name,
            item=item.name,
            question=firm.fill(item.label),
            answer=_in_words(item, given.get(item.name)),
        )
        for item in page.items
    )


def _in_words(item: Item, answer: Any) -> str:
    words = questionnaire.answer_text(item, answer)
    return "" if words == questionnaire.NOT_PROVIDED else words


def fill_context(case: Case, instrument: Instrument, answers: Mapping[str, Any]) -> FillContext:
    """What the fills of the instrument stand for in this case."""
    return FillContext(
        firm=case.firm_name or "your firm",
        first_year=case.wave.reference_first_year,
        last_year=case.wave.reference_last_year,
        answers=answers,
        instrument=instrument,
    )


def saved_pages(instrument: Instrument, response: Response | None) -> frozenset[str]:
    """Names of the pages that were saved, with answers or left blank."""
    if response is None:
        return frozenset()
    return frozenset(
        page.name
        for page in instrument.pages
        if page.name in response.page_revisions
        or any(item.name in response.answers for item in page.items)
    )
