"""PDF files of a firm: a copy of its answers, and the questionnaire for paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from surveys.exports import paper, pdf
from surveys.exports.paper import Addressee
from surveys.exports.pdf import PdfUnavailable
from surveys.models import Case
from surveys.queries.copies import copies_until, may_copy
from surveys.queries.responses import answer_sheet, standing
from surveys.views.admission import firm_page
from surveys.views.firm import frame


@require_safe
@firm_page
def copy(request: HttpRequest, case: Case) -> HttpResponse:
    """The answers that count, until the day on which corrections end."""
    firm = standing(case)
    context = frame(firm)
    if not may_copy(case, timezone.localdate()):
        said = {"reason": "over", "until": copies_until(case)}
        return render(request, "respondent/paper_refused.html", context | said, status=410)
    told = {
        "response": firm.response,
        "sheet": answer_sheet(firm),
        "language": firm.instrument.language,
        "now": timezone.now(),
    }
    html = render_to_string("respondent/paper_copy.html", context | told)
    try:
        made = pdf.render(html)
    except PdfUnavailable:
        said = {"reason": "no_pdf"}
        return render(request, "respondent/paper_refused.html", context | said, status=503)
    return attached(made, "copy-of-answers.pdf")


@require_safe
@firm_page
def paper_questionnaire(request: HttpRequest, case: Case) -> HttpResponse:
    """The questionnaire to fill in by pen, with the name of the firm."""
    firm = standing(case)
    to = Addressee(case.firm_name, case.wave.survey.title, case.wave.field_end)
    try:
        made = paper.as_pdf(firm.instrument, fill=firm.fill, to=to)
    except PdfUnavailable:
        context = frame(firm) | {"reason": "no_pdf"}
        return render(request, "respondent/paper_refused.html", context, status=503)
    return attached(made, "questionnaire.pdf")


def attached(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
