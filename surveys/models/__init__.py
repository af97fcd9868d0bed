from surveys.models.attempts import AccessAttempts
from surveys.models.events import AuditEvent, CaseEvent
from surveys.models.frames import Frame, Unit
from surveys.models.instruments import Instrument
from surveys.models.invitations import Invitation
from surveys.models.people import Membership, User
from surveys.models.responses import PageVersion, Response
from surveys.models.samples import Case, Stratum
from surveys.models.waves import Survey, Wave

__all__ = [
    "AccessAttempts",
    "AuditEvent",
    "Case",
    "CaseEvent",
    "Frame",
    "Instrument",
    "Invitation",
    "Membership",
    "PageVersion",
    "Response",
    "Stratum",
    "Survey",
    "Unit",
    "User",
    "Wave",
]
