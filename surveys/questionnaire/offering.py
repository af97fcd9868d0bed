"""What of an item is offered to one firm, after its other answers.

An item is asked, a code offered and a total known only after the answers that they rest on.
Those on the same page may still change while it is open: what rests on them is drawn, folded
away by the script and decided by the server when the page is sent.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from surveys.questionnaire.conditions import ALWAYS, Condition, holder_of, look_up
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Facet,
    Item,
    MultipleChoice,
    Note,
    Roster,
    SingleChoice,
)

Answers = Mapping[str, Any]

UNKNOWN_TOTAL = 10**15
_NOTHING: frozenset[str] = frozenset()


def takes_answer(item: Item) -> bool:
    """Whether its page saves an answer to it; a roster is saved entry by entry."""
    return not isinstance(item, Note | Computed | Roster)


def rests_on(condition: Condition, names: AbstractSet[str]) -> bool:
    """Whether the condition reads one of the items."""
    return any(read in names or holder_of(read) in names for read in condition.reads)


def may_hold(condition: Condition, answers: Answers, on_page: AbstractSet[str] = _NOTHING) -> bool:
    """Whether it holds, or rests on items of the page and may come to hold."""
    return condition is ALWAYS or condition.holds(answers) or rests_on(condition, on_page)


def offered(item: Item, answers: Answers, on_page: AbstractSet[str] = _NOTHING) -> Item:
    """The item with the codes that are offered and the total that is known.

    With `on_page`, codes that rest on those items stay in.
    """
    match item:
        case SingleChoice() | MultipleChoice():
            codes = _offered(item.codes, answers, on_page)
            return item if codes is item.codes else replace(item, codes=codes)
        case Allocation():
            parts = _offered(item.parts, answers, on_page)
            return _with_total(item if parts is item.parts else replace(item, parts=parts), answers)
        case BatteryRow():
            facets = tuple(_offered_facet(facet, answers, on_page) for facet in item.facets)
            return item if facets == item.facets else replace(item, facets=facets)
        case _:
            return item


def _offered_facet(facet: Facet, answers: Answers, on_page: AbstractSet[str]) -> Facet:
    codes = _offered(facet.codes, answers, on_page)
    return facet if codes is facet.codes else replace(facet, codes=codes)


def still_offered(item: Item, answer: Any) -> tuple[Any, tuple[str, ...]]:
    """The part of a saved answer whose codes the item still has, and the codes that it lost."""
    if isinstance(item, SingleChoice) and isinstance(answer, str):
        is_there = any(code.value == answer for code in item.codes)
        return (answer, ()) if is_there else (None, (answer,))
    if isinstance(item, MultipleChoice) and isinstance(answer, list):
        there = {code.value for code in item.codes}
        lost = tuple(code for code in answer if code not in there)
        return [code for code in answer if code in there] or None, lost
    return answer, ()


def _offered(
    codes: tuple[Code, ...], answers: Answers, on_page: AbstractSet[str]
) -> tuple[Code, ...]:
    if all(code.universe is ALWAYS for code in codes):
        return codes
    return tuple(code for code in codes if may_hold(code.universe, answers, on_page))


def _with_total(item: Allocation, answers: Answers) -> Allocation:
    """The allocation with the earlier answer as its total; a blank one leaves it open."""
    if not item.total_of:
        return item
    total = look_up(answers, item.total_of)
    if not isinstance(total, int | float) or isinstance(total, bool):
        return replace(item, total=UNKNOWN_TOTAL, total_of="", at_most=True)
    return replace(item, total=total, total_of="")
