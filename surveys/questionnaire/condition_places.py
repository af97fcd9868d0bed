"""Where a condition or a text with fills stands, and what may be read there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from surveys.questionnaire.items import Item
from surveys.questionnaire.nodes import Ledger
from surveys.questionnaire.problems import About


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: the items of the instrument, and those asked so far.

    Within an entry of a roster, `items` holds the items of the roster, too.
    """

    where: str
    items: Mapping[str, Item]
    asked: Collection[str]
    ledger: Ledger

    def note(
        self, code: str, message: str, remedy: str, *values: str, why: str = "", key: str = "when"
    ) -> None:
        self.ledger.note(code, self.where, message, remedy, About(why, key, values))

    def mismatch(self, message: str, remedy: str, *values: str, why: str = "") -> None:
        self.note("type_mismatch", message, remedy, *values, why=why)
