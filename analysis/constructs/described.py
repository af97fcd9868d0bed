"""Every name that a plan may use, by family, with how firms answered: the codebook of the pages.

Plain data, so that it can be kept: at a hundred thousand firms it takes seconds to make, and
changes only with the answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.constructs.catalogue import FAMILIES
from analysis.constructs.distributions import distribution
from analysis.constructs.entry import range_words
from analysis.constructs.measured import Floats, Measured
from analysis.dataset import Dataset

_FAMILY_OF = {entry.stem: name for name, entries in FAMILIES.items() for entry in entries}
AS_ANSWERED = "answers_"
"""Begins the family of what was answered under one construct, such as ``answers_control``."""


def described(
    dataset: Dataset, known: Mapping[str, Measured], *, least_firms: int
) -> list[dict[str, Any]]:
    """A line for each name, families together in the order of the codebook.

    No class of answers of fewer firms than `least_firms` is told.
    """
    answered = {variable.name: variable.construct for variable in dataset.variables}
    weight = dataset.design["weight"].to_numpy(dtype=float)
    lines = [_line(each, answered, weight, least_firms) for each in known.values()]
    order = {name: place for place, name in enumerate(FAMILIES)}
    families = list(dict.fromkeys(line["family"] for line in lines))
    families.sort(key=lambda name: order.get(name, len(order)))
    return [line for family in families for line in lines if line["family"] == family]


def family_words(family: str) -> str:
    """As pages head it: ``Buzz and pipelines``, ``As answered: control``."""
    words = family.removeprefix(AS_ANSWERED).replace("_", " ")
    return f"As answered: {words}" if family.startswith(AS_ANSWERED) else words.capitalize()


def _line(
    measured: Measured, answered: Mapping[str, str], weight: Floats, least_firms: int
) -> dict[str, Any]:
    return {
        "name": measured.name,
        "label": measured.label,
        "kind": measured.kind,
        "family": _family(measured.name, answered),
        "scale": measured.scale,
        "definition": measured.definition,
        "source": measured.source,
        "range": range_words(measured.range),
        "missing_rule": measured.missing_rule,
        "codes": [list(pair) for pair in measured.codes],
        **distribution(measured, weight, least_firms=least_firms).document(),
    }


def _family(name: str, answered: Mapping[str, str]) -> str:
    if name in answered:
        return AS_ANSWERED + (answered[name] or name).partition(".")[0]
    return _FAMILY_OF.get(name.partition(".")[0], "others")


def families_of(lines: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """Each family, how it is headed, and how many names it has."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line["family"]] = counts.get(line["family"], 0) + 1
    return [(family, family_words(family), count) for family, count in counts.items()]
