"""The page of a draft: outline, the form of one place, and what a firm would see."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions import drafts
from surveys.forms.editor import form_at
from surveys.forms.editor.faults import tell
from surveys.forms.editor.nodes import NodeForm
from surveys.models import InstrumentDraft
from surveys.queries.drafts import faults_of, outline
from surveys.questionnaire.editing.blanks import ALONE, KINDS
from surveys.questionnaire.editing.merging import merged
from surveys.questionnaire.editing.places import (
    NoSuchPlace,
    Place,
    level,
    node_at,
    place_text,
    read_place,
    rewritten,
    walk,
)
from surveys.questionnaire.editing.sheets import page_alone
from surveys.views.editor.access import (
    built_on,
    called,
    draft_page,
    draft_url,
    frame,
    place_asked_for,
    who,
)
from surveys.views.editor.conditions import notes_of
from surveys.views.editor.previewing import Preview, preview_of

_LARGEST_FORMER = 200_000
_SHORT_OUTLINE = 25  # rows that fit beside the form on a screen


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def draft(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Show a place of the draft; a POST saves what was typed into its form."""
    if request.method == "POST" and built_on(request) != draft.revision:
        return _overtaken(request, draft)
    place = place_asked_for(request, draft)
    if request.method != "POST":
        return shown(request, draft, place, form_at(draft.document, place))
    form = form_at(draft.document, place, data=request.POST, former=_former(request))
    valid = form.is_valid()
    if form.is_pressed:
        return shown(request, draft, place, form)
    if not valid:
        return shown(request, draft, place, form, status=422)
    return _saved(request, draft, place, form)


