"""What writing to a roster has in common: its list as it is saved, and the room on it."""

from typing import Any

from surveys.actions.responses import OffRoute, instrument_for_writing, page_on_route
from surveys.models import Response
from surveys.queries.responses import roster_of
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Roster


class RosterFull(Exception):
    """The roster holds as many entries as it takes."""


def roster_for_writing(response: Response, page: str) -> tuple[Instrument, Roster]:
    """The roster of the page. Raises WaveClosed, AlreadySubmitted, OffRoute."""
    instrument = instrument_for_writing(response)
    roster = roster_of(page_on_route(instrument, response, page))
    if roster is None:
        raise OffRoute
    return instrument, roster


def entries_of(response: Response, roster: Roster) -> list[dict[str, Any]]:
    """The entries as they are saved."""
    entries = response.answers.get(roster.name)
    return list(entries) if isinstance(entries, list) else []


def full_if_over(roster: Roster, entries: list[dict[str, Any]]) -> None:
    """Raises RosterFull if the list is longer than the roster takes."""
    if len(entries) > roster.most:
        raise RosterFull
