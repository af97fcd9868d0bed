"""Cases of a wave by what the frame says of them and by what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform

from surveys.fieldwork.codes import final, with_code
from surveys.fieldwork.dispositions import term
from surveys.fieldwork.domains import Amount
from surveys.models import Case, Wave

NOT_STATED = "Not stated"
_FIXED = {"size_class": "Size class", "industry": "Industry", "region": "Region"}
_ATTRIBUTE = "x-"


@dataclass(frozen=True, slots=True)
class Variable:
    """What the frame says of every case: its name in an address, and in words."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases alike in group, region and outcome: how many, and the sum of their base weights.

    `outcome` is the final disposition by name, or the one of the case's page while none is
    derived.
    """

    group: str
    region: str
    disposition: str
    outcome: str
    cases: int
    weight: float


def variables_of(wave: Wave) -> tuple[Variable, ...]:
    """Variables of the frame by which outcomes can be told apart."""
    named = [Variable(name, label) for name, label in _FIXED.items()]
    attributes = wave.frame.attributes if wave.frame else []
    return (*named, *(Variable(f"{_ATTRIBUTE}{name}", str(name)) for name in attributes))


def cells_of(wave: Wave, variable: str) -> tuple[Cell, ...]:
    """All cases of the wave, counted in one statement."""
    rows = (
        _cases(wave)
        .annotate(_group=_value(wave, variable), _region=_value(wave, "region"))
        .values_list("_group", "_region", "disposition", "final_code")
        .annotate(number=Count("pk"), weight=Sum("design_weight"))
        .order_by("_group", "_region", "disposition", "final_code")
    )
    return tuple(
        Cell(
            str(group) if group not in (None, "") else NOT_STATED,
            str(region) if region not in (None, "") else NOT_STATED,
            disposition,
            outcome_name(disposition, code),
            number,
            weight,
        )
        for group, region, disposition, code, number, weight in rows
    )


def outcome_name(disposition: str, code: str) -> str:
    """The final disposition of that code, or the disposition where there is no code."""
    found = with_code(code)
    return found.name if found else disposition


def by_group(cells: Iterable[Cell]) -> list[Amount]:
    return [Amount(each.group, each.outcome, each.cases, each.weight) for each in cells]


def by_region(cells: Iterable[Cell]) -> list[Amount]:
    return [Amount(each.region, each.outcome, each.cases, each.weight) for each in cells]


@dataclass(frozen=True, slots=True)
class Ending:
    """So many cases that count as one thing; `letter` is where they stand in the formulas."""

    words: str
    code: str
    letter: str
    cases: int
    weight: float


def endings_of(cells: Iterable[Cell]) -> tuple[Ending, ...]:
    """What became of the cases, in the order of the codes."""
    totals: dict[str, list[float]] = {}
    for each in cells:
        kept = totals.setdefault(each.outcome, [0, 0.0])
        kept[0] += each.cases
        kept[1] += each.weight
    found = [_ending(name, int(cases), weight) for name, (cases, weight) in totals.items()]
    return tuple(sorted(found, key=lambda each: (each.code or "9", each.words)))


def _ending(name: str, cases: int, weight: float) -> Ending:
    known = term(name)
    try:
        code = final(name).code
    except KeyError:
        code = ""
    return Ending(known.name, code, known.symbol, cases, weight)


def _cases(wave: Wave) -> QuerySet[Case]:
    return Case.objects.filter(wave=wave)


def _value(wave: Wave, variable: str) -> Combinable:
    """Where a variable of a case stands: with its unit, or without a frame with its stratum."""
    if variable.startswith(_ATTRIBUTE):
        return KeyTextTransform(variable.removeprefix(_ATTRIBUTE), "unit__attributes")
    return F(f"unit__{variable}") if wave.frame_id else F(f"stratum__{variable}")
