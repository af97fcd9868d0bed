"""Weights of a wave: what they are made from, its versions, and the published one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, QuerySet, Sum

from mathematics.arrays import Floats
from surveys.models import (
    Case,
    CaseWeight,
    Stratum,
    Unit,
    Wave,
    Weighting,
    WeightingRequest,
)
from surveys.queries.closing import unsettled
from surveys.queries.ended_firms import units_of_population
from surveys.weighting.carrying_out import Drawn

CATEGORIES = ("size_class", "industry", "region")
_OF_UNIT = (*CATEGORIES, "nace")
_NUMBERS = ("employees", "size_measure")
_EMPTY = (None, "")


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCases:
    """The cases of a wave by key and pseudonym, in the order of `drawn`."""

    keys: tuple[int, ...]
    pseudonyms: tuple[str, ...]
    drawn: Drawn


def obstacles_to_weighing(wave: Wave) -> tuple[str, ...]:
    """What stands between the wave and its weights, a sentence each."""
    if wave.origin == Wave.Origin.IMPORTED:
        return ("The wave was imported: its weights came with it.",)
    if wave.state != Wave.State.CLOSED:
        return ("The field is not closed. Weights are made when every case has its outcome.",)
    if number := unsettled(wave):
        return (f"Cases that were reopened and have not ended: {number}. End them first.",)
    return ()


def drawn_cases(wave: Wave) -> DrawnCases:
    """Every drawn case with what its stratum and the frame say of it."""
    rows = list(
        Case.objects.filter(wave=wave)
        .order_by("pk")
        .values(
            *("pk", "pseudonym", "disposition", "final_code", "design_weight", "cluster"),
            *("stratum__label", "stratum__population", "unit__attributes"),
            *(f"stratum__{name}" for name in CATEGORIES),
            *(f"unit__{name}" for name in (*_OF_UNIT, *_NUMBERS)),
        )
    )
    categories = _categories(rows)
    return DrawnCases(
        keys=tuple(row["pk"] for row in rows),
        pseudonyms=tuple(row["pseudonym"] for row in rows),
        drawn=Drawn(
            base=np.array([row["design_weight"] for row in rows], dtype=float),
            disposition=_labels([row["disposition"] for row in rows]),
            categories=categories,
            numbers=_numbers(rows),
            frame=_frame_counts(wave, set(categories)),
            totals=_frame_totals(wave),
            stratum=_labels([row["stratum__label"] for row in rows]),
            cluster=_labels([row["cluster"] or row["pseudonym"] for row in rows]),
            population=_populations(rows),
            unknown=np.array([_is_unknown(row["final_code"]) for row in rows], dtype=bool),
        ),
    )


def variables_of(wave: Wave) -> tuple[str, ...]:
    """Categories by which the wave can be weighted, for a form."""
    if wave.frame_id is None:
        held = Stratum.objects.filter(wave=wave)
        return ("stratum", *(name for name in CATEGORIES if held.exclude(**{name: ""}).exists()))
    attributes = wave.frame.attributes if wave.frame is not None else []
    named = Unit.objects.filter(frame=wave.frame_id)
    nace = ("nace",) if named.exclude(nace="").exists() else ()
    return ("stratum", *CATEGORIES, *nace, *map(str, attributes))


def versions(wave: Wave) -> QuerySet[Weighting]:
    """The weightings of the wave, newest first, with who made them."""
    return Weighting.objects.filter(wave=wave).select_related("made_by").order_by("-number")


def published(wave: Wave) -> Weighting | None:
    return (
        Weighting.objects.filter(wave=wave, is_published=True)
        .select_related("replicate_weights")
        .first()
    )


def published_number(wave: Wave) -> int | None:
    """The number of the published version."""
    found = Weighting.objects.filter(wave=wave, is_published=True)
    return found.values_list("number", flat=True).first()


def pending(wave: Wave) -> WeightingRequest | None:
    """The latest request for weights, if no version was made since: under way, or refused."""
    last = WeightingRequest.objects.filter(wave=wave).first()
    if last is None or last.state == WeightingRequest.State.DONE:
        return None
    is_past = Weighting.objects.filter(wave=wave, made_at__gt=last.at).exists()
    return None if is_past and not last.is_under_way else last


def weight_rows(weighting: Weighting) -> Iterator[tuple[str, float, float, Mapping[str, float]]]:
    """(pseudonym, base weight, final weight, factors) of every case, by pseudonym."""
    rows = CaseWeight.objects.filter(weighting=weighting).order_by("case__pseudonym")
    return rows.values_list("case__pseudonym", "case__design_weight", "weight", "factors").iterator(
        chunk_size=5_000
    )


def replicates_of(weighting: Weighting) -> tuple[list[str], Floats, dict[str, Any]]:
    """Pseudonyms, their (n, R) replicate weights, and how they make a variance."""
    held = weighting.replicate_weights
    with held.file.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        about = {
            "method": held.method,
            "scale": float(kept["scale"]),
            "rscales": kept["rscales"].tolist(),
            "mse": bool(kept["mse"]),
        }
        return [str(name) for name in kept["pseudonyms"]], kept["weights"], about


def _is_unknown(final_code: str) -> bool:
    """AAPOR numbers codes of unknown eligibility from 3."""
    return final_code.startswith("3.")


def _categories(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found = {"stratum": _labels([row["stratum__label"] for row in rows])}
    for name in CATEGORIES:
        values = [row[f"unit__{name}"] or row[f"stratum__{name}"] for row in rows]
        if any(value not in _EMPTY for value in values):
            found[name] = _labels(values)
    if any(row["unit__nace"] for row in rows):
        found["nace"] = _labels([row["unit__nace"] for row in rows])
    extra = {name for row in rows for name in (row["unit__attributes"] or {})}
    for name in sorted(extra - set(found)):
        found[name] = _labels([_text((row["unit__attributes"] or {}).get(name)) for row in rows])
    return found


def _numbers(rows: list[dict[str, Any]]) -> dict[str, Floats]:
    found = {}
    for name in _NUMBERS:
        values = [row[f"unit__{name}"] for row in rows]
        if any(value is not None for value in values):
            found[name] = np.array([np.nan if v is None else v for v in values], dtype=float)
    return found


def _frame_counts(wave: Wave, names: set[str]) -> dict[str, dict[str, float]]:
    """Firms that could be drawn by category; of the strata where the wave has no frame here."""
    strata = Stratum.objects.filter(wave=wave)
    found = {"stratum": _summed(strata.values_list("label", "population"))}
    for name in _OF_UNIT:
        if name not in names:
            continue
        if wave.frame_id is not None:
            units = units_of_population(wave).values(name)
            counted = units.annotate(number=Count("pk")).values_list(name, "number")
            found[name] = _summed(counted.order_by(name))
        elif name in CATEGORIES:
            found[name] = _summed(strata.values_list(name, "population"))
    return {name: counts for name, counts in found.items() if counts}


def _summed(rows: Any) -> dict[str, float]:
    """Sums by category; nothing where a part is not known."""
    counts: dict[str, float] = {}
    for level, number in rows:
        if number is None or level in _EMPTY:
            return {}
        counts[str(level)] = counts.get(str(level), 0.0) + float(number)
    return counts


def _frame_totals(wave: Wave) -> dict[str, float]:
    if wave.frame_id is None:
        return {}
    sums = units_of_population(wave).aggregate(
        all=Count("pk"),
        **{f"n_{name}": Count(name) for name in _NUMBERS},
        **{f"sum_{name}": Sum(name) for name in _NUMBERS},
    )
    complete = [name for name in _NUMBERS if sums["all"] and sums[f"n_{name}"] == sums["all"]]
    return {name: float(sums[f"sum_{name}"]) for name in complete}


def _populations(rows: list[dict[str, Any]]) -> Floats:
    """Clusters on the frame; not known where groups were drawn, whose number is not kept."""
    if any(row["cluster"] for row in rows):
        return np.full(len(rows), np.nan)
    told = [row["stratum__population"] for row in rows]
    return np.array([np.nan if each is None else each for each in told], dtype=float)


def _labels(values: list[Any]) -> Any:
    return np.array([None if value in _EMPTY else value for value in values], dtype=object)


def _text(value: Any) -> str | None:
    return None if value in _EMPTY else str(value)
