"""Writing many made responses at once, as firms that answered page by page would have."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from surveys import questionnaire
from surveys.actions.access_codes import ALPHABET
from surveys.demonstration import Story
from surveys.models import Case, CaseEvent, PageVersion, Response
from surveys.questionnaire.instrument import Instrument

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class MadeResponse:
    """A case, what it saved on the way, and the disposition it ends with."""

    case: Case
    answers: dict[str, Any]
    story: Story
    disposition: str
    reference: str


def pages_of(instrument: Instrument, answers: dict[str, Any]) -> tuple[str, ...]:
    """Names of the pages that a firm with these answers goes through."""
    return tuple(page.name for page in questionnaire.route(instrument, answers).pages)


def made_reference(chance: random.Random) -> str:
    """A reference such as a receipt carries, from that source of chance."""
    letters = "".join(chance.choice(ALPHABET) for _ in range(8))
    return f"M-{letters[:4]}-{letters[4:]}"


def write(made: Sequence[MadeResponse], instrument: Instrument) -> None:
    """Responses with their page versions and events, and the dispositions of their cases."""
    written = [_written(each, instrument) for each in made]
    responses = Response.objects.bulk_create(
        [_response(each, pages) for each, pages in zip(made, written, strict=True)],
        batch_size=_AT_ONCE,
    )
    PageVersion.objects.bulk_create(
        [
            PageVersion(response=response, page=page, revision=number, answers=answers, saved_at=at)
            for response, each, pages in zip(responses, made, written, strict=True)
            for number, ((page, at), answers) in enumerate(
                zip(each.story.saves, pages, strict=True), start=1
            )
        ],
        batch_size=_AT_ONCE,
    )
    CaseEvent.objects.bulk_create(
        [event for each in made for event in _events(each)], batch_size=_AT_ONCE
    )
    for each in made:
        each.case.disposition = each.disposition
        each.case.disposition_at = each.story.ended
    Case.objects.bulk_update(
        [each.case for each in made], ["disposition", "disposition_at"], batch_size=_AT_ONCE
    )


def _written(made: MadeResponse, instrument: Instrument) -> list[dict[str, Any]]:
    """The answers of each page that was saved, in the order of saving."""
    return [
        {item.name: made.answers[item.name] for item in instrument.page(page).items}
        for page, _ in made.story.saves
    ]


def _response(made: MadeResponse, pages: Sequence[dict[str, Any]]) -> Response:
    story = made.story
    answers = {name: value for page in pages for name, value in page.items()}
    return Response(
        case=made.case,
        answers=answers,
        revision=len(pages),
        page_revisions={page: number for number, (page, _) in enumerate(story.saves, start=1)},
        begun_at=story.admitted,
        saved_at=story.saves[-1][1] if story.saves else None,
        submitted_at=story.submitted,
        reference=made.reference if story.submitted else "",
    )


def _events(made: MadeResponse) -> Iterable[CaseEvent]:
    story, case = made.story, made.case
    yield CaseEvent(case=case, kind="begun", at=story.admitted)
    for number, (page, at) in enumerate(story.saves, start=1):
        detail = {"page": page, "revision": number, "edits": {}}
        yield CaseEvent(case=case, kind="page_saved", at=at, detail=detail)
    if story.submitted:
        detail = {"revision": len(story.saves)}
        yield CaseEvent(case=case, kind="submitted", at=story.submitted, detail=detail)
