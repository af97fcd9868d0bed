"""How much of what it was asked a firm has answered."""

from typing import Any

from surveys import questionnaire
from surveys.fieldwork.completeness import State, key_share
from surveys.models import Response, Wave
from surveys.queries.instruments import compiled
from surveys.queries.responses import known_of
from surveys.questionnaire.items import BatteryRow, Item, Roster
from surveys.questionnaire.lookups import is_blank, stated_missing
from surveys.questionnaire.offering import takes_answer


def answered_key_share(response: Response) -> float | None:
    """The share of the key items that the firm was asked and answered.

    Of all items where the wave names none as key; None where none applies to the firm.
    """
    wave: Wave = response.case.wave
    if wave.instrument is None:
        return None
    instrument = compiled(wave.instrument)
    route = questionnaire.route(instrument, response.answers, known_of(response.case))
    keys = frozenset(wave.key_items)
    return key_share(
        state_of(item, route.answers.get(item.name))
        for page in route.pages
        for item in route.items_of(page)
        if (takes_answer(item) or isinstance(item, Roster)) and is_key(item, keys)
    )


def is_key(item: Item, keys: frozenset[str]) -> bool:
    """Whether the item is named, by itself or by its battery; every one where none is."""
    if not keys:
        return True
    return item.name in keys or (isinstance(item, BatteryRow) and item.battery in keys)


def state_of(item: Item, answer: Any) -> State:
    """In which state an item is that was asked."""
    reason = stated_missing(answer)
    if reason == "refused":
        return "refused"
    if reason and reason in item.missing:
        return "dont_know"
    return "blank" if is_blank(answer) else "answered"
