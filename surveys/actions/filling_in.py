"""Filling in for a firm: what a person of the institute begins is kept with the case."""

from datetime import datetime

from django.db import transaction

from surveys.models import Case, CaseEvent, Response, User
from surveys.permissions import may_fill_in

HANDED_IN = "The questionnaire was handed in."
NOT_ANY_MORE = "You cannot fill in for this firm any more. What was saved is kept."


class FillingInRefused(Exception):
    """The questionnaire cannot be filled in for the firm; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def begin_filling_in(*, case: Case, by: User, at: datetime) -> None:
    """Note that the person opens the firm's questionnaire. Raises FillingInRefused."""
    locked = Case.objects.select_for_update(of=("self",)).select_related("wave__survey")
    case = locked.get(pk=case.pk)
    if not case.wave.is_open:
        raise FillingInRefused("The field is not open: answers are taken while it is.")
    if not may_fill_in(by, case):
        raise FillingInRefused("Your role does not fill in for this firm.")
    if Response.objects.filter(case=case, submitted_at__isnull=False).exists():
        raise FillingInRefused("The firm has handed in. Reopen the response to change it.")
    detail = {"by": by.get_username(), "mode": Response.Mode.PHONE.value}
    CaseEvent.objects.create(case=case, kind="filling_in_begun", at=at, detail=detail, by=by)
