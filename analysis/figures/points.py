"""From estimates.json to the points of a coefficient plot."""

from collections.abc import Collection, Mapping
from typing import Any

from analysis.figures.coefficients import EXPLORATORY, REGISTERED, Point, in_order


def plot_points(
    estimates: Mapping[str, Any],
    *,
    what: str = "coefficients",
    registered: Collection[int] | None = None,
) -> tuple[Point, ...]:
    """Every estimate that belongs to a geographic scale, models in order, near to far.

    `what` is ``coefficients`` or ``margins``. Estimates without an interval are left out.
    `registered` are places of models, counted from 1; None where no registration concerns the run.
    """
    key = "terms" if what == "coefficients" else "margins"
    models = estimates["models"]
    points = [
        _point(
            term,
            _panel(model.get("place", place), model, models),
            model["n"],
            standing_word(model.get("place", place), registered),
        )
        for place, model in enumerate(models, start=1)
        for term in model[key] or ()
        if term["scale"] and _has_interval(term)
    ]
    return in_order(points)


def standing_word(place: int, registered: Collection[int] | None) -> str:
    """``registered`` or ``exploratory``; empty where no registration concerns the run."""
    if registered is None:
        return ""
    return REGISTERED if place in registered else EXPLORATORY


def _has_interval(term: Mapping[str, Any]) -> bool:
    return all(term[name] is not None for name in ("estimate", "conf_low", "conf_high"))


def _panel(place: int, model: Mapping[str, Any], models: list[Mapping[str, Any]]) -> str:
    """The model as the table's column names it, with its outcome where outcomes differ."""
    differ = len({other["outcome"] for other in models}) > 1
    outcome = model["outcome_label"]
    name = f"({place}) {model['name']}"
    return f"{name}: {outcome}" if differ and outcome not in name else name


def _point(term: Mapping[str, Any], panel: str, n: int, standing: str) -> Point:
    return Point(
        label=term["label"],
        scale=term["scale"],
        model=panel,
        estimate=term["estimate"],
        low=term["conf_low"],
        high=term["conf_high"],
        n=n,
        standing=standing,
    )
