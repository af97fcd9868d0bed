"""Checks of a condition against the instrument: names, codes, order and types."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from surveys.questionnaire.conditions import (
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    Operand,
    holder_of,
)
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Item,
    MultipleChoice,
    SingleChoice,
    Text,
)
from surveys.questionnaire.nodes import Ledger

Kind = Literal["code", "codes", "number", "text", "compound"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points to: its item, what an answer to it is, and its codes."""

    item: Item
    kind: Kind
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: the items of the instrument, and those asked so far."""

    where: str
    items: Mapping[str, Item]
    asked: Collection[str]
    ledger: Ledger

    def note(self, code: str, message: str, remedy: str) -> None:
        self.ledger.note(code, self.where, message, remedy)


def target_of(reference: str, items: Mapping[str, Item]) -> Target | None:
    """The item, part of an allocation or facet of a row that a reference points to."""
    if reference in items:
        return _whole(items[reference])
    item = items.get(holder_of(reference))
    part = reference.rpartition(".")[2]
    if isinstance(item, Allocation) and part in {code.value for code in item.parts}:
        return Target(item, "number")
    facets = item.facets if isinstance(item, BatteryRow) else ()
    for facet in facets:
        if item is not None and facet.name == part:
            return Target(item, "code" if facet.choose == "one" else "codes", facet.codes)
    return None


def _whole(item: Item) -> Target:
    match item:
        case SingleChoice():
            return Target(item, "code", item.codes)
        case MultipleChoice():
            return Target(item, "codes", item.codes)
        case Text():
            return Target(item, "text")
        case Allocation() | BatteryRow():
            return Target(item, "compound")
        case _:
            return Target(item, "number")


def note_condition(condition: Condition, place: Place) -> None:
    """Note what is wrong with a condition that stands at the place."""
    for reference in sorted(condition.reads):
        target = target_of(reference, place.items)
        if target is None:
            place.note(
                "unknown_item",
                f"The condition reads {reference!r}, which is not there.",
                "Correct the name; a row of a battery is battery.row.facet.",
            )
        elif target.item.name not in place.asked:
            place.note(
                "reads_ahead",
                f"The condition reads {reference!r}, which is asked on this page or later.",
                "Read items of earlier pages only.",
            )
    for part in _parts(condition):
        if isinstance(part, Chose):
            _note_chosen(part.reference, part.codes, place)
        elif isinstance(part, Compares):
            _note_comparison(part, place)


def _parts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from _parts(part)
    elif isinstance(condition, Not):
        yield from _parts(condition.condition)
    elif not isinstance(condition, Answered):
        yield condition


def _note_chosen(reference: str, codes: tuple[str, ...], place: Place) -> None:
    target = target_of(reference, place.items)
    if target is None:
        return
    if target.kind not in ("code", "codes"):
        place.note(
            "type_mismatch", f"{reference!r} has no codes to choose from.", "Compare it with =."
        )
        return
    known = [code.value for code in target.codes]
    for code in codes:
        if code not in known:
            place.note(
                "unknown_code",
                f"{reference!r} has no code {code!r}.",
                f"Its codes: {', '.join(known)}.",
            )


def _note_comparison(condition: Compares, place: Place) -> None:
    left, right = _kind(condition.left, place), _kind(condition.right, place)
    if left is None or right is None:
        return
    if "codes" in (left, right) or "compound" in (left, right):
        place.note(
            "type_mismatch",
            f"{condition} compares an answer that has several parts.",
            "Write has or in for codes, and item.part for a part.",
        )
    elif (left == "number") != (right == "number"):
        place.note(
            "type_mismatch",
            f"{condition} compares a text with a number.",
            "Compare like with like.",
        )
    elif left != "number" and condition.comparator not in ("=", "!="):
        place.note("type_mismatch", f"{condition} puts texts in order.", "Use = or !=.")
    else:
        _note_compared_code(condition.left, condition.right, place)
        _note_compared_code(condition.right, condition.left, place)


def _note_compared_code(answer: Operand, literal: Operand, place: Place) -> None:
    if not (isinstance(answer, AnswerTo) and isinstance(literal, Literally)):
        return
    target = target_of(answer.reference, place.items)
    if target is not None and target.kind == "code":
        _note_chosen(answer.reference, (str(literal.literal),), place)


def _kind(operand: Operand, place: Place) -> Kind | None:
    """What the operand is; None where it names something unknown, which is noted already."""
    if isinstance(operand, Literally):
        return "text" if isinstance(operand.literal, str) else "number"
    if isinstance(operand, AnswerTo):
        target = target_of(operand.reference, place.items)
        return target.kind if target else None
    if isinstance(operand, Arithmetic):
        for side in (operand.left, operand.right):
            if _kind(side, place) not in ("number", None):
                place.note("type_mismatch", f"{operand} calculates with a text.", "Use numbers.")
    return "number"
