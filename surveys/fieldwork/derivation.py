"""One final disposition from the history of a case, by a table of precedence.

Events are only ever added. What a later event takes back (a refusal withdrawn, a contact
corrected) is not erased: it stops to count. Of what still counts, the evidence that stands
highest in `PRECEDENCE` decides, whenever it came.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from surveys.fieldwork.codes import FinalDisposition, final
from surveys.fieldwork.completeness import Thresholds, standing


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case. `share` is that of the key items answered, where it was counted."""

    kind: str
    at: datetime
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """The disposition of a case, and the event that decided; None where nothing happened."""

    disposition: FinalDisposition
    because: Happening | None


Evidence = Literal["register", "none"]

# From the evidence that decides over all other to the weakest. An answer that is complete
# stands above the news that the firm has closed since; a case that never was one above all.
PRECEDENCE: tuple[tuple[str, str], ...] = (
    ("duplicate", "duplicate"),
    ("out_of_scope", "out_of_scope"),
    ("submitted", "complete"),
    ("merged", "merged"),
    ("out_of_business", "closed"),
    ("not_eligible", "not_eligible"),
    ("partial", "partial"),
    ("refused", "refusal"),
    ("begun", "break_off"),
    ("submitted_late", "late"),
    ("unable", "unable"),
    ("language_barrier", "language"),
    ("admitted", "opened_only"),
    ("phone_promised", "promised"),
    ("phone_reached", "promised"),
    ("unavailable", "unavailable"),
    ("given_up", "non_contact"),
    ("wrong_contact", "wrong_contact"),
    ("bounced", "undelivered"),
    ("phone_no_answer", "non_contact"),
    ("invited", "non_contact"),
)

# An event of the kind on the left takes back those on the right that came before it.
TAKES_BACK: Mapping[str, frozenset[str]] = {
    "returned": frozenset({"submitted"}),
    "reopened": frozenset({"submitted", "field_closed"}),
    "refusal_withdrawn": frozenset({"refused"}),
    "contact_corrected": frozenset({"bounced", "wrong_contact"}),
    "reached_again": frozenset({"unavailable", "given_up", "unable", "language_barrier"}),
    "found_eligible": frozenset(
        {"duplicate", "out_of_scope", "merged", "out_of_business", "not_eligible"}
    ),
}

_RANK = {kind: rank for rank, (kind, _) in enumerate(PRECEDENCE)}
_DISPOSITION = dict(PRECEDENCE)
_PUT_DOWN_TO_SHARE = ("submitted", "partial")


def derive(
    events: Iterable[Happening],
    *,
    thresholds: Thresholds | None = None,
    frame_is: Evidence = "register",
) -> Derived:
    """The final disposition of a case if the field closed after these events.

    `frame_is` says what being on the frame proves. Off a register, a firm of which nothing
    was heard is a non-contact; off a list of doubtful origin ("none") its eligibility is not
    known. Kinds of events that are no evidence (a page left, a language chosen) are passed
    over. A case returned by the office and not handed in again counts by what it holds.
    """
    counting = _counting(sorted(events, key=lambda event: event.at))
    judged = [
        (_RANK[kind], -number, event, name)
        for number, event in enumerate(counting)
        for kind, name in [_judged(event, thresholds or Thresholds())]
    ]
    if not judged:
        return Derived(final("not_sent"), None)
    _, _, because, name = min(judged, key=lambda each: each[:2])
    if name == "non_contact" and frame_is == "none":
        name = "nothing_returned"
    return Derived(final(name), because)


def _counting(events: list[Happening]) -> list[Happening]:
    """Events that are evidence and were not taken back; answers after the close as late."""
    kept: list[Happening] = []
    for event in events:
        taken = TAKES_BACK.get(event.kind)
        if taken is not None:
            kept = [_answered_before(each, event) for each in kept if not _gone(each, event)]
        elif event.kind in ("submitted", "partial") and _is_closed(kept):
            kept.append(Happening("submitted_late", event.at, event.share))
        elif event.kind in _RANK or event.kind == "field_closed":
            kept.append(event)
    return [event for event in kept if event.kind != "field_closed"]


def _gone(event: Happening, later: Happening) -> bool:
    """Answers that go back to the firm stay, as a partial; anything else goes."""
    return event.kind in TAKES_BACK[later.kind] and event.kind != "submitted"


def _answered_before(event: Happening, later: Happening) -> Happening:
    taken = TAKES_BACK[later.kind]
    is_late = event.kind == "submitted_late" and "field_closed" in taken
    if is_late or (event.kind == "submitted" and "submitted" in taken):
        return Happening("partial", event.at, event.share)
    return event


def _is_closed(events: list[Happening]) -> bool:
    return any(event.kind == "field_closed" for event in events)


def _judged(event: Happening, thresholds: Thresholds) -> tuple[str, str]:
    """The kind under which an event ranks, and the disposition it speaks for."""
    if event.kind not in _PUT_DOWN_TO_SHARE or event.share is None:
        return event.kind, _DISPOSITION[event.kind]
    reached = standing(event.share, thresholds)
    if event.kind == "partial" and reached == "complete":
        reached = "partial"
    return {"complete": "submitted", "partial": "partial", "break_off": "begun"}[reached], reached
