"""Networking and search by geographic scale.

Partner types by scale: Fitjar & Rodriguez-Pose (2011), the number of partner types with at
least one partner at the scale. Breadth and depth: Laursen & Salter (2006), the number of
external sources used at all, and the number rated high.
"""

from collections.abc import Callable, Iterable, Mapping

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


def _by_row(rows: Iterable[str], cells: Callable[[str], Floats], count: int) -> Floats:
    """(n, number of rows) whether any cell of the row is 1."""
    columns = [any_true(cells(row)) for row in rows]
    return np.column_stack(columns) if columns else np.empty((count, 0))


def _partners(dataset: Dataset, crosswalk: Crosswalk) -> list[Measured]:
    construct = "networking.cooperation"
    partners = _coordinates(dataset, construct, "partner")
    if not partners:
        return []
    scales = _scales(dataset, construct, crosswalk)
    own = _coordinates(dataset, construct, "scale")
    count = len(dataset.frame)

    def counted(members: Iterable[str]) -> Floats:
        members = tuple(members)
        return count_true(
            _by_row(partners, lambda row: _cells(dataset, construct, row, members), count)
        )

    overall = _count("partners", counted(own), "Partner types", len(partners), FITJAR, "")
    return [overall] + [
        _count(
            f"partners.{scale}",
            counted(members),
            f"Partner types, {scale_words(scale)}",
            len(partners),
            FITJAR,
            scale,
        )
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
    found = [
        _count("breadth", count_true(used), "Breadth of search", len(sources), LAURSEN, ""),
        _count("depth", count_true(high), "Depth of search", len(sources), LAURSEN, ""),
    ]
    for scale, members in _scales(dataset, "sourcing.scale", crosswalk).items():
        there = _by_row(
            sources,
            lambda row, members=members: _cells(dataset, "sourcing.scale", row, members),  # type: ignore[misc]  # a default binds the loop's value
            len(dataset.frame),
        )
        words = scale_words(scale)
        found += [
            _count(
                f"breadth.{scale}",
                count_true(_both(used, there)),
                f"Breadth of search, {words}",
                len(sources),
                LAURSEN,
                scale,
            ),
            _count(
                f"depth.{scale}",
                count_true(_both(high, there)),
                f"Depth of search, {words}",
                len(sources),
                LAURSEN,
                scale,
            ),
        ]
    return found


def _both(first: Floats, second: Floats) -> Floats:
    """1 where both are 1, 0 where either is 0, else missing."""
    no = (first == 0) | (second == 0)
    return np.where(no, 0.0, np.where(np.isnan(first) | np.isnan(second), np.nan, 1.0))


def _count(name: str, values: Floats, label: str, length: int, source: str, scale: str) -> Measured:
    what = {
        "partners": "Number of partner types with at least one partner",
        "breadth": "Number of external sources used, importance 1 or more",
        "depth": "Number of external sources rated high, importance 3",
    }[name.partition(".")[0]]
    where = f" at the scale “{scale_words(scale)}”" if scale else ""
    return Measured(
        name=name,
        values=values,
        kind="continuous",
        label=label,
        definition=f"{what}{where}; 0 to {length}.",
        source=source,
        missing_rule=ALL_MISSING,
        scale=scale,
    )
