"""Opening a firm's questionnaire to fill in what the firm says at the telephone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from surveys.actions import filling_in
from surveys.models import Case, Response, Wave
from surveys.permissions import may_record_calls
from surveys.queries.office_visits import OfficeVisit
from surveys.views.access import wave_page
from surveys.views.admission import forget, remember
from surveys.views.cases import back_to_case, case_for


def to_case(case: UUID) -> HttpResponse:
    """To the case's page, for who filled in for the firm."""
    return back_to_case(
        get_object_or_404(Case.objects.select_related("wave__survey"), public_id=case)
    )


def told_at_the_telephone(request: HttpRequest, case: Case) -> HttpResponse:
    """Back to the case: whoever filled in sees the answers no more once they are handed in."""
    reference = Response.objects.values_list("reference", flat=True).get(case=case)
    forget(request, case.public_id)
    messages.success(request, f"Handed in for {case}. Reference to give the firm: {reference}.")
    return back_to_case(case)


@require_POST
@wave_page(may_record_calls)
def fill_in(request: HttpRequest, wave: Wave, case: str) -> HttpResponse:
    found, now = case_for(request, wave, case), timezone.now()
    try:
        filling_in.begin_filling_in(case=found, by=request.user, at=now)
    except filling_in.FillingInRefused as refused:
        messages.error(request, refused.reason)
        return back_to_case(found)
    remember(request, invitation=OfficeVisit(found, request.user), at=now)
    return redirect("surveys:hub", found.public_id)
