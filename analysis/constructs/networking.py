"""Networking and search by geographic scale.

Partner types by scale: Fitjar & Rodriguez-Pose (2011), the number of partner types with at
least one partner at the scale. Breadth and depth: Laursen & Salter (2006), the number of
external sources used at all, and the number rated high.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from analysis.constructs.measured import ALL_MISSING, Floats, Measured, any_true, count_true
from analysis.dataset import Dataset

FITJAR = "Fitjar & Rodríguez-Pose (2011)"
LAURSEN = "Laursen & Salter (2006)"
SCALE_WORDS = {
    "local": "local area",
    "region": "rest of the region",
    "country": "rest of the country",
    "europe": "rest of Europe",
    "global": "elsewhere in the world",
}
INTERNAL_SOURCES = ("inside", "group")
HIGH = 3.0
_WORDS = {
    "partners": (
        "Partner types",
        "Number of partner types with at least one partner",
        FITJAR,
    ),
    "breadth": (
        "Breadth of search",
        "Number of external sources used, importance 1 or more",
        LAURSEN,
    ),
    "depth": (
        "Depth of search",
        "Number of external sources rated high, importance 3",
        LAURSEN,
    ),
}

Crosswalk = Mapping[str, tuple[str, ...]]


def scale_words(scale: str) -> str:
    return SCALE_WORDS.get(scale, scale.replace("_", " "))


def networking(dataset: Dataset, crosswalk: Crosswalk) -> list[Measured]:
    """Partner counts, breadth and depth, overall and by scale, as far as constructs are bound.

    `crosswalk` names coarse scales and the instrument's scales each holds; a coarse cell is
    1 if any of its cells is.
    """
    return [*_partners(dataset, crosswalk), *_search(dataset, crosswalk)]


def _coordinates(dataset: Dataset, construct: str, dimension: str) -> list[str]:
    values = [dict(each.coordinates)[dimension] for each in dataset.variables_of(construct)]
    return list(dict.fromkeys(values))


def _cells(dataset: Dataset, construct: str, first: str, seconds: Iterable[str]) -> Floats:
    """(n, m) cells ``construct[first, second]`` for the seconds that are bound."""
    names = [f"{construct}[{first},{second}]" for second in seconds]
    held = [name for name in names if name in dataset.frame.columns]
    return dataset.frame[held].to_numpy(dtype=float)


def _scales(dataset: Dataset, construct: str, crosswalk: Crosswalk) -> dict[str, tuple[str, ...]]:
    """Every scale that can be counted: the instrument's own and those of the crosswalk."""
    own = _coordinates(dataset, construct, "scale")
    coarse = {name: members for name, members in crosswalk.items() if set(members) <= set(own)}
    return {scale: (scale,) for scale in own} | coarse


def _partners(dataset: Dataset, crosswalk: Crosswalk) -> list[Measured]:
    construct = "networking.cooperation"
    partners = _coordinates(dataset, construct, "partner")
    if not partners:
        return []
    own = tuple(_coordinates(dataset, construct, "scale"))
    scales = {"": own} | _scales(dataset, construct, crosswalk)
    return [
        _count("partners", scale, _somewhere(dataset, construct, partners, members), len(partners))
        for scale, members in scales.items()
    ]


def _search(dataset: Dataset, crosswalk: Crosswalk) -> list[Measured]:
    importance = "sourcing.importance"
    sources = [
        source
        for source in _coordinates(dataset, importance, "source")
        if source not in INTERNAL_SOURCES
    ]
    if not sources:
        return []
    rated = dataset.frame[[f"{importance}[{source}]" for source in sources]].to_numpy(dtype=float)
    used = np.where(np.isnan(rated), np.nan, (rated >= 1).astype(float))
    high = np.where(np.isnan(rated), np.nan, (rated == HIGH).astype(float))
    length = len(sources)
    found = [_count("breadth", "", used, length), _count("depth", "", high, length)]
    for scale, members in _scales(dataset, "sourcing.scale", crosswalk).items():
        there = _somewhere(dataset, "sourcing.scale", sources, members)
        found.append(_count("breadth", scale, _both(used, there), length))
        found.append(_count("depth", scale, _both(high, there), length))
    return found


def _somewhere(
    dataset: Dataset, construct: str, rows: Sequence[str], scales: Sequence[str]
) -> Floats:
    """(n, number of rows) whether the row was ticked at any of the scales."""
    return np.column_stack([any_true(_cells(dataset, construct, row, scales)) for row in rows])


def _both(first: Floats, second: Floats) -> Floats:
    """1 where both are 1, 0 where either is 0, else missing."""
    no = (first == 0) | (second == 0)
    return np.where(no, 0.0, np.where(np.isnan(first) | np.isnan(second), np.nan, 1.0))


def _count(stem: str, scale: str, cells: Floats, length: int) -> Measured:
    """The number of rows that are 1, of (n, length) cells."""
    label, what, source = _WORDS[stem]
    words = scale_words(scale)
    return Measured(
        name=f"{stem}.{scale}" if scale else stem,
        values=count_true(cells),
        kind="continuous",
        label=f"{label}, {words}" if scale else label,
        definition=f"{what}{f' at the scale “{words}”' if scale else ''}; 0 to {length}.",
        source=source,
        missing_rule=ALL_MISSING,
        scale=scale,
    )
