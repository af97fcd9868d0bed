"""What was changed in a draft and how to go back; published versions, compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import drafts as actions
from surveys.models import Instrument, InstrumentDraft
from surveys.queries.drafts import checked, versions_of
from surveys.queries.instruments import compiled
from surveys.questionnaire.comparison import KINDS, Comparison, compare
from surveys.questionnaire.comparison_items import ItemChange, by_item, labels_of
from surveys.questionnaire.editing.places import NoSuchPlace, Place, node_at, read_place
from surveys.questionnaire.instrument import Instrument as Definition
from surveys.views.editor.access import built_on, draft_page, draft_url, frame, who

_SHOWN_STEPS = 100
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions in words, and what differs; None where one of them cannot be compiled."""

    old: str
    new: str
    comparison: Comparison | None
    labels: Mapping[str, str]


@require_safe
@draft_page
def history(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    versions = list(versions_of(str(draft.document.get("instrument", ""))))
    old = request.GET.get("old", _former(draft, versions))
    new = request.GET.get("new", DRAFT)
    compared = _compared(draft, versions, old, new)
    only = request.GET.get("only", "")
    context = frame(draft, "history") | {
        "steps": draft.revisions.select_related("by").defer("document")[:_SHOWN_STEPS],
        "versions": versions,
        "old": old,
        "new": new,
        "compared": compared,
        "lines": _lines(compared, only),
        "differing": _differing(compared),
        "kinds": KINDS,
        "only": only,
    }
    return render(request, "research/editor/history.html", context)


@require_POST
@draft_page
def undo(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Go back to before the step ``to``; without one, to before the last."""
    typed = request.POST.get("to", "")
    to = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else draft.revision
    try:
        actions.undo(
            draft=draft, built_on=built_on(request), to=to, by=who(request), at=timezone.now()
        )
    except actions.ChangedMeanwhile as meanwhile:
        newest = meanwhile.steps[0].change if meanwhile.steps else ""
        messages.warning(request, f"Nothing was undone: the draft was changed meanwhile. {newest}")
    except actions.NothingToUndo:
        messages.warning(request, "There is nothing to undo.")
    else:
        messages.success(request, "Undone. Undo once more to have it back.")
    return redirect(draft_url(draft, _place_left(draft, request.POST.get("at", ""))))


def _place_left(draft: InstrumentDraft, written: str) -> Place:
    """The place that the author was at, or the nearest above it that there is now."""
    draft.refresh_from_db()
    try:
        place = read_place(written)
    except NoSuchPlace:
        return ()
    for depth in range(len(place), 0, -1):
        try:
            node_at(draft.document, place[:depth])
        except NoSuchPlace:
            continue
        return place[:depth]
    return ()


def _former(draft: InstrumentDraft, versions: list[Instrument]) -> str:
    """Key of the newest version that the draft differs from; of the newest if there is none."""
    differing = (version for version in versions if version.document != draft.document)
    former = next(differing, next(iter(versions), None))
    return str(former.pk) if former else ""


def _lines(compared: Compared | None, only: str) -> tuple[ItemChange, ...]:
    """The variables of one kind of change, or all that differ, by the item they belong to."""
    if compared is None or compared.comparison is None:
        return ()
    changes = compared.comparison.changes
    shown = (each for each in changes if (each.kind == only if only else each.kind != "same"))
    return by_item(shown, compared.labels)


def _differing(compared: Compared | None) -> tuple[int, int]:
    """How many items have a variable that differs, and how many items there are."""
    changes = compared.comparison.changes if compared and compared.comparison else ()
    items = {change.item.partition(".")[0] for change in changes}
    touched = {change.item.partition(".")[0] for change in changes if change.kind != "same"}
    return len(touched), len(items)


def _compared(
    draft: InstrumentDraft, versions: list[Instrument], old: str, new: str
) -> Compared | None:
    by_key = {str(version.pk): version for version in versions}
    if not {old, new} <= {*by_key, DRAFT}:
        return None
    before, after = (_definition(draft, by_key, key) for key in (old, new))
    names = [
        "this draft" if key == DRAFT else f"version {by_key[key].version}" for key in (old, new)
    ]
    if before is None or after is None:
        return Compared(names[0], names[1], None, {})
    labels = labels_of(after.document, before.document)
    return Compared(names[0], names[1], compare(before, after), labels)


def _definition(
    draft: InstrumentDraft, versions: dict[str, Instrument], key: str
) -> Definition | None:
    return checked(draft.document).definition if key == DRAFT else compiled(versions[key])
