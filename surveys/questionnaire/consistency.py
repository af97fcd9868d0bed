"""Checks over the whole instrument: names, references, types, bindings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surveys.questionnaire.binding import cells_of, combinable
from surveys.questionnaire.conditions import (
    AllOf,
    AnswerTo,
    AnyOf,
    Chose,
    Compares,
    Condition,
    Literally,
    Not,
    Operand,
)
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.fills import FILL, SIMPLE_FILLS
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Item,
    MultipleChoice,
    SingleChoice,
    Text,
)
from surveys.questionnaire.nodes import Ledger

_REFERENCE_FILL = re.compile(r"answer:(.+)")


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference in a condition points to."""

    item: Item
    codes: tuple[Code, ...] | None
    is_text: bool


def note_inconsistencies(instrument: Instrument, ledger: Ledger) -> None:
    """Note everything that only the whole instrument can tell."""
    _note_repeated_names(instrument, ledger)
    asked: set[str] = set()
    everything = {item.name: item for item in instrument.items}
    for page in instrument.pages:
        where = f"page {page.name}"
        _note_condition(page.universe, where, everything, asked, ledger)
        asked |= {item.name for item in page.items}
        for edit in page.edits:
            place = f"{where} > edit {edit.name}"
            _note_condition(edit.fails_when, place, everything, asked, ledger)
            _note_edit_items(edit.items, page, place, ledger)
            _note_fills(edit.message, place, everything, ledger)
        for text in _texts(page):
            _note_fills(text, where, everything, ledger)
    _note_bindings(instrument, ledger)


def _note_repeated_names(instrument: Instrument, ledger: Ledger) -> None:
    groups = {
        "section": [section.name for section in instrument.sections],
        "page": [page.name for page in instrument.pages],
        "item": [item.name for item in instrument.items],
    }
    for kind, names in groups.items():
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            ledger.note(
                "duplicate_name",
                f"{kind} {name}",
                f"Two {kind}s are called {name!r}.",
                "Rename one.",
            )


def _texts(page: Page) -> Iterator[str]:
    yield from (page.title, page.intro)
    for item in page.items:
        yield from (item.label, item.hint, item.definition)


def _note_edit_items(names: tuple[str, ...], page: Page, where: str, ledger: Ledger) -> None:
    own = {item.name for item in page.items}
    for name in names:
        if name not in own:
            ledger.note(
                "unknown_item", where, f"{name!r} is not on this page.", "Name items of the page."
            )


def _note_fills(text: str, where: str, everything: dict[str, Item], ledger: Ledger) -> None:
    for fill in FILL.findall(text):
        reference = _REFERENCE_FILL.fullmatch(fill)
        if reference and reference.group(1) not in everything:
            ledger.note(
                "unknown_item", where, f"The fill {{{fill}}} names no item.", "Correct the name."
            )
        elif not reference and fill not in SIMPLE_FILLS:
            known = ", ".join(f"{{{name}}}" for name in SIMPLE_FILLS)
            ledger.note(
                "unknown_fill",
                where,
                f"{{{fill}}} is not a fill.",
                f"Use {known} or {{answer:item}}.",
            )


def target_of(reference: str, everything: dict[str, Item]) -> Target | None:
    """The item, and the codes where it has them, that a reference points to."""
    if reference in everything:
        item = everything[reference]
        if isinstance(item, SingleChoice | MultipleChoice):
            return Target(item, item.codes, is_text=True)
        return (
            None
            if isinstance(item, BatteryRow | Allocation)
            else Target(item, None, isinstance(item, Text))
        )
    holder, _, part = reference.rpartition(".")
    item = everything.get(holder)  # type: ignore[assignment]  # None is handled by the match
    if isinstance(item, Allocation) and part in {code.value for code in item.parts}:
        return Target(item, None, is_text=False)
    if isinstance(item, BatteryRow):
        for facet in item.facets:
            if facet.name == part:
                return Target(item, facet.codes, is_text=True)
    return None


