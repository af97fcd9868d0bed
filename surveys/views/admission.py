"""Who may open a firm's pages: a browser that was admitted with an access code.

The session keeps, for every case it was admitted to, the invitation and the moment. Each
request looks the invitation up again, so that revoking a code ends the visit at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from surveys.actions.invitations import AccessRefused, still_good
from surveys.models import Invitation
from surveys.queries.invitations import invitation_of_case
from surveys.views import failures

View = Callable[..., HttpResponse]

_KEY = "admitted"
_LONGEST_VISIT = timedelta(hours=24)


def respondent_page(view: View) -> View:
    """Headers and silence of every page that a firm sees.

    The referrer policy is not ``no-referrer``: browsers then send ``Origin: null`` with
    every form, which the check against forged requests must refuse. ``strict-origin``
    keeps the path, and with it an access code, to ourselves as well.
    """

    @sensitive_post_parameters()
    @sensitive_variables()
    @wraps(view)
    def quiet(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, *arguments, **named)
        patch_cache_control(response, no_store=True, private=True)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return quiet


def firm_page(view: View) -> View:
    """Hand the view the case of the URL, if the browser was admitted to it.

    A closed wave turns readers away here, but lets a POST through: the action refuses it,
    and the page can then show what was typed.
    """

    @respondent_page
    @wraps(view)
    def admitted(request: HttpRequest, case: UUID, **named: Any) -> HttpResponse:
        invitation = _invitation_of_visit(request, case)
        if invitation is None:
            is_elsewhere = request.session.get(_KEY) and not is_admitted(request, case)
            if is_elsewhere and request.method != "POST":
                raise Http404
            return failures.visit_over(request, case=case, page=named.get("page"))
        try:
            still_good(invitation=invitation, at=timezone.now())
        except AccessRefused as refusal:
            if refusal.reason != "closed" or request.method != "POST":
                typed = failures.typed_on_page(request, case=case, page=named.get("page"))
                return failures.refused(request, refusal, typed)
        return view(request, invitation.case, **named)

    return admitted


def remember(request: HttpRequest, *, invitation: Invitation, at: datetime) -> None:
    """Admit the browser to the case, under a new session key."""
    admitted = dict(request.session.get(_KEY, {}))
    admitted[str(invitation.case.public_id)] = {
        "invitation": invitation.pk,
        "at": at.timestamp(),
    }
    request.session[_KEY] = admitted
    if not request.user.is_authenticated:
        request.session.set_expiry(_LONGEST_VISIT)
    request.session.cycle_key()


def is_admitted(request: HttpRequest, case: UUID) -> bool:
    """True also if the visit has lasted too long."""
    return str(case) in request.session.get(_KEY, {})


def forget(request: HttpRequest, case: UUID) -> None:
    """End the visit; nothing of the session is kept unless a person is logged in."""
    admitted = dict(request.session.get(_KEY, {}))
    admitted.pop(str(case), None)
    request.session[_KEY] = admitted
    if admitted or request.user.is_authenticated:
        request.session.cycle_key()
    else:
        request.session.flush()


def client_address(request: HttpRequest) -> str:
    """The address that asks. Only the addresses that our own proxies wrote are believed."""
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _invitation_of_visit(request: HttpRequest, case: UUID) -> Invitation | None:
    visit = request.session.get(_KEY, {}).get(str(case))
    if visit is None:
        return None
    if timezone.now().timestamp() - visit["at"] > _LONGEST_VISIT.total_seconds():
        return None
    return invitation_of_case(visit["invitation"], case)
