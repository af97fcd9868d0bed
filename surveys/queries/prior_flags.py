"""What became of last wave's answers, as columns of the data file: ``employment__prior``.

For a roster the columns count its entries: ``ties__kept``, ``ties__new``, ``ties__ended``.
"""

from collections.abc import Mapping

import pandas as pd

from surveys import questionnaire
from surveys.models import Wave
from surveys.queries.extracts import known_of_all, submitted_responses
from surveys.queries.instruments import compiled
from surveys.questionnaire.items import Item, Roster
from surveys.questionnaire.offering import takes_answer

OnRoute = Mapping[str, tuple[Mapping[str, str], questionnaire.Route]]

FLAGS = {
    "confirmed": "The firm saw its earlier answer and gave the same",
    "changed": "The firm saw its earlier answer and gave another",
    "prefilled": "The earlier answer was filled in and the firm left it so",
    "not_shown": "There was no earlier answer to show",
}


TURNOVER = {
    "kept": "Entries that were on the list of the wave before, too",
    "new": "Entries that were not on the list of the wave before",
    "ended": "Entries of the wave before that are not on the list any more",
}
_KEPT = frozenset({"confirmed", "changed", "prefilled"})
_ENDED = frozenset({"gone", "left_out"})
_NOTHING: tuple[Mapping[str, str], questionnaire.Route] = ({}, questionnaire.Route((), {}))


def flag_name(item: Item) -> str:
    return f"{item.name}__prior"


def prior_items(wave: Wave) -> tuple[Item, ...]:
    """Items whose former answer may be shown; none in a wave with no wave before it."""
    if wave.previous_id is None or wave.instrument is None:
        return ()
    items = compiled(wave.instrument).items
    return tuple(item for item in items if item.dependent != "hidden" and takes_answer(item))


def prior_flags(wave: Wave, pseudonyms: pd.Index, by_firm: OnRoute) -> pd.DataFrame:
    """(n, k) texts out of `FLAGS`, None where the item was not asked or left blank.

    What was said of an item stays saved when another answer takes it off the route, and says
    nothing then.
    """
    items = prior_items(wave)
    columns = {}
    for item in items:
        flags = [_flag(item, *by_firm.get(name, _NOTHING)) for name in pseudonyms]
        columns[flag_name(item)] = pd.Series(flags, index=pseudonyms, dtype=object)
    return pd.DataFrame(columns, index=pseudonyms)


def _flag(item: Item, flags: Mapping[str, str], route: questionnaire.Route) -> str | None:
    return flags.get(item.name) if item.name in route.asked else None


def prior_rosters(wave: Wave) -> tuple[Roster, ...]:
    """Rosters whose former entries may be shown; none in a wave with no wave before it."""
    if wave.previous_id is None or wave.instrument is None:
        return ()
    items = compiled(wave.instrument).items
    return tuple(item for item in items if isinstance(item, Roster) and item.dependent != "hidden")


def turnover_name(roster: Roster, part: str) -> str:
    return f"{roster.name}__{part}"


def turnover(wave: Wave, pseudonyms: pd.Index, by_firm: OnRoute) -> pd.DataFrame:
    """(n, 3k) numbers of entries by what became of them.

    Missing where there was no list to show, or the firm was not asked for one.
    """
    rosters = prior_rosters(wave)
    columns = {}
    for roster in rosters:
        counts = [_counts(roster, *by_firm.get(name, _NOTHING)) for name in pseudonyms]
        for part in TURNOVER:
            values = [each.get(part) for each in counts]
            columns[turnover_name(roster, part)] = pd.Series(
                pd.array(values, dtype="Float64"), index=pseudonyms
            )
    return pd.DataFrame(columns, index=pseudonyms)


def flags_on_route(wave: Wave) -> OnRoute:
    """Flags and the route of each firm, by pseudonym; nothing where none is shown an answer."""
    if wave.instrument is None or not (prior_items(wave) or prior_rosters(wave)):
        return {}
    instrument, responses = compiled(wave.instrument), submitted_responses(wave)
    pairs = zip(responses, known_of_all(wave, responses), strict=True)
    return {
        response.case.pseudonym: (
            response.prior_flags,
            questionnaire.route(instrument, response.answers, known),
        )
        for response, known in pairs
    }


def _counts(roster: Roster, flags: Mapping[str, str], route: questionnaire.Route) -> dict[str, int]:
    entries = route.answers.get(roster.name)
    if flags.get(roster.name) != "shown" or not isinstance(entries, list):
        return {}
    of_entries = [flag for name, flag in flags.items() if name.startswith(f"{roster.name}/")]
    n_kept = sum(flag in _KEPT for flag in of_entries)
    ended = sum(flag in _ENDED for flag in of_entries)
    return {"kept": n_kept, "new": len(entries) - n_kept, "ended": ended}
