"""Modules of the core instrument, to be put into a draft behind a section."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys import questionnaire
from surveys.actions import drafts as actions
from surveys.forms.editor.faults import reworded
from surveys.models import InstrumentDraft
from surveys.queries.modules import library as modules
from surveys.questionnaire.editing.places import names_at_level, walk
from surveys.questionnaire.modules import insert
from surveys.views.editor.access import built_on, draft_page, draft_url, frame, who


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def library(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """List the modules; a POST inserts one behind the section chosen."""
    known = modules()
    name = request.POST.get("module", "")
    if request.method != "POST" or name not in known:
        return _library_page(request, draft, status=200 if request.method != "POST" else 422)
    after = request.POST.get("after", "")
    title = str(known[name].get("title", name))
    try:
        changed = actions.change(
            draft=draft,
            built_on=built_on(request),
            operation=lambda document: insert(document, known[name], after, library=known),
            what=f"Inserted the module {title}",
            by=who(request),
            at=timezone.now(),
        )
    except (questionnaire.InstrumentErrors, actions.DraftRefused) as refused:
        return _library_page(request, draft, problems=refused.problems, status=422)
    except actions.ChangedMeanwhile as meanwhile:
        messages.warning(request, "The draft was changed meanwhile; insert the module once more.")
        return _library_page(request, meanwhile.draft, status=409)
    messages.success(request, f"Inserted the module {title}.")
    first = next(iter(known[name].get("sections", [])), {}).get("name")
    place = next(
        (
            here
            for here, node in walk(changed.document)
            if len(here) == 1 and node.get("name") == first
        ),
        (),
    )
    return redirect(draft_url(draft, place))


def _library_page(
    request: HttpRequest,
    draft: InstrumentDraft,
    *,
    problems: tuple[questionnaire.Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    there = names_at_level(draft.document, 1)
    sections = [
        (str(node.get("name", "")), str(node.get("title") or node.get("name") or ""))
        for here, node in walk(draft.document)
        if len(here) == 1
    ]
    lines = [
        {
            "name": name,
            "title": module.get("title", name),
            "summary": module.get("summary", ""),
            "pages": sum(len(section.get("pages", [])) for section in module.get("sections", [])),
            "is_there": {section.get("name") for section in module["sections"]} <= there,
        }
        for name, module in modules().items()
    ]
    context = frame(draft, "library") | {
        "modules": lines,
        "sections": sections,
        "problems": reworded(problems),
        "module": request.POST.get("module", ""),
        "after": request.POST.get("after", sections[-1][0] if sections else ""),
    }
    return render(request, "research/editor/library.html", context, status=status)
