"""The cases of a wave: filtered, searched, sorted, in pages; with names for who may see them."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from surveys.forms.fieldwork import CaseFilter
from surveys.models import Wave
from surveys.permissions import may_list_cases, may_see_firms
from surveys.queries import fieldwork as queries
from surveys.views import searches
from surveys.views.access import wave_page

CASES_A_PAGE = 50
_HEADS = (
    ("firm", "Case"),
    ("stratum", "Stratum"),
    ("disposition", "State"),
    ("since", "Since"),
    ("priority", "Priority"),
)
_FILTERS = ("disposition", "stratum")


@dataclass(frozen=True, slots=True)
class SortHead:
    """A column head that sorts: where its link leads and how the column is sorted now."""

    label: str
    query: str
    direction: str


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_list_cases)
def cases(request: HttpRequest, wave: Wave) -> HttpResponse:
    if request.method == "POST":
        return searches.to_what_was_asked(request, field="search", others=_FILTERS)
    named = may_see_firms(request.user, wave.survey)
    asked = {name: request.GET.get(name, "") for name in _FILTERS}
    asked["search"] = searches.words_of(request)
    form = CaseFilter(asked, strata=queries.strata_of(wave), named=named)
    sort = request.GET.get("sort", "firm")
    found = queries.cases_of(wave, **form.chosen, sort=sort, named=named)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "form": form,
        "heads": [_head(request, name, label, sort) for name, label in _HEADS],
        "page": Paginator(found, CASES_A_PAGE).get_page(request.GET.get("page")),
        "kept_query": _query(request, page=None),
        "is_forgotten": searches.is_forgotten(request),
        "may_see_firms": named,
    }
    return render(request, "research/fieldwork/cases.html", context)


def _head(request: HttpRequest, name: str, label: str, sort: str) -> SortHead:
    if sort == name:
        return SortHead(label, _query(request, sort=f"-{name}", page=None), "ascending")
    direction = "descending" if sort == f"-{name}" else ""
    return SortHead(label, _query(request, sort=name, page=None), direction)


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The query string of the page with some of its values changed, or left out (None)."""
    query = QueryDict(mutable=True)
    for name in (*_FILTERS, "sort", searches.FOUND, "page"):
        if name in request.GET:
            query[name] = request.GET[name]
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return query.urlencode()
