"""Publishing an instrument: compile it, and freeze it by its fingerprint."""

from datetime import datetime

from django.db import transaction

from surveys import questionnaire
from surveys.models import AuditEvent, Instrument, Survey, User


class VersionTaken(Exception):
    """The name and version belong to a published instrument with other content."""

    def __init__(self, published: Instrument) -> None:
        self.published = published
        self.problem = questionnaire.Problem(
            code="version_taken",
            where="version",
            message=(
                f"Version {published.version} of “{published.name}” was published on "
                f"{published.published_at:%-d %b %Y} with other content."
            ),
            remedy="Give the changed questionnaire a new version; a published one stays as it is.",
        )
        super().__init__(self.problem.message)


@transaction.atomic
def publish(
    *, text: str, by: User | None, at: datetime, survey: Survey | None = None
) -> Instrument:
    """Compile the text and keep it as a frozen instrument.

    The same content, published before, is returned as it is. `survey` is where the audit
    event is filed.

    Raises questionnaire.InstrumentErrors with every problem of the text, and VersionTaken
    if the name and version are in use for other content.
    """
    definition = questionnaire.compile_text(text)
    existing = Instrument.objects.filter(fingerprint=definition.fingerprint).first()
    if existing is not None:
        return existing
    taken = Instrument.objects.filter(name=definition.name, version=definition.version).first()
    if taken is not None:
        raise VersionTaken(taken)
    instrument = Instrument.objects.create(
        name=definition.name,
        version=definition.version,
        title=definition.title,
        document=dict(definition.document),
        fingerprint=definition.fingerprint,
        published_at=at,
        published_by=by,
    )
    AuditEvent.objects.create(
        user=by,
        survey=survey,
        action="instrument_published",
        at=at,
        detail={"instrument": definition.name, "version": definition.version},
    )
    return instrument
