"""What a wave's data file holds before a row of it is read: variables, and where from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from surveys.models import Case, Response, Wave
from surveys.queries.extracts import columns_of
from surveys.queries.feedback import has_minutes
from surveys.queries.prior_flags import (
    FLAGS,
    TURNOVER,
    flag_name,
    prior_items,
    prior_rosters,
    turnover_name,
)
from surveys.queries.published_weights import PublishedWeights
from surveys.questionnaire.fills import neutral
from surveys.weighting.words import replicate_words

Cell = str | int | float | None

CODEBOOK_COLUMNS = ("variable", "label", "measure", "unit", "codes", "construct", "n")

MINUTES = "feedback.minutes"
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
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    construct: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class Datafile:
    """What a wave is as a table of values, pseudonymous: one row a firm that submitted.

    The columns are the pseudonym, then `variables`; missing values are None; `firms` is the
    number of rows that it has.
    """

    variables: tuple[Variable, ...]
    about: tuple[tuple[str, str], ...]
    firms: int

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


def outline_of(
    wave: Wave, published: PublishedWeights | None, firms: QuerySet[Response]
) -> Datafile:
    """The data file without rows: no variable has a value yet. `firms` are those it will hold."""
    number = firms.count()
    return Datafile(
        variables=(*_measured(wave), *_of_last_wave(wave), *_of_design(published)),
        about=_about(wave, published, number),
        firms=number,
    )


def counted(outline: Datafile, present: Sequence[int]) -> tuple[Variable, ...]:
    """The variables with the number of firms that have a value in each."""
    return tuple(
        replace(variable, n=number)
        for variable, number in zip(outline.variables, present, strict=True)
    )


def _measured(wave: Wave) -> tuple[Variable, ...]:
    return tuple(
        Variable(
            name=column.name,
            label=column.label,
            measure=column.measure,
            unit=column.unit,
            codes=column.codes,
            construct=column.construct,
        )
        for column in columns_of(wave)
    )


def _of_last_wave(wave: Wave) -> tuple[Variable, ...]:
    """What became of last wave's answers and entries, then the minutes that firms told."""
    flags = tuple(
        Variable(
            flag_name(item),
            f"What became of last wave's answer: {neutral(item.label)}",
            "category",
            codes=tuple(FLAGS.items()),
        )
        for item in prior_items(wave)
    )
    flags += tuple(
        Variable(turnover_name(roster, part), f"{label}: {neutral(roster.label)}", "number")
        for roster in prior_rosters(wave)
        for part, label in TURNOVER.items()
    )
    if has_minutes(wave):
        label = "Minutes that answering took, all persons together"
        flags = (*flags, Variable(MINUTES, label, "number", "minutes"))
    return flags


def _of_design(published: PublishedWeights | None) -> tuple[Variable, ...]:
    named = [Variable(name, label, "design") for name, label in _DESIGN]
    if published is None:
        return tuple(named[:-1])
    count, method = published.replicate_count()
    replicates = (
        Variable(f"replicate.{number}", replicate_words(number, method), "design")
        for number in range(1, count + 1)
    )
    return (*named, *replicates)


def _weights_named(wave: Wave, published: PublishedWeights | None) -> str:
    if published is not None:
        named = published.named
        return f"version {named['number']}, fingerprint {named['fingerprint']}"
    given = "as the imported file gives them"
    return given if wave.origin == Wave.Origin.IMPORTED else "drawn over responding, by stratum"


def _about(
    wave: Wave, published: PublishedWeights | None, firms: int
) -> tuple[tuple[str, str], ...]:
    answers = "made data: generated by a program, not given by firms"
    return (
        ("Survey", wave.survey.title),
        ("Wave", wave.title),
        ("Reference period", wave.reference_period),
        ("Answers", answers if wave.made_data else wave.origin),
        ("Firms drawn", str(Case.objects.filter(wave=wave).count())),
        ("Firms in the file", str(firms)),
        ("Instrument", wave.instrument.fingerprint if wave.instrument is not None else ""),
        ("Weights", _weights_named(wave, published)),
        ("Source", wave.provenance.get("source", "")),
    )
