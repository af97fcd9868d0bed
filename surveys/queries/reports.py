"""The fieldwork of a wave as plain data, for scripts."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from surveys.fieldwork.eligibility import Eligibility
from surveys.fieldwork.rates import all_rates
from surveys.models import Case, Wave
from surveys.queries.fieldwork import StratumTally, Tally, tally
from surveys.queries.monitor import Group, Monitor, monitor

Eligibilities = tuple[Eligibility | None, Eligibility | None]
"""The share e of the counts, and that of the summed weights."""


def fieldwork_report(
    wave: Wave, *, by: str = "size_class", today: date | None = None
) -> dict[str, Any]:
    """Cases and rates of the wave, in all and by stratum, and all that its page shows.

    Rates of strata that need an estimate of eligibility take that of the whole wave.
    """
    counted = tally(wave)
    shown = monitor(wave, by=by, today=today or timezone.localdate())
    return {
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "state": wave.state,
        "made_data": wave.made_data,
        **_amounts(counted, shown.eligibility),
        **_monitored(shown),
        "strata": [
            {
                "stratum": stratum.label,
                "population": stratum.population,
                "drawn": stratum.drawn,
                **_amounts(stratum, shown.eligibility),
            }
            for stratum in counted.strata
        ],
    }


def _monitored(shown: Monitor) -> dict[str, Any]:
    """What the page of the fieldwork shows beside the strata."""
    plain, weighted = shown.eligibility
    return {
        "all_rates": [asdict(each) for each in shown.rates],
        "eligibility": {
            "plain": asdict(plain) if plain else None,
            "weighted": asdict(weighted) if weighted else None,
        },
        "final_dispositions": [asdict(each) for each in shown.endings],
        "by": shown.variable.name,
        "groups": [_group(each) for each in shown.groups],
        "regions": [_group(each) for each in shown.regions],
        "pace": [asdict(each) for each in shown.course.days],
        "day": shown.course.today,
        "computed_at": shown.snapshot.made_at.isoformat() if shown.snapshot else None,
        **(shown.snapshot.document if shown.snapshot else {}),
    }


def _group(group: Group) -> dict[str, Any]:
    rates = {
        name: {"plain": rate.plain, "weighted": rate.weighted} for name, rate in group.rates.items()
    }
    return {
        "group": group.label, "cases": group.cases, "complete": group.complete, "rates": rates
    }  # fmt: skip


def fieldwork_rows(wave: Wave) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The report as a table: one row a stratum, the last one for the whole wave."""
    report = fieldwork_report(wave)
    names = [rate["name"] for rate in report["rates"]]
    columns = (
        *("stratum", "population", "drawn", "cases", *Case.Disposition.values),
        *(f"{name}{suffix}" for name in names for suffix in ("", "_weighted")),
    )
    whole = {"stratum": "all", "population": None, "drawn": report["cases"], **report}
    return columns, [_row(each) for each in (*report["strata"], whole)]


def _row(each: dict[str, Any]) -> tuple[Any, ...]:
    return (
        *(each[name] for name in ("stratum", "population", "drawn", "cases")),
        *each["dispositions"].values(),
        *(rate[kind] for rate in each["rates"] for kind in ("plain", "weighted")),
    )


def _amounts(counted: Tally | StratumTally, eligibility: Eligibilities) -> dict[str, Any]:
    return {
        "cases": counted.cases,
        "dispositions": {name: counted.number(name) for name in Case.Disposition.values},
        "rates": [
            {
                "name": rate.name,
                "formula": rate.formula,
                "plain": rate.plain,
                "weighted": rate.weighted,
            }
            for rate in all_rates(counted.outcomes, counted.weighted_outcomes, *eligibility)
        ],
    }
