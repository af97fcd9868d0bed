"""Keeping note of who took data out."""

from datetime import datetime

from surveys.models import AuditEvent, User, Wave


def record_download(
    *, wave: Wave, file_format: str, firms: int, by: User | None, at: datetime
) -> AuditEvent:
    """Audit that the extract of a wave left the platform."""
    return AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="extract_downloaded",
        at=at,
        detail={"wave": wave.slug, "format": file_format, "firms": firms},
    )
