"""Firms on a frame, counted."""

from dataclasses import dataclass

from django.db.models import Count

from surveys.models import Frame, Unit


@dataclass(frozen=True, slots=True)
class FrameCell:
    size_class: str
    industry: str
    region: str
    units: int


def frame_cells(frame: Frame) -> tuple[FrameCell, ...]:
    """Firms of the frame by size class, industry and region, in one statement."""
    rows = (
        Unit.objects.filter(frame=frame)
        .values("size_class", "industry", "region")
        .annotate(units=Count("pk"))
        .order_by("size_class", "industry", "region")
    )
    return tuple(FrameCell(**row) for row in rows)


def frame_size(frame: Frame) -> int:
    return Unit.objects.filter(frame=frame).count()
