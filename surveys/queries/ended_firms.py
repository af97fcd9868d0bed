"""Firms of a list that, as people recorded, are no longer firms of the population."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from surveys.models import EnterpriseEvent, Frame, SamplePlan, Unit, Wave
from surveys.sampling.designs import ENDS


@dataclass(frozen=True, slots=True)
class Ended:
    """Units of a frame whose firm ended, with how: keys to kinds of events, the last of each."""

    kinds: Mapping[int, str]

    def of(self, kinds: Collection[str]) -> tuple[int, ...]:
        """Keys of the units that ended so, rising."""
        return tuple(sorted(key for key, kind in self.kinds.items() if kind in kinds))

    def document(self, left_out: Collection[str], drawn: Collection[int]) -> dict[str, Any]:
        """What the preview of a plan tells: how many are left out, stay, and would be drawn."""
        gone = self.of(left_out)
        staying = set(self.kinds) - set(gone)
        told = ",".join(map(str, gone)).encode()
        return {
            "left_out": len(gone),
            "staying": len(staying),
            "drawn": len(staying & set(drawn)),
            "fingerprint": blake2b(told, digest_size=16).hexdigest(),
        }


def ended_firms(frame: Frame) -> Ended:
    """What was recorded last of each firm, unless a later version of the list had it back."""
    unit = Unit.objects.filter(frame=frame, enterprise=OuterRef("enterprise")).values("pk")[:1]
    rows = (
        _ends(EnterpriseEvent.objects.filter(enterprise__survey=frame.survey_id))
        .annotate(unit=Subquery(unit))
        .filter(unit__isnull=False)
        .order_by("on", "pk")
        .values_list("unit", "kind")
    )
    return Ended(dict(rows))


def units_of_population(wave: Wave) -> QuerySet[Unit]:
    """The units of the wave's frame without those that its drawn plan left out.

    What was recorded of firms after the draw changes nothing of the population it was for.
    """
    units = Unit.objects.filter(frame=wave.frame_id)
    plan = SamplePlan.objects.filter(wave=wave, drawn_at__isnull=False).first()
    kinds = plan.document.get("leave_out", []) if plan is not None else []
    if plan is None or not kinds:
        return units
    known = EnterpriseEvent.objects.filter(enterprise__survey=wave.survey_id, at__lte=plan.drawn_at)
    is_later = Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk"))
    later = _ends(known, known).filter(is_later, enterprise=OuterRef("enterprise"))
    gone = _ends(known, known).filter(~Exists(later), kind__in=kinds)
    return units.exclude(enterprise__in=gone.values("enterprise"))


def _ends(
    events: QuerySet[EnterpriseEvent], known: QuerySet[EnterpriseEvent] | None = None
) -> QuerySet[EnterpriseEvent]:
    """Of the events those that ended a firm which no later list, of those known, had back."""
    lists = EnterpriseEvent.objects.all() if known is None else known
    back = lists.filter(
        enterprise=OuterRef("enterprise"), kind=EnterpriseEvent.Kind.APPEARED, at__gt=OuterRef("at")
    )
    return events.filter(~Exists(back), kind__in=ENDS)
