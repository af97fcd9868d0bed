"""What every paragraph warns of, and what kind of finding its model is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.reading.verdicts import Judged
from analysis.tables import numerals
from analysis.tables.panel_notes import is_lagged
from analysis.tables.regression_notes import MADE_DATA

FEW_DF = 10
MANY = 5
_WAVES = (
    "fixed_effects",
    "fixed_effects_poisson",
    "conditional_logit",
    "first_differences",
    "long_differences",
    "correlated_random_effects",
)
_INSTRUMENTS = ("two_stage_least_squares",)
_INSTRUMENTED = "control_function_"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the rule that made it, and the scale it is about, if any."""

    rule: str
    text: str
    scale: str = ""


_LAGGED = Sentence(
    "lagged",
    "What a firm said in one wave is held against what it had said in the wave before. Only such "
    "a design may be called an effect, and only if nothing unseen that changes drives both; "
    "success may lead to partners as well as follow them, so read it beside the model the other "
    "way round.",
)
_POOLED = Sentence(
    "pooled_waves",
    "Answers of several waves are put together, but both sides were told by the same firm in the "
    "same wave, so this is an association: firms that innovate may look for partners because "
    "they do.",
)


def cautions(model: Mapping[str, Any], read: Sequence[Judged]) -> list[Sentence]:
    """What to bear in mind of sizes, of several terms, and of their comparison."""
    told = []
    if read and not any(each.is_probability for each in read):
        in_units = "of the outcome" if model["margins"] else "of the model, not of the outcome"
        told.append(
            Sentence("size_unknown", f"Sizes are in units {in_units}; only directions are judged.")
        )
    if len(read) >= MANY:
        told.append(
            Sentence(
                "several",
                f"Of {len(read)} intervals of 95 per cent, one or the other misses by chance more "
                "often than one in twenty.",
            )
        )
    if len({each.verdict for each in read}) > 1:
        told.append(
            Sentence(
                "no_comparison",
                "That one interval holds nought and another does not is no difference between the "
                "two: that takes a test of their difference.",
            )
        )
    df = [line["df"] for line in model["terms"] if line["df"] is not None]
    if df and min(df) < FEW_DF:
        told.append(
            Sentence(
                "few_degrees_of_freedom",
                f"The intervals rest on {numerals.significant(min(df), 2)} degrees of freedom, few "
                "for a design-based variance: take them as rough.",
            )
        )
    return told


def kind_of_finding(model: Mapping[str, Any], *, over_waves: bool = False) -> tuple[Sentence, ...]:
    """What kind of finding it is, and is not; `over_waves` if rows are firms in waves."""
    estimator = model["estimator"]
    if is_lagged(estimator, [line["term"] for line in model["terms"]]):
        return (_LAGGED,)
    if estimator in _WAVES:
        return (
            Sentence(
                "waves",
                "The same firms are compared over waves: what never changes about a firm is "
                "allowed for, what changes with both sides is not.",
            ),
        )
    if estimator in _INSTRUMENTS or estimator.startswith(_INSTRUMENTED):
        return (
            Sentence(
                "instruments",
                "This is an effect only if the instruments touch the outcome through the "
                "instrumented terms alone, which no number here can show.",
            ),
        )
    if over_waves:
        return (_POOLED,)
    return (
        Sentence(
            "one_wave",
            "Both sides were told by the same firm at the same time, so this is an association: "
            "firms that innovate may look for partners because they do.",
        ),
    )


def made_data(made: bool) -> tuple[Sentence, ...]:
    """That a program made the answers, if one did."""
    return (Sentence("made_data", MADE_DATA),) if made else ()
