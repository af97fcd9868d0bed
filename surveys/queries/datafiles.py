"""The extract of a wave as the tables of a data file: firms, codebook, and where from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveys.models import Wave
from surveys.queries.extracts import Extract, extract
from surveys.queries.feedback import Feedback, feedback_of
from surveys.queries.prior_flags import (
    FLAGS,
    TURNOVER,
    flag_name,
    flags_on_route,
    prior_flags,
    prior_items,
    prior_rosters,
    turnover,
    turnover_name,
)
from surveys.questionnaire.fills import neutral
from surveys.questionnaire.items import Item, Roster
from surveys.weighting.words import replicate_words

Cell = str | int | float | None

CODEBOOK_COLUMNS = ("variable", "label", "measure", "unit", "codes", "construct", "n")

_MINUTES = "feedback.minutes"
_DESIGN = (
    ("weight", "Final weight: how many firms of the frame the firm stands for"),
    ("stratum", "Stratum from which the firm was drawn"),
    ("cluster", "Cluster with which the firm was drawn; its own pseudonym where there is none"),
    ("population", "Firms of the stratum on the frame"),
    ("design_weight", "Design weight: one over the chance of having been drawn"),
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the file; `n` firms have a value in it."""

    name: str
    label: str
    measure: str
    unit: str
    codes: tuple[tuple[str, str], ...]
    construct: str
    n: int


@dataclass(frozen=True, slots=True)
class Datafile:
    """A wave as a table of values, pseudonymous: one row a firm that submitted.

    The columns are the pseudonym, then `variables`; missing values are None. `comments` are
    pairs of a pseudonym and what the firm wrote after submission: free text, which may give
    a firm away, and so is no column.
    """

    variables: tuple[Variable, ...]
    rows: tuple[Sequence[Cell], ...]
    about: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return ("pseudonym", *(variable.name for variable in self.variables))

    @property
    def codebook(self) -> tuple[Sequence[Cell], ...]:
        """One row a variable, in the columns of `CODEBOOK_COLUMNS`."""
        return tuple(
            (
                variable.name,
                variable.label,
                variable.measure,
                variable.unit,
                "; ".join(f"{value} = {label}" for value, label in variable.codes),
                variable.construct,
                variable.n,
            )
            for variable in self.variables
        )


def datafile(wave: Wave) -> Datafile:
    """The tables of the wave's data file."""
    found = extract(wave)
    firms, said = found.frame.index, feedback_of(wave)
    by_firm = flags_on_route(wave)
    entries = turnover(wave, firms, by_firm)
    table = pd.concat(
        [
            found.frame,
            prior_flags(wave, firms, by_firm),
            entries,
            _minutes(said, firms),
            found.design,
            *([] if found.replicates is None else [found.replicates.weights]),
        ],
        axis="columns",
    )
    values = table.astype(object).where(table.notna(), None)
    return Datafile(
        variables=_variables(found, table, prior_items(wave), prior_rosters(wave)),
        rows=tuple(
            (str(index), *row) for index, row in zip(table.index, values.values, strict=True)
        ),
        about=_about(found.provenance),
        comments=tuple(
            (name, said.comments[name]) for name in map(str, table.index) if name in said.comments
        ),
    )


def _minutes(said: Feedback, firms: pd.Index) -> pd.DataFrame:
    """The minutes that answering took; no column where no firm of the wave said."""
    if not said.minutes:
        return pd.DataFrame(index=firms)
    values = [said.minutes.get(str(firm)) for firm in firms]
    return pd.DataFrame({_MINUTES: pd.array(values, dtype="Float64")}, index=firms)


def _variables(
    found: Extract,
    table: pd.DataFrame,
    quoted: tuple[Item, ...],
    rosters: tuple[Roster, ...],
) -> tuple[Variable, ...]:
    present = table.notna().sum()
    measured = tuple(
        Variable(
            name=column.name,
            label=column.label,
            measure=column.measure,
            unit=column.unit,
            codes=column.codes,
            construct=column.construct,
            n=int(present[column.name]),
        )
        for column in found.columns
    )
    flags = tuple(
        Variable(
            name=flag_name(item),
            label=f"What became of last wave's answer: {neutral(item.label)}",
            measure="category",
            unit="",
            codes=tuple(FLAGS.items()),
            construct="",
            n=int(present[flag_name(item)]),
        )
        for item in quoted
    )
    flags += tuple(
        Variable(
            name, f"{label}: {neutral(roster.label)}", "number", "", (), "", int(present[name])
        )
        for roster in rosters
        for part, label in TURNOVER.items()
        for name in [turnover_name(roster, part)]
    )
    if _MINUTES in present:
        label = "Minutes that answering took, all persons together"
        n = int(present[_MINUTES])
        flags = (*flags, Variable(_MINUTES, label, "number", "minutes", (), "", n))
    drawn = tuple(
        Variable(name, label, "design", "", (), "", int(present[name]))
        for name, label in (*_DESIGN, *_replicates(found))
        if name in present
    )
    return measured + flags + drawn


def _replicates(found: Extract) -> tuple[tuple[str, str], ...]:
    if found.replicates is None:
        return ()
    columns, method = found.replicates.weights.columns, found.replicates.method
    return tuple(
        (str(name), replicate_words(number, method)) for number, name in enumerate(columns, 1)
    )


def _weights_named(provenance: dict[str, Any]) -> str:
    named = provenance.get("weighting")
    if named is not None:
        return f"version {named['number']}, fingerprint {named['fingerprint']}"
    given = "as the imported file gives them"
    return given if provenance["origin"] == "imported" else "drawn over responding, by stratum"


def _about(provenance: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    answers = "made data: generated by a program, not given by firms"
    return (
        ("Survey", provenance["survey_title"]),
        ("Wave", provenance["wave_title"]),
        ("Reference period", provenance["reference_period"]),
        ("Answers", answers if provenance["made_data"] else provenance["origin"]),
        ("Firms drawn", str(provenance["n_sampled"])),
        ("Firms in the file", str(provenance["n_responding"])),
        ("Instrument", provenance["instrument"]),
        ("Weights", _weights_named(provenance)),
        ("Source", provenance["source"]),
    )
