"""A recipe carried out on the cases of a wave: steps, weights, report, replicates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from mathematics.arrays import Floats, Labels, Rows
from mathematics.refusals import Refusal
from mathematics.replicates import ReplicateWeights
from surveys.weighting.chain import Step, Weights, weigh
from surveys.weighting.nonresponse import (
    ByInversePropensity,
    Sharing,
    by_known_eligibility,
    by_propensity_class,
    in_classes,
)
from surveys.weighting.recipe import CalibrationStep, Recipe, TrimmingStep
from surveys.weighting.replication import draw_of, replicate_weights
from surveys.weighting.report import weighting_report
from surveys.weighting.totals import Margin, ToTotals
from surveys.weighting.trimming import Trimming, cost


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What is known of the n drawn cases of a wave, and of its frame.

    Attributes
    ----------
    base : (n,) floats, inverse inclusion probabilities
    disposition : (n,) labels
    categories, numbers : mappings from a variable to its (n,) values, None or NaN if missing
    frame : mapping from a variable to the frame's number of firms by category
    totals : mapping from a variable to its total on the frame
    stratum, cluster : (n,) labels of the draw
    population : (n,) clusters of the stratum on the frame, NaN where not known
    unknown : (n,) booleans, cases of which nobody knows whether they are eligible
    """

    base: Floats
    disposition: Labels
    categories: Mapping[str, Labels]
    numbers: Mapping[str, Floats]
    frame: Mapping[str, Mapping[str, float]]
    totals: Mapping[str, float]
    stratum: Labels
    cluster: Labels
    population: Floats
    unknown: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The weights, the report as plain data, and replicates where the recipe asks for them."""

    weights: Weights
    report: dict[str, Any]
    replicates: ReplicateWeights | None


def carry_out(recipe: Recipe, drawn: Drawn) -> Weighed:
    """Final weights of the cases by the recipe.

    Raises: Refusal of the recipe's variables (``variable_unknown``, ``frame_total_missing``)
    and of every step.
    """
    sharing = _sharing(recipe, drawn)
    steps = _before_trimming(recipe, drawn, sharing)
    untrimmed = weigh(drawn.base, steps)
    trimming = recipe.trimming
    if trimming is not None:
        steps = [*steps, _trimming(trimming, drawn)]
        if trimming.recalibrate and recipe.calibration is not None:
            steps.append(_calibration(recipe.calibration, drawn, "calibration after trimming"))
    weights = weigh(drawn.base, steps)
    report = _report(recipe, drawn, sharing, weights, untrimmed)
    replicates = _replicates(recipe, drawn, steps)
    if replicates is not None:
        failed = int(np.isnan(replicates.weights).any(axis=0).sum())
        report["replicates"] = {"count": replicates.weights.shape[1], "failed": failed}
    return Weighed(weights, report, replicates)


def _sharing(recipe: Recipe, drawn: Drawn) -> Sharing:
    """Who gives weight to whom for nonresponse.

    Without a step for it unknown eligibility counts as nonresponse, as on a fresh register; with
    one those cases have given their weight before.
    """
    takes: Rows = np.isin(drawn.disposition, recipe.respondents)
    leaves: Rows = drawn.disposition == "not_eligible"
    if recipe.eligibility is not None:
        leaves = leaves | _unknown(recipe, drawn)
    return Sharing.of(gives=~takes & ~leaves, takes=takes, leaves=leaves)


def _before_trimming(recipe: Recipe, drawn: Drawn, sharing: Sharing) -> list[Step]:
    steps: list[Step] = [_nonresponse(recipe, drawn, sharing)]
    if recipe.eligibility is not None:
        known = by_known_eligibility(
            {name: _category(drawn, name) for name in recipe.eligibility.variables},
            drawn.base,
            _unknown(recipe, drawn),
            least=recipe.eligibility.least,
            most=recipe.eligibility.most,
        )
        steps = [known, _nonresponse(recipe, _after(known, drawn), sharing)]
    if recipe.calibration is not None:
        steps.append(_calibration(recipe.calibration, drawn, "calibration"))
    return steps


def _unknown(recipe: Recipe, drawn: Drawn) -> Rows:
    """(n,) cases of unknown eligibility; who answered is known."""
    return np.asarray(drawn.unknown & ~np.isin(drawn.disposition, recipe.respondents))


def _after(step: Step, drawn: Drawn) -> Drawn:
    """The cases with the weight that the step leaves, of which later classes are formed."""
    return replace(drawn, base=drawn.base * step.adjusted(drawn.base).factor)


def _nonresponse(recipe: Recipe, drawn: Drawn, sharing: Sharing) -> Step:
    wanted = recipe.nonresponse
    levels = {name: _category(drawn, name) for name in wanted.variables}
    if wanted.method == "none":
        return in_classes({}, drawn.base, _nobody_gives(sharing), name="respondents only")
    if wanted.method == "inverse_propensity":
        return ByInversePropensity(levels, sharing)
    limits: dict[str, Any] = {"least": wanted.least, "most": wanted.most}
    if wanted.method == "classes":
        return in_classes(levels, drawn.base, sharing, **limits)
    return by_propensity_class(levels, drawn.base, sharing, classes=wanted.classes, **limits)


def _nobody_gives(sharing: Sharing) -> Sharing:
    return Sharing.of(np.zeros_like(sharing.gives), sharing.takes, sharing.gives | sharing.leaves)


def _calibration(wanted: CalibrationStep, drawn: Drawn, name: str) -> ToTotals:
    margins = tuple(
        Margin(
            each.variable,
            _category(drawn, each.variable),
            each.totals or _counted(drawn, each.variable),
        )
        for each in wanted.margins
    )
    totals = {
        variable: _total(drawn, variable) if total is None else total
        for variable, total in wanted.numbers.items()
    }
    return ToTotals(
        margins=margins,
        variables={variable: _number(drawn, variable) for variable in totals},
        totals=totals,
        distance=wanted.method,
        bounds=wanted.bounds if wanted.method == "logit" else None,
        name=name,
    )


def _trimming(wanted: TrimmingStep, drawn: Drawn) -> Trimming:
    return Trimming(
        upper=wanted.upper,
        lower=wanted.lower,
        rule=wanted.rule,
        group=_category(drawn, wanted.within) if wanted.within else None,
        spread=wanted.spread,
    )


def _replicates(recipe: Recipe, drawn: Drawn, steps: list[Step]) -> ReplicateWeights | None:
    wanted = recipe.replicates
    if wanted is None:
        return None
    known = bool(np.isfinite(drawn.population).all())
    draw = draw_of(
        drawn.stratum,
        cluster=drawn.cluster,
        population=drawn.population if known else None,
        lonely="certainty",
    )
    return replicate_weights(
        drawn.base, steps, draw, method=wanted.method, count=wanted.count, seed=wanted.seed
    )


def _report(
    recipe: Recipe, drawn: Drawn, sharing: Sharing, weights: Weights, untrimmed: Weights
) -> dict[str, Any]:
    report = weighting_report(weights, _told_margins(recipe, drawn))
    told = asdict(report)
    told["farthest"] = dict(report.farthest)
    told["cases"] = {
        "drawn": len(drawn.base),
        "respondents": int(sharing.takes.sum()),
        "nonrespondents": int(sharing.gives.sum()),
        "not_eligible": int((drawn.disposition == "not_eligible").sum()),
    }
    if recipe.eligibility is not None:
        told["eligibility"] = _told_eligibility(recipe, drawn, weights)
    if recipe.trimming is not None:
        complete = {
            name: values
            for name, values in drawn.numbers.items()
            if np.isfinite(values[sharing.takes]).all()
        }
        told["trimming"] = asdict(cost(untrimmed.final, weights.final, complete))
    return told


def _told_eligibility(recipe: Recipe, drawn: Drawn, weights: Weights) -> dict[str, float]:
    """How many cases were unknown, and the share of their weight that went to eligible ones."""
    unknown = _unknown(recipe, drawn)
    given = float(drawn.base[unknown].sum())
    eligible = ~unknown & (drawn.disposition != "not_eligible")
    gained = float((weights.after(1) - drawn.base)[eligible].sum())
    share = {"share": gained / given} if given > 0 else {}
    return {"unknown": float(unknown.sum()), **share}


def _told_margins(recipe: Recipe, drawn: Drawn) -> tuple[Margin, ...]:
    """Those calibrated to, then whatever else the frame counts."""
    given = recipe.calibration.margins if recipe.calibration is not None else ()
    totals = {each.variable: each.totals or drawn.frame.get(each.variable, {}) for each in given}
    for name, counts in drawn.frame.items():
        if name in drawn.categories and name != "stratum":
            totals.setdefault(name, counts)
    return tuple(
        Margin(name, drawn.categories[name], dict(counts))
        for name, counts in totals.items()
        if name in drawn.categories and any(counts.values())
    )


def _category(drawn: Drawn, name: str) -> Labels:
    if name not in drawn.categories:
        known = ", ".join(sorted(drawn.categories))
        raise Refusal(
            "variable_unknown",
            f"The frame knows no categories “{name}” for these cases.",
            f"Choose among {known}.",
        )
    return drawn.categories[name]


def _number(drawn: Drawn, name: str) -> Floats:
    if name not in drawn.numbers:
        known = ", ".join(sorted(drawn.numbers)) or "none"
        raise Refusal(
            "variable_unknown",
            f"The frame knows no numbers “{name}” for these cases.",
            f"Numbers it knows: {known}.",
        )
    return drawn.numbers[name]


def _counted(drawn: Drawn, name: str) -> Mapping[str, float]:
    _category(drawn, name)
    if not drawn.frame.get(name):
        raise Refusal(
            "frame_total_missing",
            f"The wave's frame does not count firms by “{name}”.",
            "Upload the totals of this margin.",
        )
    return drawn.frame[name]


def _total(drawn: Drawn, name: str) -> float:
    _number(drawn, name)
    if name not in drawn.totals:
        raise Refusal(
            "frame_total_missing",
            f"The total of “{name}” on the frame is not known: it has gaps, or there is no frame.",
            "Give the total in the recipe.",
        )
    return drawn.totals[name]
