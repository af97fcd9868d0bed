"""What is gathered while a file of another program is read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from surveys.interchange.expressions.translate import Target
from surveys.interchange.expressions.tree import Operation, Tree, Untranslatable
from surveys.interchange.foreign.names import Names
from surveys.interchange.imported import Unsupported
from surveys.interchange.limits import MOST_ITEMS
from surveys.interchange.problems import unreadable


@dataclass(frozen=True, slots=True)
class Pending:
    """An expression in the document that waits for all questions to be known.

    `tree` is None where the text could not be read; `reason` then says why.
    """

    text: str
    where: str
    tree: Tree | None
    reason: str = ""
    lost: str = "left out; the firms are not narrowed by it"

    def negated(self) -> "Pending":
        tree = None if self.tree is None else Operation("not", (self.tree,))
        return Pending(self.text, self.where, tree, self.reason, "left out")


@dataclass(slots=True)
class Reading:
    """Names given, what each question became, and what could not be taken over."""

    parse: Callable[[str], Tree]
    items: Names = field(default_factory=Names)
    pages: Names = field(default_factory=Names)
    sections: Names = field(default_factory=Names)
    targets: dict[str, Target] = field(default_factory=dict)
    rosters: dict[str, str] = field(default_factory=dict)
    unsupported: list[Unsupported] = field(default_factory=list)

    def lack(self, what: str, where: str, kept_as: str = "nothing") -> None:
        """Note something that the document says in another way, or not at all."""
        self.unsupported.append(Unsupported(what[:500], where[:200], kept_as[:500]))

    def pending(self, text: str, where: str) -> Pending:
        try:
            return Pending(text, where, self.parse(text))
        except Untranslatable as error:
            return Pending(text, where, None, str(error))

    def name_item(self, foreign: str, where: str) -> str:
        """The item's name; a change of more than its letters' case is noted."""
        name = self.items.give(foreign)
        if len(self.items.taken) > MOST_ITEMS:
            raise unreadable(
                "too_many",
                where,
                f"The file has more than {MOST_ITEMS:,} questions.",
                "Divide it into several questionnaires.",
            )
        if name != foreign.strip().lower():
            self.lack(f"the name “{foreign[:80]}”", where, f"the name {name}")
        return name
