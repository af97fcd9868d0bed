"""The curves that a run kept of its models, as figures."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from analysis.figures.curves import curve_plot
from analysis.figures.figure import Figure
from analysis.tables.drawings import Drawing

_NAMES = {
    "prediction": "Predicted along {}",
    "effect": "Effect along {}",
    "u_shape": "Where {} turns",
}


def drawings_of(document: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Drawing]]:
    """Every curve that could be drawn, with the model it is of, in the order of the table."""
    return [
        (model, drawing)
        for model in document["models"]
        for drawing in map(Drawing.from_document, model.get("curves", ()))
        if drawing.lines
    ]


def title_of(model: Mapping[str, Any], drawing: Drawing) -> str:
    """For a list of figures."""
    by = f", by {_within(drawing.by_label)}" if drawing.by else ""
    return f"{_NAMES[drawing.kind].format(_within(drawing.label))}{by} ({model['name']})"


def draw(model: Mapping[str, Any], drawing: Drawing, *, source: str) -> Figure:
    """The figure of one kept curve; `source` ends its caption."""
    outcome = _within(model["outcome_label"])
    what = (
        f"Average marginal effect on {outcome}" if drawing.kind == "effect" else _predicted(model)
    )
    return curve_plot(
        drawing.lines,
        title=_question(outcome, drawing),
        note=f"Model “{model['name']}”; other variables as each firm has them. {source}",
        x_axis=drawing.label,
        y_axis=what,
        n=model["n"],
        turning=drawing.turning,
        kind=drawing.kind,
    )


def drawer(model: Mapping[str, Any], drawing: Drawing, source: str) -> "partial[Figure]":
    """`draw`, to be called when the figure is wanted."""
    return partial(draw, model, drawing, source=source)


def _predicted(model: Mapping[str, Any]) -> str:
    is_chance = model["estimator"] in ("logit", "probit", "firth_logit", "cloglog")
    words = "Predicted probability" if is_chance else "Prediction"
    return f"{words} of {_within(model['outcome_label'])}"


def _question(outcome: str, drawing: Drawing) -> str:
    label = _within(drawing.label)
    if drawing.kind == "u_shape":
        return f"Does {outcome} rise and fall with {label}?"
    if drawing.kind == "effect":
        return f"What does more of {label} go with, by how much there is already?"
    return f"How does {outcome} change along {label}?"


def _within(words: str) -> str:
    """Words as they stand within a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
