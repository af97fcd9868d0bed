"""Keeping the disposition of a case in step with its history."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.actions.freezing import refuse_frozen, settled_for_ever
from surveys.fieldwork.codes import final
from surveys.fieldwork.completeness import standing
from surveys.fieldwork.histories import Settled, settled, thresholds_of
from surveys.models import AuditEvent, Case, Response, User, Wave
from surveys.queries.histories import History, evidence_of, histories_of
from surveys.queries.key_items import answered_key_share

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that was kept otherwise than its history says."""

    pseudonym: str
    kept: str
    kept_code: str
    derived: str
    derived_code: str


@transaction.atomic
def settle(*, case: Case, at: datetime) -> bool:
    """Derive the disposition of the case anew and keep it; True if it changed.

    To be called where an event was written that can change it, under the lock of the case.
    A case of a frozen wave keeps what it ended as: one that reads its receipt is not settled.
    """
    if Case.objects.filter(settled_for_ever(), pk=case.pk).exists():
        return False
    found = settled(evidence_of(case), thresholds=thresholds_of(case.wave.partial_share))
    kept = Case.objects.filter(pk=case.pk)
    moved = kept.exclude(disposition=found.disposition).update(
        disposition=found.disposition, final_code=found.code, disposition_at=at
    )
    if moved:
        case.disposition_at = at
    else:
        moved = kept.exclude(final_code=found.code).update(final_code=found.code)
    case.disposition, case.final_code = found.disposition, found.code
    return bool(moved)


def filled(response: Response) -> dict[str, float]:
    """What a saved page notes: the share of the key items that are answered by now."""
    share = answered_key_share(response)
    return {} if share is None else {"share": round(share, 4)}


def settle_saved(*, response: Response, noted: float | None, at: datetime) -> None:
    """After a save: settle the case if its answers now count as something else.

    `noted` is the share that was noted with the save. Most saves change nothing, and ask
    nothing of the database here.
    """
    if noted is None:
        return
    reached = standing(noted, thresholds_of(response.case.wave.partial_share))
    counts_as = final("break_off" if reached == "break_off" else "partial")
    if response.case.final_code != counts_as.code:
        settle(case=response.case, at=at)


@transaction.atomic
def settle_cases(
    *, wave: Wave, at: datetime, cases: Collection[int] | None = None, writes: bool = True
) -> tuple[Difference, ...]:
    """Derive the dispositions of many cases anew: of the wave, or of those with the keys.

    Returns those that were kept otherwise; they are set right unless `writes` is False. A
    disposition that changes is dated by the event that decided. Raises WaveFrozen.
    """
    if writes:
        refuse_frozen(wave)
        _lock(wave, cases)
    limits = thresholds_of(wave.partial_share)
    compared = (
        (each, settled(each.events, thresholds=limits)) for each in histories_of(wave, cases)
    )
    wrong = [(kept, found) for kept, found in compared if _differs(kept, found)]
    if writes:
        _set_right(wrong, at)
    return tuple(
        Difference(kept.pseudonym, kept.disposition, kept.final_code, found.disposition, found.code)
        for kept, found in wrong
    )


@transaction.atomic
def recompute(*, wave: Wave, by: User | None, at: datetime) -> tuple[Difference, ...]:
    """Settle the whole wave; what was set right is audited. Raises WaveFrozen."""
    found = settle_cases(wave=wave, at=at)
    if found:
        AuditEvent.objects.create(
            user=by,
            survey=wave.survey,
            action="dispositions_settled",
            at=at,
            detail={"wave": wave.slug, "number": len(found)},
        )
    return found


def as_data(found: tuple[Difference, ...]) -> list[dict[str, Any]]:
    return [asdict(each) for each in found]


def _lock(wave: Wave, cases: Collection[int] | None) -> None:
    """Hold the cases, in the order in which everyone does."""
    held = Case.objects.select_for_update().filter(wave=wave)
    if cases is not None:
        held = held.filter(pk__in=cases)
    for _ in held.order_by("pk").values_list("pk").iterator(chunk_size=5000):
        pass


def _differs(kept: History, found: Settled) -> bool:
    return (kept.disposition, kept.final_code) != (found.disposition, found.code)


def _set_right(wrong: list[tuple[History, Settled]], at: datetime) -> None:
    changed = []
    for kept, found in wrong:
        because = found.derived.because
        case = Case(pk=kept.case, disposition=found.disposition, final_code=found.code)
        case.disposition_at = because.at if because else at
        changed.append((case, kept.disposition != found.disposition))
    moved = [case for case, is_moved in changed if is_moved]
    fields = ["disposition", "final_code", "disposition_at"]
    Case.objects.bulk_update(moved, fields, batch_size=_AT_ONCE)
    stayed = [case for case, is_moved in changed if not is_moved]
    Case.objects.bulk_update(stayed, ["final_code"], batch_size=_AT_ONCE)
