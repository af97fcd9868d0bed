"""What a plan reads of a frame, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from surveys.sampling.arrays import Flags, Floats, Integers, Labels, sums
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.selection.groups import Groups, groups_of
from surveys.sampling.selection.numbers import permanent_random_numbers


@dataclass(frozen=True, slots=True, eq=False)
class FrameColumns:
    """N firms of a frame, or N groups of them.

    Attributes
    ----------
    identifier, size_class, industry, region, group : (N,) text
        `group` is empty for a firm that belongs to none.
    number : (N,) floats
        Permanent random numbers.
    measures : mapping of name to (N,) floats
        Missing is NaN.
    """

    identifier: Labels
    size_class: Labels
    industry: Labels
    region: Labels
    group: Labels
    number: Floats
    measures: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.identifier)

    def only(self, stays: Flags) -> "FrameColumns":
        """The firms that are flagged."""
        return FrameColumns(
            identifier=self.identifier[stays],
            size_class=self.size_class[stays],
            industry=self.industry[stays],
            region=self.region[stays],
            group=self.group[stays],
            number=self.number[stays],
            measures={name: values[stays] for name, values in self.measures.items()},
        )

    def measure(self, name: str, *, use: str, inside: Flags | None = None) -> Floats:
        """A measure that every firm has; of firms not `inside` 0.

        Raises SamplingRefused, with how many lack it.
        """
        if name not in self.measures:
            known = ", ".join(self.measures) or "none"
            raise SamplingRefused(f"{use}: the frame has no measure {name}. It has {known}.")
        values = self.measures[name]
        wanted = np.ones(len(self), dtype=bool) if inside is None else inside
        lacking = int((~np.isfinite(values) & wanted).sum())
        if lacking:
            raise SamplingRefused(
                f"{use}: {lacking} of {int(wanted.sum())} firms have no {name}. Complete the "
                "frame, or choose another measure or method."
            )
        result: Floats = np.where(wanted, values, 0.0)
        return result


def in_groups(frame: FrameColumns, *, origin: str, seed: int) -> tuple[FrameColumns, Groups]:
    """The frame of its groups: each stands where its largest firm does, measures are summed.

    A firm without a group stands for itself and keeps its number; a group has one of its own,
    made of its name, that is the same in every wave of the survey named by `origin`.
    """
    size = next(iter(frame.measures.values()), np.zeros(len(frame)))
    known = np.where(np.isfinite(size), size, 0.0)
    groups = groups_of(frame.group, frame.identifier, np.arange(len(frame)), known)
    largest = groups.stratum
    alone = frame.group[largest] == ""
    of_names = permanent_random_numbers(groups.name.tolist(), origin=origin, seed=seed)
    columns = FrameColumns(
        identifier=groups.name,
        size_class=frame.size_class[largest],
        industry=frame.industry[largest],
        region=frame.region[largest],
        group=groups.name,
        number=np.where(alone, frame.number[largest], of_names),
        measures={
            name: sums(values, groups.code, len(groups.name))
            for name, values in frame.measures.items()
        },
    )
    return columns, groups


def with_strata(groups: Groups, code: Integers) -> Groups:
    """The groups with the strata that they fall into."""
    return replace(groups, stratum=code)
