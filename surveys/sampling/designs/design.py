"""A sample plan as a value: strata, allocation, precision targets, selection and seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from surveys.sampling.strata.collapsing import DIMENSIONS, Dimension

ENDS = ("merged", "closed", "out_of_scope")
"""What can have become of a firm that its list still holds."""
Method = Literal["proportional", "equal", "neyman", "power", "optimal", "bethel"]
Selecting = Literal["simple", "pareto", "sequential_poisson"]
SizeRule = Literal["bounds", "root_frequency", "lavallee_hidiroglou"]
BySizeClass = float | Mapping[str, float]
"""One number for all firms, or one for each size class."""


@dataclass(frozen=True, slots=True)
class SizeClassing:
    """Size classes formed from a measure: stated bounds, or a rule that finds them.

    `cv` is the precision that Lavallée & Hidiroglou's bounds are to reach.
    """

    measure: str
    rule: SizeRule
    bounds: tuple[float, ...] = ()
    classes: int = 4
    cv: float = 0.02


@dataclass(frozen=True, slots=True)
class Certainty:
    """Firms that are drawn whatever their numbers: named, or from a size on."""

    units: tuple[str, ...] = ()
    measure: str = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Collapsing:
    """Strata of fewer than `below` firms are joined over these dimensions, in this order.

    `within` holds, by dimension, how many first characters of a value a join may not cross.
    """

    below: int
    over: tuple[Dimension, ...] = ("region", "industry", "size_class")
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strata:
    """Of what strata are made, and which are taken whole."""

    by: tuple[Dimension, ...] = DIMENSIONS
    size: SizeClassing | None = None
    take_all: tuple[str, ...] = ()
    certain: Certainty | None = None
    collapse: Collapsing | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """How many firms, and how they are spread over strata.

    `for_draw` lets Bethel's allocation meet the targets by the draw itself, and not by one with
    equal chances within strata.
    """

    method: Method = "proportional"
    total: int | None = None
    minimum: int = 2
    maximum: int | None = None
    variable: str = ""
    power: float = 0.5
    cost: BySizeClass = 1.0
    budget: float | None = None
    response_rate: BySizeClass = 1.0
    most: int | None = None
    for_draw: bool = False


@dataclass(frozen=True, slots=True)
class PrecisionTarget:
    """The coefficient of variation that may be had at most.

    Either of the total of a measure of the frame, or of a share that the survey is to find
    and that is assumed to be `share`. With `by` it holds in every value of the dimension, with
    `only` in that value alone, without both for all firms.
    """

    cv: float
    variable: str = ""
    share: float | None = None
    by: Dimension | None = None
    only: str | None = None

    @property
    def named(self) -> str:
        """What is estimated, in words."""
        return self.variable or f"a share of {self.share:.0%}"


@dataclass(frozen=True, slots=True)
class Rotation:
    """Coordination with an earlier wave.

    `rotate` is the share of its sample that leaves: 0 keeps the same firms as far as can be,
    1 takes others as long as there are.
    """

    wave: str
    rotate: float


@dataclass(frozen=True, slots=True)
class Selection:
    """How firms are drawn within strata.

    `size` is the measure of sampling in proportion to size; with `groups` enterprise groups
    are drawn first, and at most `most_of_a_group` firms of each. `correlation` is how alike two
    firms of a group are assumed to answer, from 0 to 1.
    """

    method: Selecting = "simple"
    size: str = ""
    groups: bool = False
    most_of_a_group: int | None = None
    correlation: float = 1.0
    rotation: Rotation | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """A sample plan. `leave_out` names what became of firms that are not to be drawn."""

    strata: Strata
    allocation: Allocation
    targets: tuple[PrecisionTarget, ...]
    selection: Selection
    seed: int
    leave_out: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures of the frame that the plan reads, in alphabetical order."""
        size, certain = self.strata.size, self.strata.certain
        named = {
            size.measure if size else "",
            certain.measure if certain else "",
            self.allocation.variable,
            self.selection.size,
            *(target.variable for target in self.targets),
        }
        return tuple(sorted(named - {""}))
