"""Whether a firm is asked how long it took, and what it said."""

from surveys.models import Response, Wave
from surveys.queries.responses import Standing

_ASKED_WITHIN = "minutes_taken"
"""Name of the item by which a questionnaire asks for the minutes itself."""


def has_minutes(wave: Wave) -> bool:
    """Whether any firm of the wave said how long it took."""
    said = Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
    return said.filter(feedback__minutes__gte=0).exists()


def asks_for_feedback(firm: Standing) -> bool:
    """Whether the page after submission is shown: not if the questionnaire asked, nor twice.

    Nor once the wave is frozen.
    """
    if firm.response is None or not firm.is_submitted or firm.response.feedback:
        return False
    if firm.case.wave.frozen_at is not None:
        return False
    return all(item.name != _ASKED_WITHIN for item in firm.instrument.items)
