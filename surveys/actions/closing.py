"""The end of a wave: its field closes, every case ends, the wave freezes; reopening a case."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from surveys.actions.waves import WaveNotReady
from surveys.models import AuditEvent, Case, CaseEvent, PageDraft, Response, User, Wave
from surveys.queries.closing import WAITING, Ending, endings, key_questions, unsettled
from surveys.queries.instruments import compiled

_CHUNK = 500
# What was known against an answer stops to count when the case is reopened.
_TAKEN_BACK_BY = {"refusal": "refusal_withdrawn", "not_eligible": "found_eligible"}
_REOPENED = "{number} reopened case(s) have not ended yet: end them on the closing page first."


class NotReopened(Exception):
    """The case stays as it is; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def close_field(*, wave: Wave, by: User | None, at: datetime) -> Wave:
    """End the field and give every case its final disposition. Raises WaveNotReady.

    Answers of firms that did not hand in are taken in as they stand, once: a partial above
    the stated share of key questions, a break-off below it. The wave freezes at once, or
    when its correction period is over. The audit event keeps how many ended, and as what.
    """
    still_open = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN)
    if not still_open.update(state=Wave.State.CLOSED, closed_at=at):
        raise WaveNotReady("Only an open wave can be closed.")
    wave.refresh_from_db()
    ended = _end_cases(wave, at)
    PageDraft.objects.filter(response__case__wave=wave).delete()
    _audit(wave, "field_closed", by, at, {"wave": wave.slug, "ended": ended})
    if wave.corrections_until is None or wave.corrections_until < at.date():
        _freeze(wave, at)
    return wave


@transaction.atomic
def freeze(*, wave: Wave, by: User | None, at: datetime) -> Wave:
    """Let nothing of a closed wave change any more. Raises WaveNotReady."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if wave.state != Wave.State.CLOSED:
        raise WaveNotReady("Only a closed wave can be frozen. Close its field first.")
    if wave.frozen_at is not None:
        raise WaveNotReady("The wave is frozen already.")
    if number := unsettled(wave):
        raise WaveNotReady(_REOPENED.format(number=number))
    _freeze(wave, at)
    _audit(wave, "wave_frozen", by, at, {"wave": wave.slug})
    return wave


def freeze_due(*, at: datetime) -> int:
    """Freeze the closed waves whose correction period is over; how many. Safe to repeat."""
    due = Wave.objects.filter(
        state=Wave.State.CLOSED,
        origin=Wave.Origin.COLLECTED,
        frozen_at=None,
        closed_at__isnull=False,
        corrections_until__lt=at.date(),
    )
    frozen = 0
    for wave in due:
        end_reopened(wave=wave, by=None, at=at)
        freeze(wave=wave, by=None, at=at)
        frozen += 1
    return frozen


@transaction.atomic
def reopen_case(*, case: Case, reason: str, by: User | None, at: datetime) -> Case:
    """Let the firm of a closed wave answer or correct again. Audited. Raises NotReopened."""
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("wave__survey").get(pk=case.pk)
    )
    reason = reason.strip()
    if case.wave.state != Wave.State.CLOSED or case.wave.origin != Wave.Origin.COLLECTED:
        raise NotReopened("The wave is not closed.")
    if not reason:
        raise NotReopened("Say why the case is reopened: the reason is kept with it.")
    if case.disposition in WAITING:
        raise NotReopened("The case is open already.")
    before = case.disposition
    Response.objects.filter(case=case).update(submitted_at=None)
    case.disposition, case.disposition_at, case.final_code = Case.Disposition.STARTED, at, ""
    case.save(update_fields=["disposition", "disposition_at", "final_code"])
    detail = {"note": reason}
    CaseEvent.objects.create(case=case, kind="reopened", at=at, detail=detail, by=by)
    if before in _TAKEN_BACK_BY:
        CaseEvent.objects.create(case=case, kind=_TAKEN_BACK_BY[before], at=at, by=by)
    told = {"wave": case.wave.slug, "case": case.pseudonym, "before": before, "reason": reason}
    _audit(case.wave, "case_reopened", by, at, told)
    return case


@transaction.atomic
def end_reopened(*, wave: Wave, by: User | None, at: datetime) -> int:
    """Give the reopened cases of a closed wave their final disposition; how many.

    Raises WaveNotReady.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if wave.state != Wave.State.CLOSED:
        raise WaveNotReady("The field is open: its cases end when it closes.")
    ended = _end_cases(wave, at, reopened=True)
    if ended:
        _audit(wave, "reopened_ended", by, at, {"wave": wave.slug, "ended": ended})
    return sum(ended.values())


