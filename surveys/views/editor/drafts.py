"""The drafts of a survey: their list, how one begins, and its end."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import questionnaire
from surveys.actions import drafts as actions
from surveys.forms.editor.creation import FileForm, ModulesForm, ScratchForm, VersionForm
from surveys.forms.editor.faults import reworded
from surveys.interchange.problems import UnreadableFile
from surveys.models import Instrument, InstrumentDraft, Survey
from surveys.permissions import may_publish
from surveys.queries.drafts import drafts_of, published_for
from surveys.queries.modules import library
from surveys.questionnaire.editing.blanks import new_instrument
from surveys.questionnaire.modules import compose
from surveys.views.access import survey_page
from surveys.views.editor.access import built_on, draft_page, draft_url, who
from surveys.views.editor.reading import losses, read_upload

Forms = dict[str, forms.Form]
_FIRST_QUESTION = (0, 0, 0)

Refusal = tuple[questionnaire.Problem, ...]


@require_safe
@survey_page(may_publish)
def drafts(request: HttpRequest, survey: Survey) -> HttpResponse:
    context = {"survey": survey, "drafts": drafts_of(survey)}
    return render(request, "research/editor/drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_publish)
def new(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Begin a draft in one of four ways; `how` says which form was sent."""
    how = request.POST.get("how", "")
    given = _forms(survey, how, request)
    if request.method != "POST":
        return _begin_page(request, survey, given)
    if how not in given:
        raise Http404("A draft does not begin so.")
    if not given[how].is_valid():
        return _begin_page(request, survey, given, how=how, status=422)
    try:
        document, based_on, notes = _document(survey, how, given[how])
        draft = actions.create(
            survey=survey, document=document, by=who(request), at=timezone.now(), based_on=based_on
        )
    except (UnreadableFile, actions.DraftRefused, questionnaire.InstrumentErrors) as refused:
        found = refused.problems if how == "file" else reworded(refused.problems)
        return _begin_page(request, survey, given, how=how, problems=found, status=422)
    messages.success(request, f"The draft “{draft.title}” was made.")
    for note in notes:
        messages.warning(request, note)
    return redirect(draft_url(draft, _FIRST_QUESTION if how == "scratch" else ()))


@require_POST
@draft_page
def delete(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    try:
        actions.drop(draft=draft, built_on=built_on(request), by=who(request), at=timezone.now())
    except actions.ChangedMeanwhile:
        messages.warning(request, "The draft was changed meanwhile, so it was not deleted.")
        return redirect(draft_url(draft))
    messages.success(request, f"The draft “{draft.title}” was deleted.")
    return redirect("surveys:drafts", draft.survey.slug)


def _forms(survey: Survey, how: str, request: HttpRequest) -> Forms:
    """The four forms; that which was sent is bound."""

    def data(name: str) -> dict[str, Any]:
        sent = request.method == "POST" and name == how
        return {"data": request.POST, "files": request.FILES} if sent else {}

    versions = [(str(each.pk), str(each)) for each in published_for(survey)]
    modules = list(library().items())
    given: Forms = {
        "modules": ModulesForm(library=modules, prefix="modules", **data("modules")),
        "scratch": ScratchForm(prefix="scratch", **data("scratch")),
        "file": FileForm(prefix="file", **data("file")),
    }
    if versions:
        given["version"] = VersionForm(choices=versions, prefix="version", **data("version"))
    return given


def _document(
    survey: Survey, how: str, form: Any
) -> tuple[Mapping[str, Any], Instrument | None, list[str]]:
    """The document to begin with, the version it rests on, and what is to be told."""
    cleaned = form.cleaned_data
    if how == "scratch":
        return new_instrument(cleaned["title"], form.slug), None, []
    if how == "version":
        published = published_for(survey).get(pk=int(cleaned["version"]))
        return published.document, published, []
    if how == "modules":
        known = library()
        chosen = [known[name] for name in known if name in cleaned["modules"]]
        composed = compose(
            cleaned["title"],
            form.slug,
            "1.0",
            chosen,
            library=known,
            currency=cleaned["currency"],
        )
        return composed, None, []
    imported = read_upload(cleaned)
    return imported.document, None, losses(imported)


def _begin_page(
    request: HttpRequest,
    survey: Survey,
    given: Forms,
    *,
    how: str = "",
    problems: Refusal = (),
    status: int = 200,
) -> HttpResponse:
    context = {"survey": survey, "forms": given, "how": how, "problems": problems}
    return render(request, "research/editor/new.html", context, status=status)
