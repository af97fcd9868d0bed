"""From the recorded events of a case to the evidence of its disposition, and to what is kept.

What is recorded speaks of pages, codes and forms; `derivation` weighs evidence. The one is
told from the other here, so that the history of a case says all there is to its outcome.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.fieldwork.completeness import Thresholds
from surveys.fieldwork.derivation import (
    PRECEDENCE,
    TAKES_BACK,
    Derived,
    Evidence,
    Happening,
    derive,
)

COMPLETE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the case has it: its kind, when, and what was noted with it."""

    kind: str
    at: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settled:
    """What is kept with a case: the word of its page, AAPOR's code, and what was derived."""

    disposition: str
    code: str
    derived: Derived


# A recorded event that is evidence under another name.
_MEANS: Mapping[str, str] = {
    "access_issued": "invited",
    "page_saved": "partial",
    "phone_busy": "phone_no_answer",
    "phone_voicemail": "phone_no_answer",
    "phone_call_back": "phone_reached",
    "phone_wrong_number": "wrong_contact",
}
# What a disposition noted by hand says.
_BY_HAND: Mapping[str, tuple[str, ...]] = {
    "refusal": ("refused",),
    "non_contact": ("given_up",),
    "not_eligible": ("not_eligible",),
    "not_started": ("refusal_withdrawn", "found_eligible", "contact_corrected", "reached_again"),
}
EVIDENCE = frozenset(
    {kind for kind, _ in PRECEDENCE}
    | set(TAKES_BACK)
    | set(_MEANS)
    | {"disposition", "field_closed"}
)
"""Kinds of events that can change a disposition; no others need be read."""

_WHILE_OPEN = frozenset(
    {"non_contact", "not_sent", "nothing_returned", "opened_only", "promised", "undelivered",
     "wrong_contact"}
)  # fmt: skip
_AT_THE_END: Mapping[str, str] = {
    "I": "complete",
    "P": "partial",
    "R": "refusal",
    "NC": "non_contact",
    "O": "non_contact",
    "UH": "non_contact",
    "UO": "non_contact",
    "NE": "not_eligible",
}


def thresholds_of(partial_share: float) -> Thresholds:
    """Shares of the key items for a wave that states from which one answers are a partial."""
    partial = max(partial_share, 1e-9)
    return Thresholds(complete=max(COMPLETE_SHARE, partial), partial=partial)


def happenings(events: Iterable[Recorded]) -> list[Happening]:
    """The evidence in a history, in its order.

    Who begins after a refusal takes it back. Saved answers are one sheet: of how much of it
    is filled in, the last word counts. A page saved without that word stands until a refusal.
    """
    found: list[Happening] = []
    for event in events:
        for kind in _kinds(event):
            if kind == "refused":
                found = [each for each in found if not _says_nothing_of_share(each)]
            elif kind == "partial":
                found = [each for each in found if each.kind != "partial"]
            found.append(Happening(kind, event.at, _share(event)))
    return found


def settled(
    events: Iterable[Recorded],
    *,
    thresholds: Thresholds | None = None,
    frame_is: Evidence = "register",
) -> Settled:
    """What a history comes to: the value that is kept with the case."""
    evidence = happenings(events)
    derived = derive(evidence, thresholds=thresholds, frame_is=frame_is)
    word = _word(derived, is_closed=_is_closed(evidence))
    return Settled(word, derived.disposition.code, derived)


def _kinds(event: Recorded) -> tuple[str, ...]:
    if event.kind == "disposition":
        return _BY_HAND.get(str(event.detail.get("after")), ())
    if event.kind == "begun":
        return ("refusal_withdrawn", "begun")
    return (_MEANS.get(event.kind, event.kind),)


def _share(event: Recorded) -> float | None:
    share = event.detail.get("share")
    return float(share) if isinstance(share, int | float) else None


def _says_nothing_of_share(happening: Happening) -> bool:
    return happening.kind == "partial" and happening.share is None


def _is_closed(evidence: Iterable[Happening]) -> bool:
    """Whether the field had closed for the case after its last event."""
    closed = False
    for each in evidence:
        closed = each.kind == "field_closed" or (closed and each.kind != "reopened")
    return closed


def _word(derived: Derived, *, is_closed: bool) -> str:
    """One of the seven dispositions of a case's page; its code is the finer one."""
    found = derived.disposition
    if not is_closed and found.name in ("partial", "break_off"):
        return "started"
    if not is_closed and found.name in _WHILE_OPEN and not _is_given_up(derived):
        return "not_started"
    return _AT_THE_END[found.group]


def _is_given_up(derived: Derived) -> bool:
    """Whether a person said that nobody is tried any more, before the field closes."""
    return derived.because is not None and derived.because.kind == "given_up"
