"""What a person must know of a plan before it is drawn, in sentences."""

from surveys.sampling.designs.design import Design
from surveys.sampling.designs.outlook import is_taken_as_simple
from surveys.sampling.designs.raising import Missed, Shortfall
from surveys.sampling.designs.sizing import Sized

_ALLOCATIONS = {
    "neyman": "Neyman’s allocation",
    "optimal": "The cost-optimal allocation",
    "bethel": "Bethel’s allocation",
    "power": "Power allocation by a measure",
}
_TOLD = 3


def remarks(design: Design, size: Sized, missing: Shortfall | None) -> list[str]:
    """Sentences on the allocation and on targets that the draw misses; none if all is well."""
    said = [_as_simple(design)] if is_taken_as_simple(design) else []
    if missing is not None:
        said += [_missed(missing), _remedy(design, size, missing)]
    return said


def remark_on_ended(*, left_out: int, staying: int, drawn: int) -> list[str]:
    """On firms of the list that were recorded as merged, closed or out of scope."""
    what = "recorded as merged, closed or out of scope"
    said = []
    if left_out:
        who = "1 firm of the list is" if left_out == 1 else f"{left_out:,} firms of the list are"
        said.append(f"{who} left out as {what}; N counts the others.")
    if staying:
        who = "1 firm of the list was" if staying == 1 else f"{staying:,} firms of the list were"
        of_one = "takes it" if drawn else "does not take it"
        of_many = f"takes {drawn:,} of them" if drawn else "takes none of them"
        taken = of_one if staying == 1 else of_many
        said.append(
            f"{who} {what} and can still be drawn; this draw {taken}. The plan can leave "
            "such firms out, if they are no longer of the population."
        )
    return said


def _as_simple(design: Design) -> str:
    ways = ["in proportion to size"] if design.selection.method != "simple" else []
    ways += ["by group"] if design.selection.groups else []
    return (
        f"{_ALLOCATIONS[design.allocation.method]} spreads firms as if they were drawn with equal "
        f"chances within strata; this plan draws them {' and '.join(ways)}. The precision told is "
        "that of the draw itself."
    )


def _missed(missing: Shortfall) -> str:
    number = len(missing.missed)
    targets = "a precision target" if number == 1 else f"{number} precision targets"
    return f"The draw misses {targets}: {_listed(missing.missed)}."


def _remedy(design: Design, size: Sized, missing: Shortfall) -> str:
    unit = "groups" if design.selection.groups else "firms"
    if missing.drawn is None and design.allocation.method == "bethel":
        return (
            "No allocation of Bethel’s was found with which this draw meets every target. Widen "
            "the targets, draw more of every stratum (its smallest sample), raise the response "
            "rate, or draw with equal chances."
        )
    if missing.drawn is None:
        return (
            f"No number of {unit} that may be drawn would meet every target; the best that can be "
            f"had is {_listed(missing.possible, 'possible')}. Widen these targets, raise the "
            "response rate, or draw with equal chances."
        )
    now = size.allocation.total
    if "budget" in missing.change:
        money = f"{missing.change['budget']:,.0f} instead of {design.allocation.budget:,.0f}"
        return f"A budget of {money}, which draws {missing.drawn:,} {unit}, would meet all."
    minimum = missing.change.get("minimum")
    least = f", at least {minimum} of every stratum," if minimum else ""
    return f"With {missing.drawn:,} {unit} instead of {now:,}{least} the draw would meet all."


def _listed(lines: tuple[Missed, ...], word: str = "expected") -> str:
    """The targets that are missed most, each with by how much."""
    ordered = sorted(lines, key=lambda each: -each.times)
    said = "; ".join(
        f"{each.variable} in {each.domain}, {_percent(each.cv)} {word} and "
        f"{_percent(each.wanted)} wanted"
        + (f", {(each.cv - each.wanted) * 100:.1f} points too wide" if each.is_finite else "")
        for each in ordered[:_TOLD]
    )
    more = len(ordered) - _TOLD
    return f"{said}; and {more} more" if more > 0 else said


def _percent(cv: float) -> str:
    return f"{cv * 100:.1f}\u202f%" if cv < float("inf") else "no precision"
