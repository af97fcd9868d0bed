"""What comes back from who was written to: opting out by the link of a message."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.actions import suppressions


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