@require_POST
@draft_page
def preview(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """The page as it would be with what is typed in the form now. Nothing is saved."""
    place = place_asked_for(request, draft)
    form = form_at(draft.document, place, data=request.POST)
    form.is_valid()
    document = rewritten(draft.document, place, form.node())
    drawn = preview_of(request, draft.survey, document, place, _sheet(request))
    return render(request, "research/editor/preview.html", _preview_context(draft, place, drawn))


def _saved(
    request: HttpRequest, draft: InstrumentDraft, place: Place, form: NodeForm
) -> HttpResponse:
    node = form.node()
    try:
        drafts.change(
            draft=draft,
            built_on=built_on(request),
            operation=lambda document: rewritten(document, place, node),
            what=f"Changed {called(node, place)}",
            by=who(request),
            at=timezone.now(),
        )
    except drafts.ChangedMeanwhile:
        draft.refresh_from_db()
        return _overtaken(request, draft)
    except drafts.DraftRefused as refused:
        form.add_error(None, str(refused))
        return shown(request, draft, place, form, status=422)
    messages.success(request, f"Saved: {called(node, place)}.")
    return redirect(draft_url(draft, place))


def _overtaken(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Someone saved first: put both changes together, or show where they differ."""
    base, revision = _base(draft, built_on(request))
    at = _written_place(request)
    form = form_at(base, at, data=request.POST, former=_former(request)) if at is not None else None
    if form is None or at is None:
        messages.error(request, "The draft was changed meanwhile. Look at it as it is now.")
        return redirect(draft_url(draft))
    form.is_valid()
    mine = form.node()
    place = _place_now(draft, at, str(form.former.get("name", "")))
    steps = tuple(draft.revisions.filter(revision__gt=revision).select_related("by"))
    if place is None:
        lost = json.dumps(mine, indent=2, ensure_ascii=False)
        context = {"steps": steps, "lost": lost, "clashes": ()}
        return shown(request, draft, (), form_at(draft.document, ()), status=409, more=context)
    together, clashes = merged(form.former, node_at(draft.document, place), mine)
    if not clashes and not form.errors and not form.is_pressed:
        return _both_kept(request, draft, place, together, form)
    former = json.dumps(together, ensure_ascii=False)
    showing = form_at(draft.document, place, former=together)
    told = [(showing.label_of(clash.key), clash) for clash in clashes]
    unread = [(form[name].label, form[name].data) for name in form.errors if name in form.fields]
    context = {"steps": steps, "clashes": told, "unread": unread, "former": former}
    return shown(request, draft, place, showing, status=409, more=context)


def _both_kept(
    request: HttpRequest,
    draft: InstrumentDraft,
    place: Place,
    together: Mapping[str, Any],
    form: NodeForm,
) -> HttpResponse:
    """The two changes touch different things: this one goes on top of the other."""
    try:
        drafts.change(
            draft=draft,
            built_on=draft.revision,
            operation=lambda document: rewritten(document, place, together),
            what=f"Changed {called(together, place)}",
            by=who(request),
            at=timezone.now(),
        )
    except drafts.ChangedMeanwhile:  # a third author, in the moment between
        draft.refresh_from_db()
        return _overtaken(request, draft)
    except drafts.DraftRefused as refused:
        form.add_error(None, str(refused))
        return shown(request, draft, place, form, status=422)
    by = draft.changed_by or "Someone"
    messages.success(request, f"Saved. {by} changed the draft meanwhile; both changes are kept.")
    return redirect(draft_url(draft, place))


def _base(draft: InstrumentDraft, revision: int) -> tuple[Mapping[str, Any], int]:
    """The document as it was at the revision; the present one where that is not kept."""
    step = draft.revisions.filter(revision=revision + 1).first()
    return (step.document, revision) if step else (draft.document, draft.revision)


def _written_place(request: HttpRequest) -> Place | None:
    try:
        return read_place(request.POST.get("at", ""))
    except NoSuchPlace:
        return None


def _place_now(draft: InstrumentDraft, place: Place, name: str) -> Place | None:
    """Where what was at the place stands now: the same name, or the same place without one."""
    if not place:
        return ()
    same = [
        here
        for here, node in walk(draft.document)
        if len(here) == len(place) and str(node.get("name", "")) == name
    ]
    return place if place in same else next(iter(same), None)


def _former(request: HttpRequest) -> dict[str, Any] | None:
    """The mapping that a form of merged changes began with."""
    text = request.POST.get("_former", "")
    if not text or len(text) > _LARGEST_FORMER:
        return None
    try:
        former = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return former if isinstance(former, dict) else None


def shown(
    request: HttpRequest,
    draft: InstrumentDraft,
    place: Place,
    form: NodeForm,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The whole page of the draft at the place, with the form as it is."""
    problems = tell(draft.document, faults_of(draft.document))
    node = node_at(draft.document, place)
    if form.has_condition:
        form.condition_notes = notes_of(draft, place, form.condition)
    typed = form.node() if form.is_bound else form.former
    document = rewritten(draft.document, place, typed)
    drawn = preview_of(request, draft.survey, document, place, _sheet(request))
    context = {
        "outline": outline(draft.document, place, problems),
        "is_short": sum(1 for _ in walk(draft.document)) <= _SHORT_OUTLINE,
        "place": place_text(place),
        "level": level(place),
        "called": called(node, place),
        "form": form,
        "is_unsaved": form.is_bound or status != 200,
        "kinds": KINDS,
        "kind": str(node.get("kind", "")),
        "may_hold_items": len(place) == 2 and not _is_alone(node),
        "problems": [line for line in problems if not line.is_warning],
        "warnings": [line for line in problems if line.is_warning],
        "here": [line for line in problems if place and line.place == place_text(place)],
        "parents": _parents(draft, place),
    }
    context |= frame(draft, "draft") | _preview_context(draft, place, drawn) | dict(more or {})
    return render(request, "research/editor/draft.html", context, status=status)


def _preview_context(draft: InstrumentDraft, place: Place, drawn: Preview | None) -> dict[str, Any]:
    problems = drawn.problems if drawn else ()
    return {
        "draft": draft,
        "survey": draft.survey,
        "preview": drawn,
        "obstacles": tell(page_alone(draft.document, place), problems) if problems else (),
        "place": place_text(place),
    }


def _is_alone(page: Mapping[str, Any]) -> bool:
    items = page.get("items")
    return isinstance(items, list) and any(item.get("kind") in ALONE for item in items)


def _parents(draft: InstrumentDraft, place: Place) -> list[tuple[str, str]]:
    """Other sections or pages that what stands at the place can be moved to."""
    if len(place) not in (2, 3):
        return []
    return [
        (place_text(here), str(node.get("title") or node.get("name") or place_text(here)))
        for here, node in walk(draft.document)
        if len(here) == len(place) - 1 and here != place[:-1]
    ]


def _sheet(request: HttpRequest) -> int:
    typed = request.POST.get("sheet", request.GET.get("sheet", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
