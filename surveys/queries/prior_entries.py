"""Entries of a roster in the wave before, and where each stands on the list of this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from surveys.models import Case, Response
from surveys.queries.prior import prior_of
from surveys.questionnaire.dependent_entries import SETTLED, LastEntry
from surveys.questionnaire.items import Roster

_GONE = "gone"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a roster offers of the wave before; nothing where there is none.

    Attributes
    ----------
    given_at : when the list was handed in; None where the firm has no answers of then
    flags : what became of entries so far, by key
    listed : keys of the entries that are on the list of this wave
    """

    roster: Roster
    given_at: datetime | None = None
    entries: tuple[LastEntry, ...] = ()
    flags: Mapping[str, str] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()

    def of(self, key: str) -> LastEntry | None:
        return next((each for each in self.entries if each.key == key), None)

    @property
    def waiting(self) -> tuple[LastEntry, ...]:
        """Entries that the firm has said nothing about yet."""
        return tuple(
            each
            for each in self.entries
            if each.key not in self.listed and self.flags.get(each.key) != _GONE
        )

    @property
    def gone(self) -> tuple[LastEntry, ...]:
        """Entries of which the firm said that they no longer apply."""
        return tuple(
            each
            for each in self.entries
            if each.key not in self.listed and self.flags.get(each.key) == _GONE
        )

    @property
    def begins_with_them(self) -> bool:
        """Whether the entries stand on the list before the firm has said anything."""
        return self.roster.dependent in ("prefilled", "confirmed")

    def is_to_be_confirmed(self, key: str) -> bool:
        is_asked = self.roster.dependent == "confirmed" and self.of(key) is not None
        return is_asked and self.flags.get(key) not in SETTLED

    def with_waiting(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The list as the firm sees it: what is saved, then what waits."""
        if not self.begins_with_them:
            return list(entries)
        return [*entries, *(each.as_entry for each in self.waiting)]


def carried_of(case: Case, roster: Roster, response: Response | None) -> Carried:
    """Where the entries of the wave before stand. They are read with the other former answers."""
    prior = prior_of(case) if roster.dependent != "hidden" else None
    if prior is None:
        return Carried(roster)
    start = flag_key(roster, "")
    flags = response.prior_flags if response is not None else {}
    saved = response.answers.get(roster.name) if response is not None else None
    return Carried(
        roster,
        prior.given_at,
        prior.entries.get(roster.name, ()),
        {name.removeprefix(start): flag for name, flag in flags.items() if name.startswith(start)},
        frozenset(str(each.get("entry")) for each in saved or () if isinstance(each, dict)),
    )


def flag_key(roster: Roster, entry: str) -> str:
    """Under which `Response.prior_flags` tells what became of an entry: ``partners/k3f9``."""
    return f"{roster.name}/{entry}"
