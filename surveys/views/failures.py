"""Pages for what goes wrong. Each says what happened, what was kept and what to do."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control

from surveys.actions.freezing import WaveFrozen
from surveys.actions.invitations import AccessRefused
from surveys.views import speaking

_STATUS_OF_REFUSAL = {"mistyped": 400, "unknown": 404, "not_open": 403, "closed": 403}
_CODE_IN_PATH = re.compile(r"^(.*/answer/)[^/]+(/?).*$")
_NEVER_CARRIED = frozenset({"csrfmiddlewaretoken", "access_code"})
_PATHS_OF_FIRMS = ("/answer/", "/firm/", "/language/")
_PATHS_OF_RESEARCHERS = "/research/"
_FROM_ELSEWHERE = ("Origin checking failed", "Referer checking failed")


def carried_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed in the form that could not be taken, for hidden fields of the next one.

    Secrets are never written into a page.
    """
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER_CARRIED and "password" not in name.lower()
        for value in values
    ]


def typed_on_page(request: HttpRequest, *, case: UUID, page: str | None) -> list[tuple[str, str]]:
    """What was typed on a page of the case, to be saved once a code is entered."""
    if request.method != "POST" or not page:
        return []
    return [*carried_fields(request), ("_case", str(case)), ("_page", page)]


def typed_before(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form for the code brought along from a page; empty if nothing."""
    if request.method != "POST" or not request.POST.get("_page"):
        return []
    return carried_fields(request)


def visit_over(request: HttpRequest, *, case: UUID, page: str | None) -> HttpResponse:
    """The visit has ended or never began: ask for the code, and carry what was typed."""
    context = {"carried": typed_on_page(request, case=case, page=page)}
    return render(request, "respondent/visit_over.html", context, status=403)


def refused(
    request: HttpRequest, refusal: AccessRefused, carried: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Why a code does not open its questionnaire, and whom to ask.

    `carried` is what was typed: another code of the firm saves it.
    """
    wave = refusal.invitation.case.wave if refusal.invitation else None
    context = {
        "reason": refusal.reason,
        "wave": wave,
        "survey": wave.survey if wave else None,
        "firm_name": refusal.invitation.case.firm_name if refusal.invitation else "",
        "carried": carried,
    }
    status = _STATUS_OF_REFUSAL.get(refusal.reason, 410)
    return render(request, "respondent/refused.html", context, status=status)


def frozen(request: HttpRequest, refusal: WaveFrozen) -> HttpResponse:
    """What a firm wanted to change after its wave was frozen."""
    if refusal.case is None:
        raise refusal
    wave, name = refusal.case.wave, refusal.case.firm_name
    context = {"reason": "closed", "wave": wave, "survey": wave.survey, "firm_name": name}
    return render(request, "respondent/refused.html", context, status=403)


def throttled(request: HttpRequest, *, seconds: int) -> HttpResponse:
    context = {"minutes": -(-seconds // 60), "carried": typed_before(request)}
    response = render(request, "respondent/throttled.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """The database did not answer in time: offer the same form again."""
    context = {
        "reason": "busy",
        "carried": carried_fields(request),
        "target": request.get_full_path(),
    }
    response = render(request, "respondent/resend.html", context, status=503)
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is stale: show it again with everything that was typed.

    A form that came from another site is not offered again.
    """
    forget_code(request)
    is_own = not reason.startswith(_FROM_ELSEWHERE)
    if is_own and is_of_script(request) and request.path.startswith(_PATHS_OF_RESEARCHERS):
        return told_to_script(request)
    with speaking.spoken(speaking.language_of(request)):
        return _stale(request, reason)


def _stale(request: HttpRequest, reason: str) -> HttpResponse:
    is_foreign = reason.startswith(_FROM_ELSEWHERE)
    context = {
        "reason": "foreign" if is_foreign else "stale",
        "has_no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "carried": [] if is_foreign else carried_fields(request),
        "target": request.get_full_path(),
        "needs_code": request.path.startswith(reverse("surveys:enter")),
    }
    response = render(request, "respondent/resend.html", context, status=403)
    patch_cache_control(response, no_store=True, private=True)
    return response


def is_of_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks, which cannot show another page for a moment."""
    return "HX-Request" in request.headers


def told_to_script(request: HttpRequest) -> HttpResponse:
    """Why a form was not taken, as headers: the page keeps what is typed in it.

    A form that is merely stale is told the token to be sent with.
    """
    response = HttpResponse(status=403)
    if request.user.is_authenticated:
        response["Milieu-Form"], response["Milieu-Token"] = "stale", get_token(request)
    else:
        response["Milieu-Form"] = "logged-out"
    patch_cache_control(response, no_store=True, private=True)
    return response


def forget_code(request: HttpRequest) -> None:
    """Take an access code out of the request's path, so that no log line can repeat it."""
    match = _CODE_IN_PATH.match(request.path)
    if match is None:
        return
    request.path = request.path_info = f"{match[1]}...{match[2]}"
    for name in ("PATH_INFO", "RAW_URI", "REQUEST_URI"):
        if name in request.META:
            request.META[name] = request.path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where too much was sent."""
    forget_code(request)
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    template, status = ("413.html", 413) if is_too_much else ("400.html", 400)
    with _for_a_firm(request):
        return render(request, template, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"sentence": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django calls it so
    forget_code(request)
    with _for_a_firm(request):
        return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Drawn without request and session, which may be what broke."""
    forget_code(request)
    with _for_a_firm(request, is_broken=True):
        return HttpResponseServerError(render_to_string("500.html"))


def _for_a_firm(request: HttpRequest, *, is_broken: bool = False) -> AbstractContextManager[None]:
    """Speak the language of the firm where a firm's address failed; elsewhere, English.

    The choice kept with the visit is not asked for if the fault may be there.
    """
    if not request.path.startswith(_PATHS_OF_FIRMS):
        return nullcontext()
    if is_broken or not hasattr(request, "session"):
        return speaking.spoken(speaking.language_of_browser(request))
    return speaking.spoken(speaking.language_of(request))
