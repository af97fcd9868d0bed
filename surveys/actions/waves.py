"""The life of a wave: taking its instrument, opening and closing the field."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.fieldwork.dispositions import at_closing
from surveys.models import AuditEvent, Case, CaseEvent, Instrument, User, Wave


class WaveNotReady(Exception):
    """The wave cannot go on; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def obstacles_to_opening(wave: Wave) -> tuple[str, ...]:
    """What stands between the wave and its field, a sentence each; empty if nothing does."""
    if wave.origin == Wave.Origin.IMPORTED:
        return ("The wave was imported: its field was elsewhere.",)
    if wave.state != Wave.State.DRAFT:
        return (f"The wave is {wave.get_state_display().lower()}; only a draft can be opened.",)
    sentences = []
    if wave.instrument_id is None:
        sentences.append("The wave has no instrument. Publish one on its instrument page.")
    if not Case.objects.filter(wave=wave).exists():
        sentences.append("The wave has no cases. Draw its sample first.")
    return tuple(sentences)


@transaction.atomic
def use_instrument(*, wave: Wave, instrument: Instrument, by: User | None, at: datetime) -> Wave:
    """Give a draft wave its instrument. Raises WaveNotReady once the field has opened."""
    drafts = Wave.objects.filter(pk=wave.pk, state=Wave.State.DRAFT)
    if not drafts.update(instrument=instrument):
        raise WaveNotReady("The field has opened: the wave keeps the instrument it has.")
    wave.instrument = instrument
    detail = {"wave": wave.slug, "fingerprint": instrument.fingerprint}
    _audit(wave, "instrument_chosen", by, at, detail)
    return wave


@transaction.atomic
def open_field(*, wave: Wave, by: User | None, at: datetime) -> Wave:
    """Let firms answer. Raises WaveNotReady with the first obstacle."""
    wave.refresh_from_db(fields=["state", "origin", "instrument"])
    for sentence in obstacles_to_opening(wave):
        raise WaveNotReady(sentence)
    drafts = Wave.objects.filter(pk=wave.pk, state=Wave.State.DRAFT)
    if not drafts.update(state=Wave.State.OPEN):
        raise WaveNotReady("Someone else has just opened the wave.")
    wave.state = Wave.State.OPEN
    _audit(wave, "field_opened", by, at, {"wave": wave.slug})
    return wave


@transaction.atomic
def close_field(*, wave: Wave, by: User | None, at: datetime) -> Wave:
    """End the field and give every case its final disposition. Raises WaveNotReady.

    A case that was started becomes a partial, one of which nothing was heard a
    non-contact. The audit event keeps how many of each.
    """
    still_open = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN)
    if not still_open.update(state=Wave.State.CLOSED, closed_at=at):
        raise WaveNotReady("Only an open wave can be closed.")
    wave.state, wave.closed_at = Wave.State.CLOSED, at
    ended = _end_cases(wave, at)
    _audit(wave, "field_closed", by, at, {"wave": wave.slug, "ended": ended})
    return wave


def _end_cases(wave: Wave, at: datetime) -> dict[str, int]:
    """Give every case that has none its final disposition; how many, by former disposition.

    All rows are locked first: a firm that begins at this moment is either counted as
    started or finds the wave closed.
    """
    locked = Case.objects.select_for_update().filter(wave=wave).values_list("pk", "disposition")
    passing = [(key, before) for key, before in locked if at_closing(before) != before]
    for before in {before for _, before in passing}:
        Case.objects.filter(wave=wave, disposition=before).update(
            disposition=at_closing(before), disposition_at=at
        )
    CaseEvent.objects.bulk_create(
        [_closing_event(key, before, at) for key, before in passing], batch_size=500
    )
    return dict(Counter(before for _, before in passing))


def _closing_event(case_key: int, before: str, at: datetime) -> CaseEvent:
    detail = {"before": before, "after": at_closing(before)}
    return CaseEvent(case_id=case_key, kind="field_closed", at=at, detail=detail)


def _audit(wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=detail)
