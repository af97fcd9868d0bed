"""Waves as a panel: who stayed, who left, and the firms of several waves in long form."""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Count

from surveys.models import Case, Survey, Wave
from surveys.queries.extracts import Extract, extract
from surveys.queries.instruments import compiled
from surveys.queries.prior import comparable_items
from surveys.questionnaire.binding import cells_of
from surveys.questionnaire.instrument import Instrument
from surveys.weighting.panel import longitudinal

RESPONDED = (Case.Disposition.COMPLETE, Case.Disposition.PARTIAL)
DESIGN = (
    *("firm", "wave", "reference_last_year", "stratum"),
    *("weight", "weights_version", "longitudinal_weight"),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """Of firms that answered in a wave: how many were asked again in a later one, and answered."""

    wave: Wave
    asked: int
    answered: int

    @property
    def share(self) -> float | None:
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Retention:
    """A wave as the start of a panel, and what became of its respondents in each later one."""

    wave: Wave
    answered: int
    later: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Attrition:
    """Respondents of a stratum in one wave by what became of them in the next."""

    stratum: str
    answered: int
    asked: int
    again: int
    refused: int
    silent: int
    not_eligible: int

    @property
    def share(self) -> float | None:
        """Lost, of those asked again who still belonged to the population."""
        followed = self.asked - self.not_eligible
        return 1 - self.again / followed if followed else None


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Firms that answered in every wave: a row a firm and wave.

    `left_out` names variables that are not pooled, with the reason. `version` is a SHA-256 over
    the firms and their longitudinal weights: two files of the same version have the same ones.
    """

    table: pd.DataFrame
    pooled: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    firms: int
    version: str


class NotLinked(Exception):
    """The waves make no panel; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Standing:
    disposition: str
    stratum: str
    pseudonym: str
    weight: float


def panel_waves(survey: Survey) -> tuple[Wave, ...]:
    """Waves whose firms can be followed: closed, and drawn from the survey's frames."""
    waves = Wave.objects.filter(survey=survey, state=Wave.State.CLOSED, frame__isnull=False)
    counted = waves.annotate(n_cases=Count("cases")).filter(n_cases__gt=0)
    found = counted.select_related("survey", "instrument", "frame")
    return tuple(found.order_by("reference_last_year", "slug"))


def retention(waves: Sequence[Wave]) -> tuple[Retention, ...]:
    """For each wave but the last, the stay of its respondents; waves oldest first."""
    standings = [_standings(wave) for wave in waves]
    found = []
    for place, first in enumerate(standings[:-1]):
        answered = _respondents(first)
        later = tuple(
            Stay(
                waves[after],
                len(answered & set(standings[after])),
                len(answered & _respondents(standings[after])),
            )
            for after in range(place + 1, len(waves))
        )
        found.append(Retention(waves[place], len(answered), later))
    return tuple(found)


def attrition(before: Wave, after: Wave) -> tuple[Attrition, ...]:
    """By stratum of the former wave, what became of its respondents in the later one."""
    first, then = _standings(before), _standings(after)
    by_stratum: dict[str, Counter[str]] = {}
    for firm in _respondents(first):
        counts = by_stratum.setdefault(first[firm].stratum, Counter())
        counts["answered"] += 1
        if firm in then:
            counts["asked"] += 1
            counts[then[firm].disposition] += 1
    return tuple(
        Attrition(
            stratum=label,
            answered=counts["answered"],
            asked=counts["asked"],
            again=sum(counts[each] for each in RESPONDED),
            refused=counts["refusal"],
            silent=counts["non_contact"] + counts["not_started"] + counts["started"],
            not_eligible=counts["not_eligible"],
        )
        for label, counts in sorted(by_stratum.items())
    )


def linked(waves: Sequence[Wave]) -> Linked:
    """Firms that answered in all of the waves, in long form. Raises: NotLinked, Refusal.

    A firm goes by its pseudonym in the first wave. The longitudinal weight starts from the
    largest of its design weights: with permanent random numbers a firm is in every wave with
    the least of its chances. It is then raised for firms that were lost, within the strata of
    the first wave.
    """
    if len(waves) < 2:
        raise NotLinked("A panel needs two closed waves that were drawn from the survey's frames.")
    standings = [_standings(wave) for wave in waves]
    extracts = [extract(wave) for wave in waves]
    firms = sorted(
        firm
        for firm in set.intersection(*(set(each) for each in standings))
        if all(
            standing[firm].pseudonym in found.frame.index
            for standing, found in zip(standings, extracts, strict=True)
        )
    )
    if not firms:
        raise NotLinked("No firm answered in all of these waves.")
    pooled, left_out = _pooled(waves, extracts)
    weight = _longitudinal(standings, extracts)
    parts = [
        _part(wave, found, [standing[firm].pseudonym for firm in firms], pooled)
        for wave, standing, found in zip(waves, standings, extracts, strict=True)
    ]
    names = [standings[0][firm].pseudonym for firm in firms]
    for part in parts:
        part.insert(0, "firm", names)
        part["longitudinal_weight"] = [weight[firm] for firm in firms]
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["firm", "reference_last_year"], kind="stable", ignore_index=True)
    version = _version(names, [weight[firm] for firm in firms])
    return Linked(table[[*DESIGN, *pooled]], pooled, left_out, len(firms), version)


