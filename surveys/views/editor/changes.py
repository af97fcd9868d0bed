"""Changes of the outline: add, move, duplicate, change the kind, delete."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.actions import drafts
from surveys.models import InstrumentDraft
from surveys.questionnaire.editing.blanks import KINDS
from surveys.questionnaire.editing.outline import (
    another_kind,
    item_added,
    names_below,
    page_added,
    section_added,
)
from surveys.questionnaire.editing.places import (
    NoSuchPlace,
    Place,
    duplicated,
    moved,
    node_at,
    place_text,
    read_place,
    shifted,
    taken_out,
)
from surveys.questionnaire.editing.references import Dependent, dependents, let_go
from surveys.views.editor.access import (
    built_on,
    called,
    draft_page,
    draft_url,
    frame,
    level_words,
    place_asked_for,
    who,
)

Outcome = tuple[dict[str, Any], Place]
Operation = Callable[[Mapping[str, Any]], Outcome]


@require_POST
@draft_page
def change(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Do what the pressed button says: ``op`` and the place it is done at."""
    verb, _, written = request.POST.get("op", "").partition("@")
    try:
        operation, what = _operation(request, draft, verb, read_place(written))
    except (NoSuchPlace, KeyError):
        messages.error(request, "There is no such place in the draft any more.")
        return redirect(draft_url(draft))
    return stepped(request, draft, operation, what)


def stepped(
    request: HttpRequest, draft: InstrumentDraft, operation: Operation, what: str
) -> HttpResponse:
    """Save the outcome of the operation and show the place it leads to."""
    reached: list[Place] = []

    def change_document(document: dict[str, Any]) -> Mapping[str, Any]:
        changed, place = operation(document)
        reached.append(place)
        return changed

    try:
        changed = drafts.change(
            draft=draft,
            built_on=built_on(request),
            operation=change_document,
            what=what,
            by=who(request),
            at=timezone.now(),
        )
    except drafts.ChangedMeanwhile as meanwhile:
        return _told(request, draft, meanwhile, what)
    except (NoSuchPlace, drafts.DraftRefused) as refused:
        messages.error(request, f"Nothing was changed. {refused}")
        return redirect(draft_url(draft))
    if changed.revision == draft.revision:
        messages.info(request, "Nothing changed: it stands at the end already, or is so already.")
    else:
        messages.success(request, f"{what}.")
    return redirect(draft_url(draft, reached[0]))


def _told(
    request: HttpRequest, draft: InstrumentDraft, meanwhile: drafts.ChangedMeanwhile, what: str
) -> HttpResponse:
    steps = "; ".join(f"{step.by or 'someone'}: {step.change}" for step in meanwhile.steps[:5])
    messages.warning(
        request,
        f"Not done: {what}. The draft was changed meanwhile ({steps or 'it is newer'}). "
        "This is how it stands now; do it again if it is still right.",
    )
    return redirect(draft_url(draft))


def _operation(
    request: HttpRequest, draft: InstrumentDraft, verb: str, place: Place
) -> tuple[Operation, str]:
    """The operation of a button, and the words for it. Raises KeyError for no button."""
    node = node_at(draft.document, place)
    what = called(node, place)
    kind = request.POST.get("kind", "text")
    kind = kind if kind in KINDS else "text"
    simple: dict[str, tuple[Operation, str]] = {
        "up": (lambda document: shifted(document, place, -1), f"Moved {what} up"),
        "down": (lambda document: shifted(document, place, 1), f"Moved {what} down"),
        "duplicate": (lambda document: duplicated(document, place), f"Duplicated {what}"),
        "section": (lambda document: section_added(document, place), "Added a section"),
        "page": (lambda document: page_added(document, place), "Added a page"),
        "item": (
            lambda document: item_added(document, place, kind),
            f"Added a question: {KINDS[kind]}",
        ),
        "kind": (
            lambda document: another_kind(document, place, kind),
            f"Made {what} a question of the kind {KINDS[kind]}",
        ),
    }
    return _move(request, place, what) if verb == "move" else simple[verb]


def _move(request: HttpRequest, place: Place, what: str) -> tuple[Operation, str]:
    parent = read_place(request.POST.get("to", ""))
    typed = request.POST.get("position", "")
    position = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 10**5
    return lambda document: moved(document, place, parent, position), f"Moved {what}"


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def remove(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Ask before deleting, showing what depends on it; a POST deletes."""
    place = place_asked_for(request, draft)
    node = node_at(draft.document, place)
    what = called(node, place)
    if not place:
        return redirect(draft_url(draft))
    names = names_below(draft.document, place)
    if request.method == "POST":
        return stepped(request, draft, lambda now: _removed(now, place, names), f"Deleted {what}")
    without, _ = taken_out(draft.document, place)
    context = {
        "place": place_text(place),
        "called": what,
        "names": sorted(names),
        "dependents": [(each, *_holder(without, each)) for each in dependents(without, names)],
    }
    return render(request, "research/editor/remove.html", frame(draft, "draft") | context)


def _holder(document: Mapping[str, Any], dependent: Dependent) -> tuple[str, str]:
    """Level and title of what holds the dependent: the deepest place on the way to it."""
    positions = [step for step in dependent.way if isinstance(step, int)]
    for depth in range(min(len(positions), 5), 0, -1):
        place = tuple(positions[:depth])
        if not _leads(document, place, dependent.way):
            continue
        node = node_at(document, place)
        return level_words(place), str(
            node.get("title") or node.get("label") or node.get("name") or ""
        )
    return "", ""


def _leads(document: Mapping[str, Any], place: Place, way: tuple[str | int, ...]) -> bool:
    """Whether the way of keys and positions passes through the place."""
    node: Any = document
    steps = iter(way)
    try:
        aim = node_at(document, place)
    except NoSuchPlace:
        return False
    return any((node := node[step]) is aim for step in steps)


def _removed(document: Mapping[str, Any], place: Place, names: set[str]) -> Outcome:
    without, _ = taken_out(document, place)
    return let_go(without, names), place[:-1]
