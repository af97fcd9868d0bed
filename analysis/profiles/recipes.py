"""Typologies of the literature as recipes: which measures, cut where, and which rules.

Names of measures are those of docs/reference/measures.md; other columns of the same names do as
well. Cuts and rules are ours where the source gives none, and say so.
"""

from dataclasses import dataclass

MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that a firm has or has not.

    Attributes
    ----------
    name, label : short, and in words
    measure : name of the measure it is cut from
    at_least : yes from this value on; ``median``: yes above the weighted median of the firms,
        or at it where no firm lies above
    below : yes under this value instead
    """

    name: str
    label: str
    measure: str
    at_least: float | str = 1.0
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """That so many of these indicators are there, or, if `holds` is false, are not."""

    indicators: tuple[str, ...]
    at_least: int
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A class and what a firm must fulfil to be in it; the first rule that it fulfils counts."""

    name: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Typology:
    """A division of firms that somebody has proposed.

    Attributes
    ----------
    key, title, source : what it is and where from
    indicators : what firms are told apart by
    rules : in their order; firms that fulfil none are in `otherwise`
    classes : how many latent classes the source expects
    caution : what to keep in mind with this one
    """

    key: str
    title: str
    source: str
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    otherwise: str
    classes: int
    caution: str

    @property
    def names(self) -> tuple[str, ...]:
        """Of the classes, that of firms which fulfil no rule last."""
        return (*(rule.name for rule in self.rules), self.otherwise)

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(indicator.measure for indicator in self.indicators))


def _all(*names: str) -> Condition:
    return Condition(names, len(names))


def _most(*names: str) -> Condition:
    return Condition(names, len(names) // 2 + 1)


def _none(*names: str) -> Condition:
    return Condition(names, 1, holds=False)


_STI = ("research", "graduates", "science_partners")
_DUI = ("chain_partners", "talk", "sharing")

MODES = Typology(
    key="modes",
    title="Modes of learning: science and technology (STI), doing, using and interacting (DUI)",
    source="Jensen, Johnson, Lorenz & Lundvall (2007)",
    indicators=(
        Indicator("research", "R&D inside", "research_inside"),
        Indicator("graduates", "Many graduates", "graduate_share", MEDIAN),
        Indicator("science_partners", "Partners in science", "sti_partners"),
        Indicator("chain_partners", "Suppliers or customers as partners", "dui_chain_partners"),
        Indicator("talk", "Useful informal talk", "buzz", MEDIAN),
        Indicator("sharing", "Open sharing", "sharing", MEDIAN),
    ),
    rules=(
        Rule("STI and DUI", (_most(*_STI), _most(*_DUI))),
        Rule("STI", (_most(*_STI),)),
        Rule("DUI", (_most(*_DUI),)),
    ),
    otherwise="low learning",
    classes=4,
    caution=(
        "The source asked for practices of work organisation as signs of the DUI mode; interaction "
        "with the chain, talk and sharing stand for it here."
    ),
)

_INTERNAL = ("research", "graduates", "training")
_EXTERNAL = ("depth", "breadth", "pipelines")
_COLLECTIVE = ("networking", "recruitment", "spin_off")

LEARNING_GROUPS = Typology(
    key="learning_groups",
    title="Groups of firms by how they learn: collective, external, internal",
    source="Capello (1999)",
    indicators=(
        Indicator("research", "R&D inside", "research_inside"),
        Indicator("graduates", "Many graduates", "graduate_share", MEDIAN),
        Indicator("training", "Able to use knowledge", "absorptive_capacity", MEDIAN),
        Indicator("depth", "Deep search", "depth", MEDIAN),
        Indicator("breadth", "Broad search", "breadth", MEDIAN),
        Indicator("pipelines", "Distant partners", "pipelines"),
        Indicator("networking", "Networked in the region", "networking_index", MEDIAN),
        Indicator("recruitment", "Hires in the region", "recruitment_index", 0.5),
        Indicator("spin_off", "Spin-off with contact", "spin_off_index", 0.5),
    ),
    rules=(
        Rule("collective learning", (_most(*_COLLECTIVE),)),
        Rule("external learning", (_most(*_EXTERNAL),)),
        Rule("internal learning", (_most(*_INTERNAL),)),
    ),
    otherwise="little learning",
    classes=3,
    caution=(
        "The source found most firms in external, few in internal and fewest in collective "
        "learning, in one region and with factor scores of its own."
    ),
)

REGIONAL_NETWORKS = Typology(
    key="regional_networks",
    title="Kinds of regional network that a firm takes part in",
    source="Asheim, localised learning, innovation and regional clusters",
    indicators=(
        Indicator("inside", "Ties mostly inside the region", "ei_index", below=0.0),
        Indicator("local_chain", "Local suppliers or customers", "dui_chain_partners.local"),
        Indicator("shared", "Gains from what is shared locally", "untraded", MEDIAN),
        Indicator("science_near", "Science partners in the region", "sti_partners.region"),
        Indicator("science_far", "Science partners in the country", "sti_partners.country"),
    ),
    rules=(
        Rule("networked regional system", (_all("inside", "science_near"),)),
        Rule("regionalised national system", (_all("science_far"), _none("inside"))),
        Rule(
            "territorially embedded network",
            (_all("inside"), Condition(("local_chain", "shared"), 1), _none("science_near")),
        ),
    ),
    otherwise="none of the three",
    classes=3,
    caution=(
        "The source divides regions, not firms: this is the network that a firm takes part in. "
        "Whether it was planned or grew, the firm cannot say."
    ),
)

_AREA = ("local_chain", "recruitment")
_DISTRICT = (*_AREA, "talk", "social_capital")
_MILIEU = (*_DISTRICT, "synergy", "innovator")

LADDER = Typology(
    key="ladder",
    title="Ladder from proximity to the innovative milieu",
    source="Capello (1999), after Keeble & Wilkinson (1999)",
    indicators=(
        Indicator("local_chain", "Local suppliers or customers", "dui_chain_partners.local"),
        Indicator("recruitment", "Hires in the region", "recruitment_index", 0.5),
        Indicator("talk", "Useful informal talk", "buzz", MEDIAN),
        Indicator("social_capital", "Trust and institutions", "social_capital", MEDIAN),
        Indicator("synergy", "Collective learning", "collective_learning", MEDIAN),
        Indicator("innovator", "Innovator", "innovator"),
    ),
    rules=(
        Rule(
            "innovative milieu",
            (_all("local_chain", "recruitment", "talk", "social_capital", "synergy", "innovator"),),
        ),
        Rule(
            "industrial district", (_all("local_chain", "recruitment", "talk", "social_capital"),)
        ),
        Rule("specialised area", (_all("local_chain", "recruitment"),)),
    ),
    otherwise="proximity at most",
    classes=3,
    caution="A firm is on a rung only if it is on every rung below.",
)

TYPOLOGIES = {each.key: each for each in (MODES, LEARNING_GROUPS, REGIONAL_NETWORKS, LADDER)}
