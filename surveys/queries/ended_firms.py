"""Firms of a list that, as people recorded, are no longer firms of the population."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from surveys.models import EnterpriseEvent, Frame, Unit
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
    back = EnterpriseEvent.objects.filter(
        enterprise=OuterRef("enterprise"), kind=EnterpriseEvent.Kind.APPEARED, at__gt=OuterRef("at")
    )
    unit = Unit.objects.filter(frame=frame, enterprise=OuterRef("enterprise")).values("pk")[:1]
    events = EnterpriseEvent.objects.filter(enterprise__survey=frame.survey_id, kind__in=ENDS)
    rows = (
        events.filter(~Exists(back))
        .annotate(unit=Subquery(unit))
        .filter(unit__isnull=False)
        .order_by("on", "pk")
        .values_list("unit", "kind")
    )
    return Ended(dict(rows))
