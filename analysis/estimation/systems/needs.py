"""What a Crepon-Duguet-Mairesse model needs of the firms, and the refusals of what lacks."""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.sample import Sample
from analysis.estimation.systems.steps import WORDS, outputs_of
from analysis.refusals import Refusal

CHOICES = {
    "research": ("likelihood", "two_steps"),
    "knowledge_as": ("probits", "bivariate_probit", "share"),
}


def refuse_unfit(sample: Sample) -> None:
    """Refuse data from which the three steps cannot be estimated.

    Raises
    ------
    Refusal
        ``unknown_choice``, ``outcome_not_binary``, ``outcome_not_share``,
        ``no_rd_performers``, ``no_non_innovators``, ``intensity_not_finite``,
        ``process_missing``.
    """
    _refuse_choices(sample)
    _refuse_values(sample)
    _refuse_no_contrast(sample)


def _refuse_choices(sample: Sample) -> None:
    for role, allowed in CHOICES.items():
        chosen = sample.words.get(role, allowed[0])
        if chosen not in allowed:
            raise Refusal(
                "unknown_choice",
                f"'{chosen}' is no way of estimating {role} in a CDM model.",
                f"Choose one of {', '.join(allowed)}.",
            )
    if sample.words.get("knowledge_as") == "bivariate_probit" and "process" not in sample.outcomes:
        raise Refusal(
            "process_missing",
            "A bivariate probit of innovation needs both product and process innovation.",
            "Give process innovation too, or choose probits.",
        )


def _refuse_values(sample: Sample) -> None:
    performer = sample.outcomes["rd_performer"]
    _refuse_not_binary(performer, "Doing R&D")
    for name in outputs_of(sample):
        values = sample.outcomes[name]
        if name == "product" and sample.words.get("knowledge_as") == "share":
            _refuse_not_share(values)
        else:
            _refuse_not_binary(values, WORDS[name].capitalize())
    infinite = np.isinf(sample.outcomes["rd_intensity"]) & (performer == 1)
    if infinite.any():
        raise Refusal(
            "intensity_not_finite",
            f"The intensity of R&D is infinite for {infinite.sum()} firms that do R&D, as comes of "
            "the logarithm of no spending.",
            "Count a firm without spending as one that does no R&D.",
        )


def _refuse_not_binary(values: Floats, words: str) -> None:
    odd = (values != 0) & (values != 1)
    if odd.any():
        raise Refusal(
            "outcome_not_binary",
            f"{words} must be 0 or 1; it is not for {odd.sum()} of {len(values)} firms, such as "
            f"{values[odd][0]:g}.",
            "Compare it with a threshold to make it yes or no.",
        )


def _refuse_not_share(values: Floats) -> None:
    outside = (values < 0) | (values > 1)
    if outside.any():
        raise Refusal(
            "outcome_not_share",
            f"The share of product innovation must be from 0 to 1; it is not for {outside.sum()} "
            f"of {len(values)} firms, such as {values[outside][0]:g}.",
            "Divide a percentage by 100.",
        )


def _refuse_no_contrast(sample: Sample) -> None:
    """Refuse a survey of innovators alone, and one without R&D."""
    performer = sample.outcomes["rd_performer"]
    if not performer.any():
        raise Refusal(
            "no_rd_performers",
            f"None of the {len(performer)} firms does R&D, so there is no intensity to explain.",
            "Look at the definition of doing R&D, or widen the subpopulation.",
        )
    idle = performer == 0
    innovating = np.column_stack([sample.outcomes[name] > 0 for name in outputs_of(sample)])
    if not (idle & ~innovating.any(axis=1)).any():
        raise _no_non_innovators(sample, idle)
    for name, innovates in zip(outputs_of(sample), innovating.T, strict=True):
        if innovates.all() or not innovates.any():
            raise Refusal(
                "outcome_constant",
                f"{WORDS[name].capitalize()} is alike for all {len(innovates)} firms, so there is "
                "no variation to explain.",
                "Widen the subpopulation, or leave this innovation out.",
            )


def _no_non_innovators(sample: Sample, idle: Floats) -> Refusal:
    return Refusal(
        "no_non_innovators",
        f"Of {len(sample.y)} firms {int(idle.sum())} do no R&D, and every one of these innovates: "
        "there is no firm with neither R&D nor innovation. A CDM model compares innovators with "
        "such firms; where a survey asked innovators alone, it cannot be estimated.",
        "Keep firms without R&D and innovation in the data, with their answers on size, industry "
        "and output.",
    )