@transaction.atomic
def set_closing_rules(
    *,
    wave: Wave,
    key_items: Sequence[str],
    partial_share: float,
    answering_until: date,
    corrections_until: date | None,
    by: User | None,
    at: datetime,
) -> Wave:
    """State the deadlines, the key questions and the share. Raises WaveNotReady."""
    wave = (
        Wave.objects.select_for_update(of=("self",))
        .select_related("survey", "instrument")
        .get(pk=wave.pk)
    )
    if wave.state == Wave.State.CLOSED:
        raise WaveNotReady("The field has closed: its rules stay what they were.")
    if answering_until < wave.field_start:
        raise WaveNotReady("The last day to answer lies before the first day of the field.")
    if corrections_until is not None and corrections_until < answering_until:
        raise WaveNotReady("The last day to correct lies before the last day to answer.")
    if not 0 <= partial_share <= 1:
        raise WaveNotReady("The share of key questions lies between 0 and 100 %.")
    questions = key_questions(compiled(wave.instrument)) if wave.instrument else ()
    unknown = set(key_items) - {item.name for item in questions}
    if unknown:
        raise WaveNotReady(f"Not a question of this wave: {', '.join(sorted(unknown))}.")
    wave.key_items, wave.partial_share = list(key_items), partial_share
    wave.field_end, wave.corrections_until = answering_until, corrections_until
    wave.save(update_fields=["key_items", "partial_share", "field_end", "corrections_until"])
    told = {"wave": wave.slug, "key_items": list(key_items), "partial_share": partial_share}
    told |= {"answering_until": str(answering_until), "corrections_until": str(corrections_until)}
    _audit(wave, "closing_rules_set", by, at, told)
    return wave


def _end_cases(wave: Wave, at: datetime, *, reopened: bool = False) -> dict[str, int]:
    """End every case, or those reopened; how many whose disposition changed, by the former.

    All rows are locked first: a firm that submits at this moment is either counted as
    complete or finds the wave closed.
    """
    held = Case.objects.select_for_update().filter(wave=wave)
    for _ in held.order_by("pk").values_list("pk").iterator(chunk_size=5_000):
        pass
    found = list(endings(wave, only_waiting=reopened))
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for each in found:
        key = (each.after, each.code, each.after != each.before)
        groups.setdefault(key, []).append(each.case)
    for (after, code, moved), keys in groups.items():
        fields: dict[str, Any] = {"final_code": code}
        if moved:
            fields |= {"disposition": after, "disposition_at": at}
        for first in range(0, len(keys), _CHUNK):
            Case.objects.filter(pk__in=keys[first : first + _CHUNK]).update(**fields)
    passing = [each for each in found if each.after != each.before]
    events = [event for each in passing for event in _events(each, at)]
    CaseEvent.objects.bulk_create(events, batch_size=_CHUNK)
    return dict(Counter(each.before for each in passing))


def _events(ending: Ending, at: datetime) -> list[CaseEvent]:
    detail = {"before": ending.before, "after": ending.after}
    ended = CaseEvent(case_id=ending.case, kind="field_closed", at=at, detail=detail)
    if ending.held is None:
        return [ended]
    share = {} if ending.held.share is None else {"share": round(ending.held.share, 4)}
    return [CaseEvent(case_id=ending.case, kind="partial", at=at, detail=share), ended]


def _freeze(wave: Wave, at: datetime) -> None:
    Wave.objects.filter(pk=wave.pk).update(frozen_at=at)
    wave.frozen_at = at


def _audit(wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=detail)
