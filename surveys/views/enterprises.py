"""One firm over waves: versions of the frame, waves that drew it, what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions.enterprises import EventRefused, record_event, successor_of
from surveys.forms.frames import EventForm
from surveys.models import Enterprise, Survey
from surveys.permissions import may_design, may_see_frame
from surveys.queries import frames as queries
from surveys.views.access import require, survey_page


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
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "research/frames/enterprise.html", context, status=status)


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
