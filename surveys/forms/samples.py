"""The form of a sample plan: plain fields that make the plan's document."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from surveys.forms.sample_fields import (
    BoundsField,
    BySizeClassField,
    choice,
    number,
    share,
    ticks,
)
from surveys.sampling.designs import DesignErrors, read
from surveys.sampling.designs.reading import USED_BY

DIMENSIONS = [("size_class", "Size class"), ("industry", "Industry"), ("region", "Region")]
METHODS = [
    ("proportional", "Proportional: the same fraction in every stratum"),
    ("equal", "Equal: the same number in every stratum"),
    ("power", "Power: between the two"),
    ("neyman", "Neyman: best for the total of one measure"),
    ("optimal", "Cost-optimal: the same for a budget"),
    ("bethel", "Bethel: the fewest firms that meet the precision targets"),
]
RULES = [
    ("bounds", "Bounds that I state"),
    ("root_frequency", "Cumulative root frequency"),
    ("lavallee_hidiroglou", "Lavallée-Hidiroglou; the largest class is drawn whole"),
]
SELECTIONS = [
    ("simple", "Equal chances within a stratum (simple random sampling)"),
    ("pareto", "In proportion to size (Pareto sampling)"),
    ("sequential_poisson", "In proportion to size (sequential Poisson sampling)"),
]
GROUPS = [("", "Firms"), ("groups", "Enterprise groups first, then their firms")]
LARGEST_NEW_SEED = 2**31


class SamplePlanForm(forms.Form):
    """After `is_valid`, `document` holds the plan; `targets` are those of its rows."""

    leave_out = ticks(
        "Leave out firms that were recorded as",
        [("merged", "merged into another"), ("closed", "closed"), ("out_of_scope", "out of scope")],
        "Of those that the list still holds. N counts the others only.",
    )
    by = ticks("Strata are crossed of", DIMENSIONS, "None ticked: all firms are one stratum.")
    take_all = ticks("Size classes to draw whole (take-all strata)", [], "")
    size_measure = choice("Form size classes anew from", "Otherwise those of the frame are taken.")
    size_rule = choice("How its bounds are found", "", RULES)
    bounds = BoundsField(
        "Bounds, if you state them",
        "Rising, such as 10, 50, 250. A bound belongs to the class above it.",
    )
    classes = number("Number of classes, if a rule finds them", "2 to 20.", least=2, most=20)
    size_cv = share("Precision for Lavallée-Hidiroglou, %", "Coefficient of variation, such as 2.")
    certain_measure = choice("Certain firms: by", "They are drawn whatever their numbers.")
    certain_from = number("Certain from a size of", "", least=0)
    collapse_below = number(
        "Join strata of fewer firms than", "Collapsing of thin strata. Empty: none.", least=2
    )
    collapse_over = ticks(
        "Join neighbours over", DIMENSIONS, "Region first, then industry, then size class."
    )
    method = choice("Allocation: how the firms are spread", "", METHODS)
    total = number("Firms to draw", "Not for cost-optimal and Bethel.", least=1)
    minimum = number("At least from each stratum", "Two keep variances estimable.", least=0)
    variable = choice(
        "Measure of the frame", "For Neyman and cost-optimal; may be given for power."
    )
    power = number("Power", "0 is equal, 1 is proportional.", least=0, most=1, whole=False)
    budget = number("Budget", "For cost-optimal.", least=0, whole=False)
    cost = BySizeClassField("Cost of a firm", "One number, or by class as in small: 10, large: 40.")
    most = number("Firms to draw at most", "For Bethel; empty: as many as it takes.", least=1)
    for_draw = forms.BooleanField(
        label="Let Bethel meet the targets by the draw itself",
        help_text="Where firms are drawn in proportion to size or by group.",
        required=False,
    )
    response_rate = BySizeClassField(
        "Expected response rate, %", "One number, or by class as in small: 50, large: 80."
    )
    selection = choice("Selection within strata", "", SELECTIONS)
    size = choice("Size, for chances in proportion to it", "Every firm must have one above 0.")
    units = choice("What is drawn (primary sampling unit)", "", GROUPS)
    most_of_a_group = number("Firms of a group at most", "Empty: all of them.", least=1)
    wave = choice(
        "Coordinate with an earlier wave",
        "By permanent random numbers. Of two that start on one day, the one made first is earlier.",
    )
    rotate = share("Of that wave’s sample, replace, %", "0 keeps the same firms, 100 takes others.")
    seed = number(
        "Seed",
        "A number that decides the draw; the same plan, seed and frame draw the same firms.",
        least=0,
        most=2**63 - 1,
    )

    FIELDSETS = (
        ("Strata", "leave_out", "by", "take_all", "size_measure", "size_rule", "bounds", "classes",
         "size_cv", "certain_measure", "certain_from", "collapse_below", "collapse_over"),
        ("Allocation", "method", "total", "minimum", "variable", "power", "budget", "cost", "most",
         "for_draw", "response_rate"),
        ("Selection", "selection", "size", "units", "most_of_a_group", "wave", "rotate", "seed"),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        size_classes: Sequence[str],
        measures: Sequence[str],
        waves: Sequence[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._offer("take_all", [(each, each) for each in size_classes])
        named = [(each, each.replace("_", " ")) for each in measures]
        for name in ("size_measure", "certain_measure", "variable", "size"):
            self._offer(name, [("", "None"), *named])
        self._offer("wave", [("", "None"), *waves])
        self.document: dict[str, Any] = {}

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Titles with their fields, in the order of the page."""
        return [(title, [self[name] for name in names]) for title, *names in self.FIELDSETS]

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def check(self, targets: Sequence[Mapping[str, Any]]) -> bool:
        """Whether fields and targets make a plan; each problem stands at its field."""
        if not self.is_valid():
            return False
        self.document = document_of(self.cleaned_data, targets)
        try:
            read(self.document)
        except DesignErrors as error:
            for problem in error.problems:
                self.add_error(
                    FIELDS.get(problem.where), _words(problem.message, problem.remedy)
                    if problem.where in FIELDS else str(problem)
                )  # fmt: skip
        return not self.errors


