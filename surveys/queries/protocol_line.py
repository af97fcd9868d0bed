"""The contact protocol of a wave on a line of time: when, how, to whom, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from surveys.fieldwork.protocols import STANDINGS, Audience
from surveys.models import ContactStep, Wave
from surveys.queries.contacts import StepCounts, is_rolling, steps_of
from surveys.queries.mailings import ready_to_print

WIDTH = 240
_EDGE = 8
_READY = "Ready to print"
_EVERY_DAY = {
    "email": "Goes out every day",
    "letter": "Made every day",
    "phone": "Listed every day",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A step at its place on the line (0 to WIDTH), with its audience and state in words."""

    each: StepCounts
    place: int
    audience: str
    state: str


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """Steps by date; where the field begins and ends, and today if it lies on the line."""

    marks: tuple[Mark, ...]
    start: int
    end: int
    today: int | None


def protocol_line(wave: Wave, today: date) -> ProtocolLine:
    """The protocol in the two queries of its steps and one of their letters."""
    steps, ready = steps_of(wave), ready_to_print(wave)
    days = [wave.field_start, wave.field_end, *(each.on for each in steps)]
    first, last = min(days), max(days)

    def place(day: date) -> int:
        share = (day - first).days / max((last - first).days, 1)
        return round(_EDGE + share * (WIDTH - 2 * _EDGE))

    marks = tuple(
        Mark(
            each,
            place(each.on),
            audience_of(each.step),
            _READY if each.step.pk in ready else _state(each, wave, today),
        )
        for each in steps
    )
    is_on_line = first <= today <= last
    return ProtocolLine(
        marks, place(wave.field_start), place(wave.field_end), place(today) if is_on_line else None
    )


def audience_of(step: ContactStep) -> str:
    """Whom the step is for, in words."""
    audience = Audience.read(step.audience)
    words = [STANDINGS[audience.standing]]
    if audience.strata:
        words.append(_in_strata(audience.strata))
    if audience.least_priority is not None:
        words.append(f"with a priority of {audience.least_priority:g} or more")
    return ", ".join(words)


def _in_strata(strata: Sequence[str]) -> str:
    shown = ", ".join(strata[:3])
    return f"in {shown}" + (f" and {len(strata) - 3} more strata" if len(strata) > 3 else "")


def _state(each: StepCounts, wave: Wave, today: date) -> str:
    if each.waiting:
        return "Under way"
    if each.is_used and not is_rolling(each.step):
        return "Done"
    if each.on > today:
        return "Planned"
    if not wave.is_open:
        return "Field not open"
    if is_rolling(each.step):
        return _EVERY_DAY[each.step.channel]
    if each.on == today:
        return "Due today"
    return "Its day has passed"
