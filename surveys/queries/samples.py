"""What a sample plan reads: the frame by columns, earlier draws, and the plan that is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from surveys.models import Case, Frame, SamplePlan, SampleWork, Stratum, Unit, Wave
from surveys.sampling.arrays import Floats, Integers
from surveys.sampling.designs import Earlier, FrameColumns
from surveys.sampling.selection.firms import starting_point

AT_ONCE = 20_000
OWN_MEASURES = ("employees", "size_measure")
Reading = Callable[[int], None]
"""Told how many firms were read so far."""
_TEXTS = ("register_id", "size_class", "industry", "region", "group_id")


@dataclass(frozen=True, slots=True, eq=False)
class FrameRead:
    """A frame by columns, and (N,) the keys of its units."""

    columns: FrameColumns
    keys: Integers

    def without(self, keys: Sequence[int]) -> "FrameRead":
        """The frame as if the units of these keys did not stand on it."""
        if not keys:
            return self
        stays = ~np.isin(self.keys, keys)
        return FrameRead(self.columns.only(stays), self.keys[stays])


def measures_of(frame: Frame) -> tuple[str, ...]:
    """Names of what a plan may read of a firm as a number."""
    return (*OWN_MEASURES, *(str(name) for name in frame.attributes if name not in OWN_MEASURES))


def read_frame(frame: Frame, measures: Sequence[str], reading: Reading | None = None) -> FrameRead:
    """The units of the frame, in one statement; measures that it does not have are left out."""
    known = [name for name in measures if name in measures_of(frame)]
    of_attributes = {
        f"measure_{n}": KeyTransform(name, "attributes") if name not in OWN_MEASURES else F(name)
        for n, name in enumerate(known)
    }
    units = Unit.objects.filter(frame=frame).order_by("pk").annotate(**of_attributes)
    rows = units.values_list("pk", "permanent_random_number", *_TEXTS, *of_attributes)
    parts, number = [], 0
    for chunk in _chunks(rows.iterator(AT_ONCE)):
        parts.append(_part(chunk, len(known)))
        number += len(chunk)
        if reading is not None:
            reading(number)
    if not parts:
        parts = [_part([], len(known))]
    columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
    keys, random_number, *rest = columns
    identifier, size_class, industry, region, group = rest[: len(_TEXTS)]
    found = dict(zip(known, rest[len(_TEXTS) :], strict=True))
    return FrameRead(
        FrameColumns(identifier, size_class, industry, region, group, random_number, found), keys
    )


def earlier_draws(wave: Wave) -> dict[str, list[str]]:
    """Register identifiers of the firms drawn in earlier waves of the survey, oldest first."""
    rows = (
        Case.objects.filter(wave__survey=wave.survey_id, unit__isnull=False)
        .filter(wave__in=_before(wave))
        .order_by("wave__field_start", "wave__pk")
        .values_list("wave__slug", "unit__register_id")
    )
    found: dict[str, list[str]] = {}
    for slug, identifier in rows.iterator(AT_ONCE):
        found.setdefault(slug, []).append(identifier)
    return found


def earlier_waves_drawn(wave: Wave) -> list[Wave]:
    """Earlier waves whose sample was drawn by a plan that is kept, the newest first."""
    return list(
        _before(wave).filter(sample_plan__drawn_at__isnull=False).order_by("-field_start", "-pk")
    )


def _before(wave: Wave) -> QuerySet[Wave]:
    """Waves of the survey that count as earlier; of two that start on one day, the one made first.

    Were it the one drawn first, a sample that is drawn once more could find another order.
    """
    is_before = Q(field_start__lt=wave.field_start) | Q(
        field_start=wave.field_start, pk__lt=wave.pk
    )
    return Wave.objects.filter(is_before, survey=wave.survey_id)


def earlier_arcs(wave: Wave, slug: str) -> Earlier | None:
    """Where the draw of that earlier wave began; None if there is no kept plan of it."""
    plan = SamplePlan.objects.filter(
        wave__survey=wave.survey_id, wave__slug=slug, drawn_at__isnull=False
    ).first()
    if plan is None or "strata" not in plan.preview:
        return None
    arcs = {
        cell: (float(line["start"]), float(line["rate"]))
        for line in plan.preview["strata"]
        for cell in line["cells"]
    }
    return Earlier(arcs, starting_point(plan.seed))


def raised_document(plan: SamplePlan) -> dict[str, Any] | None:
    """The plan's document with what its preview says would meet every target; None without."""
    change = (plan.preview.get("shortfall") or {}).get("change")
    if not change:
        return None
    document = dict(plan.document)
    document["allocation"] = {**document["allocation"], **change}
    return document


def plan_of(wave: Wave) -> SamplePlan | None:
    return SamplePlan.objects.filter(wave=wave).select_related("saved_by").first()


def work_of(wave: Wave) -> SampleWork | None:
    """What was last asked of the workers for the sample of the wave."""
    return SampleWork.objects.filter(wave=wave).select_related("by").first()


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


def _part(rows: list[tuple[Any, ...]], measures: int) -> list[Any]:
    width = 2 + len(_TEXTS) + measures
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    return [
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=float),
        *(np.array(column, dtype=str) for column in columns[2 : 2 + len(_TEXTS)]),
        *(_numbers(column) for column in columns[2 + len(_TEXTS) :]),
    ]


def _numbers(values: Sequence[Any]) -> Floats:
    """Missing, and what is no number, as NaN."""
    return np.array([_number(value) for value in values], dtype=float)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def drawn_firms(wave: Wave) -> list[dict[str, Any]]:
    """The firms drawn, by register identifier, with stratum, chance and weight."""
    rows = Case.objects.filter(wave=wave).order_by("unit__register_id")
    names = ("register_id", "pseudonym", "stratum", "inclusion_probability", "design_weight")
    fields = ("unit__register_id", names[1], "stratum__label", *names[3:])
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*fields)]


def size_classes_of(frame: Frame) -> list[str]:
    """The size classes of the frame, in one statement."""
    rows = Unit.objects.filter(frame=frame).order_by("size_class")
    return list(rows.values_list("size_class", flat=True).distinct())


def planned_strata(wave: Wave) -> list[tuple[str, int, int]]:
    """Label, N_h and n_h of each stratum: of the sample, or of the plan that waits; else none."""
    strata = Stratum.objects.filter(wave=wave, population__isnull=False).order_by("label")
    rows = strata.values_list("label", "population", "drawn")
    drawn = [(label, population or 0, number) for label, population, number in rows]
    if drawn:
        return drawn
    plan = plan_of(wave)
    lines = plan.preview.get("strata", []) if plan else []
    return [(line["label"], line["population"], line["drawn"]) for line in lines]
