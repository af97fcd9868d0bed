"""What happened to the cases of a wave: tallies, progress, the list of cases, codes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OrderBy, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from surveys.fieldwork.rates import Outcomes, outcomes
from surveys.models import Case, Invitation, Response, Stratum, Wave
from surveys.queries.case_contacts import CONTACT
from surveys.queries.outcomes import outcome_name

_STRATUM = ("pk", "label", "population", "drawn")


@dataclass(frozen=True, slots=True)
class StratumTally:
    """Cases of one stratum by disposition.

    `counts` and `weights` hold (disposition, number of cases or sum of design weights), `final`
    the same as triples by the name of the final disposition, as far as one was derived;
    `population` is N_h, None where unknown; `drawn` is n_h.
    """

    label: str
    population: int | None
    drawn: int
    counts: tuple[tuple[str, int], ...]
    weights: tuple[tuple[str, float], ...]
    final: tuple[tuple[str, int, float], ...]

    def number(self, disposition: str) -> int:
        return dict(self.counts).get(disposition, 0)

    @property
    def cases(self) -> int:
        return sum(number for _, number in self.counts)

    @property
    def outcomes(self) -> Outcomes:
        return outcomes((name, number) for name, number, _ in self.final)

    @property
    def weighted_outcomes(self) -> Outcomes:
        return outcomes((name, weight) for name, _, weight in self.final)


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of a wave by stratum and disposition, strata in the order of their labels."""

    strata: tuple[StratumTally, ...]

    def number(self, disposition: str) -> int:
        return sum(stratum.number(disposition) for stratum in self.strata)

    @property
    def cases(self) -> int:
        return sum(stratum.cases for stratum in self.strata)

    @property
    def outcomes(self) -> Outcomes:
        return sum((stratum.outcomes for stratum in self.strata), Outcomes())

    @property
    def weighted_outcomes(self) -> Outcomes:
        return sum((stratum.weighted_outcomes for stratum in self.strata), Outcomes())


def tally(wave: Wave) -> Tally:
    """Cases by stratum and disposition, in one statement; strata without a case, too."""
    rows = (
        Stratum.objects.filter(wave=wave)
        .values(*_STRATUM, "cases__disposition", "cases__final_code")
        .annotate(number=Count("cases"), weight=Sum("cases__design_weight"))
        .order_by("label", "cases__disposition", "cases__final_code")
    )
    by_stratum: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_stratum.setdefault(row["pk"], []).append(row)
    return Tally(tuple(_stratum_tally(group) for group in by_stratum.values()))


def _stratum_tally(rows: list[dict[str, Any]]) -> StratumTally:
    first = rows[0]
    filled = [row for row in rows if row["cases__disposition"] is not None]
    counts: Counter[str] = Counter()
    weights: defaultdict[str, float] = defaultdict(float)
    for row in filled:
        counts[row["cases__disposition"]] += row["number"]
        weights[row["cases__disposition"]] += row["weight"]
    return StratumTally(
        label=first["label"],
        population=first["population"],
        drawn=first["drawn"],
        counts=tuple(counts.items()),
        weights=tuple(weights.items()),
        final=tuple(
            (
                outcome_name(row["cases__disposition"], row["cases__final_code"]),
                row["number"],
                row["weight"],
            )
            for row in filled
        ),
    )


def submissions_by_day(wave: Wave) -> tuple[tuple[date, int], ...]:
    """(day, responses submitted on it), days without one left out."""
    rows = (
        Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
        .annotate(day=TruncDate("submitted_at"))
        .values("day")
        .annotate(number=Count("pk"))
        .order_by("day")
    )
    return tuple((row["day"], row["number"]) for row in rows)


SORTS = {
    "firm": ("firm_name", "pk"),
    "stratum": ("stratum__label", "pk"),
    "disposition": ("disposition", "pk"),
    "since": ("disposition_at", "pk"),
    "priority": ("priority", "pk"),
}


def strata_of(wave: Wave) -> list[str]:
    """Labels of the strata, in their order."""
    return list(Stratum.objects.filter(wave=wave).order_by("label").values_list("label", flat=True))


def cases_of(
    wave: Wave,
    *,
    disposition: str = "",
    stratum: str = "",
    search: str = "",
    sort: str = "firm",
    named: bool = True,
) -> QuerySet[Case]:
    """Cases of the wave with their stratum, filtered and sorted; `sort` may open with '-'.

    An unknown sort counts as "firm". Who may not see firms (`named` is False) searches
    pseudonyms only and gets the cases in the order of these: neither tells a name.
    """
    cases = Case.objects.filter(wave=wave).select_related("stratum")
    if disposition:
        cases = cases.filter(disposition=disposition)
    if stratum:
        cases = cases.filter(stratum__label=stratum)
    if search and named:
        cases = cases.filter(Q(firm_name__icontains=search) | Q(unit__register_id=search))
    elif search:
        cases = cases.filter(pseudonym__iexact=search)
    return cases.order_by(*_order(sort, named=named))


def _order(sort: str, *, named: bool) -> Iterable[str | OrderBy]:
    names = SORTS.get(sort.removeprefix("-"), SORTS["firm"])
    if names == SORTS["firm"] and not named:
        names = ("pseudonym", "pk")
    if names == SORTS["priority"] and sort.startswith("-"):
        # Cases without a priority come last: PostgreSQL would put them first.
        return [F("priority").desc(nulls_last=True), "pk"]
    return [f"-{name}" for name in names] if sort.startswith("-") else names


def cases_to_invite(wave: Wave, *, even_with_code: bool = False) -> QuerySet[Case]:
    """Cases that may still answer; by default only those without a code that was not revoked."""
    waiting = (Case.Disposition.NOT_STARTED, Case.Disposition.STARTED)
    cases = Case.objects.filter(wave=wave, disposition__in=waiting).select_related("wave", *CONTACT)
    if even_with_code:
        return cases
    return cases.exclude(invitations__revoked_at__isnull=True, invitations__isnull=False)


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """Access codes of a wave: issued in all, opening the questionnaire now, used, revoked."""

    issued: int
    live: int
    used: int
    revoked: int


def code_counts(wave: Wave, at: datetime) -> CodeCounts:
    """Access codes of the wave by what became of them, in one statement."""
    counts = Invitation.objects.filter(case__wave=wave).aggregate(
        issued=Count("pk"),
        live=Count("pk", filter=Q(revoked_at=None, expires_at__gt=at)),
        used=Count("pk", filter=Q(first_used_at__isnull=False)),
        revoked=Count("pk", filter=Q(revoked_at__isnull=False)),
    )
    return CodeCounts(**counts)
