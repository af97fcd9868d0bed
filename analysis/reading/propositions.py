"""What the literature expects of partners at each scale: for, and against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim that a positive association would bear out, and who holds against it."""

    claim: str
    claimed_by: str
    doubt: str
    doubted_by: str


_NEAR = Proposition(
    "Knowledge that is hard to write down is learnt face to face, so firms with more partners "
    "nearby innovate more.",
    "Maskell and Malmberg (1999), Localised learning and industrial competitiveness; Asheim and "
    "Isaksen (2002), Regional innovation systems",
    "Partners nearby know what the firm knows already, and too much nearness locks it in.",
    "Boschma (2005), Proximity and innovation; Fitjar and Rodríguez-Pose (2011), When local "
    "interaction does not suffice",
)
_NATIONAL = Proposition(
    "Rules, schools and money are national, so learning with partners in the country comes with "
    "innovation.",
    "Lundvall (1992), National systems of innovation; Simmie (2003), Innovation and urban regions "
    "as national and international nodes",
    "National partners are neither near enough for what is hard to write down nor far enough to "
    "bring what is new.",
    "Fitjar and Rodríguez-Pose (2011), When local interaction does not suffice",
)
_FAR = Proposition(
    "New knowledge comes through pipelines from afar, which local exchange then spreads.",
    "Bathelt, Malmberg and Maskell (2004), Clusters and knowledge: local buzz, global pipelines",
    "Distance makes learning dear, and knowledge that rests on a shared setting travels badly.",
    "Gertler (2003), Tacit knowledge and the economic geography of context",
)
_BREADTH = Proposition(
    "Firms that draw on more kinds of sources find more that is new, up to a point.",
    "Laursen and Salter (2006), Open for innovation",
    "Attention is scarce: beyond some number, further sources cost more than they bring.",
    "Laursen and Salter (2006), Open for innovation",
)

_OF_PARTNERS = {
    "local": _NEAR,
    "region": _NEAR,
    "near": _NEAR,
    "country": _NATIONAL,
    "national": _NATIONAL,
    "home": _NATIONAL,
    "latin_america": _FAR,
    "abroad": _FAR,
    "europe": _FAR,
    "farther": _FAR,
    "global": _FAR,
}
_PARTNERS = ("partners.", "sources.")
_OF_TERMS = {"breadth": _BREADTH, "depth": _BREADTH}


def proposition_on(term: str, scale: str | None) -> Proposition | None:
    """What is expected of a term; None where nothing that we know of is."""
    if scale and term.startswith(_PARTNERS):
        return _OF_PARTNERS.get(scale)
    return _OF_TERMS.get(term)
