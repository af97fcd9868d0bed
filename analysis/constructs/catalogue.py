"""The derived measures there are, and which constructs a wave must hold for each."""

from collections.abc import Collection, Iterable

from analysis.constructs.absorptive_capacity import ENTRIES as ABSORPTIVE_CAPACITY
from analysis.constructs.accessibility import ENTRIES as ACCESSIBILITY
from analysis.constructs.buzz_and_pipelines import ENTRIES as BUZZ_AND_PIPELINES
from analysis.constructs.collective_learning import ENTRIES as COLLECTIVE_LEARNING
from analysis.constructs.composition import ENTRIES as COMPOSITION
from analysis.constructs.controls import ENTRIES as CONTROLS
from analysis.constructs.ego_networks import ENTRIES as EGO_NETWORKS
from analysis.constructs.embeddedness import ENTRIES as EMBEDDEDNESS
from analysis.constructs.entry import Entry
from analysis.constructs.innovator_types import ENTRIES as INNOVATOR_TYPES
from analysis.constructs.knowledge_base import ENTRIES as KNOWLEDGE_BASE
from analysis.constructs.modes import ENTRIES as MODES
from analysis.constructs.networking import ENTRIES as NETWORKING
from analysis.constructs.outcomes import ENTRIES as OUTCOMES
from analysis.constructs.proximities import ENTRIES as PROXIMITIES
from analysis.constructs.ties_over_waves import ENTRIES as OVER_WAVES
from analysis.linking import WAVE

# Families in the order of the codebook, each by the name of its file.
FAMILIES: dict[str, tuple[Entry, ...]] = {
    "networking": NETWORKING,
    "composition": COMPOSITION,
    "modes": MODES,
    "buzz_and_pipelines": BUZZ_AND_PIPELINES,
    "proximities": PROXIMITIES,
    "ego_networks": EGO_NETWORKS,
    "outcomes": OUTCOMES,
    "controls": CONTROLS,
    "innovator_types": INNOVATOR_TYPES,
    "collective_learning": COLLECTIVE_LEARNING,
    "knowledge_base": KNOWLEDGE_BASE,
    "embeddedness": EMBEDDEDNESS,
    "absorptive_capacity": ABSORPTIVE_CAPACITY,
    "accessibility": ACCESSIBILITY,
}
CATALOGUE = tuple(entry for entries in FAMILIES.values() for entry in entries)


def what_is_lacking(name: str, held: Collection[str]) -> str:
    """Why the measure cannot be derived from the names a wave holds; empty if it is no measure."""
    stem, _, coordinate = name.partition(".")
    if WAVE not in held and stem in {entry.stem for entry in OVER_WAVES}:
        return f"The measure “{name}” compares the waves of a firm, and this plan is of one wave."
    for entry in (*CATALOGUE, *OVER_WAVES):
        if entry.stem == stem and bool(entry.dimension) == bool(coordinate):
            return (
                _lacking_constructs(name, entry, held)
                or _lacking_codes(name, entry, held)
                or _lacking_place(name, entry, held)
                or _lacking_else(name, entry)
            )
    return ""


def _lacking_constructs(name: str, entry: Entry, held: Iterable[str]) -> str:
    bound = {held_name.partition("[")[0] for held_name in held}
    wanted = [" or ".join(either) for either in entry.needs if not bound.intersection(either)]
    if not wanted:
        return ""
    return f"The measure “{name}” is made of {' and '.join(wanted)}, which this wave does not hold."


def _lacking_codes(name: str, entry: Entry, held: Iterable[str]) -> str:
    construct = entry.needs[0][0]
    asked = {
        place
        for held_name in held
        if held_name.startswith(f"{construct}[")
        for place in held_name.partition("[")[2].rstrip("]").split(",")
    }
    if not entry.codes or asked.intersection(entry.codes):
        return ""
    return (
        f"The measure “{name}” needs {construct} of {' or '.join(entry.codes)}, "
        "which this wave did not ask."
    )


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


def _lacking_else(name: str, entry: Entry) -> str:
    """All constructs are there, and still it was not made: a part of them was not asked."""
    if entry.of_entries:
        return (
            f"The measure “{name}” needs what was said of each partner named; this wave holds "
            "counts of partners only."
        )
    return (
        f"The measure “{name}” cannot be made of what this wave asked of "
        f"{' and '.join(' or '.join(either) for either in entry.needs)}: {entry.general}"
    )
