"""One case: what happened to it, and what the fieldwork manager can do for it."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import code_batches, fieldwork, invitations, responses
from surveys.actions.calendar import codes_expire_at
from surveys.fieldwork.codes import with_code
from surveys.forms.calls import CallForm, ContactForm
from surveys.forms.fieldwork import DispositionForm, OutcomeForm
from surveys.models import Case, Wave
from surveys.permissions import (
    may_fill_in,
    may_manage_fieldwork,
    may_record_calls,
    may_review_answers,
    may_see_case,
)
from surveys.queries.calls import line_of, listing_of
from surveys.queries.case_contacts import contact_of
from surveys.queries.cases import attempts_of, former_codes, invitations_of, timeline, visible_cases
from surveys.views.access import require, wave_page
from surveys.views.call_scripts import script_for


@require_safe
@wave_page(may_record_calls)
def case(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    return show_case(request, case_for(request, wave, case))


@require_POST
@wave_page(may_manage_fieldwork)
def issue_code(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    """Issue a code and show it on this one answer: it is kept nowhere."""
    found = get_object_or_404(visible_cases(wave), public_id=case)
    now = timezone.now()
    _, code = invitations.issue(case=found, at=now, expires_at=codes_expire_at(wave, now))
    return show_case(request, found, new_code=code)


@require_POST
@wave_page(may_manage_fieldwork)
def rotate_codes(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    """End every code of the case, and show the one that takes their place, once."""
    found = get_object_or_404(visible_cases(wave), public_id=case)
    now = timezone.now()
    until = codes_expire_at(wave, now)
    _, code = code_batches.rotate(case=found, by=request.user, at=now, expires_at=until)
    return show_case(request, found, new_code=code)


@require_POST
@wave_page(may_manage_fieldwork)
def revoke_code(request: HttpRequest, wave: Wave, case: str, invitation: int) -> HttpResponse:
    found = get_object_or_404(visible_cases(wave), public_id=case)
    code = get_object_or_404(invitations_of(found), pk=invitation)
    if invitations.revoke(invitation=code, at=timezone.now()):
        messages.success(request, f"Access code {code.hint}… no longer opens the questionnaire.")
    return back_to_case(found)


@require_POST
@wave_page(may_manage_fieldwork)
def reopen(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found = get_object_or_404(visible_cases(wave), public_id=case, response__isnull=False)
    if not wave.is_open:
        messages.error(request, "The field is closed: a response can be reopened while it is open.")
        return back_to_case(found)
    try:
        responses.reopen(case=found, by=request.user, at=timezone.now())
    except responses.NotSubmitted:
        messages.info(request, "The response is open: it has not been submitted.")
        return back_to_case(found)
    messages.success(request, "The response is open again. The firm can change it and submit.")
    return back_to_case(found)


@require_POST
@wave_page(may_manage_fieldwork)
def record_disposition(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found = get_object_or_404(visible_cases(wave), public_id=case)
    form = DispositionForm(request.POST, case=found)
    if not form.is_valid():
        return show_case(request, found, form=form, status=422)
    try:
        fieldwork.record_disposition(
            case=found, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except fieldwork.MoveRefused as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, "The disposition was recorded.")
    return back_to_case(found)


@require_POST
@wave_page(may_manage_fieldwork)
def record_outcome(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found = get_object_or_404(visible_cases(wave), public_id=case)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return show_case(request, found, form=form, status=422)
    try:
        fieldwork.record_outcome(
            case=found, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except fieldwork.MoveRefused as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, "What you learnt was recorded.")
    return back_to_case(found)


def case_for(request: HttpRequest, wave: Wave, case: str) -> Case:
    """The case, if the person may see that very one: an interviewer those of the list only."""
    found = get_object_or_404(visible_cases(wave), public_id=case)
    require(request.user, lambda person, _: may_see_case(person, found), wave.survey)
    return found


def back_to_case(case: Case) -> HttpResponse:
    return redirect("surveys:case", case.wave.survey.slug, case.wave.slug, case.public_id)


def show_case(
    request: HttpRequest,
    case: Case,
    *,
    new_code: str = "",
    form: DispositionForm | OutcomeForm | None = None,
    call_form: CallForm | None = None,
    contact_form: ContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    wave, now = case.wave, timezone.now()
    contact, listing = contact_of(case), listing_of(case, now)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "case": case,
        "response": getattr(case, "response", None),
        "invitations": invitations_of(case),
        "timeline": timeline(case),
        "new_code": new_code,
        "now": now,
        "former_codes": former_codes(invitations_of(case), contact.corrected_at, now),
        "form": form or OutcomeForm(),
        "attempts": attempts_of(case),
        "ending": ending.words if (ending := with_code(case.final_code)) else "",
        "may_review": may_review_answers(request.user, wave.survey),
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
        "contact": contact,
        "contact_form": contact_form or ContactForm(initial=asdict(contact)),
        "listed": line_of(listing) if listing else None,
        "call_form": call_form or CallForm(initial={"called_at": now}),
        "script": script_for(case),
        "may_fill_in": may_fill_in(request.user, case),
    }
    return render(request, "research/fieldwork/case.html", context, status=status)
