"""The scales from near to far, and the kinds of partner that the theory tells apart."""

from collections.abc import Mapping

Crosswalk = Mapping[str, tuple[str, ...]]

SCALE_WORDS = {
    "local": "local area",
    "region": "rest of the region",
    "country": "rest of the country",
    "europe": "rest of Europe",
    "global": "elsewhere in the world",
}
NEAR_TO_FAR = tuple(SCALE_WORDS)
INSIDE = ("local", "region")
OUTSIDE = ("country", "europe", "global")
ABROAD = ("europe", "global")

CLIENTS = ("clients_private", "clients_public", "clients", "customers")
SUPPLIERS = ("suppliers",)
COMPETITORS = ("competitors",)
CHAIN = SUPPLIERS + CLIENTS
SCIENCE = ("universities", "research_institutes", "public_science_bodies")
CONSULTANTS = ("consultants", "laboratories")
STI = CONSULTANTS + SCIENCE


def scale_words(scale: str) -> str:
    """A scale, or any other coordinate, in words."""
    return SCALE_WORDS.get(scale, scale.replace("_", " "))


def within(asked: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the coordinates asked that are among the wanted, in the order asked."""
    return tuple(each for each in asked if each in wanted)


def scales_of(own: tuple[str, ...], crosswalk: Crosswalk) -> dict[str, tuple[str, ...]]:
    """Every scale that can be counted: the instrument's own and those of the crosswalk.

    A coarse scale with a part that was not asked is left out: it cannot be made of the rest.
    """
    coarse = {name: members for name, members in crosswalk.items() if set(members) <= set(own)}
    return {scale: (scale,) for scale in own} | coarse
