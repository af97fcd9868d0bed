"""The firms that were drawn for a wave, beside the units of the frame that it was drawn from."""

from dataclasses import dataclass

from django.db.models import Count

from surveys.models import Case, Unit, Wave
from surveys.queries.outcomes import NOT_STATED

VARIABLES = {"size_class": "Size class", "industry": "Industry", "region": "Region"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One eligible firm that was drawn; `codes` are those of `VARIABLES`, in their order."""

    pseudonym: str
    weight: float
    stratum: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgainstFrame:
    """`on_frame` counts the frame's units by variable and code; ineligible firms are not drawn."""

    name: str
    total: int
    drawn: tuple[Drawn, ...]
    on_frame: dict[str, dict[str, int]]


def against_frame(wave: Wave) -> AgainstFrame | None:
    """The sample and its frame, in five statements at most; None for a wave without a frame."""
    if wave.frame is None:
        return None
    rows = (
        Case.objects.filter(wave=wave, unit__isnull=False)
        .exclude(disposition=Case.Disposition.NOT_ELIGIBLE)
        .order_by("pseudonym")
        .values_list(
            "pseudonym", "design_weight", "stratum__label", *(f"unit__{name}" for name in VARIABLES)
        )
    )
    drawn = tuple(
        Drawn(pseudonym, weight, stratum, tuple(code or NOT_STATED for code in codes))
        for pseudonym, weight, stratum, *codes in rows
    )
    on_frame = {name: _counts(wave, name) for name in VARIABLES}
    total = sum(on_frame["size_class"].values())
    return AgainstFrame(wave.frame.name, total, drawn, on_frame)


def _counts(wave: Wave, name: str) -> dict[str, int]:
    counted = Unit.objects.filter(frame=wave.frame_id).values_list(name).annotate(Count("pk"))
    return {code or NOT_STATED: count for code, count in counted.order_by(name)}
