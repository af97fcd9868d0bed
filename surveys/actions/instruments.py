"""Publishing an instrument: compile it, and freeze it by its fingerprint."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from surveys import questionnaire
from surveys.models import AuditEvent, Instrument, Survey, User
from surveys.queries import code_lists


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
    return publish_document(document=questionnaire.read_document(text), by=by, at=at, survey=survey)


@transaction.atomic
def publish_document(
    *, document: Mapping[str, Any], by: User | None, at: datetime, survey: Survey | None = None
) -> Instrument:
    """The same for a document that is plain data already, such as a draft."""
    definition = questionnaire.compile_document(document, code_lists=code_lists.find)
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
