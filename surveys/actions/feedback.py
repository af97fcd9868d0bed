"""What a firm says of answering, after it has handed in."""

from datetime import datetime

from django.db import transaction

from surveys.actions.freezing import refuse_frozen_case
from surveys.models import Case, CaseEvent, Response

LONGEST_COMMENT = 2_000
MOST_MINUTES = 6_000


class NotHandedIn(Exception):
    """The response has not been submitted: there is nothing to look back on."""


@transaction.atomic
def give(*, case: Case, minutes: int | None, comment: str, at: datetime) -> Response:
    """Keep the minutes that answering took and a comment; either may be left out.

    Given again, the later word holds. Raises NotHandedIn, WaveFrozen; ValueError if a bound is
    passed.
    """
    refuse_frozen_case(case)
    if len(comment) > LONGEST_COMMENT or (minutes is not None and not 0 <= minutes <= MOST_MINUTES):
        raise ValueError("The comment or the minutes are out of bounds")
    response = Response.objects.select_for_update().filter(case=case).first()
    if response is None or not response.is_submitted:
        raise NotHandedIn
    response.feedback = {"minutes": minutes, "comment": comment, "at": at.isoformat()}
    response.save(update_fields=["feedback"])
    CaseEvent.objects.create(case=case, kind="feedback_given", at=at)
    return response
