"""The report on an import: what came in, and what is kept in another form."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from surveys.interchange.imported import Imported, Unsupported
from surveys.questionnaire.codebook import kind_of
from surveys.questionnaire.conditions import Always
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Item, Roster, codes_of
from surveys.questionnaire.problems import Problem

_UNANSWERED = ("note", "computed", "roster")


def report(
    imported: Imported, instrument: Instrument, warnings: Sequence[Problem] = ()
) -> dict[str, Any]:
    """The report as plain data.

    ``items`` counts by kind, a battery by its rows and a roster with its questions;
    ``questions`` are those that the file itself counts, else the items that are answered;
    ``output_variables`` are the variables of the survey of origin, of items and of codes, in
    the order of the questionnaire.
    """
    items = [each for item in instrument.items for each in _with_parts(item)]
    kinds = Counter(kind_of(item) for item in items)
    answered = sum(count for kind, count in kinds.items() if kind not in _UNANSWERED)
    return {
        "instrument": instrument.name,
        "version": instrument.version,
        "title": instrument.title,
        "languages": list(instrument.languages or (instrument.language,)),
        "sections": len(instrument.sections),
        "pages": len(instrument.pages),
        "questions": imported.counts.get("questions", answered),
        "items": dict(sorted(kinds.items())),
        "codes": sum(len(codes_of(item)) for item in items),
        "output_variables": _listed(_variables(items)),
        "conditions": _conditions(imported.document),
        "asked_of_some": sum(not isinstance(page.universe, Always) for page in instrument.pages),
        "counts_of_the_file": dict(imported.counts),
        "unsupported": [_told(each) for each in imported.unsupported],
        "warnings": [_problem(each) for each in warnings],
    }


def problems_report(problems: Sequence[Problem]) -> dict[str, Any]:
    """Why nothing was imported, as plain data."""
    return {"problems": [_problem(each) for each in problems]}


def _with_parts(item: Item) -> list[Item]:
    return [item, *item.items] if isinstance(item, Roster) else [item]


def _variables(items: Sequence[Item]) -> list[str]:
    named = [
        variable
        for item in items
        for variable in (item.variable, *(code.variable for code in codes_of(item)))
    ]
    return list(dict.fromkeys(variable for variable in named if variable))


def _listed(names: list[str]) -> dict[str, Any]:
    return {"count": len(names), "names": names}


def _conditions(part: Any) -> int:
    """How many conditions the document writes down, wherever they stand."""
    if isinstance(part, Mapping):
        own = int(isinstance(part.get("when"), str))
        return own + sum(_conditions(value) for value in part.values())
    return sum(_conditions(value) for value in part) if isinstance(part, list | tuple) else 0


def _told(each: Unsupported) -> dict[str, str]:
    return {"what": each.what, "where": each.where, "kept_as": each.kept_as}


def _problem(each: Problem) -> dict[str, str]:
    return {
        "code": each.code,
        "where": each.where,
        "message": each.message,
        "remedy": each.remedy,
    }
