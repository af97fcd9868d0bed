"""The document of a sample plan to a Design, or all its problems."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast, get_args

from surveys.sampling.designs.checking import Checker
from surveys.sampling.designs.design import (
    ENDS,
    Allocation,
    Certainty,
    Collapsing,
    Design,
    Method,
    PrecisionTarget,
    Rotation,
    Selecting,
    Selection,
    SizeClassing,
    SizeRule,
    Strata,
)
from surveys.sampling.designs.problems import DesignErrors
from surveys.sampling.strata.collapsing import DIMENSIONS, Dimension

LARGEST_SEED = 2**63 - 1
MOST_CLASSES = 20
MOST_TARGETS = 50

USED_BY: Mapping[str, tuple[str, ...]] = {
    "proportional": ("total",),
    "equal": ("total",),
    "neyman": ("total", "variable"),
    "power": ("total", "power", "variable"),
    "optimal": ("budget", "variable", "cost"),
    "bethel": ("most", "cost", "for_draw"),
}
"""Keys of `allocation` that a method uses besides those that all do."""
NEEDED_BY: Mapping[str, tuple[str, ...]] = {
    "proportional": ("total",),
    "equal": ("total",),
    "neyman": ("total", "variable"),
    "power": ("total",),
    "optimal": ("budget", "variable"),
    "bethel": (),
}
_PARTS = ("strata", "allocation", "targets", "selection", "seed", "leave_out")
_FOR_ALL = ("method", "minimum", "maximum", "response_rate")


def read(document: Any) -> Design:
    """The plan of a document. Raises DesignErrors with every problem."""
    check = Checker()
    keys = check.mapping(document, "plan", _PARTS)
    check.needed(keys, "plan", "allocation", "seed")
    design = Design(
        strata=_strata(check, keys.get("strata", {})),
        allocation=_allocation(check, keys.get("allocation", {"total": 1})),
        targets=_targets(check, keys.get("targets", [])),
        selection=_selection(check, keys.get("selection", {})),
        seed=check.whole(keys.get("seed", 0), "seed", least=0, most=LARGEST_SEED),
        leave_out=check.names(keys.get("leave_out", []), "leave_out", ENDS),
    )
    if design.allocation.method == "bethel" and not design.targets:
        check.note(
            "missing_key", "targets", "is missing.", "Bethel’s allocation needs precision targets."
        )
    if check.problems:
        raise DesignErrors(tuple(check.problems))
    return design


def _strata(check: Checker, value: Any) -> Strata:
    keys = check.mapping(value, "strata", ("by", "size", "take_all", "certain", "collapse"))
    by = check.names(keys.get("by", list(DIMENSIONS)), "strata.by", DIMENSIONS)
    for key in ("size", "take_all"):
        if key in keys and "size_class" not in by:
            check.note(
                "unknown_key", f"strata.{key}", "has no use.", "Add size_class to strata.by."
            )
    return Strata(
        by=cast(tuple[Dimension, ...], by),
        size=_size(check, keys["size"]) if "size" in keys else None,
        take_all=check.names(keys.get("take_all", []), "strata.take_all"),
        certain=_certainty(check, keys["certain"]) if "certain" in keys else None,
        collapse=_collapsing(check, keys["collapse"]) if "collapse" in keys else None,
    )


def _size(check: Checker, value: Any) -> SizeClassing:
    keys = check.mapping(value, "strata.size", ("measure", "rule", "bounds", "classes", "cv"))
    check.needed(keys, "strata.size", "measure")
    stated = "bounds" if "bounds" in keys else "root_frequency"
    rule = check.choice(keys.get("rule", stated), "strata.size.rule", get_args(SizeRule), stated)
    if rule == "bounds":
        check.needed(keys, "strata.size", "bounds")
    elif "bounds" in keys:
        message = "stands beside a rule that finds bounds."
        check.note("unknown_key", "strata.size.bounds", message, "Leave one of both out.")
    return SizeClassing(
        measure=check.name(keys.get("measure", "-"), "strata.size.measure"),
        rule=cast(SizeRule, rule),
        bounds=_bounds(check, keys["bounds"]) if "bounds" in keys else (),
        classes=check.whole(
            keys.get("classes", 4), "strata.size.classes", least=2, most=MOST_CLASSES
        ),
        cv=check.number(keys.get("cv", 0.02), "strata.size.cv", least=0, most=1, above=True),
    )


def _bounds(check: Checker, value: Any) -> tuple[float, ...]:
    where = "strata.size.bounds"
    if not isinstance(value, list) or not 0 < len(value) < MOST_CLASSES:
        remedy = f"Give 1 to {MOST_CLASSES - 1} rising numbers, as in [10, 50, 250]."
        check.note("wrong_shape", where, "is no list of bounds.", remedy)
        return ()
    found = tuple(
        check.number(each, f"{where}[{n}]", least=0, most=math.inf, above=True)
        for n, each in enumerate(value, start=1)
    )
    for n, (low, high) in enumerate(pairwise(found), start=2):
        if high <= low:
            remedy = "Order the bounds from small to large."
            check.note("bad_number", f"{where}[{n}]", "is not above the one before.", remedy)
    return found


def _certainty(check: Checker, value: Any) -> Certainty:
    where = "strata.certain"
    keys = check.mapping(value, where, ("units", "measure", "from"))
    if "units" not in keys and "measure" not in keys:
        remedy = "Name units, or a measure and from."
        check.note("missing_key", where, "names no firm.", remedy)
    if ("measure" in keys) != ("from" in keys):
        check.needed(keys, where, "measure", "from")
    return Certainty(
        units=check.names(keys.get("units", []), f"{where}.units"),
        measure=check.name(keys["measure"], f"{where}.measure") if "measure" in keys else "",
        least=check.number(keys.get("from", 0), f"{where}.from", least=0, most=math.inf),
    )


def _collapsing(check: Checker, value: Any) -> Collapsing:
    where = "strata.collapse"
    keys = check.mapping(value, where, ("below", "over", "order", "within"))
    check.needed(keys, where, "below")
    over = check.names(
        keys.get("over", ["region", "industry", "size_class"]), f"{where}.over", DIMENSIONS
    )
    order = check.mapping(keys.get("order", {}), f"{where}.order", DIMENSIONS)
    within = check.mapping(keys.get("within", {}), f"{where}.within", DIMENSIONS)
    return Collapsing(
        below=check.whole(keys.get("below", 2), f"{where}.below", least=2, most=1_000_000),
        over=cast(tuple[Dimension, ...], over),
        order={k: check.names(each, f"{where}.order.{k}") for k, each in order.items()},
        within={
            k: check.whole(each, f"{where}.within.{k}", least=1, most=20)
            for k, each in within.items()
        },
    )


def _allocation(check: Checker, value: Any) -> Allocation:
    where = "allocation"
    keys = check.mapping(
        value,
        where,
        (*_FOR_ALL, "total", "variable", "power", "cost", "budget", "most", "for_draw"),
    )
    method = _method(check, keys)
    result = Allocation(
        method=method,
        total=_whole_or_none(check, keys, "total"),
        minimum=check.whole(keys.get("minimum", 2), f"{where}.minimum", least=0),
        maximum=_whole_or_none(check, keys, "maximum"),
        variable=check.name(keys["variable"], f"{where}.variable") if "variable" in keys else "",
        power=check.number(keys.get("power", 0.5), f"{where}.power", least=0, most=1),
        cost=check.by_size_class(keys.get("cost", 1.0), f"{where}.cost", most=math.inf),
        budget=_budget(check, keys),
        response_rate=check.by_size_class(
            keys.get("response_rate", 1.0), f"{where}.response_rate", most=1
        ),
        most=_whole_or_none(check, keys, "most"),
        for_draw=check.flag(keys.get("for_draw", False), f"{where}.for_draw"),
    )
    if result.maximum is not None and result.minimum > result.maximum:
        remedy = "Lower it, or raise the maximum."
        check.note("bad_number", f"{where}.minimum", "exceeds the maximum.", remedy)
    return result


def _method(check: Checker, keys: Mapping[str, Any]) -> Method:
    """The method, with notes on keys that it needs and keys that it does not use."""
    where = "allocation"
    method = check.choice(
        keys.get("method", "proportional"), f"{where}.method", get_args(Method), "proportional"
    )
    check.needed(keys, where, *NEEDED_BY[method])
    for key in keys:
        if key not in (*_FOR_ALL, *USED_BY[method]):
            remedy = f"Leave it out; {method} uses {', '.join(USED_BY[method])}."
            check.note("unknown_key", f"{where}.{key}", f"is not used by {method}.", remedy)
    return cast(Method, method)


def _budget(check: Checker, keys: Mapping[str, Any]) -> float | None:
    if "budget" not in keys:
        return None
    return check.number(keys["budget"], "allocation.budget", least=0, most=math.inf, above=True)


def _whole_or_none(check: Checker, keys: Mapping[str, Any], name: str) -> int | None:
    return check.whole(keys[name], f"allocation.{name}", least=1) if name in keys else None


def _targets(check: Checker, value: Any) -> tuple[PrecisionTarget, ...]:
    if not isinstance(value, list) or len(value) > MOST_TARGETS:
        check.note(
            "wrong_shape",
            "targets",
            f"is no list of up to {MOST_TARGETS} targets.",
            "Give a list, as in [{share: 0.3, by: region, cv: 0.1}].",
        )
        return ()
    return tuple(_target(check, each, f"targets[{n}]") for n, each in enumerate(value, start=1))


def _target(check: Checker, value: Any, where: str) -> PrecisionTarget:
    keys = check.mapping(value, where, ("variable", "share", "by", "only", "cv"))
    check.needed(keys, where, "cv")
    if ("variable" in keys) == ("share" in keys):
        remedy = "Give a variable of the frame, or the share that is assumed."
        check.note("missing_key", where, "must have either variable or share.", remedy)
    if "only" in keys and "by" not in keys:
        check.needed(keys, where, "by")
    share = keys.get("share")
    by = check.choice(keys["by"], f"{where}.by", DIMENSIONS, "") if "by" in keys else ""
    return PrecisionTarget(
        cv=check.number(keys.get("cv", 0.1), f"{where}.cv", least=0, most=10, above=True),
        variable=check.name(keys["variable"], f"{where}.variable") if "variable" in keys else "",
        share=check.number(share, f"{where}.share", least=0, most=0.999, above=True)
        if "share" in keys
        else None,
        by=cast(Dimension, by) if by else None,
        only=check.name(keys["only"], f"{where}.only") if "only" in keys else None,
    )


def _selection(check: Checker, value: Any) -> Selection:
    where = "selection"
    keys = check.mapping(value, where, ("method", "size", "groups", "rotation"))
    method = check.choice(
        keys.get("method", "simple"), f"{where}.method", get_args(Selecting), "simple"
    )
    if method == "simple" and "size" in keys:
        remedy = "Leave it out, or choose pareto or sequential_poisson."
        check.note("unknown_key", f"{where}.size", "is not used by simple.", remedy)
    if method != "simple":
        check.needed(keys, where, "size")
    groups = check.mapping(keys.get("groups", {}), f"{where}.groups", ("most", "correlation"))
    return Selection(
        method=cast(Selecting, method),
        size=check.name(keys["size"], f"{where}.size") if "size" in keys else "",
        groups="groups" in keys,
        most_of_a_group=check.whole(groups["most"], f"{where}.groups.most", least=1)
        if "most" in groups
        else None,
        correlation=check.number(
            groups.get("correlation", 1.0), f"{where}.groups.correlation", least=0, most=1
        ),
        rotation=_rotation(check, keys["rotation"]) if "rotation" in keys else None,
    )


def _rotation(check: Checker, value: Any) -> Rotation:
    where = "selection.rotation"
    keys = check.mapping(value, where, ("wave", "rotate"))
    check.needed(keys, where, "wave", "rotate")
    return Rotation(
        wave=check.name(keys.get("wave", "-"), f"{where}.wave"),
        rotate=check.number(keys.get("rotate", 0), f"{where}.rotate", least=0, most=1),
    )
