"""From estimates.json to figures: which a run has, and each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.figures import of_flows, of_maps
from analysis.figures.boundaries import Boundaries
from analysis.figures.coefficients import coefficient_plot
from analysis.figures.figure import Figure
from analysis.figures.forest import ForestLine, forest_plot
from analysis.figures.of_curves import drawer, drawings_of, title_of
from analysis.figures.points import plot_points, standing_word
from analysis.figures.ranked import Bar, ranked_bars
from analysis.figures.specification_curve import curve_models, specification_curve

Document = Mapping[str, Any]
_AXES = {"logit": "Coefficient (log odds)", "probit": "Coefficient (probit index)"}


@dataclass(frozen=True, slots=True)
class Available:
    """A figure that can be drawn of a run.

    Attributes
    ----------
    key : ``coefficients``, ``margins``, ``specification_curve``, and by number
        ``curve-1`` (a model along a variable), ``forest-1`` (a term that all models share),
        ``ranked-1`` (a description by group)
    title : what it shows, for a list
    """

    key: str
    title: str
    draw: Callable[[], Figure]


@dataclass(frozen=True, slots=True)
class Registered:
    """What of a run was registered before it, for its figures.

    Attributes
    ----------
    models : places of models, counted from 1
    effects_added : places of registered models whose marginal effects were not registered
    curve : a sentence on the models of the specification curve
    """

    models: frozenset[int]
    effects_added: frozenset[int] = frozenset()
    curve: str = ""


def figures_of(
    document: Document,
    *,
    source: str,
    boundaries: Boundaries | None = None,
    registered: Registered | None = None,
) -> tuple[Available, ...]:
    """Every figure of the run, `source` in its caption: survey, wave, made data.

    Maps are among them where the survey has `boundaries` of its regions. `registered` is None
    where no registration concerns the run.
    """
    return (
        *_by_scale(document, source, registered),
        *_of_curve(document, source, registered),
        *_along_variables(document, source),
        *_between_waves(document, source),
        *_forests(document, source, registered),
        *_rankings(document, source),
        *_maps(document, source, boundaries),
    )


def plot_title(document: Document) -> str:
    outcomes = list(dict.fromkeys(model["outcome_label"] for model in document["models"]))
    if len(outcomes) != 1:
        return f"{document['plan']['title']}: by scale, near to far"
    return f"How is {_within(outcomes[0])} associated with each scale, near to far?"


def plot_axis(document: Document, what: str) -> str:
    if what == "margins":
        return "Average marginal effect"
    estimators = {model["estimator"] for model in document["models"]}
    return _AXES.get(estimators.pop(), "Coefficient") if len(estimators) == 1 else "Coefficient"


def _within(words: str) -> str:
    return words[:1].lower() + words[1:]


def _by_scale(document: Document, source: str, registered: Registered | None) -> list[Available]:
    found = []
    places = None if registered is None else registered.models
    for what, words in (("coefficients", "Coefficients"), ("margins", "Average marginal effects")):
        points = plot_points(document, what=what, registered=places)
        note = " ".join(filter(None, (_of_effects(what, registered), source)))
        if points:
            found.append(
                Available(
                    what,
                    f"{words} by scale",
                    lambda points=points, what=what, note=note: coefficient_plot(  # type: ignore[misc]
                        points,
                        title=plot_title(document),
                        note=note,
                        axis=plot_axis(document, what),
                    ),
                )
            )
    return found


def _of_effects(what: str, registered: Registered | None) -> str:
    """Which registered models have marginal effects that were not registered."""
    if what != "margins" or registered is None or not registered.effects_added:
        return ""
    numbers = ", ".join(f"({place})" for place in sorted(registered.effects_added))
    return f"Of {numbers} the model is registered and its marginal effects are exploratory."


def _of_curve(document: Document, source: str, registered: Registered | None) -> list[Available]:
    curve = document.get("curve")
    if curve is None:
        return []
    models, refused = curve_models(curve)
    if not models:
        return []
    axis = "Coefficient" if curve["effect"] == "coefficient" else "Average marginal effect"
    told = "" if registered is None else registered.curve
    return [
        Available(
            "specification_curve",
            "The specification curve",
            lambda: specification_curve(
                models,
                title=f"{document['plan']['title']}: does it depend on the choices?",
                note=" ".join(filter(None, (told, source))),
                axis=axis,
                refused=refused,
            ),
        )
    ]


def _along_variables(document: Document, source: str) -> list[Available]:
    return [
        Available(f"curve-{number}", title_of(model, drawing), drawer(model, drawing, source))
        for number, (model, drawing) in enumerate(drawings_of(document), start=1)
    ]


def _between_waves(document: Document, source: str) -> list[Available]:
    return [
        Available(f"flows-{number}", f"{flows.title} Between waves", of_flows.drawer(flows, source))
        for number, flows in enumerate(of_flows.flows_of(document), start=1)
    ]


def _forests(document: Document, source: str, registered: Registered | None) -> list[Available]:
    """A term over models that differ in their firms, if at least one is of a part of them."""
    models = document["models"]
    if len(models) < 2 or all(model["subpopulation"] is None for model in models):
        return []
    if len({(model["outcome"], model["estimator"]) for model in models}) > 1:
        return []
    what = "margins" if all(model["margins"] for model in models) else "terms"
    shared = {
        line["term"]: line["label"]
        for line in models[0][what]
        if line["term"] not in ("Intercept", "(Intercept)")
        and all(_line(model, what, line["term"]) for model in models)
    }
    axis = plot_axis(document, "margins" if what == "margins" else "coefficients")
    return [
        Available(
            f"forest-{number}",
            f"{label}, by group of firms",
            lambda term=term, label=label: forest_plot(  # type: ignore[misc]
                [_forest_line(model, what, term, registered) for model in models],
                title=f"Is {_within(label)} associated with "
                f"{_within(models[0]['outcome_label'])} alike in all groups?",
                note=source,
                axis=axis,
            ),
        )
        for number, (term, label) in enumerate(shared.items(), start=1)
    ]


def _line(model: Mapping[str, Any], what: str, term: str) -> Mapping[str, Any] | None:
    """The term of the model, if it has an interval."""
    for line in model[what] or ():
        if line["term"] == term and None not in (line["estimate"], line["conf_low"]):
            found: Mapping[str, Any] = line
            return found
    return None


def _forest_line(
    model: Mapping[str, Any], what: str, term: str, registered: Registered | None
) -> ForestLine:
    line = _line(model, what, term)
    assert line is not None  # noqa: S101 -- only terms that every model has are asked for
    word = "" if registered is None else standing_word(model["place"], registered.models)
    return ForestLine(
        f"{model['name']} ({word})" if word else model["name"],
        line["estimate"],
        line["conf_low"],
        line["conf_high"],
        model["n"],
        is_all=model["subpopulation"] is None,
    )


def _rankings(document: Document, source: str) -> list[Available]:
    """Descriptions by group of one number each: a mean, a share of yes, a total."""
    found = []
    for number, description in enumerate(document.get("descriptives", ()), start=1):
        bars = _bars(description)
        is_one_number = description["statistic"] in ("mean", "total", "ratio")
        if description["by"] and is_one_number and len(bars) > 1:
            found.append(
                Available(
                    f"ranked-{number}",
                    f"{description['title']}, ranked",
                    lambda bars=bars, description=description: ranked_bars(  # type: ignore[misc]
                        bars,
                        title=description["title"],
                        note=source,
                        axis=description["statistic"].capitalize(),
                    ),
                )
            )
    return found


def _maps(document: Document, source: str, boundaries: Boundaries | None) -> list[Available]:
    return [
        Available(f"map-{number}", f"{mapped.title}, on a map", of_maps.drawer(mapped, source))
        for number, mapped in enumerate(of_maps.maps_of(document, boundaries), start=1)
    ]


def _bars(description: Mapping[str, Any]) -> list[Bar]:
    return [
        Bar(line["label"], line["estimate"], line["conf_low"], line["conf_high"], line["n"])
        for line in description["terms"]
        if None not in (line["estimate"], line["conf_low"], line["conf_high"])
    ]
