"""Keeping note of who took data out."""

from collections.abc import Sequence
from datetime import datetime

from surveys.models import AuditEvent, Survey, User, Wave


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


def record_answers_download(
    *,
    wave: Wave,
    file_format: str,
    firms: int,
    with_words: bool,
    by: User | None,
    at: datetime,
    table: str = "all",
) -> AuditEvent:
    """Audit that answers item by item left the platform, and whether what firms wrote did.

    `table` is the one of the tables that left, if not all did.
    """
    return AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="answers_downloaded",
        at=at,
        detail={
            "wave": wave.slug,
            "format": file_format,
            "firms": firms,
            "with_words": with_words,
            "table": table,
        },
    )


def record_panel_download(
    *,
    survey: Survey,
    waves: Sequence[Wave],
    file_format: str,
    firms: int,
    with_words: bool,
    by: User | None,
    at: datetime,
    table: str = "all",
) -> AuditEvent:
    """Audit that linked files of several waves left the platform, and whether words of firms did.

    `table` is the one of the files that left, if not all did.
    """
    return AuditEvent.objects.create(
        user=by,
        survey=survey,
        action="panel_downloaded",
        at=at,
        detail={
            "waves": [wave.slug for wave in waves],
            "format": file_format,
            "firms": firms,
            "with_words": with_words,
            "table": table,
        },
    )
