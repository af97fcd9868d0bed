"""The derived measures there are, and which constructs a wave must hold for each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure.

    Attributes
    ----------
    stem : its name, or the part before the dot where there is one measure a coordinate
    dimension : what the part after the dot names, ``scale`` or ``newness``; empty if none
    needs : constructs that must be bound; of each inner tuple any one is enough
    """

    stem: str
    needs: tuple[tuple[str, ...], ...]
    dimension: str = ""

    @property
    def name(self) -> str:
        return f"{self.stem}.<{self.dimension}>" if self.dimension else self.stem


_COOPERATION = ("networking.cooperation",)
_IMPORTANCE = ("sourcing.importance",)
_SOURCE_SCALE = ("sourcing.scale",)

CATALOGUE = (
    Entry("partners", (_COOPERATION,)),
    Entry("partners", (_COOPERATION,), "scale"),
    Entry("breadth", (_IMPORTANCE,)),
    Entry("breadth", (_IMPORTANCE, _SOURCE_SCALE), "scale"),
    Entry("depth", (_IMPORTANCE,)),
    Entry("depth", (_IMPORTANCE, _SOURCE_SCALE), "scale"),
    Entry("product", (("innovation.product",),)),
    Entry("process", (("innovation.process",),)),
    Entry("novelty", (("innovation.novelty",),)),
    Entry("new_to_market", (("innovation.novelty",),)),
    Entry("turnover", (("innovation.turnover_share",),), "newness"),
    Entry("ln_employment", (("control.ln_employment", "control.employment"),)),
    Entry("age", (("control.age", "control.start_year"),)),
    Entry("ln_age", (("control.age", "control.start_year"),)),
    Entry("foreign_owned", (("control.foreign_share",),)),
    Entry("exporter", (("control.export_share",),)),
    Entry("in_group", (("control.group",),)),
    Entry("graduate_share", (("control.graduate_share",),)),
    Entry("research_inside", (("research.inside",),)),
    Entry("rd_any", (("research.any", "research.inside"),)),
)


def what_is_lacking(name: str, held: Collection[str]) -> str:
    """Why the measure cannot be derived from the names a wave holds; empty if it is no measure."""
    stem, _, coordinate = name.partition(".")
    for entry in CATALOGUE:
        if entry.stem == stem and bool(entry.dimension) == bool(coordinate):
            return _lacking_constructs(name, entry, held) or _lacking_place(name, entry, held)
    return ""


def _lacking_constructs(name: str, entry: Entry, held: Iterable[str]) -> str:
    bound = {held_name.partition("[")[0] for held_name in held}
    wanted = [" or ".join(either) for either in entry.needs if not bound.intersection(either)]
    if not wanted:
        return ""
    return f"The measure “{name}” is made of {' and '.join(wanted)}, which this wave does not hold."


def _lacking_place(name: str, entry: Entry, held: Collection[str]) -> str:
    siblings = [
        held_name.partition(".")[2] for held_name in held if held_name.startswith(f"{entry.stem}.")
    ]
    _, _, coordinate = name.partition(".")
    if not entry.dimension or not siblings:
        return ""
    return (
        f"“{name}” needs the {entry.dimension} “{coordinate}”; this wave has {', '.join(siblings)}."
    )
