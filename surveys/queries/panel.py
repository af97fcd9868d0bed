"""Waves as a panel: which there are, who stayed and who left. `linked` has their answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from surveys.models import Case, Survey, Wave

RESPONDED = (Case.Disposition.COMPLETE, Case.Disposition.PARTIAL)


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of one firm in a wave, and how it was drawn."""

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
    standings = [standings_of(wave) for wave in waves]
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
    first, then = standings_of(before), standings_of(after)
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


def standings_of(wave: Wave) -> dict[str, Standing]:
    """What became of the wave's firms, by their identifier in the register."""
    rows = Case.objects.filter(wave=wave, unit__isnull=False).values_list(
        "unit__register_id", "disposition", "stratum__label", "pseudonym", "design_weight"
    )
    # The same few dispositions and strata stand in every row, and are held once.
    same: dict[str, str] = {}
    return {
        firm: Standing(same.setdefault(how, how), same.setdefault(label, label), name, weight)
        for firm, how, label, name, weight in rows.iterator()
    }


def _respondents(standings: Mapping[str, Standing]) -> set[str]:
    return {firm for firm, each in standings.items() if each.disposition in RESPONDED}
