"""The life of a wave: taking its instrument, opening and closing the field."""

from datetime import datetime

from django.db import transaction

from surveys.fieldwork.dispositions import TERMS, at_closing
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
    ended = {
        term.disposition: _end(wave, term.disposition, at) for term in TERMS if not term.final
    }
    _audit(wave, "field_closed", by, at, {"wave": wave.slug, "ended": ended})
    return wave


def _end(wave: Wave, disposition: str, at: datetime) -> int:
    """Give the cases of a passing disposition the final one; the number of them."""
    final = at_closing(disposition)
    cases = Case.objects.select_for_update().filter(wave=wave, disposition=disposition)
    keys = list(cases.values_list("pk", flat=True))
    Case.objects.filter(wave=wave, disposition=disposition).update(
        disposition=final, disposition_at=at
    )
    CaseEvent.objects.bulk_create(
        [
            CaseEvent(
                case_id=key,
                kind="disposition",
                at=at,
                detail={"before": disposition, "after": final, "because": "field closed"},
            )
            for key in keys
        ],
        batch_size=500,
    )
    return len(keys)


def _audit(
    wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, object]
) -> None:
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=detail)
