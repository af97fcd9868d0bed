"""What a plan is about, as a value: the proposition, what bears it out, what counts against it."""

from dataclasses import dataclass
from typing import Any, Literal

Basis = Literal["abstract", "document", "memory"]
Shape = Literal["direction", "inverted_u", "u_shape"]

THEMES = {
    "scales": "Local, national, global",
    "search": "Breadth and depth of search",
    "modes": "Modes of learning",
    "proximity": "Proximity and lock-in",
    "people": "Trust, people, spin-offs",
    "knowledge": "Knowledge and absorption",
    "firms": "Differences between firms",
    "performance": "From innovation to performance",
    "waves": "Over waves",
}
BASES = {
    "abstract": "read in its abstract",
    "document": "as told in the documents that this work builds on",
    "memory": "from memory, unverified",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposition: its name in the map of the field, such as L12, and its words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """A work, what of it is used, and on what basis that is said: one of BASES."""

    work: str
    says: str = ""
    basis: Basis = "document"

    @property
    def sentence(self) -> str:
        return f"{self.work}: {self.says} ({BASES[self.basis]})." if self.says else f"{self.work}."


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the hypothesis expects of a test that models of the plan carry.

    `about` is the directed hypothesis, or the variable of a U-test, as the test has it.
    """

    shape: Shape
    about: str

    @property
    def asked(self) -> str:
        """The test as estimates.json names it."""
        return self.about if self.shape == "direction" else f"u_shape: {self.about}"


@dataclass(frozen=True, slots=True)
class Robustness:
    """A model of the plan, or its ``curve``, that the finding has to survive, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Theory:
    """What the plan's models are for.

    Attributes
    ----------
    theme : key of THEMES
    estimand : what is estimated, of which firms, in words
    hypothesis : directed, in words; `expects` says the same in tests
    against : what would count against it
    """

    theme: str
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    estimand: str
    hypothesis: str
    against: str
    expects: tuple[Expectation, ...] = ()
    robustness: tuple[Robustness, ...] = ()

    @property
    def theme_words(self) -> str:
        return THEMES[self.theme]

    def document(self) -> dict[str, Any]:
        """As estimates.json and the commands give it."""
        return {
            "theme": self.theme,
            "proposition": {each.name: each.words for each in self.claims},
            "source": [
                {"work": each.work, "says": each.says, "basis": each.basis} for each in self.sources
            ],
            "estimand": self.estimand,
            "hypothesis": self.hypothesis,
            "expects": [{"shape": each.shape, "about": each.about} for each in self.expects],
            "against": self.against,
            "robustness": {each.name: each.why for each in self.robustness},
        }