def _version(names: Sequence[str], weights: Sequence[float]) -> str:
    told = sorted(zip(names, map(repr, weights), strict=True))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _standings(wave: Wave) -> dict[str, _Standing]:
    """What became of the wave's firms, by their identifier in the register."""
    rows = Case.objects.filter(wave=wave, unit__isnull=False).values_list(
        "unit__register_id", "disposition", "stratum__label", "pseudonym", "design_weight"
    )
    return {row[0]: _Standing(row[1], row[2], row[3], row[4]) for row in rows}


def _respondents(standings: Mapping[str, _Standing]) -> set[str]:
    return {firm for firm, each in standings.items() if each.disposition in RESPONDED}


def _pooled(
    waves: Sequence[Wave], extracts: Sequence[Extract]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Variables that mean the same in every wave, and the others with the reason."""
    columns = [{column.name: column for column in found.columns} for found in extracts]
    newest = columns[-1]
    pooled, left_out = [], []
    unlike = _unlike(waves)
    for name in dict.fromkeys(name for each in columns for name in each):
        present = [each[name] for each in columns if name in each]
        if len(present) < len(columns):
            left_out.append((name, "not asked in every wave"))
        elif len({(each.measure, each.unit, each.codes) for each in present}) > 1:
            left_out.append((name, "measured otherwise: another unit or other codes"))
        elif name in unlike:
            left_out.append((name, "its question changed between the waves"))
        else:
            pooled.append(newest[name].name)
    return tuple(pooled), tuple(left_out)


def _unlike(waves: Sequence[Wave]) -> set[str]:
    """Variables bound to a question that the comparison of two instruments does not pool."""
    instruments = [compiled(wave.instrument) for wave in waves if wave.instrument is not None]
    found: set[str] = set()
    for old, new in itertools.pairwise(instruments):
        alike = comparable_items(old, new)
        found |= _cells_of(old, alike) | _cells_of(new, alike)
    return found


def _cells_of(instrument: Instrument, alike: frozenset[str]) -> set[str]:
    return {
        name
        for item in instrument.items
        if item.name not in alike
        for binding in item.bindings
        for name in cells_of(item, binding)
    }


def _longitudinal(
    standings: Sequence[Mapping[str, _Standing]], extracts: Sequence[Extract]
) -> dict[str, float]:
    """Longitudinal weights of firms drawn in every wave. Raises: Refusal."""
    firms = sorted(set.intersection(*(set(each) for each in standings)))
    base = [max(each[firm].weight for each in standings) for firm in firms]
    responded = np.array(
        [
            [each[firm].pseudonym in found.frame.index for firm in firms]
            for each, found in zip(standings, extracts, strict=True)
        ]
    ).T
    in_scope = np.array(
        [[each[firm].disposition != "not_eligible" for firm in firms] for each in standings]
    ).T
    stratum: dict[str, Any] = {"stratum": [standings[0][firm].stratum for firm in firms]}
    weights = longitudinal(base, responded, in_scope, [stratum] * len(standings), classes=True)
    return dict(zip(firms, weights.final.tolist(), strict=True))


def _part(
    wave: Wave, found: Extract, pseudonyms: list[str], pooled: tuple[str, ...]
) -> pd.DataFrame:
    part = found.frame.loc[pseudonyms, list(pooled)].reset_index(drop=True)
    design = found.design.loc[pseudonyms].reset_index(drop=True)
    part["wave"], part["reference_last_year"] = wave.slug, wave.reference_last_year
    # None published: the weight is the design weight times drawn over responding.
    part["weights_version"] = found.provenance.get("weighting", {}).get("number")
    part["stratum"], part["weight"] = design["stratum"], design["weight"]
    return part
