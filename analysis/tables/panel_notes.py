"""The notes of a table over several waves: which they are, and how many firms are in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.estimation.estimates import Fit
from analysis.tables import numerals

LAGGED = ("lagged_outcome", "cross_lagged")
LAGGED_AID = (
    "A coefficient of an earlier wave says what went before the outcome, the other variables of "
    "the column held equal. It is an effect only if nothing unseen that changes drives both, and "
    "success may lead to networking as well as follow it."
)


def is_lagged(estimator: str, terms: Sequence[str]) -> bool:
    """Whether the model explains a wave by what the firm said in an earlier one."""
    return estimator in LAGGED or any("lag(" in term for term in terms)


def lagged_columns(fits: Sequence[Fit]) -> list[bool]:
    """Of each column, whether it is a lagged design."""
    return [is_lagged(fit.estimator, fit.estimates.terms) for fit in fits]


def panel_source_notes(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """The waves with their response, firms followed, strata that are silent."""
    waves = provenance["waves"]
    listed = "; ".join(_wave(each) for each in waves)
    survey = provenance.get("survey_title") or provenance.get("survey")
    return (
        f"Source: {survey}, {len(waves)} waves: {listed}.",
        _firms(provenance, len(waves)),
        *(_silent(each) for each in waves if each.get("n_strata_silent")),
    )


def _wave(wave: Mapping[str, Any]) -> str:
    facts = [str(wave[key]) for key in ("source", "reference_period") if wave.get(key)]
    if wave.get("origin") == "collected" and wave.get("n_sampled"):
        responding, sampled = (numerals.whole(wave[key]) for key in ("n_responding", "n_sampled"))
        facts.append(f"{responding} responses of {sampled} firms drawn")
    if weights := wave.get("weighting"):
        facts.append(f"weights version {weights['number']}")
    return f"{_title(wave)} ({', '.join(facts)})" if facts else _title(wave)


def _title(wave: Mapping[str, Any]) -> str:
    return str(wave.get("wave_title") or wave["wave"])


def _firms(provenance: Mapping[str, Any], waves: int) -> str:
    firms, in_all, in_several = (
        int(provenance[key])
        for key in ("n_firms", "n_firms_in_every_wave", "n_firms_in_several_waves")
    )
    of = "both waves" if waves == 2 else f"all {waves} waves"
    several = f", {numerals.whole(in_several)} in two or more" if waves > 2 else ""
    return (
        f"A row is a firm in a wave: {numerals.whole(firms)} firms, "
        f"{numerals.whole(in_all)} of them in {of}{several}."
    )


def _silent(wave: Mapping[str, Any]) -> str:
    return (
        f"{_title(wave)}: {wave['n_strata_silent']} of {wave['n_strata']} strata have no response "
        "and are not represented."
    )
