"""What is compared of a variable: its texts, its coding and who is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.codebook import codebook, kind_of
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Facet,
    Item,
    Lookup,
    MultipleChoice,
    Roster,
    Scale,
    SingleChoice,
)

_CODING = ("unit", "minimum", "maximum", "decimals", "currency", "precision", "most", "max_length")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one variable by name. `codes` are the codes in order, each with its label."""

    item: str
    texts: dict[str, str]
    coding: dict[str, str]
    codes: dict[str, str]
    routing: dict[str, str]


def facts_of(instrument: Instrument) -> dict[str, Facts]:
    """The facts of every variable of the codebook, by the name of the variable."""
    asked = {
        item.name: (item, page, universe)
        for page in instrument.pages
        for item, universe in _with_locals(page)
    }
    found: dict[str, Facts] = {}
    for variable in codebook(instrument):
        name = _item_of(variable.name, asked)
        if name:
            item, page, universe = asked[name]
            part = variable.name.removeprefix(name).removeprefix(".")
            found[variable.name] = _facts(item, part, page, universe)
    return found


def _with_locals(page: Page) -> Iterator[tuple[Item, Condition]]:
    """The items of a page with the universe that is theirs beside that of the page."""
    for item in page.items:
        yield item, ALWAYS
        if isinstance(item, Roster):
            for entry_page in item.pages:
                for local in entry_page.items:
                    yield local, entry_page.universe


def _item_of(variable: str, items: dict[str, Any]) -> str:
    """The item whose variable it is: the longest beginning of the name that is an item."""
    name = variable
    while name and name not in items:
        name = name.rpartition(".")[0]
    return name


def _facts(item: Item, part: str, page: Page, universe: Condition) -> Facts:
    facet = _facet(item, part)
    codes = facet.codes if facet else _codes(item)
    return Facts(
        item=item.name,
        texts=_texts(item, part, page, facet, codes),
        coding=_coding(item, facet),
        codes={code.value: _code_text(code) for code in codes},
        routing=_routing(item, page, universe, facet, codes),
    )


def _facet(item: Item, part: str) -> Facet | None:
    if not isinstance(item, BatteryRow):
        return None
    name = part.partition(".")[0]
    return next((facet for facet in item.facets if facet.name == name), None)


def _code_text(code: Code) -> str:
    """The label, with what decides beside it about the meaning of the answer."""
    exclusive = " (exclusive)" if code.exclusive else ""
    return f"{code.label}{exclusive}{f' (specify {code.specify})' if code.specify else ''}"


def _codes(item: Item) -> tuple[Code, ...]:
    return item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()


def _texts(
    item: Item, part: str, page: Page, facet: Facet | None, codes: tuple[Code, ...]
) -> dict[str, str]:
    texts = {
        "label": item.label,
        "period": item.period,
        "hint": item.hint,
        "definition": item.definition,
        "title of the page": page.title,
        "intro of the page": page.intro,
    }
    if facet:
        texts["label of the facet"] = facet.label
    if isinstance(item, Allocation):
        texts["label of the part"] = next(
            (each.label for each in item.parts if each.value == part), ""
        )
    return texts | {f"definition of {code.value}": code.definition for code in codes}


def _coding(item: Item, facet: Facet | None) -> dict[str, str]:
    source = facet or item
    coding = {"kind": kind_of(item)} | {
        name: _written(getattr(source, name)) for name in _CODING if hasattr(source, name)
    }
    coding["missing"] = ", ".join(item.missing)
    if facet:
        coding["choose"] = facet.choose
    match item:
        case Scale():
            coding["points"] = "; ".join(f"{point} {label}" for point, label in item.points)
        case Lookup():
            coding["code list"] = f"{item.codes.name}@{item.codes.version}"
        case Allocation():
            coding["total"] = item.total_of or _written(item.total)
            coding["at most"] = "yes" if item.at_most else "no"
        case Computed():
            coding["expression"] = str(item.expression)
    return coding


def _routing(
    item: Item, page: Page, universe: Condition, facet: Facet | None, codes: tuple[Code, ...]
) -> dict[str, str]:
    routing = {
        "page": str(page.universe),
        "page of the entry": str(universe),
        "item": str(item.universe),
    }
    if facet and facet.applies_when:
        other, opening = facet.applies_when
        routing["facet"] = f"{other} in ({', '.join(sorted(opening))})"
    return routing | {
        f"code {code.value}": str(code.universe) for code in codes if code.universe.reads
    }


def _written(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
