"""The first row of a file against its mapping."""

import difflib
from collections import Counter
from collections.abc import Sequence

from surveys.microdata.mapping import Mapping
from surveys.microdata.problems import ProblemList, legible


def places(header: Sequence[str], mapping: Mapping, problems: ProblemList) -> dict[str, int]:
    """Index of every needed column that is there; a problem for all that is not right."""
    names = [name.strip() for name in header]
    _find_repeats(names, problems)
    present = set(names)
    for name in mapping.needed:
        if name not in present:
            near = difflib.get_close_matches(name, present, n=1)
            problems.add(
                "missing_column",
                f"The mapping names the column “{legible(name)}”, which the file does not have.",
                f"Did you mean “{legible(near[0])}”?"
                if near
                else "Correct the mapping or the header.",
                row=1,
                column=name,
            )
    needed = set(mapping.needed)
    for name in dict.fromkeys(names):
        if name and name not in needed and not mapping.leaves_out(name):
            problems.add(
                "unknown_column",
                f"The file has a column “{legible(name)}”, of which the mapping says nothing.",
                "Map it, name it under “ignore”, or write “unmapped: ignore”.",
                row=1,
                column=name,
            )
    return {name: names.index(name) for name in mapping.needed if name in present}


def _find_repeats(names: Sequence[str], problems: ProblemList) -> None:
    for name, times in Counter(names).items():
        if name and times > 1:
            problems.add(
                "duplicate_column",
                f"{times} columns of the header are called “{legible(name)}”.",
                "Give every column a name of its own.",
                row=1,
                column=name,
            )
