"""How many firms a plan draws of each stratum, and the estimands that this is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from surveys.sampling.allocation import (
    AllocationResult,
    Estimand,
    Limits,
    MetTarget,
    Target,
    bethel,
    equal,
    limits,
    neyman,
    optimal,
    power,
    proportional,
    total_of,
)
from surveys.sampling.arrays import Flags, Floats, counts, sums
from surveys.sampling.designs.design import BySizeClass, Design, PrecisionTarget
from surveys.sampling.designs.stratifying import Stratified
from surveys.sampling.refusals import AllocationRefused, SamplingRefused

ALL = "all firms"
Narrowed = dict[tuple[str, str], float]
"""By variable and domain, the share of its target that Bethel's allocation is to meet."""


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """An allocation, and what became of the targets if it was made for them."""

    allocation: AllocationResult
    met: tuple[MetTarget, ...]


def sized(
    design: Design, on: Stratified, narrowed: Mapping[tuple[str, str], float] | None = None
) -> Sized:
    """The plan's allocation. Raises SamplingRefused if the strata cannot give it."""
    plan = design.allocation
    _refuse_minimum(design, on)
    _refuse_whole(design, on)
    bounds = bounds_of(design, on)
    if plan.method == "bethel":
        found = bethel(
            bounds,
            [
                _narrower(each, narrowed or {})
                for target in design.targets
                for each in targets_of(target, on, design.selection.correlation)
            ],
            cost=by_stratum(plan.cost, on, use="Cost of a firm"),
            response_rate=by_stratum(plan.response_rate, on, use="Response rate"),
            most=plan.most,
        )
        return Sized(found.allocation, found.targets)
    return Sized(_for_one_purpose(design, on, bounds), ())


def bounds_of(design: Design, on: Stratified) -> Limits:
    """Between which numbers the sample of each stratum may lie."""
    plan = design.allocation
    return limits(
        on.strata.population,
        minimum=plan.minimum,
        maximum=None if plan.maximum is None else np.full(len(on.strata.keys), plan.maximum),
        take_all=on.strata.take_all,
    )


def _narrower(target: Target, narrowed: Mapping[tuple[str, str], float]) -> Target:
    factor = narrowed.get((target.estimand.variable, target.estimand.domain), 1.0)
    return replace(target, cv=target.cv * factor)


def targets_of(target: PrecisionTarget, on: Stratified, correlation: float = 1.0) -> list[Target]:
    """A target for every domain that it names."""
    return [
        Target(
            estimand_of(target, on, inside=inside, domain=domain, correlation=correlation),
            target.cv,
        )
        for domain, inside in domains_of(target, on).items()
    ]


def domains_of(target: PrecisionTarget, on: Stratified) -> dict[str, Flags]:
    """(N,) members of each domain by its name."""
    if target.by is None:
        return {ALL: np.ones(len(on.primary), dtype=bool)}
    values = getattr(on.primary, target.by)
    wanted = np.unique(values).tolist() if target.only is None else [target.only]
    if target.only is not None and not (values == target.only).any():
        raise SamplingRefused(
            f"Precision targets: no firm of the frame is in {target.by} {target.only}. Correct "
            "the name or leave the target out."
        )
    named = target.by.replace("_", " ")
    return {f"{named} {value}": values == value for value in wanted}


def estimand_of(
    target: PrecisionTarget,
    on: Stratified,
    *,
    inside: Flags,
    domain: str,
    correlation: float = 1.0,
) -> Estimand:
    """What the target is about, in one domain; `correlation` is that of firms of a group."""
    strata = len(on.strata.keys)
    if target.share is None:
        values = on.primary.measure(target.variable, use="Precision targets", inside=inside)
        return total_of(
            values, on.strata.code, variable=target.variable, strata=strata,
            inside=inside, domain=domain,
        )  # fmt: skip
    # The share is not on the frame: its residuals vary by p (1 - p) where firms are of the domain.
    # Of a group it is that of the sum over its firms, which answer more or less alike.
    size = on.strata.population.astype(float)
    firms = np.ones(len(on.primary)) if on.groups is None else on.groups.establishments
    alike = firms * (1 + (firms - 1) * correlation)
    members = sums(inside * alike, on.strata.code, strata) / size
    spread = members * target.share * (1 - target.share) * size / np.maximum(size - 1, 1)
    value = target.share * float(firms @ inside)
    return Estimand(target.named, domain, value, np.where(size > 1, spread, 0.0))


