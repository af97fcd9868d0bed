"""Cases in the order in which one more contact is expected to gain most."""

from django.db.models import QuerySet

from surveys.models import Case, Wave

_WAITING = (Case.Disposition.NOT_STARTED, Case.Disposition.STARTED)


def most_urgent(wave: Wave, limit: int = 10) -> QuerySet[Case]:
    """Cases that may still answer, by the priority that was computed last."""
    cases = Case.objects.filter(wave=wave, priority__isnull=False, disposition__in=_WAITING)
    return cases.select_related("stratum").order_by("-priority", "pk")[:limit]
