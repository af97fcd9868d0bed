"""The end of a trial: summaries of sections, the check, receipt and copy. Nothing is written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.exports import pdf
from surveys.exports.pdf import PdfUnavailable
from surveys.forms.teams import DeclarationForm
from surveys.models import InstrumentDraft
from surveys.queries.failing import problems_of
from surveys.queries.responses import SectionAnswers, answer_lines, answer_sheet, set_aside
from surveys.views.copies import attached
from surveys.views.editor import trial_saving as saving
from surveys.views.editor.trial_state import (
    Trial,
    check_url,
    hub_url,
    keep,
    onward_url,
    page_url,
    played,
    trial_frame,
)


@require_http_methods(["GET", "HEAD", "POST"])
@played
def section(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, section: str
) -> HttpResponse:
    """The answers of a section that ends with them; sent, they were read."""
    firm = trial.firm
    found = next((each for each in firm.sections if each.section.name == section), None)
    if found is None or not found.pages:
        return redirect(hub_url(draft))
    if request.method == "POST":
        saving.see_summary(trial, section)
        keep(request, draft, trial)
        return redirect(onward_url(draft, trial, found.pages[-1]))
    title = firm.fill(found.section.title)
    lines = tuple(line for page in found.pages for line in answer_lines(page, firm))
    sheet = (SectionAnswers(title, lines),)
    context = trial_frame(draft, trial) | {"title": title, "sheet": sheet, "back": hub_url(draft)}
    return render(request, "research/editor/trial_section.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@played
def check(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """Everything that was answered, to be read once more; a POST plays the submission."""
    firm = trial.firm
    problems = problems_of(
        case=firm.case, instrument=firm.instrument, answers=firm.answers, saved=firm.saved
    )
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not problems and form.is_valid():
        trial.kept.handed_in = timezone.now().isoformat()
        keep(request, draft, trial)
        return redirect("surveys:trial_receipt", draft.survey.slug, draft.slug)
    context = trial_frame(draft, trial) | {
        "sheet": answer_sheet(firm),
        "problems": [
            {"message": each.message, "url": page_url(draft, each.page)}
            for each in problems
            if not each.is_unanswered
        ],
        "unfinished": sum(each.is_unanswered for each in problems) - len(firm.to_confirm),
        "to_confirm": [
            {"title": firm.fill(page.title), "url": page_url(draft, page.name)}
            for page in firm.route.pages
            if page.name in firm.to_confirm
        ],
        "set_aside": set_aside(firm),
        "onward": page_url(draft, firm.first_open_page.name) if firm.first_open_page else "",
        "is_attempt": request.method == "POST",
        "can_submit": not problems,
        "form": form,
        "back": hub_url(draft),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "research/editor/trial_check.html", context, status=status)


@require_safe
@played
def receipt(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """What a firm gets at the end, under a reference that is none."""
    if not trial.kept.handed_in:
        return redirect(check_url(draft))
    context = trial_frame(draft, trial) | {
        "response": trial.firm.response,
        "firm": trial.firm.case.firm_name,
        "sheet": answer_sheet(trial.firm),
    }
    return render(request, "research/editor/trial_receipt.html", context)


@require_safe
@played
def copy(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """The copy of the answers that a firm may fetch, as PDF."""
    firm = trial.firm
    told = {
        "case": firm.case,
        "wave": firm.case.wave,
        "survey": draft.survey,
        "response": firm.response,
        "sheet": answer_sheet(firm),
        "language": firm.instrument.language,
        "now": timezone.now(),
    }
    try:
        made = pdf.render(render_to_string("respondent/paper_copy.html", told))
    except PdfUnavailable:
        messages.error(request, "PDF files cannot be made on this server: WeasyPrint is missing.")
        return redirect(hub_url(draft))
    return attached(made, "trial-copy-of-answers.pdf")
