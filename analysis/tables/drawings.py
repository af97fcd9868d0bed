"""Curves of a model as plain values: what estimates.json keeps of them, and figures read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """Estimates along the values, with the limits of their 95 % intervals."""

    label: str
    values: tuple[float, ...]
    estimates: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Turning:
    """Where a U turns, and the values that are not rejected; None where these have no end."""

    at: float
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One curve, or one for each level of another variable; or why there is none.

    `kind` is ``prediction``, ``effect`` or ``u_shape``; `label` and `by_label` are words.
    """

    kind: str
    of: str
    by: str
    label: str
    by_label: str
    lines: tuple[Line, ...] = ()
    turning: Turning | None = None
    refusal: str = ""

    def document(self) -> dict[str, Any]:
        """Plain data for estimates.json."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Drawing":
        """What `document` made plain, also after it was written as JSON."""
        turning = document["turning"]
        lines = (
            Line(
                each["label"],
                *(tuple(each[name]) for name in ("values", "estimates", "low", "high")),
            )
            for each in document["lines"]
        )
        return cls(
            **{
                **document,
                "lines": tuple(lines),
                "turning": None if turning is None else Turning(**turning),
            }
        )
