"""Reading a firm's response: the words it is asked in, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from surveys import questionnaire
from surveys.models import Case, Response
from surveys.queries.instruments import as_spoken, reads_frame
from surveys.queries.prior import frame_values, is_made, last_values
from surveys.questionnaire import FillContext, Route, SectionStatus
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import EntryPage, Item, Note, Roster
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.routing import entry_route
from surveys.questionnaire.speech import say


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a firm stands in its questionnaire at one moment.

    `saved` names the pages that were saved, with answers or left blank; `known` is what is
    known of the firm beside its answers.
    """

    case: Case
    instrument: Instrument
    response: Response | None
    route: Route
    saved: frozenset[str]
    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> FillContext:
        return fill_context(self.case, self.instrument, self.route.answers, self.known)

    @property
    def revision(self) -> int:
        return self.response.revision if self.response else 0

    @property
    def answers(self) -> dict[str, Any]:
        """Everything saved, whether it counts or not."""
        return self.response.answers if self.response else {}

    @property
    def is_submitted(self) -> bool:
        return self.response is not None and self.response.is_submitted

    @property
    def sections(self) -> tuple[SectionStatus, ...]:
        """Every section; one with a summary is completed when that was seen."""
        statuses = questionnaire.section_statuses(self.instrument, self.route, self.saved)
        seen = self.response.page_revisions if self.response else {}
        return tuple(
            replace(each, status="in_progress")
            if each.section.summary
            and each.status == "completed"
            and summary_key(each.section.name) not in seen
            else each
            for each in statuses
        )

    @property
    def to_confirm(self) -> frozenset[str]:
        """Pages of the route that show a number which has changed since it was confirmed."""
        on_route = {page.name for page in self.route.pages}
        return pages_to_confirm(self.response) & on_route

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
    """A section with its lines, and the people who answered it as far as they are known."""

    title: str
    lines: tuple[AnswerLine, ...]
    people: tuple[str, ...] = ()


def standing(case: Case) -> Standing:
    """Where the case stood when it was read with wave and response.

    Stratum and unit are read where the route rests on the frame or on the wave before.
    """
    response: Response | None = getattr(case, "response", None)
    instrument = as_spoken(case.wave.instrument)
    known = known_of(case)
    return Standing(
        case=case,
        instrument=instrument,
        response=response,
        route=questionnaire.route(instrument, response.answers if response else {}, known),
        saved=saved_pages(instrument, response),
        known=known,
    )


def standing_now(case: Case) -> Standing:
    """Where the case stands now that someone else may have written; read anew."""
    cases = Case.objects.select_related("wave__survey", "wave__instrument", "response")
    return standing(cases.defer("wave__instrument__document").get(pk=case.pk))


def known_of(case: Case) -> dict[str, Any]:
    """What is known of the firm beside its answers, under the names that conditions read."""
    rests_on_it = is_made(case) or reads_frame(case.wave.instrument)
    of_frame = frame_values(case) if rests_on_it else {}
    return of_frame | last_values(case)


def answer_sheet(
    firm: Standing, who: Mapping[str, str] | None = None
) -> tuple[SectionAnswers, ...]:
    """The answers that count, section by section, in the words of the instrument.

    `who` names, by page, the person who answered it.
    """
    sheet = []
    for section in firm.instrument.sections:
        pages = [page for page in section.pages if firm.route.holds(page.name)]
        # A section of notes alone has nothing to be read once more.
        if lines := tuple(line for page in pages for line in answer_lines(page, firm)):
            people = (
                dict.fromkeys(who[page.name] for page in pages if page.name in who) if who else ()
            )
            sheet.append(SectionAnswers(firm.fill(section.title), lines, tuple(people)))
    return tuple(sheet)


def answer_lines(
    page: Page, firm: Standing, answers: Mapping[str, Any] | None = None
) -> tuple[AnswerLine, ...]:
    """The questions of one page that apply, with the given answers or with the saved ones."""
    given = firm.route.answers if answers is None else answers
    context = firm.context
    return tuple(
        AnswerLine(
            page=page.name,
            item=item.name,
            question=questionnaire.fill(item.label, context),
            answer=_in_words(item, given.get(item.name)),
        )
        for item in page.items
        if (takes_answer(item) if answers is not None else _has_line(item, firm))
    )


def set_aside(firm: Standing) -> tuple[AnswerLine, ...]:
    """Saved answers to questions that no longer apply; they are kept and do not count."""
    return tuple(
        AnswerLine(page.name, item.name, firm.fill(item.label), words)
        for page in firm.instrument.pages
        for item in page.items
        if item.name not in firm.route.asked
        and item.name in firm.answers
        and (words := _in_words(item, firm.answers[item.name]))
    )


def _has_line(item: Item, firm: Standing) -> bool:
    return item.name in firm.route.asked and not isinstance(item, Note)


def _in_words(item: Item, answer: Any) -> str:
    words = questionnaire.answer_text(item, answer)
    return "" if words == say(questionnaire.NOT_PROVIDED) else words


def fill_context(
    case: Case, instrument: Instrument, answers: Mapping[str, Any], known: Mapping[str, Any]
) -> FillContext:
    """What the fills of the instrument stand for in this case."""
    return FillContext(
        firm=case.firm_name or say("your firm"),
        first_year=case.wave.reference_first_year,
        last_year=case.wave.reference_last_year,
        answers=answers,
        instrument=instrument,
        known=known,
    )


def saved_pages(instrument: Instrument, response: Response | None) -> frozenset[str]:
    """Names of the pages that were saved, with answers or left blank.

    A page is not among them whose numbers have changed since the firm confirmed them.
    """
    if response is None:
        return frozenset()
    to_confirm = pages_to_confirm(response)
    begun = {key.partition("/")[0] for key in response.page_revisions if "/" in key}
    return frozenset(
        page.name
        for page in instrument.pages
        if page.name not in to_confirm
        and (
            page.name in response.page_revisions
            or (
                page.name not in begun and any(item.name in response.answers for item in page.items)
            )
        )
    )


def pages_to_confirm(response: Response | None) -> frozenset[str]:
    """Pages that were gone through and show a number that has changed since."""
    revisions = response.page_revisions if response else {}
    return frozenset(page for page in revisions if changed_key(page) in revisions)


def changed_key(page: str) -> str:
    """Under which stands the revision that changed the numbers a page plays back."""
    return f"?{page}"


def summary_key(section: str) -> str:
    """Under which the summary of a section has its revision; no page has such a name."""
    return f"@{section}"


def entry_key(page: str, entry: str, step: int) -> str:
    """Under which an entry of a roster has its revisions: ``partners/k3f9/2``.

    A page of a roster has gone through only when its list was closed, not when an entry was
    saved: that is what the page's own name stands for.
    """
    return f"{page}/{entry}/{step}"


def entry_pages(
    roster: Roster, entry: Mapping[str, Any], answers: Mapping[str, Any]
) -> tuple[tuple[int, EntryPage], ...]:
    """The pages of one entry that apply, each with its step: its place in the roster from 1.

    `answers` are those that count, and what is known beside them.
    """
    applying = iter(entry_route(roster, entry, answers))
    following = next(applying, None)
    steps = []
    for step, page in enumerate(roster.pages, start=1):
        if following is None:
            break
        # A page that applies may have lost items; the first that it kept tells which it is.
        if any(item.name == following.items[0].name for item in page.items):
            steps.append((step, following))
            following = next(applying, None)
    return tuple(steps)


def roster_of(page: Page) -> Roster | None:
    """The roster that the page holds, if it holds one."""
    return next((item for item in page.items if isinstance(item, Roster)), None)
