"""What can come of a call to a firm, and when it is called again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What came of a call.

    Attributes
    ----------
    words : for people
    kind : the event that it is kept as
    ends : nobody need call the firm any more
    again_after : how long to wait before the next call, unless a moment was agreed
    """

    words: str
    kind: str
    ends: bool = False
    again_after: timedelta | None = None


OUTCOMES: Mapping[str, CallOutcome] = {
    "no_answer": CallOutcome("No answer", "phone_no_answer", again_after=timedelta(hours=4)),
    "busy": CallOutcome("Busy", "phone_busy", again_after=timedelta(hours=1)),
    "voicemail": CallOutcome("Answering machine", "phone_voicemail", again_after=timedelta(days=1)),
    "call_back": CallOutcome("To be called back", "phone_call_back"),
    "promised": CallOutcome(
        "Reached, promised to answer", "phone_promised", again_after=timedelta(days=4)
    ),
    "reached": CallOutcome(
        "Reached, nothing promised", "phone_reached", again_after=timedelta(days=2)
    ),
    "completed": CallOutcome("Answered on the telephone", "phone_completed", ends=True),
    "refused": CallOutcome("Refused", "refused", ends=True),
    "refused_for_good": CallOutcome("Refused, not to be contacted again", "refused", ends=True),
    "wrong_number": CallOutcome("Wrong number", "phone_wrong_number", ends=True),
    "wrong_contact": CallOutcome("Not the right person for the firm", "wrong_contact", ends=True),
    "unavailable": CallOutcome("Nobody there until the field closes", "unavailable", ends=True),
    "given_up": CallOutcome("Nobody reached, no more attempts", "given_up", ends=True),
    "unable": CallOutcome("Not able to answer", "unable", ends=True),
    "language_barrier": CallOutcome("No language in common", "language_barrier", ends=True),
    "out_of_scope": CallOutcome("Outside the population", "out_of_scope", ends=True),
    "out_of_business": CallOutcome("Out of business", "out_of_business", ends=True),
    "merged": CallOutcome("Merged into another firm", "merged", ends=True),
    "duplicate": CallOutcome("Listed twice on the frame", "duplicate", ends=True),
    "not_eligible": CallOutcome("Not eligible for another reason", "not_eligible", ends=True),
}
"""Every outcome by the word that the form and the command give it."""

NEEDS_A_MOMENT = "call_back"
FOR_GOOD = "refused_for_good"
COMPLETED = "completed"
