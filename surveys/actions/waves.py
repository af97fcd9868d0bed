"""The life of a wave up to its end: taking its instrument, opening the field."""

from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.models import AuditEvent, Case, Instrument, User, Wave


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


def _audit(wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=detail)
