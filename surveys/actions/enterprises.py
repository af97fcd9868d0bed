"""What became of a firm between waves, kept by who knows it."""

from datetime import date, datetime

from django.db import transaction

from surveys.models import AuditEvent, Enterprise, EnterpriseEvent, Survey, User

_ONLY_LISTS_TELL = (EnterpriseEvent.Kind.APPEARED, EnterpriseEvent.Kind.LEFT)
BY_HAND = tuple(kind for kind in EnterpriseEvent.Kind if kind not in _ONLY_LISTS_TELL)
"""What a person may record; the others follow from two versions of the frame."""

_NEEDS_SUCCESSOR = frozenset({EnterpriseEvent.Kind.MERGED})
_MAY_HAVE_SUCCESSOR = _NEEDS_SUCCESSOR | {EnterpriseEvent.Kind.SPLIT, EnterpriseEvent.Kind.CLOSED}


class EventRefused(Exception):
    """An event that cannot be kept. `field` names what is wrong, the text says why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@transaction.atomic
def record_event(
    *,
    enterprise: Enterprise,
    kind: str,
    on: date,
    successor: Enterprise | None,
    note: str,
    by: User | None,
    at: datetime,
) -> EnterpriseEvent:
    """Append what happened to a firm. Frames and samples that exist stay as they are."""
    if on > at.date():
        raise EventRefused("on", "The day lies in the future. Record what has happened.")
    if kind in _ONLY_LISTS_TELL:
        raise EventRefused("kind", "Versions of the list tell this. Record why it came about.")
    _check_successor(enterprise, kind, successor)
    event = EnterpriseEvent.objects.create(
        enterprise=enterprise, kind=kind, on=on, successor=successor, note=note, by=by, at=at
    )
    # The note may name people and stays with the firm.
    AuditEvent.objects.create(
        user=by,
        survey_id=enterprise.survey_id,
        action="enterprise_event_recorded",
        at=at,
        detail={"enterprise": enterprise.pk, "kind": kind, "on": on.isoformat()},
    )
    return event


def successor_of(*, survey: Survey, register_id: str) -> Enterprise | None:
    """The firm that an identifier names; None for an empty one. Raises EventRefused."""
    if not register_id:
        return None
    found = Enterprise.objects.filter(survey=survey, register_id=register_id).first()
    if found is None:
        raise EventRefused("successor", "No firm of this survey has that register identifier.")
    return found


def _check_successor(enterprise: Enterprise, kind: str, successor: Enterprise | None) -> None:
    if successor is None and kind in _NEEDS_SUCCESSOR:
        raise EventRefused("successor", "Give the register identifier of the firm it merged into.")
    if successor is None:
        return
    if kind not in _MAY_HAVE_SUCCESSOR:
        raise EventRefused("successor", "Only a merger, a split or a closure has a successor.")
    if successor.pk == enterprise.pk:
        raise EventRefused("successor", "A firm does not succeed itself.")
    if successor.survey_id != enterprise.survey_id:
        raise EventRefused("successor", "That firm belongs to another survey.")
    back = EnterpriseEvent.objects.filter(enterprise=successor, successor=enterprise)
    if back.filter(kind__in=_NEEDS_SUCCESSOR).exists():
        raise EventRefused("successor", "That firm merged into this one, as is recorded.")