FIELDS = {
    "allocation.total": "total",
    "allocation.minimum": "minimum",
    "allocation.variable": "variable",
    "allocation.power": "power",
    "allocation.budget": "budget",
    "allocation.cost": "cost",
    "allocation.most": "most",
    "allocation.for_draw": "for_draw",
    "allocation.response_rate": "response_rate",
    "selection.size": "size",
    "selection.groups.most": "most_of_a_group",
    "selection.rotation.rotate": "rotate",
    "strata.size": "size_measure",
    "strata.size.bounds": "bounds",
    "strata.size.cv": "size_cv",
    "strata.certain.from": "certain_from",
    "strata.certain.measure": "certain_measure",
    "strata.take_all": "take_all",
    "strata.collapse.below": "collapse_below",
    "seed": "seed",
}
"""The field of each place of the document that the form can write."""


def _words(message: str, remedy: str) -> str:
    if message == "is missing.":
        return "Fill this in: what is chosen needs it."
    return f"This {message} {remedy}"


def new_plan(*, firms: int) -> dict[str, Any]:
    """What an empty form starts from: a tenth of the frame, at most 2,000, at random."""
    return {
        "strata": {},
        "allocation": {"method": "proportional", "total": max(min(firms // 10, 2_000), 1)},
        "seed": secrets.randbelow(LARGEST_NEW_SEED),
    }


def document_of(fields: Mapping[str, Any], targets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The plan that the fields say; fields that the chosen method does not use are left out."""
    document = {
        "strata": _strata(fields),
        "allocation": _allocation(fields),
        "targets": [dict(each) for each in targets],
        "selection": _selection(fields),
        "leave_out": fields["leave_out"],
        "seed": fields["seed"],
    }
    return {key: value for key, value in document.items() if value not in ([], {}, None)}


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], ())}


def _strata(fields: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"by": fields["by"], **_given(take_all=fields["take_all"])}
    if fields["size_measure"]:
        rule = fields["size_rule"] or "bounds"
        of_rule = {
            "bounds": _given(bounds=fields["bounds"]),
            "root_frequency": _given(classes=fields["classes"]),
            "lavallee_hidiroglou": _given(classes=fields["classes"], cv=fields["size_cv"]),
        }
        result["size"] = {"measure": fields["size_measure"], "rule": rule, **of_rule[rule]}
    certain = _given(measure=fields["certain_measure"], **{"from": fields["certain_from"]})
    collapse = _given(below=fields["collapse_below"])
    if collapse and fields["collapse_over"]:
        chosen = fields["collapse_over"]
        nearest_first = ("region", "industry", "size_class")
        collapse["over"] = [name for name in nearest_first if name in chosen]
    return result | _given(certain=certain or None, collapse=collapse or None)


def _allocation(fields: Mapping[str, Any]) -> dict[str, Any]:
    method = fields["method"] or "proportional"
    used = {name: fields[name] for name in USED_BY[method] if fields[name] is not False}
    always = {name: fields[name] for name in ("minimum", "response_rate")}
    return {"method": method, **_given(**used), **_given(**always)}


def _selection(fields: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"method": fields["selection"] or "simple"}
    if result["method"] != "simple":
        result |= _given(size=fields["size"])
    if fields["units"] == "groups":
        result["groups"] = _given(most=fields["most_of_a_group"])
    if fields["wave"]:
        result["rotation"] = {"wave": fields["wave"], "rotate": fields["rotate"] or 0}
    return result


def initial_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a plan, as far as the form has them."""
    strata, allocation = document.get("strata", {}), document.get("allocation", {})
    selection = document.get("selection", {})
    size, certain = strata.get("size", {}), strata.get("certain", {})
    collapse, rotation = strata.get("collapse", {}), selection.get("rotation", {})
    return {
        "leave_out": document.get("leave_out", []),
        "by": strata.get("by", [name for name, _ in DIMENSIONS]),
        "take_all": strata.get("take_all", []),
        "size_measure": size.get("measure"),
        "size_rule": size.get("rule", "bounds"),
        "bounds": size.get("bounds"),
        "classes": size.get("classes"),
        "size_cv": size.get("cv"),
        "certain_measure": certain.get("measure"),
        "certain_from": certain.get("from"),
        "collapse_below": collapse.get("below"),
        "collapse_over": collapse.get("over", [name for name, _ in DIMENSIONS]),
        "minimum": 2,
        "power": 0.5,
        **allocation,
        "selection": selection.get("method", "simple"),
        "size": selection.get("size"),
        "units": "groups" if "groups" in selection else "",
        "most_of_a_group": selection.get("groups", {}).get("most"),
        "wave": rotation.get("wave"),
        "rotate": rotation.get("rotate"),
        "seed": document["seed"],
    }


def is_whole(document: Mapping[str, Any]) -> bool:
    """Whether the form can hold all of the plan; a file can say more."""
    strata = document.get("strata", {})
    beyond = {"order", "within"} & set(strata.get("collapse", {}))
    named = "units" in strata.get("certain", {}) or "maximum" in document.get("allocation", {})
    return not beyond and not named
