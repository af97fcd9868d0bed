"""Firms on a frame, counted, looked up, and compared with another version."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from surveys.models import Enterprise, EnterpriseEvent, Frame, FrameUpload, Survey, Unit

_STRATUM = ("size_class", "industry", "region")
CHANGES = ("births", "deaths", "moved", "renamed")
_LISTED = (
    "register_id",
    "name",
    "size_class",
    "industry",
    "region",
    "nace",
    "employees",
    "enterprise_id",
)


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


def frames_of(survey: Survey) -> QuerySet[Frame]:
    """The versions of the survey's frame, newest first, with the number of waves on each."""
    frames = Frame.objects.filter(survey=survey).select_related("previous")
    return frames.annotate(wave_count=Count("waves")).order_by("-number")


def unfinished_uploads(survey: Survey) -> QuerySet[FrameUpload]:
    """Files that are not a version yet."""
    uploads = FrameUpload.objects.filter(survey=survey).exclude(state=FrameUpload.State.LOADED)
    return uploads.select_related("by").defer("columns", "mapping")


def uploads_of(survey: Survey) -> QuerySet[FrameUpload]:
    return FrameUpload.objects.filter(survey=survey).select_related("frame")


def units_of(frame: Frame, search: str) -> QuerySet[Unit]:
    """Units by register identifier; those whose identifier or name begins so, if asked."""
    units = Unit.objects.filter(frame=frame).only(*_LISTED).order_by("register_id")
    if search:
        units = units.filter(Q(register_id__startswith=search) | Q(name__istartswith=search))
    return units


def changed_units(new: Frame, old: Frame, change: str) -> QuerySet[Unit]:
    """Units that are new, gone, in another stratum or under another name since the old version.

    Those that are gone are units of the old version, all others of the new one.
    """
    frame, other = (old, new) if change == "deaths" else (new, old)
    same = Unit.objects.filter(frame=other, register_id=OuterRef("register_id"))
    units = Unit.objects.filter(frame=frame).only(*_LISTED).order_by("register_id")
    if change in ("births", "deaths"):
        return units.filter(~Exists(same))
    names = _STRATUM if change == "moved" else ("name",)
    differs = same.exclude(**{name: OuterRef(name) for name in names})
    return units.filter(Exists(differs))


def change_counts(new: Frame, old: Frame) -> dict[str, int]:
    """How many units there are of each change, one statement each."""
    return {change: changed_units(new, old, change).count() for change in CHANGES}


def earlier_units(old: Frame, units: list[Unit]) -> dict[str, Unit]:
    """What the old version told of these firms, by register identifier."""
    identifiers = [unit.register_id for unit in units]
    found = Unit.objects.filter(frame=old, register_id__in=identifiers).only(*_LISTED)
    return {unit.register_id: unit for unit in found}


def enterprises_of(survey: Survey) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(survey=survey)


def units_of_enterprise(enterprise: Enterprise) -> QuerySet[Unit]:
    """The firm on every version of the frame, newest first, with the waves that drew it."""
    units = Unit.objects.filter(enterprise=enterprise).select_related("frame")
    return units.prefetch_related("cases__wave").order_by("-frame__number")


def taken_over_by(enterprise: Enterprise) -> QuerySet[EnterpriseEvent]:
    """Events of other firms that this one succeeds, by merger, split or closure."""
    events = EnterpriseEvent.objects.filter(successor=enterprise)
    return events.select_related("enterprise", "by").order_by("on", "pk")


def events_of(enterprise: Enterprise) -> QuerySet[EnterpriseEvent]:
    return EnterpriseEvent.objects.filter(enterprise=enterprise).select_related(
        "successor", "by", "frame"
    )
