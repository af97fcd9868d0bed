"""The draft as a file: downloaded, changed elsewhere, and uploaded again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions import drafts as actions
from surveys.forms.editor.creation import FileForm
from surveys.interchange.problems import UnreadableFile
from surveys.models import InstrumentDraft
from surveys.questionnaire import Problem
from surveys.views.editor.access import built_on, draft_page, draft_url, frame, who
from surveys.views.editor.reading import FILE_FORMATS, losses, read_upload, written

_TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def files(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Offer the files; a POST replaces the document by that of the uploaded file."""
    if request.method != "POST":
        return _files_page(request, draft, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _files_page(request, draft, form, status=422)
    try:
        imported = read_upload(form.cleaned_data)
        actions.change(
            draft=draft,
            built_on=built_on(request),
            operation=lambda _document: imported.document,
            what="Replaced by an uploaded file",
            by=who(request),
            at=timezone.now(),
        )
    except (UnreadableFile, actions.DraftRefused) as refused:
        return _files_page(request, draft, form, problems=refused.problems, status=422)
    except actions.ChangedMeanwhile as meanwhile:
        return _files_page(request, meanwhile.draft, form, steps=meanwhile.steps, status=409)
    messages.success(request, "The draft is now what the file says. It can be undone.")
    for each in losses(imported):
        messages.warning(request, each)
    return redirect(draft_url(draft))


@require_safe
@draft_page
def download(_request: HttpRequest, draft: InstrumentDraft, draft_format: str) -> HttpResponse:
    if draft_format not in FILE_FORMATS:
        raise Http404("The draft cannot be had in that format.")
    content = written(draft, draft_format)
    response = HttpResponse(content, content_type=_TYPES[draft_format])
    response["Content-Disposition"] = f'attachment; filename="{draft.slug}.{draft_format}"'
    return response


def _files_page(
    request: HttpRequest,
    draft: InstrumentDraft,
    form: FileForm,
    *,
    problems: tuple[Problem, ...] = (),
    steps: tuple[object, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = frame(draft, "files") | {
        "form": form,
        "problems": problems,
        "steps": steps,
    }
    return render(request, "research/editor/files.html", context, status=status)
