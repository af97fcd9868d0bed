"""Who of the institute calls which firms of the phone list."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from surveys.actions.freezing import refuse_frozen
from surveys.models import AuditEvent, Membership, PhoneListing, User, Wave
from surveys.permissions import may_record_calls
from surveys.queries.calls import callers_of, phone_list

_AT_ONCE = 1_000


class NotACaller(Exception):
    """The person may not call for the survey; `reason` says so."""

    def __init__(self, person: str) -> None:
        self.reason = (
            f"{person or 'Nobody'} may not call for this survey. An owner can add the person "
            "as an interviewer on the page People."
        )
        super().__init__(self.reason)


@transaction.atomic
def assign(
    *, wave: Wave, pseudonyms: Collection[str], to: User | None, by: User | None, at: datetime
) -> int:
    """Give firms of the list to a caller, or to nobody. How many; others are passed over.

    Raises NotACaller, WaveFrozen.
    """
    refuse_frozen(wave)
    if to is not None and not may_record_calls(to, wave.survey):
        raise NotACaller(to.get_username())
    listings = PhoneListing.objects.filter(case__wave=wave, case__pseudonym__in=pseudonyms)
    number = listings.update(assigned_to=to)
    if number:
        detail: dict[str, object] = {"number": number, "to": to.get_username() if to else ""}
        _audit(wave, "phone_cases_assigned", by, at, detail)
    return number


@transaction.atomic
def share_out(*, wave: Wave, by: User | None, at: datetime) -> int:
    """Give the firms that nobody has to the interviewers, who have the fewest first. How many.

    Raises NotACaller where the survey has no interviewer, WaveFrozen.
    """
    refuse_frozen(wave)
    interviewers = [
        each.user for each in callers_of(wave) if each.role == Membership.Role.INTERVIEWER
    ]
    if not interviewers:
        raise NotACaller("")
    waiting = [each for state in ("now", "later") for each in phone_list(wave, at, state=state)]
    given = Counter(each.assigned_to_id for each in waiting)
    load = {person.pk: given[person.pk] for person in interviewers}
    free = sorted((each for each in waiting if each.assigned_to_id is None), key=lambda x: x.pk)
    for listing in free:
        fewest = min(load, key=lambda key: load[key])
        listing.assigned_to_id = fewest
        load[fewest] += 1
    PhoneListing.objects.bulk_update(free, ["assigned_to"], batch_size=_AT_ONCE)
    if free:
        detail: dict[str, object] = {"number": len(free), "among": len(interviewers)}
        _audit(wave, "phone_cases_shared_out", by, at, detail)
    return len(free)


def _audit(
    wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, object]
) -> None:
    AuditEvent.objects.create(
        user=by, survey=wave.survey, action=action, at=at, detail={"wave": wave.slug} | detail
    )
