"""What plans may name, worked out for some thousand firms at a time."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analysis.constructs import Measured, vocabulary
from analysis.dataset import Dataset, Roster

# An index over hundreds of answers is made of tables as large as the data set itself.
FIRMS_AT_A_TIME = 20_000


def vocabulary_in_portions(
    dataset: Dataset, firms_at_a_time: int = FIRMS_AT_A_TIME
) -> Iterator[Measured]:
    """As `vocabulary`, without the parts of indices, in memory that portions bound.

    Each firm's value of a measure rests on its own answers alone, so portions change nothing.
    """
    answers = {variable.name for variable in dataset.variables}
    held: dict[str, list[Measured]] = {}
    for portion in _portions(dataset, firms_at_a_time):
        for name, measured in vocabulary(portion).items():
            # The answers themselves are there already, and are taken from there.
            if name not in answers or not held.get(name):
                held.setdefault(name, []).append(_bare(measured, name in answers))
    for name, parts in held.items():
        if name in answers:
            yield _whole_answer(dataset, parts[0])
        else:
            yield replace(parts[0], values=np.concatenate([each.values for each in parts]))


def _bare(measured: Measured, is_answer: bool) -> Measured:
    values = np.empty(0) if is_answer else np.array(measured.values)
    return replace(measured, values=values, parts={})


def _whole_answer(dataset: Dataset, about: Measured) -> Measured:
    column = dataset.frame[about.name]
    if about.kind != "category":
        return replace(about, values=column.to_numpy(dtype=float))
    values = [None if value is None or value != value else str(value) for value in column]
    return replace(about, values=np.array(values, dtype=object))


def _portions(dataset: Dataset, size: int) -> Iterator[Dataset]:
    for first in range(0, max(len(dataset.frame), 1), size):
        rows = slice(first, first + size)
        frame = dataset.frame.iloc[rows]
        yield replace(
            dataset,
            frame=frame,
            design=dataset.design.iloc[rows],
            replicates=None,
            rosters=tuple(_of_firms(each, set(frame.index)) for each in dataset.rosters),
        )


def _of_firms(roster: Roster, firms: set[str]) -> Roster:
    asked = [
        (firm, unit) for firm, unit in zip(roster.firms, roster.units, strict=True) if firm in firms
    ]
    return Roster(
        roster.name,
        tuple(firm for firm, _ in asked),
        tuple(unit for _, unit in asked),
        roster.entries[roster.entries.index.isin(list(firms))],
    )
