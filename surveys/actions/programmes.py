"""Making a survey and saying what it is: the programme whose waves ask one subject."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from surveys.actions.addresses import AddressRefused, address_of
from surveys.models import AuditEvent, Membership, Survey, User

NOT_SURVEYS = frozenset({"gallery", "new"})
"""Names a survey may not have: they are parts of addresses."""


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """What a survey says of itself; firms read the contact and the promise."""

    title: str
    institute: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    confidentiality: str = ""


def make_survey(
    *, facts: SurveyFacts, owner: User, by: User | None, at: datetime, slug: str = ""
) -> Survey:
    """A survey without waves, with its first owner; its address comes from the title if not given.

    Raises AddressRefused.
    """
    name = address_of(slug or facts.title, forbidden=NOT_SURVEYS)
    try:
        with transaction.atomic():
            survey = Survey.objects.create(slug=name, **asdict(facts))
            Membership.objects.create(user=owner, survey=survey, role=Membership.Role.OWNER)
            detail = {"owner": owner.username, "title": facts.title}
            AuditEvent.objects.create(
                user=by, survey=survey, action="survey_made", at=at, detail=detail
            )
    except IntegrityError:
        if not Survey.objects.filter(slug=name).exists():
            raise
        raise AddressRefused(f"There is a survey “{name}” already. Choose another name.") from None
    return survey


@transaction.atomic
def describe_survey(*, survey: Survey, facts: SurveyFacts, by: User | None, at: datetime) -> Survey:
    """Change what the survey says of itself; its address stays."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    changed = [name for name, value in asdict(facts).items() if getattr(survey, name) != value]
    if not changed:
        return survey
    for name in changed:
        setattr(survey, name, getattr(facts, name))
    survey.save(update_fields=changed)
    AuditEvent.objects.create(
        user=by, survey=survey, action="survey_described", at=at, detail={"changed": changed}
    )
    return survey
