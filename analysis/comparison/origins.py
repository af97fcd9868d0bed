"""Each specification of a run: the lines of the plan it is from, its seeds, its numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from analysis.comparison.content import Content, Kind, contents_of
from analysis.specification.model import DesignChoice, Plan
from analysis.specification.plan import read_plan

Seed = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Traced:
    """One specification on its way from the plan to its numbers.

    Attributes
    ----------
    first_line, last_line : in the plan's text, counted from 1; None where they are not known
    seeds : what is drawn at random and from which seed
    numbers : what, term, label, estimate, standard error; None where there is none
    refusal : why there are no numbers; empty if there are
    """

    kind: Kind
    place: int
    name: str
    fingerprint: str
    first_line: int | None
    last_line: int | None
    text: str
    seeds: tuple[Seed, ...]
    numbers: tuple[tuple[str, str, str, float | None, float | None], ...]
    refusal: str = ""

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.place}"


def traced(source: str, estimates: Mapping[str, Any]) -> tuple[Traced, ...]:
    """Every specification of the plan's text, with what the run released of it."""
    plan, lines, text = _plan(source), lines_of(source), source.splitlines()
    refused = refusals_of(estimates)
    described = placed_descriptions(source, estimates)
    found = []
    for each in contents_of(source):
        first, last = lines.get((each.kind, each.place), (None, None))
        found.append(
            Traced(
                kind=each.kind,
                place=each.place,
                name=each.name,
                fingerprint=each.fingerprint,
                first_line=first,
                last_line=last,
                text="" if first is None or last is None else "\n".join(text[first - 1 : last]),
                seeds=_seeds(plan, each),
                numbers=tuple(_numbers(each, estimates, described)),
                refusal=refused.get((each.kind, each.place), ""),
            )
        )
    return tuple(found)


def refusals_of(estimates: Mapping[str, Any]) -> dict[tuple[Kind, int], str]:
    """Why there are no numbers, by kind and place of the models and descriptions refused."""
    models: Iterable[Mapping[str, Any]] = estimates.get("not_estimated", ())
    described: Iterable[Mapping[str, Any]] = estimates.get("not_described", ())
    found: dict[tuple[Kind, int], str] = {
        ("model", each["place"]): each["message"] for each in models
    }
    return found | {("description", each["place"]): each["message"] for each in described}


def placed_models(estimates: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """Models with their places in the plan; runs from before places were kept have them all."""
    return [
        (model.get("place", number), model)
        for number, model in enumerate(estimates["models"], start=1)
    ]


def placed_descriptions(
    source: str, estimates: Mapping[str, Any]
) -> list[tuple[int, Mapping[str, Any]]]:
    """Descriptions that a run released, with the place of what asked for them; 0 if none did.

    An entry of the plan may make a table of its own and no line here, or several of one kind.
    """
    refused = refusals_of(estimates)
    asked = {
        place: (each.name, each.statistic, each.outcome, each.by)
        for place, each in enumerate(_plan(source).descriptives, start=1)
        if ("description", place) not in refused
    }
    found = []
    for each in estimates.get("descriptives", []):
        told = (each["statistic"], each["outcome"], each["by"])
        place = next(
            (
                place
                for place, (name, *of) in asked.items()
                if tuple(of) == told and name in ("", each["title"])
            ),
            0,
        )
        asked.pop(place, None)
        found.append((place, each))
    return found


@lru_cache(maxsize=64)
def _plan(source: str) -> Plan:
    return read_plan(source)


def _numbers(
    content: Content,
    estimates: Mapping[str, Any],
    described: Sequence[tuple[int, Mapping[str, Any]]],
) -> Iterable[tuple[str, str, str, float | None, float | None]]:
    if content.kind == "model":
        for place, model in placed_models(estimates):
            if place == content.place:
                yield from _of_terms("coefficient", model["terms"])
                yield from _of_terms("margin", model["margins"] or ())
    if content.kind == "description":
        for place, each in described:
            if place == content.place:
                yield from _of_terms(each["statistic"], each["terms"])


def _of_terms(
    what: str, terms: Iterable[Mapping[str, Any]]
) -> Iterable[tuple[str, str, str, float | None, float | None]]:
    for term in terms:
        yield what, term["term"], term["label"], term.get("estimate"), term.get("std_error")


def _seeds(plan: Plan, content: Content) -> tuple[Seed, ...]:
    found: list[Seed] = []
    if plan.imputation is not None:
        found.append(("imputation", plan.imputation.seed))
    if content.kind == "curve" and plan.curve is not None:
        found += _of_design(plan.curve.design)
        if plan.curve.permutations:
            found.append(("permutations of the curve", plan.curve.seed))
    if content.kind == "description":
        found += _of_design(plan.descriptives[content.place - 1].design)
    if content.kind == "model":
        asked = plan.specifications[content.place - 1]
        found += _of_design(asked.design)
        if asked.bootstrap is not None:
            found.append(("bootstrap", asked.bootstrap.seed))
        if asked.permutation is not None:
            found.append(("permutation", asked.permutation.seed))
    return tuple(found)


def _of_design(design: DesignChoice) -> list[Seed]:
    drawn = design.replicates not in ("none", "published")
    return [(f"replicate weights ({design.replicates})", design.seed)] if drawn else []


@lru_cache(maxsize=64)
def lines_of(source: str) -> Mapping[tuple[Kind, int], tuple[int, int]]:
    """First and last line of each specification in the plan's text, by its kind and place.

    A step of a ladder is a specification for each outcome of the ladder.
    """
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    ladder = _value(root, "ladder")
    steps = _items(_value(ladder, "steps"))
    outcomes = _items(_value(ladder, "outcomes")) or [None]
    models = [*_items(_value(root, "models")), *(step for _ in outcomes for step in steps)]
    found: dict[tuple[Kind, int], tuple[int, int]] = {}
    for kind, nodes in (
        ("model", models),
        ("description", _items(_value(root, "descriptives"))),
        ("curve", [node for node in [_value(root, "curve")] if node is not None]),
    ):
        for place, node in enumerate(nodes, start=1):
            found[kind, place] = _span(node)  # type: ignore[index]  # a tuple of the kinds
    return found


def _span(node: yaml.nodes.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, _last_line(node)


def _last_line(node: yaml.nodes.Node) -> int:
    """A block ends where the next one begins, so that its last line is that of its last part."""
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if not is_block or not node.value:
        end = node.end_mark
        return max(node.start_mark.line + 1, end.line if end.column == 0 else end.line + 1)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)


def _items(node: yaml.nodes.Node | None) -> list[Any]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _value(node: yaml.nodes.Node | None, key: str) -> yaml.nodes.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)
