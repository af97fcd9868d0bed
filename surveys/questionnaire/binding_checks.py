"""Checks of bindings: constructs, coordinates, facets, values, and cells bound twice."""

import re

from surveys.questionnaire.binding import cells_of, combinable
from surveys.questionnaire.binding_rosters import Misfit, misfit_of_dimensions, misfit_of_roster
from surveys.questionnaire.constructs import CATALOGUE, Construct
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Date,
    Facet,
    Item,
    Lookup,
    MultipleChoice,
    Number,
    Roster,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.nodes import Ledger
from surveys.questionnaire.problems import About

_NO_CATEGORY = "A category needs a single choice, a lookup or a text."
_NO_YEAR = "A year needs a date, a year or a number, and a date is a year only."
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
            elif found := misfit(item, binding, construct):
                about = About(found.why, "", found.values)
                ledger.note("bad_binding", where, found.message, "Correct the binding.", about)
            else:
                _note_bound_twice(item, binding, construct, holders, ledger)


def _note_unknown(binding: Binding, where: str, ledger: Ledger) -> None:
    ledger.note(
        "unknown_construct",
        where,
        f"{binding.construct[:80]!r} is not a construct.",
        "See the catalogue of constructs in the reference.",
        About("", "construct", (binding.construct,)),
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
                About("", "construct", (cell, holders[cell])),
            )
        holders.setdefault(cell, item.name)


def misfit(item: Item, binding: Binding, construct: Construct) -> Misfit | None:
    """What does not fit; None if all does."""
    if isinstance(item, Roster):
        return misfit_of_roster(item, binding, construct)
    return (
        _misfit_of_coordinates(binding, construct)
        or _misfit_of_facet(item, binding)
        or _misfit_of_codes(item, binding)
        or _misfit_of_spread(item, binding)
        or _misfit_of_measure(item, binding, construct)
    )


def _misfit_of_coordinates(binding: Binding, construct: Construct) -> Misfit | None:
    given = [dimension for dimension, _ in binding.at]
    given += [binding.spread] if binding.spread else []
    if misfit := misfit_of_dimensions(given, construct):
        return misfit
    values = [value for _, value in binding.at]
    values += [str(value) for _, value in binding.values] if binding.spread else []
    for value in values:
        if not _COORDINATE.fullmatch(value):
            message = f"{value[:80]!r} cannot be a coordinate: use letters, digits, underscores."
            return Misfit("coordinate", message, (value,))
    return None


def _misfit_of_facet(item: Item, binding: Binding) -> Misfit | None:
    facets = [facet.name for facet in item.facets] if isinstance(item, BatteryRow) else []
    if not facets:
        return Misfit("no_facets", "facet is for batteries only.") if binding.facet else None
    if binding.facet not in facets:
        message = f"The facet {binding.facet[:80]!r} is not one of {', '.join(facets)}."
        why = "facet" if binding.facet else "facet_missing"
        return Misfit(why, message, (binding.facet, *facets))
    return None


def _misfit_of_codes(item: Item, binding: Binding) -> Misfit | None:
    known = {code.value for code in codes_of(item, binding.facet)}
    unknown = [code for code, _ in binding.values if code not in known]
    if not unknown:
        return None
    named = ", ".join(unknown)[:80]
    return Misfit("codes", f"{named} under values is no code of the item.", (named,))


def _misfit_of_spread(item: Item, binding: Binding) -> Misfit | None:
    if _has_several(item, binding.facet) == bool(binding.spread):
        return None
    if binding.spread:
        message = "spread is for items with several answers or parts; this one has one."
        return Misfit("one_answer", message, (binding.spread,))
    message = "The item has several answers or parts; name the dimension they spread along."
    return Misfit("several_answers", message)


def _misfit_of_measure(item: Item, binding: Binding, construct: Construct) -> Misfit | None:
    """Whether the answer, as it counts, can be what the construct measures."""
    measure = construct.measure
    if measure == "text":
        return None
    if measure == "category":
        fits = isinstance(item, SingleChoice | Lookup | Text) or _chooses_one(item, binding.facet)
        return None if fits else Misfit("category", _NO_CATEGORY)
    if isinstance(item, Text | Lookup):
        return Misfit("text", f"The construct is {measure}; a text cannot be.", (measure,))
    if isinstance(item, Date) or measure == "year":
        fits = isinstance(item, Date | Year | Number) and measure == "year"
        return None if fits else Misfit("year", _NO_YEAR)
    if binding.spread:
        fits = _spreads_numbers(item, binding.facet) or measure == "binary"
        message = f"Codes that spread are binary; the construct is {measure}."
        return None if fits else Misfit("spread", message, (measure,))
    counted = dict(binding.values) or {c.value: c.value for c in codes_of(item, binding.facet)}
    wrong = [code for code, value in counted.items() if not _counts_as(value, measure)]
    if wrong:
        named = ", ".join(wrong)[:80]
        message = f"The construct is {measure}; give {named} a number under values."
        return Misfit("uncounted", message, (measure, named))
    return None


def _counts_as(value: float | str, measure: str) -> bool:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return False
    return number in (0, 1) if measure == "binary" else True


def _has_several(item: Item, name: str) -> bool:
    if isinstance(item, BatteryRow):
        return any(facet.name == name and _is_several(facet) for facet in item.facets)
    return isinstance(item, MultipleChoice | Allocation)


def _is_several(facet: Facet) -> bool:
    return facet.choose == "many" or (facet.choose == "number" and bool(facet.codes))


def _chooses_one(item: Item, name: str) -> bool:
    if not isinstance(item, BatteryRow):
        return False
    return any(facet.name == name and facet.choose == "one" for facet in item.facets)


def _spreads_numbers(item: Item, name: str) -> bool:
    """Whether what spreads are the parts of an allocation or columns that take a number."""
    if isinstance(item, BatteryRow):
        return any(facet.name == name and facet.choose == "number" for facet in item.facets)
    return isinstance(item, Allocation)


def codes_of(item: Item, facet: str) -> tuple[Code, ...]:
    """Codes of a choice, parts of an allocation, or codes of the facet of a row."""
    if isinstance(item, BatteryRow):
        return next((each.codes for each in item.facets if each.name == facet), ())
    if isinstance(item, Allocation):
        return item.parts
    return item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