def by_stratum(value: BySizeClass, on: Stratified, *, use: str) -> Floats:
    """(H,) the number of each stratum: the mean over its firms."""
    strata = len(on.strata.keys)
    if isinstance(value, float | int):
        return np.full(strata, float(value))
    names, place = np.unique(on.primary.size_class, return_inverse=True)
    missing = [name for name in names.tolist() if name not in value]
    if missing:
        raise SamplingRefused(f"{use}: state it for size class {', '.join(missing)} too.")
    of_firms = np.array([value[name] for name in names.tolist()])[place]
    result: Floats = sums(of_firms, on.strata.code, strata) / on.strata.population
    return result


def _for_one_purpose(design: Design, on: Stratified, bounds: Limits) -> AllocationResult:
    plan = design.allocation
    if plan.method == "optimal":
        cost = by_stratum(plan.cost, on, use="Cost of a firm")
        return optimal(
            bounds, budget=plan.budget or 0.0, deviations=_deviations(design, on), cost=cost
        )
    total = plan.total or 0
    if plan.method == "equal":
        return equal(bounds, total=total)
    if plan.method == "proportional":
        return proportional(bounds, total=total)
    if plan.method == "neyman":
        return neyman(bounds, total=total, deviations=_deviations(design, on))
    if not plan.variable:
        return power(bounds, total=total, exponent=plan.power, size=on.strata.population)
    totals = sums(_variable(design, on), on.strata.code, len(on.strata.keys))
    if (totals <= 0).any():
        raise AllocationRefused(
            f"Allocation: {plan.variable} sums to 0 or less in {int((totals <= 0).sum())} strata, "
            "and power allocation wants a positive size. Collapse strata or leave the variable out."
        )
    variation = _deviations(design, on) * on.strata.population / totals
    return power(bounds, total=total, exponent=plan.power, size=totals, variation=variation)


def _variable(design: Design, on: Stratified) -> Floats:
    return on.primary.measure(design.allocation.variable, use="Allocation")


def _deviations(design: Design, on: Stratified) -> Floats:
    named = design.allocation.variable
    strata = len(on.strata.keys)
    of_total = total_of(_variable(design, on), on.strata.code, variable=named, strata=strata)
    result: Floats = np.sqrt(of_total.variance)
    if not (result > 0).any():
        raise AllocationRefused(
            f"Allocation: {named} is the same for all firms within every stratum, so that "
            f"{design.allocation.method} has nothing to tell strata apart by. Choose another "
            "measure, or proportional allocation."
        )
    return result


def _refuse_minimum(design: Design, on: Stratified) -> None:
    """In proportion to size, no more can be drawn of a stratum than have a size."""
    if design.selection.method == "simple":
        return
    sizes = on.primary.measure(design.selection.size, use="Selection")
    without = int((sizes <= 0).sum())
    if without:
        kept = counts(on.strata.code[sizes <= 0], len(on.strata.keys))
        raise SamplingRefused(
            f"Selection: {without} firms in {int((kept > 0).sum())} strata have no "
            f"{design.selection.size} above 0{_below(int((sizes < 0).sum()))} and so no chance to "
            "be drawn. Give them one on the frame, choose another measure, or draw with equal "
            "chances (method: simple)."
        )


def _below(number: int) -> str:
    return f" ({number} have one below 0)" if number else ""


def _refuse_whole(design: Design, on: Stratified) -> None:
    """Strata that are drawn whole must fit into the sample."""
    total, whole = design.allocation.total, int(on.strata.population[on.strata.take_all].sum())
    if total is not None and whole > total:
        unit = "firms" if on.groups is None else "groups"
        raise AllocationRefused(
            f"The strata that are drawn whole hold {whole} {unit}, and a sample of {total} was "
            "asked for. Ask for more, take fewer size classes whole, or count fewer firms as "
            "certain."
        )
