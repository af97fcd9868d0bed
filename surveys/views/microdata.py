"""Importing an existing survey's micro-data as a closed wave."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions.microdata import import_microdata
from surveys.exports import delimited
from surveys.forms.microdata import ImportForm
from surveys.microdata import MicrodataRefused, ProblemReport
from surveys.models import Survey
from surveys.permissions import may_import
from surveys.views.access import survey_page
from surveys.views.files import attachment

_COLUMNS = ("row", "column", "value", "code", "message", "remedy")
_SALT = "problems of a micro-data file"
_KEPT_SECONDS = 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_import)
def upload(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The form; or the wave it made; or every problem that stands in the way."""
    form = ImportForm(request.POST or None, request.FILES or None, survey=survey)
    report: ProblemReport | None = None
    if request.method == "POST" and form.is_valid():
        try:
            wave = import_microdata(
                survey=survey,
                slug=form.cleaned_data["wave"],
                data=form.cleaned_data["data"],
                file_name=request.FILES["data"].name or "",
                mapping=form.cleaned_data["mapping"],
                codebook=form.cleaned_data["codebook"],
                by=request.user,
                at=timezone.now(),
            )
        except MicrodataRefused as refused:
            report = refused.report
        else:
            messages.success(request, f"{wave.cases.count()} firms were imported.")
            return redirect(wave)
    context = {"survey": survey, "form": form, "report": report, "signed": _signed(report)}
    status = 422 if report or form.errors else 200
    return render(request, "research/microdata/upload.html", context, status=status)


@require_POST
@survey_page(may_import)
def problems(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The problems that the page showed, as a file. The page carries them, signed."""
    try:
        rows: list[dict[str, Any]] = _signer().unsign_object(
            request.POST.get("problems", ""), max_age=_KEPT_SECONDS
        )
    except BadSignature:
        return HttpResponseBadRequest("The list is no longer valid. Upload the file once more.")
    table = delimited.render(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])
    return attachment(table, f"problems-{survey.slug}.csv")


def _signed(report: ProblemReport | None) -> str:
    if report is None:
        return ""
    return _signer().sign_object([asdict(problem) for problem in report.shown], compress=True)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SALT)
