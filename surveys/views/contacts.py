"""The access codes of a wave, for its letters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.calendar import codes_expire_at
from surveys.actions.fieldwork import IssuedCode, issue_codes
from surveys.exports import delimited
from surveys.models import Wave
from surveys.permissions import may_manage_fieldwork
from surveys.queries.case_contacts import contact_in
from surveys.queries.fieldwork import cases_to_invite, code_counts
from surveys.queries.protocol_line import protocol_line
from surveys.queries.returned_mail import came_back
from surveys.views.access import wave_page
from surveys.views.files import attachment

_COLUMNS = ("firm", "register_number", "email", "access_code", "address", "valid_until")


@require_safe
@wave_page()
def contacts(request: HttpRequest, wave: Wave) -> HttpResponse:
    may_manage = may_manage_fieldwork(request.user, wave.survey)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "contacts",
        "codes": code_counts(wave, timezone.now()),
        "without": cases_to_invite(wave).count(),
        "waiting": cases_to_invite(wave, even_with_code=True).count(),
        "line": protocol_line(wave, timezone.localdate()),
        "came_back": came_back(wave) if may_manage else None,
        "may_manage": may_manage,
    }
    return render(request, "research/contacts/contacts.html", context)


@require_POST
@wave_page(may_manage_fieldwork)
def issue_all(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Issue codes and hand them over as a file, once: they are kept nowhere."""
    now = timezone.now()
    even_with_code = request.POST.get("which") == "all"
    expires_at = codes_expire_at(wave, now)
    issued = issue_codes(
        wave=wave,
        cases=cases_to_invite(wave, even_with_code=even_with_code),
        expires_at=expires_at,
        by=request.user,
        at=now,
    )
    if not issued:
        messages.info(request, "Every case that may still answer has a code already.")
        return redirect("surveys:contacts", wave.survey.slug, wave.slug)
    until = timezone.localtime(expires_at).strftime("%Y-%m-%d %H:%M")
    rows = [_row(request, each, until) for each in issued]
    content = delimited.render(_COLUMNS, rows, for_spreadsheet=True)
    return attachment(content, f"{wave.survey.slug}-{wave.slug}-access-codes.csv")


def _row(request: HttpRequest, issued: IssuedCode, until: str) -> tuple[str, ...]:
    unit = issued.case.unit
    return (
        issued.case.firm_name,
        unit.register_id if unit else "",
        contact_in(issued.case).email,
        issued.code,
        request.build_absolute_uri(reverse("surveys:enter_link", args=[issued.code])),
        until,
    )
