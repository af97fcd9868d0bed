"""From a data set, a plan and its estimates to the contents of a package."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.dataset import Dataset
from analysis.pipeline.prepared import Known
from analysis.refusals import Refusal
from analysis.replication.contents import Contents, DataKind, LeftOut
from analysis.replication.layout import layout
from analysis.replication.recipes import Recipe, recipe
from analysis.specification.composed_parts import COMPOSED
from analysis.specification.model import Curve, Described, Plan

MOST_OF_CURVE = 120
"""Models of a curve that the scripts estimate anew; of more, this many evenly spaced."""


def gathered(
    dataset: Dataset, plan: Plan, known: Known, document: Mapping[str, Any], kind: DataKind
) -> Contents:
    """What goes into the package of a run.

    `known` is the vocabulary of the plan on these data, definitions and labels put on;
    `document` estimates.json of the plan on these very data.

    Raises: Refusal ``replication_of_imputed``.
    """
    if plan.imputation is not None:
        raise Refusal(
            "replication_of_imputed",
            "The plan imputes missing answers, and its estimates are pooled over several "
            "completed data sets, which a package does not hold.",
            "Make a package of the plan without imputation.",
        )
    recipes, left_out = _models(plan, known, document, len(dataset.frame))
    curve, more = _curve(plan.curve, known, document, len(dataset.frame))
    described, unshown = _described(plan, document)
    recipes = [*recipes, *curve]
    told = tuple(asked for _, asked, _ in described)
    return Contents(
        dataset=dataset,
        plan=plan,
        known=known,
        document=document,
        recipes=tuple(recipes),
        described=described,
        left_out=(*left_out, *more, *unshown),
        layout=layout(recipes, told, known, dataset),
        kind=kind,
    )


_OF_SEVERAL = "a table of several descriptions, which the scripts do not make again"


def _described(
    plan: Plan, document: Mapping[str, Any]
) -> tuple[tuple[tuple[str, Described, Mapping[str, Any]], ...], tuple[LeftOut, ...]]:
    """Descriptions with their results; where these were withheld together there are none."""
    shown, unmade = document["descriptives"], not_made(document)
    gone = {each.key for each in unmade}
    keys = {f"description {at}": each for at, each in enumerate(plan.descriptives, start=1)}
    every = [(key, each) for key, each in keys.items() if key not in gone]
    lines = [(key, each) for key, each in every if each.statistic not in COMPOSED]
    tables = unmade + tuple(
        LeftOut(key, each.name or each.statistic.replace("_", " "), _OF_SEVERAL)
        for key, each in every
        if each.statistic in COMPOSED
    )
    if len(shown) == len(lines):
        told = zip(lines, shown, strict=True)
        return tuple((key, each, found) for (key, each), found in told), tables
    why = "withheld from what the run shows"
    titles = [(key, each.name or f"{each.statistic} of {each.outcome}") for key, each in lines]
    return (), (*(LeftOut(key, title, why) for key, title in titles), *tables)


def not_made(document: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Descriptions that the run could not make; runs of before they were kept have none."""
    return tuple(
        LeftOut(f"description {each['place']}", each["name"], f"not made: {each['message']}")
        for each in document.get("not_described", ())
    )


def _models(
    plan: Plan, known: Known, document: Mapping[str, Any], count: int
) -> tuple[list[Recipe], list[LeftOut]]:
    made, left_out = [], []
    for entry in document["models"]:
        specification = plan.specifications[entry["place"] - 1]
        made.append(recipe(f"model {entry['place']}", specification, known, count, entry))
        for kind in ("bootstrap", "permutation"):
            if entry.get(kind):
                why = "rests on random numbers that other programs do not draw alike"
                left_out.append(LeftOut(f"model {entry['place']} {kind}", specification.name, why))
    left_out += [
        LeftOut(f"model {each['place']}", each["name"], f"not estimated: {each['message']}")
        for each in document["not_estimated"]
    ]
    return made, left_out


def _curve(
    curve: Curve | None, known: Known, document: Mapping[str, Any], count: int
) -> tuple[list[Recipe], list[LeftOut]]:
    """Models of the curve, or evenly spaced ones of many."""
    if curve is None or document["curve"] is None:
        return [], []
    shown = document["curve"]["specifications"]
    estimated = [place for place, each in enumerate(shown) if not each["refusal"]]
    taken = estimated
    left_out = []
    if len(estimated) > MOST_OF_CURVE:
        places = np.linspace(0, len(estimated) - 1, MOST_OF_CURVE).round().astype(int)
        taken = [estimated[place] for place in places]
        why = (
            f"{len(taken)} of its {len(estimated)} models, evenly spaced, are estimated anew; "
            "all are in expected/specifications.csv"
        )
        left_out.append(LeftOut("the other specifications", "Specification curve", why))
    if curve.permutations:
        why = "rest on random numbers that other programs do not draw alike"
        left_out.append(LeftOut("the curve's permutations", "Specification curve", why))
    return [_specification(curve, place, known, count) for place in taken], left_out


def _specification(curve: Curve, place: int, known: Known, count: int) -> Recipe:
    """Only the effect that the curve shows is expected of such a model."""
    term = {"term": curve.term(place)}
    is_margin = curve.effect == "margin"
    document = {
        "dropped": [],
        "terms": [] if is_margin else [term],
        "margins": [term] if is_margin else None,
        "margins_of": "Expected outcome" if is_margin else "",
    }
    key = f"specification {place + 1}"
    return recipe(key, curve.specification(place), known, count, document)
