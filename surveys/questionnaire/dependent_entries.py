"""Entries of a roster in the wave before: what of them comes back, and what became of each.

An entry keeps its key across waves, so that one that comes back is known for the same.
The mode of the roster says whether entries are shown, filled in, or filled in and to be
confirmed. Within an entry the name comes back always, and the answers to items that have a
mode of their own; if no item has one, all do. Every other item is asked anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.answer_checks import ENTRY_KEY, check_value, local_name
from surveys.questionnaire.codebook import is_companion
from surveys.questionnaire.conditions import Chose, is_blank, stated_missing
from surveys.questionnaire.items import Dependent, Item, Roster
from surveys.questionnaire.offering import takes_answer

ENTRY_FLAGS = {
    "new": "Listed for the first time",
    "confirmed": "Of the wave before, with the same answers, confirmed or given again",
    "changed": "Of the wave before, with another answer than then",
    "prefilled": "Of the wave before, filled in and left so",
    "to_confirm": "Of the wave before, on the list and not confirmed",
    "gone": "Of the wave before; the firm said that it no longer applies",
    "left_out": "Of the wave before, shown and not listed again",
    "not_shown": "There was no list of the wave before to show",
}
SETTLED = frozenset({"confirmed", "changed", "prefilled", "gone"})


@dataclass(frozen=True, slots=True)
class LastEntry:
    """One entry of the wave before.

    Attributes
    ----------
    told : answers that the firm is shown, by local name; the name among them
    filled : answers that the entry begins with. None stands for what was left blank; an item
        that is not named is asked anew
    """

    key: str
    name: str
    told: Mapping[str, Any] = field(default_factory=dict)
    filled: Mapping[str, Any] = field(default_factory=dict)

    @property
    def as_entry(self) -> dict[str, Any]:
        """The entry as it would stand on the list of this wave."""
        return {"entry": self.key, **self.filled}


def last_entries(roster: Roster, entries: Any, alike: Collection[str]) -> tuple[LastEntry, ...]:
    """The entries of the wave before that this roster offers.

    `entries` are those that counted then; `alike` names the items that mean the same in both
    waves. An entry without a key or a name that can be taken is not offered.
    """
    if roster.dependent == "hidden" or not isinstance(entries, list):
        return ()
    found: dict[str, LastEntry] = {}
    for entry in entries:
        if isinstance(entry, Mapping) and (last := _last(roster, entry, alike)) is not None:
            found.setdefault(last.key, last)
    return tuple(found.values())


def is_quotable(item: Item, answer: Any) -> bool:
    """Whether the answer says something that the item takes now."""
    if is_blank(answer) or stated_missing(answer):
        return False
    return not check_value(item, answer)


def differs(last: LastEntry, entry: Mapping[str, Any]) -> bool:
    """Whether the entry says anything else than it did.

    A blank says nothing where the answer was only shown.
    """
    if any(entry.get(local) != answer for local, answer in last.filled.items()):
        return True
    return any(
        not is_blank(entry.get(local)) and entry.get(local) != answer
        for local, answer in last.told.items()
        if local not in last.filled
    )


def entry_flag(
    mode: Dependent, last: LastEntry, entry: Mapping[str, Any], *, is_settled: bool
) -> str:
    """What became of the entry, out of `ENTRY_FLAGS`.

    `is_settled` says that the firm confirmed it, or went through all of its questions.
    """
    if mode == "confirmed" and not is_settled:
        return "to_confirm"
    if differs(last, entry):
        return "changed"
    return "prefilled" if mode == "prefilled" else "confirmed"


def _last(roster: Roster, entry: Mapping[str, Any], alike: Collection[str]) -> LastEntry | None:
    key, naming = entry.get("entry"), roster.items[0]
    name = entry.get(local_name(roster, naming))
    if not isinstance(key, str) or not ENTRY_KEY.fullmatch(key):
        return None
    if not isinstance(name, str) or not is_quotable(naming, name):
        return None
    modes = _modes(roster)
    told, filled = {}, {}
    for item in roster.items:
        mode = "confirmed" if item is naming else modes.get(item.name, "hidden")
        if mode == "hidden" or not (item is naming or item.name in alike):
            continue
        local, answer = local_name(roster, item), entry.get(local_name(roster, item))
        quoted = answer if is_quotable(item, answer) else None
        if quoted is not None:
            told[local] = quoted
        if item is naming or (mode != "shown" and roster.dependent != "shown"):
            filled[local] = quoted
    return LastEntry(key, name, told, filled)


def _modes(roster: Roster) -> dict[str, Dependent]:
    """The mode of every item that takes an answer; a companion has that of its option."""
    own: dict[str, Dependent] = {item.name: item.dependent for item in roster.items}
    if all(mode == "hidden" for mode in own.values()):
        own = dict.fromkeys(own, roster.dependent)
    return {item.name: own[_governing(item, own)] for item in roster.items if takes_answer(item)}


def _governing(item: Item, names: Collection[str]) -> str:
    if is_companion(item) and isinstance(item.universe, Chose):
        return item.universe.reference if item.universe.reference in names else item.name
    return item.name
