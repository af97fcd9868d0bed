from surveys.models.attempts import AccessAttempts
from surveys.models.calls import PhoneListing
from surveys.models.code_lists import CodeList
from surveys.models.contacts import (
    ContactAttempt,
    ContactStep,
    ContactTemplate,
    SendingMinute,
    Suppression,
)
from surveys.models.contributors import Contributor
from surveys.models.corrected_contacts import CorrectedContact
from surveys.models.drafts import DraftRevision, InstrumentDraft
from surveys.models.enterprises import Enterprise, EnterpriseEvent
from surveys.models.events import AuditEvent, CaseEvent
from surveys.models.frames import Frame, FrameUpload, Unit
from surveys.models.instruments import Instrument
from surveys.models.invitations import Invitation
from surveys.models.mailings import Mailing, MailingPart
from surveys.models.monitoring import FieldworkRefresh, FieldworkSnapshot
from surveys.models.people import Membership, User
from surveys.models.responses import PageDraft, PageVersion, Response
from surveys.models.returns import MailReturn
from surveys.models.reviews import AnswerEdit, OfficeReview
from surveys.models.samples import Case, SamplePlan, SampleWork, Stratum
from surveys.models.waves import Survey, Wave
from surveys.models.weighting import CaseWeight, ReplicateWeights, Weighting, WeightingRequest

__all__ = [
    "AccessAttempts",
    "AnswerEdit",
    "AuditEvent",
    "Case",
    "CaseEvent",
    "CaseWeight",
    "CodeList",
    "ContactAttempt",
    "ContactStep",
    "ContactTemplate",
    "Contributor",
    "CorrectedContact",
    "DraftRevision",
    "Enterprise",
    "EnterpriseEvent",
    "FieldworkRefresh",
    "FieldworkSnapshot",
    "Frame",
    "FrameUpload",
    "Instrument",
    "InstrumentDraft",
    "Invitation",
    "MailReturn",
    "Mailing",
    "MailingPart",
    "Membership",
    "OfficeReview",
    "PageDraft",
    "PageVersion",
    "PhoneListing",
    "ReplicateWeights",
    "Response",
    "SamplePlan",
    "SampleWork",
    "SendingMinute",
    "Stratum",
    "Suppression",
    "Survey",
    "Unit",
    "User",
    "Wave",
    "Weighting",
    "WeightingRequest",
]
