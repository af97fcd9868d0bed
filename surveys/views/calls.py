"""The phone list: whom to call now, giving firms to callers, noting what a call came to."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions import call_assignments, calls, contact_corrections
from surveys.forms.calls import AssignForm, CallForm, ContactForm, ListFilter
from surveys.models import ContactStep, Wave
from surveys.permissions import may_manage_fieldwork, may_record_calls
from surveys.queries.calls import callers_of, has_own, line_of, phone_list, progress, tally
from surveys.views import searches
from surveys.views.access import wave_page
from surveys.views.cases import back_to_case, case_for, show_case

_FIRMS_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_record_calls)
def firms_to_call(request: HttpRequest, wave: Wave) -> HttpResponse:
    if request.method == "POST":
        return searches.to_what_was_asked(request, field="search", others=("state", "caller"))
    now, callers = timezone.now(), callers_of(wave)
    form = ListFilter(_asked(request, wave), callers=callers)
    found = phone_list(wave, now, **{"state": "now"} | form.chosen)
    page = Paginator(found, _FIRMS_A_PAGE).get_page(request.GET.get("page"))
    manages = may_manage_fieldwork(request.user, wave.survey)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "form": form,
        "page": page,
        "lines": [line_of(listing) for listing in page],
        "kept_query": _kept_query(request),
        "is_forgotten": searches.is_forgotten(request),
        "tally": tally(wave, now),
        "progress": progress(wave, now) if manages else (),
        "assign": AssignForm(callers=callers),
        "may_manage": manages,
        "now": now,
    }
    return render(request, "research/calls/calls.html", context)


@require_POST
@wave_page(may_manage_fieldwork)
def assign(request: HttpRequest, wave: Wave) -> HttpResponse:
    callers = callers_of(wave)
    form = AssignForm(request.POST, callers=callers)
    chosen = request.POST.getlist("case")
    if not form.is_valid() or not chosen:
        messages.error(request, "Nothing was changed. Tick the firms and choose who calls them.")
        return redirect("surveys:calls", wave.survey.slug, wave.slug)
    name = form.cleaned_data["caller"]
    to = next((each.user for each in callers if each.user.get_username() == name), None)
    number = call_assignments.assign(
        wave=wave, pseudonyms=chosen, to=to, by=request.user, at=timezone.now()
    )
    messages.success(request, f"Firms given to {name or 'nobody'}: {number}.")
    return redirect("surveys:calls", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_manage_fieldwork)
def share_out(request: HttpRequest, wave: Wave) -> HttpResponse:
    try:
        number = call_assignments.share_out(wave=wave, by=request.user, at=timezone.now())
    except call_assignments.NotACaller:
        messages.error(
            request, "The survey has no interviewer. An owner adds one on the page People."
        )
    else:
        messages.success(request, f"Firms shared out among the interviewers: {number}.")
    return redirect("surveys:calls", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_manage_fieldwork)
def list_firms(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """Put everyone a step by telephone is for on the phone list."""
    step = get_object_or_404(ContactStep, wave=wave, pk=contact)
    try:
        number = calls.list_firms(step=step, by=request.user, at=timezone.now())
    except calls.NotOpen:
        messages.error(request, "The field is not open: nobody is called.")
    except calls.NotByPhone:
        messages.error(request, "The step does not go by telephone.")
    else:
        messages.success(request, f"Firms put on the phone list: {number}.")
        return redirect("surveys:calls", wave.survey.slug, wave.slug)
    return redirect("surveys:contact_run", wave.survey.slug, wave.slug, step.pk)


@require_POST
@wave_page(may_record_calls)
def record(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found = case_for(request, wave, case)
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            calls.record_call(case=found, call=form.call, by=request.user, at=timezone.now())
        except calls.CallRefused as refused:
            form.add_error(refused.field, refused.reason)
        else:
            messages.success(request, "The call was noted.")
            return back_to_case(found)
    return show_case(request, found, call_form=form, status=422)


@require_POST
@wave_page(may_record_calls)
def correct_contact(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found = case_for(request, wave, case)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            contact_corrections.correct_contact(
                case=found, contact=form.contact, by=request.user, at=timezone.now()
            )
        except contact_corrections.CorrectionRefused as refused:
            for field, sentence in refused.problems.items():
                form.add_error(field or None, sentence)
        else:
            messages.success(request, "The contact was corrected. Later steps use it.")
            return back_to_case(found)
    return show_case(request, found, contact_form=form, status=422)


def _asked(request: HttpRequest, wave: Wave) -> dict[str, str]:
    """What is asked for; whoever was given firms and asks for nothing gets these."""
    asked = {name: request.GET.get(name, "") for name in ("state", "caller")}
    asked["search"] = searches.words_of(request)
    if "caller" not in request.GET and has_own(wave, request.user):
        asked["caller"] = request.user.get_username()
    return asked | {"state": asked["state"] or "now"}


def _kept_query(request: HttpRequest) -> str:
    """What the address says, its page and what nobody asked for left out."""
    query = QueryDict(mutable=True)
    for name in ("state", "caller", searches.FOUND):
        if name in request.GET:
            query[name] = request.GET[name]
    return query.urlencode()
