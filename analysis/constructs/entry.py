"""What a measure is, whichever wave it is made from: a line of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.constructs.measured import Floats, Kind, Measured, Needs, Range, Values
from analysis.constructs.places import scale_words

AT = "{at}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure, or one for each coordinate.

    Attributes
    ----------
    stem : its name, or the part before the dot where there is one measure a coordinate
    needs : constructs that must be bound; of each inner tuple any one is enough
    definition : a sentence; ``{at}`` stands for the coordinate
    range : lowest and highest value, or a sentence where they depend on the wave
    dimension : what the part after the dot names, such as ``scale``; empty if none
    codes : coordinates of the first construct, any one of which the wave must have asked
    of_entries : whether it needs what was said of each entry of a roster, not counts alone
    """

    stem: str
    needs: Needs
    label: str
    definition: str
    range: Range
    missing_rule: str
    source: str = ""
    dimension: str = ""
    kind: Kind = "continuous"
    codes: tuple[str, ...] = ()
    of_entries: bool = False

    @property
    def name(self) -> str:
        return f"{self.stem}.<{self.dimension}>" if self.dimension else self.stem

    @property
    def general(self) -> str:
        """The definition without a coordinate."""
        return self.definition.replace(AT, f"the {self.dimension}")

    def measured(
        self,
        values: Values,
        *,
        at: str = "",
        range: Range | None = None,
        note: str = "",
        codes: tuple[tuple[str, str], ...] = (),
        parts: Mapping[str, Floats] | None = None,
        reflective: bool = True,
    ) -> Measured:
        """The measure of a wave: at a coordinate, with what holds in this wave only in `note`."""
        words = scale_words(at)
        where = f"the {self.dimension} “{words}”"
        return Measured(
            name=f"{self.stem}.{at}" if at else self.stem,
            values=values,
            kind=self.kind,
            label=f"{self.label}, {words}" if at else self.label,
            definition=" ".join(filter(None, [self.definition.replace(AT, where), note])),
            source=self.source,
            missing_rule=self.missing_rule,
            scale=at if self.dimension == "scale" else "",
            codes=codes,
            range=self.range if range is None else range,
            needs=self.needs,
            parts=parts or {},
            reflective=reflective,
        )


def range_words(bounds: Range) -> str:
    """``0 to 1``, or the sentence as it is."""
    return bounds if isinstance(bounds, str) else f"{bounds[0]:g} to {bounds[1]:g}"


def codebook_cells(entry: Entry) -> tuple[str, ...]:
    """The line of the reference page: name, constructs, definition, range, missing, source."""
    needs = ", ".join(" or ".join(f"`{each}`" for each in either) for either in entry.needs)
    return (
        f"`{entry.name}`",
        needs,
        entry.general,
        range_words(entry.range),
        entry.missing_rule,
        entry.source or "–",
    )
