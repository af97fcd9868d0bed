"""How much of a questionnaire was answered: of one firm, by item and by page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mathematics.refusals import Refusal

Standing = Literal["complete", "partial", "break_off"]
State = Literal["answered", "dont_know", "refused", "blank", "not_asked"]
STATES: tuple[State, ...] = ("answered", "dont_know", "refused", "blank", "not_asked")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of the key items from which answers count as complete, and as partial.

    AAPOR leaves them to the survey and asks that they be stated; more than 80 % and 50 % are
    its examples. Raises Refusal ``thresholds`` unless 0 < partial <= complete <= 1.
    """

    complete: float = 0.8
    partial: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.partial <= self.complete <= 1:
            raise Refusal(
                "thresholds",
                f"Partial from {self.partial:g} and complete from {self.complete:g} of the key "
                "items cannot be told apart.",
                "Give two shares between 0 and 1, partial not above complete.",
            )


def standing(share: float, thresholds: Thresholds) -> Standing:
    """What answers to this share of the key items count as."""
    if share >= thresholds.complete:
        return "complete"
    return "partial" if share >= thresholds.partial else "break_off"


def key_share(states: Iterable[State]) -> float | None:
    """The share of a firm's key items that it answered, of those it was asked.

    An explicit "don't know" is an answer to the key item, as it was considered; a refusal or a
    blank is none. None where no key item applied to the firm.
    """
    counted = Counter(states)
    asked = sum(counted.values()) - counted["not_asked"]
    return (counted["answered"] + counted["dont_know"]) / asked if asked else None


@dataclass(frozen=True, slots=True)
class PageLoss:
    """Firms that reached a page or a later one, and those of them who ended there unsubmitted."""

    page: str
    reached: int
    broke_off: int

    @property
    def share(self) -> float | None:
        return self.broke_off / self.reached if self.reached else None


def break_off_by_page(pages: Sequence[str], visits: Iterable[tuple[str, bool]]) -> list[PageLoss]:
    """Where firms stopped: `visits` are (last page seen, handed in) of those who began.

    Pages stand in the order of the questionnaire. A firm has reached every page up to its last
    one, whether or not its route passed there; one that handed in reached them all.

    Raises: Refusal ``page_unknown``.
    """
    place = {page: number for number, page in enumerate(pages)}
    ended: Counter[int] = Counter()
    submitted = 0
    for page, handed_in in visits:
        if page not in place:
            raise Refusal(
                "page_unknown",
                f"A firm stopped on page '{page}', which this version of the questionnaire lacks.",
                "Count firms by the version that they answered.",
            )
        if handed_in:
            submitted += 1
        else:
            ended[place[page]] += 1
    reached, losses = submitted + sum(ended.values()), []
    for number, page in enumerate(pages):
        losses.append(PageLoss(page, reached, ended[number]))
        reached -= ended[number]
    return losses


@dataclass(frozen=True, slots=True)
class ItemNonresponse:
    """Answers to one item by state; `share` is what is missing of those asked."""

    item: str
    answered: int = 0
    dont_know: int = 0
    refused: int = 0
    blank: int = 0
    not_asked: int = 0

    @property
    def asked(self) -> int:
        return self.answered + self.dont_know + self.refused + self.blank

    @property
    def share(self) -> float | None:
        """Refused, not known or left blank, of the firms that were asked; None if none was."""
        return 1 - self.answered / self.asked if self.asked else None


def item_nonresponse(answers: Iterable[tuple[str, State]]) -> list[ItemNonresponse]:
    """Missing answers by item, in the order in which items first appear.

    Raises ValueError for a state that is none of `STATES`.
    """
    counts: dict[str, Counter[State]] = {}
    for item, state in answers:
        if state not in STATES:
            raise ValueError(f"{state!r} is no state of an answer.")
        counts.setdefault(item, Counter())[state] += 1
    return [
        ItemNonresponse(item, **{state: counted[state] for state in STATES})
        for item, counted in counts.items()
    ]
