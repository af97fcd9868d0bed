"""All background work of the collecting half that is not over, whatever it is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from surveys.models import FieldworkRefresh, FrameUpload, Mailing, SampleWork, WeightingRequest

_UNDER_WAY = ("waiting", "working")


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One work. `begun` counts how often a worker took it up; `wave` is empty for a list."""

    work: str
    survey: str
    wave: str
    state: str
    asked_at: datetime
    begun: int


def under_way() -> tuple[WorkLine, ...]:
    """Works that wait or are worked on, the longest first; five queries."""
    found = [*_letters(), *_weights(), *_samples(), *_lists(), *_figures()]
    return tuple(sorted(found, key=lambda line: line.asked_at))


def _letters() -> Iterator[WorkLine]:
    waiting = Mailing.objects.filter(state=Mailing.State.WAITING)
    for each in waiting.select_related("step__wave__survey"):
        wave, state = each.step.wave, "working" if each.claimed_at else "waiting"
        yield WorkLine(
            "letters", wave.survey.slug, wave.slug, state, each.asked_at, each.times_taken_up
        )


def _weights() -> Iterator[WorkLine]:
    for each in WeightingRequest.objects.filter(state__in=_UNDER_WAY).select_related(
        "wave__survey"
    ):
        yield _line("weights", each)


def _samples() -> Iterator[WorkLine]:
    for each in SampleWork.objects.filter(state__in=_UNDER_WAY).select_related("wave__survey"):
        yield _line(f"sample {each.kind}", each)


def _figures() -> Iterator[WorkLine]:
    for each in FieldworkRefresh.objects.filter(state__in=_UNDER_WAY).select_related(
        "wave__survey"
    ):
        yield _line("fieldwork figures", each)


def _lists() -> Iterator[WorkLine]:
    loading = FrameUpload.objects.filter(state=FrameUpload.State.LOADING)
    for each in loading.select_related("survey"):
        state = "working" if each.claim else "waiting"
        yield WorkLine("list", each.survey.slug, "", state, each.at, each.attempts)


def _line(work: str, each: WeightingRequest | SampleWork | FieldworkRefresh) -> WorkLine:
    wave = each.wave
    return WorkLine(work, wave.survey.slug, wave.slug, each.state, each.at, each.attempts)
