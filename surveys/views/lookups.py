"""Finding codes in long lists while a person types."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from surveys.models import Case
from surveys.queries.responses import standing
from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Item, Lookup, Roster
from surveys.views.admission import shared_page, visible_pages


@require_POST
@shared_page
def lookup(request: HttpRequest, case: Case, item: str) -> HttpResponse:
    """The codes that fit what was typed, as JSON.

    What was typed comes in the body, so that no log of addresses holds it.
    """
    instrument = standing(case).instrument
    codes = codes_of(visible_pages(request, instrument), item)
    if codes is None:
        raise Http404
    return found(request, codes)


def found(request: HttpRequest, codes: CodeList) -> JsonResponse:
    """Hits as ``{"hits": [{"value": ..., "label": ..., "within": ...}]}``, best first."""
    hits = codes.search(request.POST.get("q", ""))
    lines = [
        {
            "value": hit.value,
            "label": hit.label,
            "within": codes.label(hit.parent) if hit.parent else "",
        }
        for hit in hits
    ]
    return JsonResponse({"hits": lines})


def codes_of(pages: Iterable[Page], name: str) -> CodeList | None:
    """The list of the item of that name, which may belong to a roster."""
    for item in (item for page in pages for item in page.items):
        inner: tuple[Item, ...] = item.items if isinstance(item, Roster) else (item,)
        for each in inner:
            if each.name == name and isinstance(each, Lookup):
                return each.codes
    return None
