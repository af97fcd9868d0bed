"""Who must not be written to any more. A suppression is never taken back by a machine."""

from datetime import datetime

from django.core import signing
from django.db import transaction

from surveys.actions.messages import OPT_OUT_SALT
from surveys.models import CaseEvent, ContactAttempt, Suppression


def message_of(token: str) -> ContactAttempt | None:
    """The message whose receiver holds that link; None if the link was not signed here."""
    try:
        key = signing.loads(token, salt=OPT_OUT_SALT)
    except signing.BadSignature:
        return None
    return (
        ContactAttempt.objects.select_related("case__wave__survey", "case__unit")
        .filter(pk=key)
        .first()
    )


@transaction.atomic
def opt_out(*, attempt: ContactAttempt, at: datetime) -> bool:
    """Write to the address of that message no more. False if that was asked before."""
    case = attempt.case
    _, is_new = Suppression.objects.get_or_create(
        survey=case.wave.survey,
        address_hash=attempt.address_hash,
        reason=Suppression.Reason.OPT_OUT,
        defaults={"enterprise_id": case.unit.enterprise_id if case.unit else None, "at": at},
    )
    if is_new:
        CaseEvent.objects.create(case=case, kind="opted_out", at=at)
    return is_new
