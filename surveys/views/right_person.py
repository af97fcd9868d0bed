"""“I am not the right person”: from the firm's own pages, and from the link of an e-mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import suppressions
from surveys.actions.contact_corrections import (
    CorrectionRefused,
    correct_contact,
    say_wrong_person,
)
from surveys.actions.invitations import AccessRefused
from surveys.actions.writers import of_office
from surveys.forms.right_person import RightPersonForm
from surveys.models import Case
from surveys.views import failures
from surveys.views.admission import firm_page, respondent_page, visitor_of, writer_of


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def right_person(request: HttpRequest, case: Case) -> HttpResponse:
    """From the firm's pages; colleagues who were given sections may not say so."""
    if not visitor_of(request).sees_all:
        raise Http404
    return asked(request, case, is_inside=True)


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def right_person_by_message(request: HttpRequest, token: str) -> HttpResponse:
    """From the foot of an e-mail, whose signed link says which firm it was about."""
    attempt = suppressions.message_of(token)
    if attempt is None:
        raise Http404
    code = attempt.invitation
    if code is not None and code.revoked_at is not None:
        # Whoever was replaced has no more say in who is the right person.
        return failures.refused(request, AccessRefused("revoked", code))
    return asked(request, attempt.case)


def asked(
    request: HttpRequest, case: Case, *, is_inside: bool = False, here: str = ""
) -> HttpResponse:
    """Ask for the right person, and keep what is said. Done by POST only.

    `here` is the address of the page where the request does not hold it any more.
    """
    form = RightPersonForm(request.POST if request.method == "POST" else None)
    context = {
        "case": case if is_inside else None,
        "wave": case.wave,
        "survey": case.wave.survey,
        "firm": case.firm_name,
        "form": form,
        "outcome": "",
        "language_next": here,
    }
    status = 200
    if form.is_bound:
        if form.is_valid():
            context["outcome"] = _kept(request, case, form, is_inside=is_inside)
        status = 200 if context["outcome"] in ("known", "replaced", "unknown") else 422
    return render(request, "respondent/right_person.html", context, status=status)


def _kept(request: HttpRequest, case: Case, form: RightPersonForm, *, is_inside: bool) -> str:
    """What became of it: known, replaced (the link ended), unknown, or closed."""
    by = of_office(writer_of(request)) if is_inside else None
    try:
        if form.is_unknown:
            say_wrong_person(case=case, at=timezone.now())
            return "unknown"
        correct_contact(case=case, contact=form.contact, by=by, at=timezone.now())
    except CorrectionRefused:
        return "closed"
    return "replaced" if form.contact.former_has_left else "known"
