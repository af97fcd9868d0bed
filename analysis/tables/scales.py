"""The geographic scales as they are shown: order from near to far, name, colour, mark.

The five scales of the core instrument have one colour each, everywhere, which the coarse scales
of the library's plans share; any other scale is
drawn in ink and told apart by its mark alone. Colours are those of the light theme, since
charts stand on white, on the page and in print.
"""

from collections.abc import Iterable
from dataclasses import dataclass

INK = "#17202A"
QUIET_INK = "#5B6770"
HAIRLINE = "#D9DEDA"


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale; `shape` is a Vega symbol name."""

    name: str
    label: str
    colour: str
    shape: str


SCALES = (
    Scale("local", "Local area", "#C77A12", "circle"),
    Scale("region", "Rest of region", "#A8474B", "square"),
    Scale("near", "Own region", "#A8474B", "square"),
    Scale("home", "Home country", INK, "cross"),
    Scale("country", "Rest of country", "#6D4C9A", "diamond"),
    Scale("national", "National", "#6D4C9A", "diamond"),
    Scale("latin_america", "Latin America", INK, "triangle-left"),
    Scale("europe", "Rest of Europe", "#2C7FB8", "triangle-up"),
    Scale("abroad", "Abroad", "#0B3C49", "triangle-down"),
    Scale("farther", "Farther away", INK, "triangle-right"),
    Scale("global", "Elsewhere", "#0B3C49", "triangle-down"),
)
_BY_NAME = {scale.name: (place, scale) for place, scale in enumerate(SCALES)}
_OTHER_SHAPES = ("cross", "triangle-right", "triangle-left", "wedge", "arrow")


def scale_named(name: str) -> Scale:
    """The scale; one that is not known is drawn in ink under its own name."""
    if name in _BY_NAME:
        return _BY_NAME[name][1]
    shape = _OTHER_SHAPES[sum(name.encode()) % len(_OTHER_SHAPES)]
    return Scale(name, name.replace("_", " ").capitalize(), INK, shape)


def near_to_far(names: Iterable[str]) -> tuple[str, ...]:
    """The names without repetition, nearest first; unknown scales last, in the order given."""
    given = tuple(dict.fromkeys(names))
    return tuple(
        sorted(given, key=lambda name: _BY_NAME[name][0] if name in _BY_NAME else len(SCALES))
    )
