"""Changes that the controls of the editor ask for, written into the text of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.estimation.admissible import TITLES, Choice
from analysis.estimation.registry import ESTIMATORS
from analysis.pipeline.outlook import ModelOutlook
from analysis.refusals import Refusal
from analysis.specification.plan_parts import DESIGN_PARTS, LONELY, REPLICATES
from analysis.specification.plan_targets import Target, changed, targets
from analysis.views.examination import Examination

# What is there of a control that the plan says nothing of.
DEFAULTS = {
    "estimator": "logit",
    "covariance": "design",
    "lonely": "refuse",
    "replicates": "none",
    **dict.fromkeys(DESIGN_PARTS, "design"),
}
_FIELDS = ("outcome", "estimator", "covariance", *DESIGN_PARTS, "lonely", "replicates",
           "subpopulation")  # fmt: skip
_PARTS = {
    "weights": "Weights",
    "strata": "Strata",
    "clusters": "Clusters",
    "population": "Population correction",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """The text after a change, what is said of it, and what is being changed now."""

    source: str
    said: str
    is_refused: bool
    target: str


def edited(posted: Mapping[str, str], source: str) -> Edited:
    """The text as the buttons or fields of the posted form would have it.

    A refused change leaves the text as it is and says why.
    """
    target = posted.get("target", "")
    asked = posted.get("edit", "")
    try:
        if asked == "fields":
            return _fields(posted, source, target)
        control, _, value = asked.partition(":")
        if control not in ("outcome", "term") or not value:
            return Edited(source, "", is_refused=False, target=target)
        after = changed(source, target or _first(source), control, value)
    except Refusal as refusal:
        said = f"{refusal.message} {refusal.remedy}".strip()
        return Edited(source, said, is_refused=True, target=target)
    return Edited(after, _said(control, value, changed=after != source), False, target)


def _said(control: str, value: str, *, changed: bool) -> str:
    if not changed:
        return f"{value} stands there already."
    return f"{value} is the outcome now." if control == "outcome" else f"{value} was added."


def _fields(posted: Mapping[str, str], source: str, target: str) -> Edited:
    """Every field whose value is another than the one it was shown with."""
    shown = posted.get("shown", target)
    done = []
    for name in _FIELDS:
        value, was = posted.get(f"field-{name}"), posted.get(f"was-{name}")
        if value is None or was is None or value.strip() == was:
            continue
        source = changed(source, shown, name, value.strip())
        done.append(name)
    said = f"Written into the plan: {', '.join(done)}." if done else ""
    return Edited(source, said, is_refused=False, target=target)


def _first(source: str) -> str:
    """What a button changes if nothing was chosen: the one model, or the ladder."""
    return next((each.key for each in targets(source) if each.key != "plan"), "plan")


@dataclass(frozen=True, slots=True)
class Field:
    """A choice of the controls: what is chosen, and what could be instead."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]
    refused: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Controls:
    """What can be changed of one target, with what fits it.

    `outcome` is None where the target has none of its own, as the whole plan.
    """

    targets: tuple[Target, ...]
    target: Target
    outcome: str | None
    outcome_words: str
    subpopulation: str
    in_subpopulation: int | None
    complete: int | None
    fields: tuple[Field, ...]
    parts: tuple[Field, ...]

    @property
    def design_words(self) -> str:
        """What of the design counts, in a few words."""
        kept = [each.label.lower() for each in self.parts[:4] if each.value == "design"]
        return ", ".join(kept) or "left out"


def controls_of(source: str, examined: Examination, asked: str) -> Controls | None:
    """The fields for the target asked for; None for a text that is no mapping."""
    found = targets(source)
    if not found:
        return None
    chosen = next((each for each in found if each.key == asked), None)
    target = chosen or next((each for each in found if each.key != "plan"), found[0])
    seen = _seen(target, examined.outlooks)
    holds = DEFAULTS | dict(target.holds)
    is_plan = target.key == "plan"
    return Controls(
        targets=found,
        target=target,
        outcome=None if is_plan else holds.get("outcome", ""),
        outcome_words=seen.outcome if seen else "",
        subpopulation=holds.get("subpopulation", ""),
        in_subpopulation=seen.in_subpopulation if seen else None,
        complete=seen.complete if seen else None,
        fields=(
            _estimators(holds["estimator"], seen),
            _covariances(holds, seen),
        ),
        parts=(
            *(_part(name, label, holds[name]) for name, label in _PARTS.items()),
            _words("lonely", "Strata of one firm", holds["lonely"], LONELY),
            _words("replicates", "Replicate weights", holds["replicates"], REPLICATES),
        ),
    )


def _seen(target: Target, outlooks: tuple[ModelOutlook, ...]) -> ModelOutlook | None:
    """What was found of the target's model; of the plan and the ladder, of their first."""
    if not outlooks:
        return None
    if target.key in ("plan", "ladder"):
        same = (each for each in outlooks if each.outcome_name == target.own.get("outcome"))
        return next(same, outlooks[0])
    name = target.label.partition(" ")[2]
    fitting = (each for each in outlooks if each.name == name or each.name.endswith(f": {name}"))
    return next(fitting, None)


def _estimators(value: str, seen: ModelOutlook | None) -> Field:
    every = seen.estimators if seen else ()
    if not every:
        choices = tuple((each.name, each.title) for each in ESTIMATORS.values())
        return Field("estimator", "Estimator", value, _with(value, choices))
    return _admissible("estimator", "Estimator", value, every)


def _covariances(holds: Mapping[str, Any], seen: ModelOutlook | None) -> Field:
    value = holds["covariance"]
    if seen is None:
        return Field("covariance", "Standard errors", value, _with(value, tuple(TITLES.items())))
    return _admissible("covariance", "Standard errors", value, seen.covariances)


def _admissible(name: str, label: str, value: str, every: tuple[Choice, ...]) -> Field:
    """Only what may be chosen; what the plan has is shown even if it may not be."""
    choices = tuple((each.name, each.title) for each in every if not each.why_not)
    refused = tuple(each for each in every if each.why_not)
    wrong = next((each for each in refused if each.name == value), None)
    if wrong is not None:
        choices = ((wrong.name, f"{wrong.title} (does not fit)"), *choices)
    return Field(name, label, value, _with(value, choices), refused)


def _with(value: str, choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    known = {name for name, _ in choices}
    return choices if value in known else ((value, f"{value} (not known)"), *choices)


def _part(name: str, label: str, value: str) -> Field:
    return Field(name, label, value, _with(value, (("design", "as drawn"), ("none", "left out"))))


def _words(name: str, label: str, value: str, choices: tuple[str, ...]) -> Field:
    return Field(name, label, value, _with(value, tuple((each, each) for each in choices)))
