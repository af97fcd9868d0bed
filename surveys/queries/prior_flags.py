"""What became of last wave's answers, as columns of the data file: ``employment__prior``.

For a roster the columns count its entries: ``ties__kept``, ``ties__new``, ``ties__ended``.
"""

from collections.abc import Iterator, Mapping

from surveys import questionnaire
from surveys.models import Wave
from surveys.queries.instruments import compiled
from surveys.questionnaire.items import Item, Roster
from surveys.questionnaire.offering import takes_answer

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
_NOWHERE = questionnaire.Route((), {})


def flag_name(item: Item) -> str:
    return f"{item.name}__prior"


def prior_items(wave: Wave) -> tuple[Item, ...]:
    """Items whose former answer may be shown; none in a wave with no wave before it."""
    if wave.previous_id is None or wave.instrument is None:
        return ()
    items = compiled(wave.instrument).items
    return tuple(item for item in items if item.dependent != "hidden" and takes_answer(item))


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


def prior_cells(
    items: tuple[Item, ...],
    rosters: tuple[Roster, ...],
    flags: Mapping[str, str],
    on_route: questionnaire.Route | None,
) -> Iterator[str | int | None]:
    """The cells of one firm: flags of the items, then counts of the entries of each roster.

    A flag is out of `FLAGS`, None where the item was not asked or left blank: what was said of
    an item stays saved when another answer takes it off the route, and says nothing then. The
    counts are missing where there was no list to show, or the firm was not asked for one.
    """
    route = on_route or _NOWHERE
    for item in items:
        yield _flag(item, flags, route)
    for roster in rosters:
        counts = _counts(roster, flags, route)
        for part in TURNOVER:
            yield counts.get(part)


def _counts(roster: Roster, flags: Mapping[str, str], route: questionnaire.Route) -> dict[str, int]:
    entries = route.answers.get(roster.name)
    if flags.get(roster.name) != "shown" or not isinstance(entries, list):
        return {}
    of_entries = [flag for name, flag in flags.items() if name.startswith(f"{roster.name}/")]
    n_kept = sum(flag in _KEPT for flag in of_entries)
    ended = sum(flag in _ENDED for flag in of_entries)
    return {"kept": n_kept, "new": len(entries) - n_kept, "ended": ended}
