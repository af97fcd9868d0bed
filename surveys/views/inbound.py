"""What comes back of messages: opting out by their link, and what mail providers tell of them."""

import hashlib
from collections.abc import Mapping
from importlib import import_module

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.actions import suppressions
from surveys.actions.returned_mail import Returned, record
from surveys.fieldwork.returned_mail import has_status, is_hard

_NAMES: Mapping[str, str] = {
    "brevo": "Brevo",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "postmark": "Postmark",
    "sendgrid": "SendGrid",
    "sparkpost": "SparkPost",
}
_KINDS: Mapping[str, str] = {
    EventType.DELIVERED: "delivered",
    EventType.COMPLAINED: "complaint",
    EventType.UNSUBSCRIBED: "opt_out",
}
# Why a provider did not even try: what it remembers of the address from before.
_REMEMBERED: Mapping[str, str] = {
    RejectReason.INVALID: "hard",
    RejectReason.BOUNCED: "hard",
    RejectReason.SPAM: "complaint",
    RejectReason.UNSUBSCRIBED: "opt_out",
}


# The signed link is the permission, and mail programs send it by themselves (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first: programs that scan mail follow every link. Done by POST only."""
    attempt = suppressions.message_of(token)
    if attempt is None:
        raise Http404
    if request.method == "POST":
        suppressions.opt_out(attempt=attempt, at=timezone.now())
    context = {
        "survey": attempt.case.wave.survey,
        "is_done": request.method == "POST",
        "token": token,
    }
    return render(request, "respondent/opt_out.html", context)


# The provider's credentials, which its view checks first, are the permission.
@csrf_exempt
@never_cache
@require_http_methods(["POST", "HEAD"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """What the mail provider that the operator named tells of messages; others are refused."""
    if not settings.MAIL_EVENTS_FROM:
        raise Http404
    if request.method == "HEAD":  # how some providers try an address before they keep it
        return HttpResponse()
    view = _view_of(settings.MAIL_EVENTS_FROM)()
    view.setup(request)
    try:
        view.run_validators(request)
        events = list(view.parse_events(request))
    except AnymailWebhookValidationFailure:
        raise BadRequest("Refused: without the credentials of the provider.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        # Its own words would hold addresses: what cannot be read is told without them.
        raise BadRequest("The report cannot be read.") from None
    for event in events:
        _note(event, view.esp_name)
    return HttpResponse()


def _view_of(provider: str) -> type[AnymailBaseWebhookView]:
    """Anymail's reader of what that provider sends, with its check of the credentials."""
    views = import_module(f"anymail.webhooks.{provider}")
    found: type[AnymailBaseWebhookView] = getattr(views, f"{_NAMES[provider]}TrackingWebhookView")
    return found


def _note(event: AnymailTrackingEvent, provider: str) -> None:
    """Note what an event says of one message; opening and clicking are nobody's business."""
    kind = _kind_of(event)
    if kind is None:
        return
    returned = Returned(
        kind=kind,
        source=provider,
        own_id=str(event.event_id or "") or _made_id(event, kind),
        message_id=str(event.message_id or ""),
        address=str(event.recipient or ""),
        code=_code_of(event),
    )
    record(returned=returned, at=timezone.now())


def _kind_of(event: AnymailTrackingEvent) -> str | None:
    if event.event_type == EventType.BOUNCED:
        return "hard" if _is_hard(event) else "soft"
    if event.event_type == EventType.REJECTED:
        return _REMEMBERED.get(event.reject_reason, "soft")
    return "soft" if event.event_type == EventType.FAILED else _KINDS.get(event.event_type)


def _is_hard(event: AnymailTrackingEvent) -> bool:
    """By the provider's own word where it has one, else by the status that it quotes."""
    told = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    words = {str(told.get(name, "")).lower() for name in ("Type", "event", "hard_bounce")}
    if words & {"hardbounce", "hard_bounce", "true"}:
        return True
    if words & {"softbounce", "soft_bounce", "false"}:
        return False
    answer = str(event.mta_response or "")
    if has_status(answer):
        return is_hard(answer)
    return event.reject_reason in (RejectReason.INVALID, RejectReason.BOUNCED)


def _code_of(event: AnymailTrackingEvent) -> str:
    return str(event.reject_reason or event.event_type)


def _made_id(event: AnymailTrackingEvent, kind: str) -> str:
    """For providers that do not number their events."""
    parts = (kind, event.message_id, event.recipient, event.timestamp)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
