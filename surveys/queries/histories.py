"""The histories of cases, as far as they are evidence of a disposition."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from surveys.fieldwork.histories import EVIDENCE, Recorded
from surveys.models import Case, CaseEvent, Wave


@dataclass(frozen=True, slots=True)
class History:
    """A case with what is kept of it, and its evidence in the order of happening."""

    case: int
    pseudonym: str
    disposition: str
    final_code: str
    events: tuple[Recorded, ...]


def evidence_of(case: Case) -> tuple[Recorded, ...]:
    """The events of the case that can change its disposition, oldest first."""
    events = CaseEvent.objects.filter(case=case, kind__in=EVIDENCE).order_by("at", "pk")
    return tuple(Recorded(*row) for row in events.values_list("kind", "at", "detail"))


def histories_of(wave: Wave, cases: Collection[int] | None = None) -> Iterator[History]:
    """Every case of the wave, or those with the given keys, each with its evidence.

    Two statements, read side by side: a wave of any size takes little memory.
    """
    chosen = Case.objects.filter(wave=wave)
    events = CaseEvent.objects.filter(case__wave=wave, kind__in=EVIDENCE)
    if cases is not None:
        chosen, events = chosen.filter(pk__in=cases), events.filter(case__in=cases)
    rows = events.order_by("case", "at", "pk").values_list("case", "kind", "at", "detail")
    told = groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0])
    waiting = next(told, None)
    kept = chosen.order_by("pk").values_list("pk", "pseudonym", "disposition", "final_code")
    for key, pseudonym, disposition, code in kept.iterator(chunk_size=5000):
        its: tuple[Recorded, ...] = ()
        if waiting is not None and waiting[0] == key:
            its = tuple(Recorded(*row[1:]) for row in waiting[1])
            waiting = next(told, None)
        yield History(key, pseudonym, disposition, code, its)
