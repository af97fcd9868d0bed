"""Confirmations of numbers that are played back: they lapse when an answer behind one changes.

The revision at which an answer behind the numbers of a page changed last stands among the page
revisions until somebody has confirmed the page as it was then.
"""

from typing import Any

from surveys import questionnaire
from surveys.models import Response
from surveys.queries.responses import changed_key, known_of
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.playback import pages_to_confirm_again, playback_pages


def confirm(response: Response, page: str, built_on: int) -> None:
    """Note that the page was seen as it stood at the revision, unless its numbers are newer."""
    key = changed_key(page)
    if response.page_revisions.get(key, 0) <= built_on:
        response.page_revisions = {
            name: revision for name, revision in response.page_revisions.items() if name != key
        }


def let_lapse(
    response: Response, instrument: Instrument, before: dict[str, Any]
) -> tuple[str, ...]:
    """Have pages confirmed again whose numbers rest on what changed; their names.

    `before` are the saved answers as they were; `response` holds the new ones with their
    revision.
    """
    if not playback_pages(instrument):
        return ()
    known = known_of(response.case)
    pages = pages_to_confirm_again(
        instrument,
        questionnaire.route(instrument, before, known),
        questionnaire.route(instrument, response.answers, known),
    )
    changed = {changed_key(page): response.revision for page in pages}
    response.page_revisions = response.page_revisions | changed
    return pages
