"""What the schema has asked so far, as rules and texts refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from surveys.interchange.ons.logic import Logic
from surveys.interchange.ons.names import Names, free_item_name
from surveys.interchange.ons.reading import Notes

AnswerKind = Literal["choice", "choices", "number", "money", "date", "text", "several"]


@dataclass(frozen=True, slots=True)
class Known:
    """An item that holds the answer to an eq answer.

    Attributes
    ----------
    item : its name in conditions and fills; ``roster.local`` within a roster
    kind : what it holds; ``several`` is an item that has part of the answer only
    codes : code of each value, the values in lower case; `labels` has the label of each code
    is_part : whether the item holds other answers, too, so that only these codes are meant
    roster : the roster that asks it, or empty
    """

    item: str
    kind: AnswerKind
    codes: Mapping[str, str] = field(default_factory=dict)
    is_part: bool = False
    roster: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def code(self, value: Any) -> str | None:
        return self.codes.get(_folded(value))


def codes_by_value(pairs: list[tuple[Any, str]]) -> dict[str, str]:
    return {_folded(value): code for value, code in pairs}


def _folded(value: Any) -> str:
    return str(value).strip().casefold()


@dataclass(frozen=True, slots=True)
class RosterKnown:
    """A list of the schema: the roster it became, and its entry, which later sections extend."""

    name: str
    item: dict[str, Any]
    locals: set[str]


@dataclass(slots=True)
class Scope:
    """Everything an import knows while it goes through the blocks, in their order.

    `answers` has the items for each eq answer asked so far, one for each question variant;
    `section_of_answer` has all answers of the schema; `totals` are the computed items of
    calculated summaries; `place_of` tells on the how-manieth page an item is asked; `roster`
    is the roster whose entries are being asked.
    """

    notes: Notes
    names: Names = field(default_factory=Names)
    logic: Logic = field(default_factory=Logic)
    answers: dict[str, list[Known]] = field(default_factory=dict)
    section_of_answer: dict[str, str] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    lists: dict[str, RosterKnown] = field(default_factory=dict)
    rosters: dict[str, RosterKnown] = field(default_factory=dict)
    place_of: dict[str, int] = field(default_factory=dict)
    section: str = ""
    place: int = 0
    roster: str = ""

    def item_name(self, text: str) -> str:
        """A free name for an item; within its roster where there is one."""
        if self.roster:
            return free_item_name(text, self.rosters[self.roster].locals)
        return free_item_name(text, self.names.items)

    def reference(self, name: str) -> str:
        """How conditions call the item of that name."""
        return f"{self.roster}.{name}" if self.roster else name

    def local(self, reference: str) -> str:
        """The name of the item that conditions call so."""
        return reference.removeprefix(f"{self.roster}.") if self.roster else reference

    def learn(self, answer: str, known: Known) -> None:
        self.answers.setdefault(answer, []).append(known)
        self.place_of[known.item] = self.place

    def is_readable(self, known: Known) -> bool:
        """Whether conditions of the current page may read the item.

        Questions of a roster are asked where the roster stands, whatever section of the
        schema they are from; outside of it, nobody knows which entry would be meant.
        """
        if known.roster:
            return known.roster == self.roster
        return not self.roster or self.place_of[known.item] < self.place_of[self.roster]

    def is_quotable(self, known: Known) -> bool:
        """Whether texts of the current page may quote the item."""
        if known.roster or not self.is_readable(known):
            return False
        return self.place_of[known.item] < self.place
