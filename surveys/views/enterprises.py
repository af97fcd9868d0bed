"""One firm over waves: versions of the frame, waves that drew it, what became of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys.actions.enterprises import EventRefused, record_event, successor_of
from surveys.exports import delimited
from surveys.forms.frames import EventForm
from surveys.models import Enterprise, Survey
from surveys.permissions import may_design, may_see_frame
from surveys.queries import burden as burdens
from surveys.queries import frames as queries
from surveys.views import searches
from surveys.views.access import require, survey_page
from surveys.views.files import attachment

_ON_A_PAGE = 50
_FILTERS = ("at_least", "wave")


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_see_frame)
def enterprise(request: HttpRequest, survey: Survey, enterprise: int) -> HttpResponse:
    found = get_object_or_404(queries.enterprises_of(survey), pk=enterprise)
    form = EventForm(request.POST or None)
    if request.method == "POST":
        require(request.user, may_design, survey)
        if form.is_valid() and _recorded(request, found, form):
            messages.success(request, "The event is kept with the firm.")
            return redirect("surveys:enterprise", survey.slug, found.pk)
    context = {
        "survey": survey,
        "enterprise": found,
        "units": queries.units_of_enterprise(found),
        "events": queries.events_of(found),
        "taken_over": queries.taken_over_by(found),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "research/frames/enterprise.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_see_frame)
def burden(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The firms that were drawn, with their waves, filtered as the address says."""
    if request.method == "POST":
        return searches.to_what_was_asked(request, field="search", others=_FILTERS)
    asked = _burden_asked(request)
    waves = burdens.waves_that_drew(survey)
    paginator = Paginator(burdens.drawn_enterprises(survey, **asked), _ON_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "waves": waves,
        "numbers": range(1, len(waves) + 1),
        "page": page,
        "lines": burdens.with_waves(page),
        "is_forgotten": searches.is_forgotten(request),
        "query": searches.kept_query(request, _FILTERS),
        "at_least": asked["at_least"],
        "search": asked["search"],
        # The layout takes a `wave` for the wave that the page is about.
        "only_wave": asked["wave"],
    }
    return render(request, "research/frames/burden.html", context)


@require_safe
@survey_page(may_see_frame)
def burden_file(request: HttpRequest, survey: Survey) -> HttpResponse:
    firms = burdens.drawn_enterprises(survey, **_burden_asked(request))
    rows = [list(row) for row in burdens.burden_rows(firms)]
    return attachment(delimited.render(burdens.COLUMNS, rows), f"burden-{survey.slug}.csv")


def _burden_asked(request: HttpRequest) -> dict[str, Any]:
    """The filter of the address; what cannot be is left out."""
    number = request.GET.get("at_least", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 6
    return {
        "at_least": max(int(number), 1) if is_number else 1,
        "wave": request.GET.get("wave", "").replace("\0", "")[:100],
        "search": searches.words_of(request),
    }


def _recorded(request: HttpRequest, enterprise: Enterprise, form: EventForm) -> bool:
    told = form.cleaned_data
    try:
        successor = successor_of(survey=enterprise.survey, register_id=told["successor"])
        record_event(
            enterprise=enterprise,
            kind=told["kind"],
            on=told["on"],
            successor=successor,
            note=told["note"],
            by=request.user,
            at=timezone.now(),
        )
    except EventRefused as refused:
        form.add_error(refused.field, str(refused))
        return False
    return True
