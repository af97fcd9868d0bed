"""The fieldwork of a wave as plain data, for scripts."""

from typing import Any

from surveys.fieldwork.rates import rates
from surveys.models import Case, Wave
from surveys.queries.fieldwork import StratumTally, Tally, tally


def fieldwork_report(wave: Wave) -> dict[str, Any]:
    """Cases and rates of the wave, in all and by stratum."""
    counted = tally(wave)
    return {
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "state": wave.state,
        "made_data": wave.made_data,
        **_amounts(counted),
        "strata": [
            {
                "stratum": stratum.label,
                "population": stratum.population,
                "drawn": stratum.drawn,
                **_amounts(stratum),
            }
            for stratum in counted.strata
        ],
    }


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


def _amounts(counted: Tally | StratumTally) -> dict[str, Any]:
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
            for rate in rates(counted.outcomes, counted.weighted_outcomes)
        ],
    }
