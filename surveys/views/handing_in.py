"""The end of a questionnaire: the check of all answers, the declaration, the receipt."""

from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions import contributors, letters, responses, sign_off
from surveys.actions.contributors import TooManyLetters
from surveys.actions.letters import LetterNotSent
from surveys.actions.responses import StillFailing, WaveClosed
from surveys.actions.sign_off import OpenSignOffs
from surveys.actions.writers import of_firm
from surveys.forms.calls import TelephoneDeclarationForm
from surveys.forms.teams import DeclarationForm, ReceiptForm
from surveys.models import Case
from surveys.queries.contributors import DelegatedSection, delegated_sections, who_answered
from surveys.queries.copies import may_copy
from surveys.queries.feedback import asks_for_feedback
from surveys.queries.responses import Standing, answer_sheet, set_aside, standing, standing_now
from surveys.views import failures
from surveys.views.admission import firm_page, visitor_of, writer_of
from surveys.views.filling_in import told_at_the_telephone
from surveys.views.firm import frame, page_url, twice_if_locked


@dataclass(frozen=True, slots=True)
class _Handing:
    """A person before the check: the firm, what colleagues have not finished, the declaration."""

    firm: Standing
    waiting: tuple[DelegatedSection, ...]
    form: DeclarationForm
    is_free: bool


@require_safe
@firm_page
def check(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything that was answered, to be read once more before it is handed in."""
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    return _checked(request, _handing(request, firm))


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def submit(request: HttpRequest, case: Case) -> HttpResponse:
    """Hand in. Pressed twice, it is handed in once; its address, opened, leads to the check."""
    if request.method != "POST":
        return redirect("surveys:check", case.public_id)
    firm = standing(case)
    if firm.is_submitted:
        return redirect("surveys:receipt", case.public_id)
    handing = _handing(request, firm)
    if not handing.is_free or not handing.form.is_valid():
        return _checked(request, handing, is_attempt=True)
    return _handed_in(request, handing)


def _handed_in(request: HttpRequest, handing: _Handing) -> HttpResponse:
    case, said = handing.firm.case, handing.form.cleaned_data
    by = writer_of(request)
    try:
        twice_if_locked(
            lambda: sign_off.hand_in(
                case=case,
                declarant=said["declarant"],
                by=by,
                without_open=said.get("without", False),
                at=timezone.now(),
            )
        )
    except (StillFailing, OpenSignOffs):
        return _checked(request, _handing(request, standing_now(case)), is_attempt=True)
    except WaveClosed:
        context = frame(handing.firm) | {"reason": "closed"}
        return render(request, "respondent/refused.html", context, status=403)
    except OperationalError:
        return failures.busy(request)
    if visitor_of(request).is_office:
        return told_at_the_telephone(request, case)
    return redirect("surveys:receipt", case.public_id)


@require_safe
@firm_page
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """When it was handed in, the reference, and a copy of all answers to print."""
    firm = standing(case)
    if not firm.is_submitted:
        return redirect("surveys:hub", case.public_id)
    return _receipt(request, firm, _receipt_form(request))


@require_POST
@firm_page
def send_receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """Send the receipt, without answers, to the address that was typed."""
    firm = standing(case)
    if firm.response is None or not firm.is_submitted:
        return redirect("surveys:hub", case.public_id)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _receipt(request, firm, form)
    now = timezone.now()
    language = firm.response.language or firm.instrument.language
    try:
        contributors.letters_left(case=case, at=now)
        letters.send_receipt(
            firm.response, email=form.cleaned_data["email"], language=language, at=now
        )
    except TooManyLetters:
        sentence = gettext("Many e-mails were sent already. Wait an hour, then try again.")
        form.add_error("email", sentence)
        return _receipt(request, firm, form)
    except LetterNotSent:
        form.add_error("email", gettext("The e-mail could not be sent. Try again in a moment."))
        return _receipt(request, firm, form)
    return redirect(f"{reverse('surveys:receipt', args=[case.public_id])}?sent=1")


def _receipt_form(request: HttpRequest) -> ReceiptForm:
    person = of_firm(writer_of(request))
    return ReceiptForm(initial={"email": person.email if person else ""})


def _receipt(request: HttpRequest, firm: Standing, form: ReceiptForm) -> HttpResponse:
    context = frame(firm) | {
        "response": firm.response,
        "sheet": answer_sheet(firm),
        "form": form,
        "was_sent": "sent" in request.GET and not form.is_bound,
        "may_copy": may_copy(firm.case, timezone.localdate()),
        "asks_for_feedback": asks_for_feedback(firm),
    }
    return render(request, "respondent/receipt.html", context)


def _handing(request: HttpRequest, firm: Standing) -> _Handing:
    """How the questionnaire stands, and the declaration with what was sent of it."""
    waiting = tuple(each for each in delegated_sections(firm) if not each.signed)
    person, visitor = of_firm(writer_of(request)), visitor_of(request)
    form_class = TelephoneDeclarationForm if visitor.is_office else DeclarationForm
    form = form_class(
        request.POST if request.method == "POST" else None,
        open_sections=[each.title for each in waiting],
        declarant=person.name if person else "",
    )
    is_free = not waiting or visitor.is_responsible or visitor.is_office
    return _Handing(firm, waiting, form, is_free)


def _checked(request: HttpRequest, handing: _Handing, *, is_attempt: bool = False) -> HttpResponse:
    firm = handing.firm
    problems = responses.problems_of(
        case=firm.case,
        instrument=firm.instrument,
        answers=firm.route.answers,
        saved=firm.saved,
    )
    following = firm.first_open_page
    context = {
        "sheet": answer_sheet(firm, who_answered(firm)),
        "unfinished": sum(problem.is_unanswered for problem in problems) - len(firm.to_confirm),
        "to_confirm": [
            {"title": firm.fill(page.title), "url": page_url(firm, page.name, from_check=True)}
            for page in firm.route.pages
            if page.name in firm.to_confirm
        ],
        "onward": page_url(firm, following.name, from_check=True) if following else "",
        "problems": [
            {"message": problem.message, "url": page_url(firm, problem.page, from_check=True)}
            for problem in problems
            if not problem.is_unanswered
        ],
        "set_aside": set_aside(firm),
        "is_attempt": is_attempt,
        "form": handing.form,
        "waiting": handing.waiting,
        "can_submit": handing.is_free and not problems,
    }
    return render(request, "respondent/check.html", frame(firm) | context)
