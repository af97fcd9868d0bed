"""All that the page of a wave's fieldwork shows, in a fixed number of statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from surveys.fieldwork.domains import Amount, DomainRates, rates_by_domain
from surveys.fieldwork.eligibility import Eligibility
from surveys.fieldwork.pace import PaceDay, against, pace
from surveys.fieldwork.pace_chart import PaceChart, pace_chart
from surveys.fieldwork.progress import Progress, progress
from surveys.fieldwork.rates import Outcomes, Rate, all_rates
from surveys.models import Case, FieldworkSnapshot, Response, Wave
from surveys.queries import outcomes
from surveys.queries.outcomes import Ending, Variable

WAITING = frozenset({Case.Disposition.NOT_STARTED.value, Case.Disposition.STARTED.value})


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one group of firms: how many of which kind, and their rates by name."""

    label: str
    cases: int
    complete: int
    rates: Mapping[str, Rate]

    @property
    def bar(self) -> int:
        return round(100 * (self.rates["RR2"].plain or 0))


@dataclass(frozen=True, slots=True)
class Course:
    """Responses by day of the field, beside last wave's and the target."""

    days: tuple[PaceDay, ...]
    numbers: Progress
    chart: PaceChart | None
    today: int

    @property
    def now(self) -> PaceDay | None:
        return self.days[min(self.today, len(self.days) - 1)] if self.days else None


@dataclass(frozen=True, slots=True)
class Monitor:
    """The fieldwork of a wave at one moment; `eligibility` of plain and of weighted rates."""

    cases: int
    complete: int
    waiting: int
    endings: tuple[Ending, ...]
    rates: tuple[Rate, ...]
    eligibility: tuple[Eligibility | None, Eligibility | None]
    variables: tuple[Variable, ...]
    variable: Variable
    groups: tuple[Group, ...]
    regions: tuple[Group, ...]
    course: Course
    snapshot: FieldworkSnapshot | None

    def rate(self, name: str) -> Rate | None:
        return next((each for each in self.rates if each.name == name), None)


def monitor(wave: Wave, *, by: str = "size_class", today: date) -> Monitor:
    """The fieldwork of the wave on that day, with rates by a variable of the frame.

    An unknown variable counts as the size class. Three statements, however many cases.
    """
    variables = outcomes.variables_of(wave)
    variable = next((each for each in variables if each.name == by), variables[0])
    cells = outcomes.cells_of(wave, variable.name)
    whole = rates_by_domain(
        [Amount("all", each.outcome, each.cases, each.weight) for each in cells]
    ).get("all")
    endings = outcomes.endings_of(cells)
    cases = sum(each.cases for each in endings)
    regions = _groups(outcomes.by_region(cells))
    return Monitor(
        cases=cases,
        complete=sum(each.cases for each in endings if each.letter == "I"),
        waiting=sum(each.cases for each in cells if each.disposition in WAITING),
        endings=endings,
        rates=whole.rates if whole else all_rates(Outcomes(), Outcomes(), None, None),
        eligibility=(whole.plain, whole.weighted) if whole else (None, None),
        variables=variables,
        variable=variable,
        groups=_groups(outcomes.by_group(cells)),
        regions=tuple(
            sorted(regions, key=lambda each: (-(each.rates["RR2"].plain or 0), each.label))
        ),
        course=_course(wave, cases, today),
        snapshot=FieldworkSnapshot.objects.filter(wave=wave).first(),
    )


def _groups(amounts: list[Amount]) -> tuple[Group, ...]:
    found: Mapping[Any, DomainRates] = rates_by_domain(amounts)
    return tuple(
        Group(
            str(label),
            int(each.counts.total),
            int(each.counts.complete),
            {rate.name: rate for rate in each.rates},
        )
        for label, each in sorted(found.items(), key=lambda pair: _natural(str(pair[0])))
    )


def _natural(label: str) -> tuple[int, str]:
    """Size classes by where they begin, other groups by name, those not stated last."""
    digits = "".join(label.split("-")[0].split())
    if label == outcomes.NOT_STATED:
        return 10**9, label
    number = "".join(sign for sign in digits if sign.isdigit())
    return (int(number[:8]) if digits[:1].isdigit() else 0), label


def _course(wave: Wave, cases: int, today: date) -> Course:
    by_day = _submissions(wave)
    end = wave.closed_at.date() if wave.closed_at else wave.field_end
    shown = progress(by_day.get(wave.pk, []), wave.field_start, end)
    until = (min(end, today) if wave.closed_at else today) - wave.field_start
    last = max(until.days, 0)
    if not cases or not shown.total:
        return Course((), shown, None, last)
    length = (end - wave.field_start).days
    days = against(pace(shown, cases), _earlier(wave, by_day), target_by_day(wave, length))
    return Course(days, shown, pace_chart(days, start=wave.field_start, until=last), last)


def target_by_day(wave: Wave, length: int) -> dict[int, float]:
    """The share of responses wanted by day: a line to the target at the end of the field.

    ``{"RR1": 0.5}`` is the target at the end, ``{"by_day": {"14": 0.2}}`` corners before it.
    """
    wanted = wave.target_rates or {}
    found = {int(day): float(share) for day, share in wanted.get("by_day", {}).items()}
    if "RR1" in wanted:
        found[max(length, 1)] = float(wanted["RR1"])
    return found


def _earlier(wave: Wave, by_day: Mapping[int, list[tuple[date, int]]]) -> Any:
    previous = wave.previous
    if previous is None or previous.pk not in by_day:
        return None
    numbers = progress(by_day[previous.pk], previous.field_start, previous.field_end)
    cases = Case.objects.filter(wave=previous).count()
    return pace(numbers, cases) if cases else None


def _submissions(wave: Wave) -> dict[int, list[tuple[date, int]]]:
    """Responses by day, of this wave and of the one before, in one statement."""
    waves = [key for key in (wave.pk, wave.previous_id) if key is not None]
    rows: Iterable[tuple[int, date, int]] = (
        Response.objects.filter(case__wave__in=waves, submitted_at__isnull=False)
        .annotate(day=TruncDate("submitted_at"))
        .values_list("case__wave", "day")
        .annotate(number=Count("pk"))
        .order_by("day")
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for key, day, number in rows:
        found.setdefault(key, []).append((day, number))
    return found
