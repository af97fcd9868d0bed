"""Keeping note of how a questionnaire is filled in; never of what is answered."""

from datetime import datetime
from typing import Any

from surveys.fieldwork.paradata import PageVisit
from surveys.models import AuditEvent, Case, CaseEvent, User, Wave


def event(case: Case, kind: str, at: datetime, **detail: Any) -> CaseEvent:
    """An event of the case that is not written yet; details that are empty are left out."""
    told = {key: value for key, value in detail.items() if value not in ("", None, [], {})}
    return CaseEvent(case=case, kind=kind, at=at, detail=told)


def record(case: Case, kind: str, at: datetime, **detail: Any) -> CaseEvent:
    """One event of the case, written."""
    made = event(case, kind, at, **detail)
    made.save(force_insert=True)
    return made


def page_left(
    case: Case, visit: PageVisit, at: datetime, *, page: str, entry: str = "", **more: str
) -> CaseEvent:
    """A visit to a page, or to a step of an entry of a roster (``k3f9/2``), that has ended.

    `more` says how it ended, on which class of device and in which language. The event is to
    be written by the caller, with what ended the visit.
    """
    return event(
        case,
        "page_left",
        at,
        page=page,
        entry=entry,
        entered=visit.entered.isoformat(),
        open=visit.open,
        visible=visit.visible,
        hidden=visit.hidden,
        gaps=visit.gaps,
        changes=dict(visit.changes),
        **more,
    )


def record_export(
    *, wave: Wave, file_format: str, events: int, by: User | None, at: datetime
) -> AuditEvent:
    """Audit that the paradata of a wave left the platform."""
    return AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="paradata_downloaded",
        at=at,
        detail={"wave": wave.slug, "format": file_format, "events": events},
    )
