"""The condition box of a place, drawn anew as its rows or its text change."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from surveys.forms.editor.conditions import ConditionBox
from surveys.forms.editor.faults import said
from surveys.models import InstrumentDraft
from surveys.queries.drafts import checked, reach_of, universe_words
from surveys.questionnaire.editing.places import Place, node_at, replaced
from surveys.views.editor.access import draft_page, place_asked_for


@require_POST
@draft_page
def condition(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """What is typed, read and checked; who would be asked. Nothing is saved."""
    place = place_asked_for(request, draft)
    former = str(node_at(draft.document, place).get("when") or "")
    box = ConditionBox(draft.document, place, former)
    box.bind(request.POST)
    context = {"box": box} | notes_of(draft, place, box)
    return render(request, "research/editor/condition.html", context)


def notes_of(draft: InstrumentDraft, place: Place, box: ConditionBox) -> dict[str, Any]:
    """What is drawn below the condition: what is wrong with it, and who would be asked."""
    address = reverse("surveys:draft_condition", args=[draft.survey.slug, draft.slug])
    is_saved = box.text == box.former
    document = draft.document if is_saved else _with_condition(draft, place, box.text)
    return {
        "url": address,
        "faults": () if box.error or is_saved else _faults(draft, document),
        "universe": universe_words(document, place, box.text) if box.text else "",
        "reach": None if box.error else reach_of(document, place),
    }


def _with_condition(draft: InstrumentDraft, place: Place, text: str) -> dict[str, object]:
    node = {key: value for key, value in node_at(draft.document, place).items() if key != "when"}
    return replaced(draft.document, place, node | ({"when": text} if text else {}))


def _faults(draft: InstrumentDraft, document: dict[str, object]) -> tuple[str, ...]:
    """What the compiler objects to that it did not object to before."""
    before = {str(problem) for problem in checked(draft.document).problems}
    return tuple(
        " ".join(said(problem, "“Who is asked”"))
        for problem in checked(document).problems
        if str(problem) not in before
    )
