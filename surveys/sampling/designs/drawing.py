"""The draw of a plan: which firms, with which probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from surveys.sampling.arrays import Floats
from surveys.sampling.designs.design import Design
from surveys.sampling.designs.frame import FrameColumns
from surveys.sampling.designs.sizing import Sized
from surveys.sampling.designs.stratifying import Stratified
from surveys.sampling.selection.draws import Draw
from surveys.sampling.selection.firms import starting_point
from surveys.sampling.selection.groups import establishments_within
from surveys.sampling.selection.proportional import inclusion_probabilities, proportional_sample
from surveys.sampling.selection.simple import simple_sample


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where the draw of an earlier wave began and how far it went, by cell of its frame.

    Attributes
    ----------
    arcs : label of a cell to start and rate of the stratum that it was in
    start : of the draw as a whole, for cells that were not there
    """

    arcs: Mapping[str, tuple[float, float]]
    start: float


def starts_of(design: Design, on: Stratified, earlier: Earlier | None) -> Floats:
    """(H,) where on the circle of random numbers the draw of each stratum begins.

    With a rotation, behind the share of the earlier arc that leaves; of a stratum that was
    made of several, the arc of its largest cell that is known.
    """
    rotation = design.selection.rotation
    if rotation is None or earlier is None:
        return np.full(len(on.strata.keys), starting_point(design.seed))
    starts = np.full(len(on.strata.keys), earlier.start)
    by_size = np.argsort(on.cells.population, kind="stable")
    for cell in by_size.tolist():
        arc = earlier.arcs.get(on.cells.keys[cell].label)
        if arc is not None:
            start, rate = arc
            starts[on.strata.stratum_of_cell[cell]] = (start + rotation.rotate * rate) % 1.0
    return starts


def drawn_sample(
    design: Design, on: Stratified, size: Sized, *, earlier: Earlier | None = None
) -> Draw:
    """The firms of the plan: always the same from the same frame and plan."""
    drawn = _primary_draw(design, on, size, starts_of(design, on, earlier))
    if on.groups is None:
        return drawn
    return establishments_within(
        on.groups,
        drawn,
        on.firms.number,
        most=design.selection.most_of_a_group,
        identifiers=on.firms.identifier,
    )


def primary_probabilities(design: Design, on: Stratified, size: Sized) -> Floats:
    """(N,) chances of what is drawn first: firms, or groups."""
    wanted, code = size.allocation.drawn, on.strata.code
    if design.selection.method == "simple":
        result: Floats = size.allocation.rate[code]
        return result
    sizes = on.primary.measure(design.selection.size, use="Selection")
    return inclusion_probabilities(sizes, code, wanted)


def _primary_draw(design: Design, on: Stratified, size: Sized, starts: Floats) -> Draw:
    frame: FrameColumns = on.primary
    wanted = size.allocation.drawn
    if design.selection.method == "simple":
        return simple_sample(
            frame.number, on.strata.code, wanted, start=starts, identifiers=frame.identifier
        )
    return proportional_sample(
        frame.number,
        on.strata.code,
        primary_probabilities(design, on, size),
        scheme=design.selection.method,
        start=starts,
        identifiers=frame.identifier,
    )
