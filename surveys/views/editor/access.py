"""Preconditions of the editor's pages, and what they have in common."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from surveys.models import InstrumentDraft, Survey
from surveys.permissions import may_publish
from surveys.questionnaire.editing.places import (
    NoSuchPlace,
    Place,
    level,
    node_at,
    place_text,
    read_place,
)
from surveys.views import failures, log_in
from surveys.views.access import View, survey_page

_LARGEST_REVISION = 9
_WORDS = {"item": "question", "entry item": "question", "instrument": "questionnaire"}


def draft_page(view: View) -> View:
    """Hand the view the draft of the URL, if the person may publish in its survey."""

    @wraps(view)
    def found(request: HttpRequest, survey: Survey, draft: str, **more: Any) -> HttpResponse:
        drafts = InstrumentDraft.objects.select_related("survey", "changed_by", "based_on")
        return view(request, get_object_or_404(drafts, survey=survey, slug=draft), **more)

    decorate: Callable[[View], View] = survey_page(may_publish)
    return _keeps_typed(decorate(found))


def _keeps_typed(view: View) -> View:
    """Who is logged out while typing is not sent away from it.

    A script is told so; the fields of a form go along to the page for logging in.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if failures.is_of_script(request):
                return failures.told_to_script(request)
            if failures.carried_fields(request):
                return log_in.log_in_first(request)
        return view(request, *args, **kwargs)

    return kept


def place_asked_for(request: HttpRequest, draft: InstrumentDraft) -> Place:
    """The place under ``at`` in the address or form. Raises Http404 for one that is not there."""
    written = request.POST.get("at", request.GET.get("at", ""))
    try:
        place = read_place(written)
        node_at(draft.document, place)
    except NoSuchPlace:
        raise Http404("The draft has no such place.") from None
    return place


def level_words(place: Place) -> str:
    """What stands at the place, as authors call it: a section, a page, a question."""
    return _WORDS.get(level(place), level(place))


def called(node: Mapping[str, Any], place: Place) -> str:
    """What stands at the place, with its name: ``question markets``."""
    name = node.get("name") or node.get("title") or ""
    return f"{level_words(place)} {name}".strip() if place else "the settings"


def draft_url(draft: InstrumentDraft, place: Place = ()) -> str:
    address = reverse("surveys:draft", args=[draft.survey.slug, draft.slug])
    return f"{address}?at={place_text(place)}" if place else address


def built_on(request: HttpRequest) -> int:
    """The revision that the form was made from; 0 where the form does not say."""
    typed = request.POST.get("revision", "")
    fits = typed.isascii() and typed.isdigit() and len(typed) <= _LARGEST_REVISION
    return int(typed) if fits else 0


def frame(draft: InstrumentDraft, tab: str) -> dict[str, Any]:
    """What the head of every page of a draft shows."""
    return {"survey": draft.survey, "draft": draft, "tab": tab}


def who(request: HttpRequest) -> Any:
    return request.user
