"""The people of a firm: who there is, inviting, sending again, withdrawing, signing off."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions import contributors, letters, sign_off
from surveys.actions.contributors import Invited, NotInvited, Person, TooManyLetters, TooManyPeople
from surveys.actions.letters import LetterNotSent
from surveys.actions.responses import AlreadySubmitted, WaveClosed
from surveys.actions.sign_off import SectionUnfinished, UnknownSection
from surveys.forms.teams import InviteForm
from surveys.models import Case, Contributor
from surveys.queries.contributors import (
    STATES,
    contributor_of_case,
    people_of,
    responsible_of,
    visible_sections,
)
from surveys.queries.responses import SectionAnswers, Standing, answer_lines, standing
from surveys.questionnaire.instrument import Section
from surveys.views.admission import (
    View,
    colleague_of,
    firm_page,
    shared_page,
    visitor_of,
    writer_of,
)
from surveys.views.firm import frame, page_url

_SAID = {
    "sent": gettext_lazy("The e-mail has been sent."),
    "unsent": gettext_lazy(
        "The e-mail could not be sent. Check the address, and send it again in a moment."
    ),
    "withdrawn": gettext_lazy("The link does not work any more. What was saved with it is kept."),
    "letters": gettext_lazy(
        "Many e-mails were sent for your firm already. Wait an hour, then try again."
    ),
    "people": gettext_lazy(
        "Fifty people were invited, which is the most. Call us if you need more."
    ),
}


def _responsible_only(view: View) -> View:
    """A page of who holds the access code; for everybody else there is none."""

    @firm_page
    @wraps(view)
    def guarded(request: HttpRequest, case: Case, **named: Any) -> HttpResponse:
        if not visitor_of(request).is_responsible:
            raise Http404
        return view(request, case, **named)

    return guarded


@require_safe
@_responsible_only
def team(request: HttpRequest, case: Case) -> HttpResponse:
    """Everybody who was invited, and what can be done about it."""
    firm = standing(case)
    lines = people_of(case, firm.instrument, timezone.now())
    context = {
        "people": [{"line": line, "state": STATES[line.state]} for line in lines],
        "said": _SAID.get(request.GET.get("said", ""), ""),
        "went_wrong": request.GET.get("said", "") in {"unsent", "letters", "people"},
    }
    return render(request, "respondent/team.html", frame(firm) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@_responsible_only
def delegate(request: HttpRequest, case: Case) -> HttpResponse:
    """Invite a colleague; the first time, say who invites."""
    firm = standing(case)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        sections=[
            (status.section.name, firm.fill(status.section.title)) for status in firm.sections
        ],
        holder=responsible_of(case),
    )
    if request.method != "POST" or not form.is_valid():
        context = frame(firm) | {"form": form}
        return render(request, "respondent/delegate.html", context)
    return _told(case, _invite(request, firm, form))


def _invite(request: HttpRequest, firm: Standing, form: InviteForm) -> str:
    """Make the link and send it; what is to be said of it."""
    sent, now = form.cleaned_data, timezone.now()
    try:
        holder = contributors.introduce(
            case=firm.case, person=Person(sent["own_name"], sent["own_email"]), at=now
        )
        invited = contributors.invite(
            case=firm.case,
            by=holder,
            person=Person(sent["name"], sent["email"]),
            role=sent["role"],
            sections=sent["sections"],
            at=now,
        )
    except TooManyLetters:
        return "letters"
    except TooManyPeople:
        return "people"
    return _send(request, firm, invited)


@require_POST
@_responsible_only
def resend(request: HttpRequest, case: Case, person: int) -> HttpResponse:
    """Send a new link; the old one ends."""
    colleague = _colleague(case, person)
    try:
        invited = contributors.renew(contributor=colleague, at=timezone.now())
    except TooManyLetters:
        return _told(case, "letters")
    except NotInvited:
        raise Http404 from None
    return _told(case, _send(request, standing(case), invited))


@require_POST
@_responsible_only
def revoke(_request: HttpRequest, case: Case, person: int) -> HttpResponse:
    """End a colleague's access."""
    colleague = _colleague(case, person)
    holder = responsible_of(case)
    if holder is not None and holder.pk == colleague.pk:
        raise Http404
    contributors.withdraw(contributor=colleague, at=timezone.now())
    return _told(case, "withdrawn")


@require_http_methods(["GET", "HEAD", "POST"])
@shared_page
def section(request: HttpRequest, case: Case, section: str) -> HttpResponse:
    """The answers of one section, to be read once more; sent, they were."""
    firm = standing(case)
    found = _visible_section(request, firm, section)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    if request.method == "POST":
        return _changed(
            case, lambda: sign_off.see_summary(case=case, section=section, at=timezone.now())
        )
    pages = [page for page in found.pages if firm.route.holds(page.name)]
    if not pages:
        return redirect("surveys:hub", case.public_id)
    unfinished = next((page for page in pages if page.name not in firm.saved), None)
    if unfinished is not None:
        return redirect(page_url(firm, unfinished.name))
    title = firm.fill(found.title)
    lines = tuple(line for page in pages for line in answer_lines(page, firm))
    context = {"title": title, "sheet": (SectionAnswers(title, lines),)}
    return render(request, "respondent/team_section.html", frame(firm) | context)


@require_POST
@shared_page
def finish(request: HttpRequest, case: Case, section: str) -> HttpResponse:
    """Say that a section is finished, or that it is not after all."""
    _visible_section(request, standing(case), section)
    if request.POST.get("finished") == "no":
        return _changed(
            case, lambda: sign_off.withdraw(case=case, section=section, at=timezone.now())
        )
    by = writer_of(request)
    return _changed(
        case, lambda: sign_off.sign_off(case=case, section=section, by=by, at=timezone.now())
    )


def _changed(case: Case, change: Any) -> HttpResponse:
    """Do it and go to the sections, which say how they stand; what cannot be is left."""
    try:
        change()
    except (SectionUnfinished, WaveClosed, AlreadySubmitted):
        pass
    except UnknownSection:
        raise Http404 from None
    return redirect("surveys:hub", case.public_id)


def _visible_section(request: HttpRequest, firm: Standing, name: str) -> Section:
    """The section, if the person was given it. Raises Http404."""
    if name not in visible_sections(colleague_of(request), firm.instrument):
        raise Http404
    return next(each for each in firm.instrument.sections if each.name == name)


def _colleague(case: Case, pk: int) -> Contributor:
    found = contributor_of_case(pk, case.public_id)
    if found is None:
        raise Http404
    return found


def _send(request: HttpRequest, firm: Standing, invited: Invited) -> str:
    """Send the link; what is to be said of it."""
    path = reverse("surveys:enter_link", args=[invited.code])
    language = (firm.response.language if firm.response else "") or firm.instrument.language
    try:
        letters.send_invitation(
            invited.contributor, link=request.build_absolute_uri(path), language=language
        )
    except LetterNotSent:
        return "unsent"
    return "sent"


def _told(case: Case, said: str) -> HttpResponse:
    return redirect(f"{reverse('surveys:team', args=[case.public_id])}?said={said}")
