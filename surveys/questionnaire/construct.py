"""What a construct is: a quantity of the theory that items may be bound to."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["binary", "ordinal", "category", "number", "money", "share", "year", "text"]


@dataclass(frozen=True, slots=True)
class Construct:
    """A quantity of the theory; `dimensions` name the coordinates of its cells."""

    name: str
    measure: Measure
    label: str
    dimensions: tuple[str, ...] = ()
    unit: str = ""