def _note_condition(
    condition: Condition, where: str, everything: dict[str, Item], asked: set[str], ledger: Ledger
) -> None:
    for reference in sorted(condition.reads):
        target = target_of(reference, everything)
        if target is None:
            ledger.note(
                "unknown_item",
                where,
                f"The condition reads {reference!r}, which is not there.",
                "Correct the name.",
            )
        elif target.item.name not in asked:
            ledger.note(
                "reads_ahead",
                where,
                f"The condition reads {reference!r}, which is asked later.",
                "Read items of earlier pages only.",
            )
    for part in _parts(condition):
        if isinstance(part, Chose):
            _note_codes(part.reference, part.codes, where, everything, ledger)
        elif isinstance(part, Compares):
            _note_comparison(part, where, everything, ledger)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from _parts(part)
    elif isinstance(condition, Not):
        yield from _parts(condition.condition)


def _note_codes(
    reference: str, codes: tuple[str, ...], where: str, everything: dict[str, Item], ledger: Ledger
) -> None:
    target = target_of(reference, everything)
    if target is None:
        return
    known = [code.value for code in target.codes or ()]
    for code in codes:
        if target.codes is None or code not in known:
            ledger.note(
                "unknown_code",
                where,
                f"{reference!r} has no code {code!r}.",
                f"Its codes: {', '.join(known) or 'none'}.",
            )


def _note_comparison(
    condition: Compares, where: str, everything: dict[str, Item], ledger: Ledger
) -> None:
    left, right = _is_text(condition.left, everything), _is_text(condition.right, everything)
    if left is None or right is None:
        return
    if left != right or (left and condition.comparator not in ("=", "!=")):
        ledger.note(
            "type_mismatch",
            where,
            f"{condition} compares a text with a number, or orders texts.",
            "Compare like with like.",
        )
        return
    for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
        if left and isinstance(one, AnswerTo) and isinstance(other, Literally):
            target = target_of(one.reference, everything)
            if target is not None and target.codes is not None:
                _note_codes(one.reference, (str(other.literal),), where, everything, ledger)


def _is_text(operand: Operand, everything: dict[str, Item]) -> bool | None:
    if isinstance(operand, Literally):
        return isinstance(operand.literal, str)
    if isinstance(operand, AnswerTo):
        target = target_of(operand.reference, everything)
        return None if target is None else target.is_text
    return False


def _note_bindings(instrument: Instrument, ledger: Ledger) -> None:
    holders: dict[str, str] = {}
    for item in instrument.items:
        for binding in item.bindings:
            where = f"item {item.name} > bind"
            construct = CATALOGUE.get(binding.construct)
            if construct is None:
                ledger.note(
                    "unknown_construct",
                    where,
                    f"{binding.construct!r} is not a construct.",
                    "See the catalogue of constructs in the reference.",
                )
            elif problem := _misfit(item, binding, construct.dimensions):
                ledger.note("bad_binding", where, problem, "Correct the binding.")
            else:
                for cell in cells_of(item, binding):
                    if cell in holders and not combinable(construct.measure):
                        ledger.note(
                            "bound_twice",
                            where,
                            f"{cell} is bound by {holders[cell]!r} already.",
                            "Only binary and ordinal cells may be bound by several items.",
                        )
                    holders[cell] = item.name


def _misfit(item: Item, binding: Binding, dimensions: tuple[str, ...]) -> str:
    given = {dimension for dimension, _ in binding.at} | (
        {binding.spread} if binding.spread else set()
    )
    if given != set(dimensions):
        return f"the coordinates are {sorted(given)}, the construct has {sorted(dimensions)}."
    facets = {facet.name: facet for facet in item.facets} if isinstance(item, BatteryRow) else {}
    if isinstance(item, BatteryRow) != bool(binding.facet) or (
        binding.facet and binding.facet not in facets
    ):
        return f"the facet {binding.facet!r} is not one of {sorted(facets)}."
    codes = _codes_of(item, binding.facet)
    unknown = [code for code, _ in binding.values if code not in {c.value for c in codes}]
    if unknown:
        return f"the codes {unknown} are not codes of the item."
    many = isinstance(item, MultipleChoice | Allocation) or (
        binding.facet != "" and facets[binding.facet].choose == "many"
    )
    return (
        ""
        if many == bool(binding.spread)
        else "several answers need spread, and one answer has none."
    )


def _codes_of(item: Item, facet: str) -> tuple[Code, ...]:
    if isinstance(item, BatteryRow):
        return next((each.codes for each in item.facets if each.name == facet), ())
    if isinstance(item, Allocation):
        return item.parts
    return item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
