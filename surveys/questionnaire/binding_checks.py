"""Checks of bindings: constructs, coordinates, facets, values, and cells bound twice."""

import re

from surveys.questionnaire.binding import cells_of, combinable
from surveys.questionnaire.constructs import CATALOGUE, Construct
from surveys.questionnaire.instrument import Instrument
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

_COORDINATE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")


def note_bindings(instrument: Instrument, ledger: Ledger) -> None:
    """Note every binding that does not fit its item, its construct or the other bindings."""
    holders: dict[str, str] = {}
    for item in instrument.items:
        for binding in item.bindings:
            where = f"item {item.name} > bind"
            construct = CATALOGUE.get(binding.construct)
            if construct is None:
                if binding.construct:
                    _note_unknown(binding, where, ledger)
            elif problem := misfit(item, binding, construct):
                ledger.note("bad_binding", where, problem, "Correct the binding.")
            else:
                _note_bound_twice(item, binding, construct, holders, ledger)


def _note_unknown(binding: Binding, where: str, ledger: Ledger) -> None:
    ledger.note(
        "unknown_construct",
        where,
        f"{binding.construct[:80]!r} is not a construct.",
        "See the catalogue of constructs in the reference.",
    )


def _note_bound_twice(
    item: Item, binding: Binding, construct: Construct, holders: dict[str, str], ledger: Ledger
) -> None:
    for cell in cells_of(item, binding):
        if cell in holders and not combinable(construct.measure):
            ledger.note(
                "bound_twice",
                f"item {item.name} > bind",
                f"{cell} is bound by {holders[cell]!r} already.",
                "Only binary and ordinal cells may be bound by several items.",
            )
        holders.setdefault(cell, item.name)


def misfit(item: Item, binding: Binding, construct: Construct) -> str:
    """What does not fit, in a sentence; empty if all does."""
    return (
        _misfit_of_coordinates(binding, construct)
        or _misfit_of_facet(item, binding)
        or _misfit_of_codes(item, binding)
        or _misfit_of_spread(item, binding)
        or _misfit_of_measure(item, binding, construct)
    )


def _misfit_of_coordinates(binding: Binding, construct: Construct) -> str:
    given = [dimension for dimension, _ in binding.at]
    given += [binding.spread] if binding.spread else []
    if sorted(given) != sorted(construct.dimensions):
        wanted = ", ".join(construct.dimensions) or "none"
        return f"The coordinates are {', '.join(given) or 'none'}; the construct has {wanted}."
    values = [value for _, value in binding.at]
    values += [str(value) for _, value in binding.values] if binding.spread else []
    for value in values:
        if not _COORDINATE.fullmatch(value):
            return f"{value[:80]!r} cannot be a coordinate: use letters, digits, underscores."
    return ""


def _misfit_of_facet(item: Item, binding: Binding) -> str:
    facets = [facet.name for facet in item.facets] if isinstance(item, BatteryRow) else []
    if not facets:
        return "facet is for batteries only." if binding.facet else ""
    if binding.facet not in facets:
        return f"The facet {binding.facet[:80]!r} is not one of {', '.join(facets)}."
    return ""


def _misfit_of_codes(item: Item, binding: Binding) -> str:
    known = {code.value for code in codes_of(item, binding.facet)}
    unknown = [code for code, _ in binding.values if code not in known]
    return f"{', '.join(unknown)[:80]} under values is no code of the item." if unknown else ""


def _misfit_of_spread(item: Item, binding: Binding) -> str:
    if _has_several(item, binding.facet) == bool(binding.spread):
        return ""
    if binding.spread:
        return "spread is for items with several answers or parts; this one has one."
    return "The item has several answers or parts; name the dimension they spread along."


def _misfit_of_measure(item: Item, binding: Binding, construct: Construct) -> str:
    """Whether the answer, as it counts, can be what the construct measures."""
    measure = construct.measure
    if measure == "text":
        return ""
    if measure == "category":
        fits = isinstance(item, SingleChoice | Text)
        return "" if fits else "A category needs a single choice or a text."
    if isinstance(item, Text):
        return f"The construct is {measure}; a text cannot be."
    if binding.spread:
        fits = isinstance(item, Allocation) or measure == "binary"
        return "" if fits else f"Codes that spread are binary; the construct is {measure}."
    counted = dict(binding.values) or {c.value: c.value for c in codes_of(item, binding.facet)}
    wrong = [code for code, value in counted.items() if not _counts_as(value, measure)]
    if wrong:
        return f"The construct is {measure}; give {', '.join(wrong)[:80]} a number under values."
    return ""


def _counts_as(value: float | str, measure: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return number in (0, 1) if measure == "binary" else True


def _has_several(item: Item, name: str) -> bool:
    if isinstance(item, BatteryRow):
        return any(facet.name == name and facet.choose == "many" for facet in item.facets)
    return isinstance(item, MultipleChoice | Allocation)


def codes_of(item: Item, facet: str) -> tuple[Code, ...]:
    """Codes of a choice, parts of an allocation, or codes of the facet of a row."""
    if isinstance(item, BatteryRow):
        return next((each.codes for each in item.facets if each.name == facet), ())
    if isinstance(item, Allocation):
        return item.parts
    return item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
