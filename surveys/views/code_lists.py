"""The code lists that a survey's questionnaires can use: see, search, download, upload."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions import code_lists as uploading
from surveys.exports import delimited
from surveys.forms.code_lists import CodeListForm
from surveys.microdata import MicrodataRefused, ProblemReport
from surveys.models import Survey
from surveys.permissions import may_publish
from surveys.queries import code_lists
from surveys.questionnaire.authored.code_lists import LISTED_KEYS
from surveys.questionnaire.code_lists import CodeList
from surveys.views.access import survey_page
from surveys.views.files import attachment

_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_publish)
def code_lists_page(request: HttpRequest, survey: Survey) -> HttpResponse:
    """All lists and the form; or the list that was uploaded; or every problem of its file."""
    form = CodeListForm(request.POST or None, request.FILES or None)
    report: ProblemReport | None = None
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            kept = uploading.upload(
                survey=survey, data=given.pop("file"), by=request.user, at=timezone.now(), **given
            )
        except MicrodataRefused as refused:
            report = refused.report
        else:
            messages.success(request, f"{kept} is there, with {len(kept.codes):,} codes.")
            return redirect("surveys:code_list", survey.slug, kept.name, kept.version)
    context = {
        "survey": survey,
        "form": form,
        "report": report,
        "shipped": code_lists.sources().values(),
        "uploaded": code_lists.of_survey(survey),
    }
    status = 422 if report or form.errors else 200
    return render(request, "research/code_lists/code_lists.html", context, status=status)


@require_safe
@survey_page(may_publish)
def code_list(request: HttpRequest, survey: Survey, name: str, version: str) -> HttpResponse:
    """One list: its first codes, or those that fit what was typed."""
    found = _found(survey, name, version)
    typed = request.GET.get("q", "")[:100]
    hits = found.search(typed, _SHOWN) if typed.strip() else found.codes[:_SHOWN]
    context = {
        "survey": survey,
        "list": found,
        "source": code_lists.sources().get((name, version)),
        "typed": typed,
        "lines": [(code, found.label(code.parent) if code.parent else "") for code in hits],
    }
    return render(request, "research/code_lists/code_list.html", context)


@require_safe
@survey_page(may_publish)
def download(_request: HttpRequest, survey: Survey, name: str, version: str) -> HttpResponse:
    """The whole list as CSV, in the shape in which lists are uploaded."""
    found = _found(survey, name, version)
    rows = [(code.value, code.label, code.parent, code.words) for code in found.codes]
    return attachment(delimited.render(LISTED_KEYS, rows), f"{name}-{version}.csv")


def _found(survey: Survey, name: str, version: str) -> CodeList:
    """A shipped list or one of this survey; lists of others are not found."""
    if not code_lists.is_open_to(survey, name, version):
        raise Http404
    found = code_lists.find(name, version)
    if found is None:
        raise Http404
    return found
