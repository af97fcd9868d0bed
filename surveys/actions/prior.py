"""Last wave's answers in this one: naming the wave before, and what became of each answer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys.models import AuditEvent, User, Wave
from surveys.questionnaire.conditions import is_blank
from surveys.questionnaire.items import Item
from surveys.questionnaire.offering import takes_answer

_NONE: Mapping[str, Any] = {}


class NotAPreviousWave(Exception):
    """The wave cannot be named as the one before; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def set_previous_wave(*, wave: Wave, previous: Wave | None, by: User | None, at: datetime) -> Wave:
    """Name the wave whose answers are quoted to firms; None names none. Audited.

    Raises NotAPreviousWave.
    """
    if wave.state != Wave.State.DRAFT:
        raise NotAPreviousWave("The field has opened: firms are shown what they are shown.")
    if previous is not None:
        _require_before(wave, previous)
    wave.previous = previous
    wave.save(update_fields=["previous"])
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="previous_wave_set",
        at=at,
        detail={"wave": wave.slug, "previous": previous.slug if previous else ""},
    )
    return wave


def _require_before(wave: Wave, previous: Wave) -> None:
    if previous.survey_id != wave.survey_id:
        raise NotAPreviousWave("The waves are of two surveys.")
    if previous.pk == wave.pk:
        raise NotAPreviousWave("A wave does not come before itself.")
    if previous.reference_last_year >= wave.reference_last_year:
        raise NotAPreviousWave(
            f"“{previous.title}” asks about years up to {previous.reference_last_year}, "
            "which is not before this wave."
        )
    if previous.instrument_id is None:
        raise NotAPreviousWave(f"“{previous.title}” has no instrument, so it has no answers.")


def flags_of(
    items: Iterable[Item],
    *,
    last: Mapping[str, Any] = _NONE,
    answers: Mapping[str, Any],
    still_right: Collection[str] = (),
) -> dict[str, str]:
    """What became of the former answer of each item that has a way of showing it.

    `still_right` names the items that the firm confirmed without typing. An item that was
    shown and is left blank has no flag, unless the blank replaces what was filled in.
    """
    flags = {}
    for item in items:
        if item.dependent == "hidden" or not takes_answer(item):
            continue
        flag = _flag(item, last.get(item.name), answers.get(item.name), item.name in still_right)
        if flag:
            flags[item.name] = flag
    return flags


def _flag(item: Item, last: Any, answer: Any, is_still_right: bool) -> str:
    if last is None:
        return "not_shown"
    if is_still_right:
        return "confirmed"
    if answer == last:
        return "prefilled" if item.dependent == "prefilled" else "confirmed"
    if is_blank(answer) and item.dependent != "prefilled":
        return ""
    return "changed"
